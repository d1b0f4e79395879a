"""What questions cost, found out in threads: before they are asked, and after.

As in `work`, each function blocks, and ends in messages.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from textual.message import Message

from flowtui.domain.views import View
from flowtui.session.budget import estimate_text
from flowtui.session.session import Session
from flowtui.ui.messages import MoneySpent, QueryEstimated
from flowtui.ui.runner import Post

_PASSING_S: Final = 0.15


def tell_money(session: Session, post: Callable[[Message], object]) -> None:
    """Tell what was spent, where anything costs."""
    if session.service is not None:
        post(MoneySpent(session.spent, session.spent_today()))


def estimate_query(session: Session, view: View, post: Post, cancelled: threading.Event) -> None:
    """Find out what a query of the list would read and cost."""
    # The highlight may only pass by.
    if cancelled.wait(_PASSING_S):
        return
    statement = session.compile(view)
    if session.held(statement) is not None:
        post(QueryEstimated(view.query.slug, "its rows are held here: nothing would run"))
        return
    estimate = session.estimate(statement, cancelled)
    if not cancelled.is_set():
        post(QueryEstimated(view.query.slug, estimate_text(estimate)))
