"""What ran before, read in threads.

As in `work`, each function blocks, and ends in messages.
"""

from __future__ import annotations

import threading
from typing import Final

from flowtui.errors import FlowtuiError
from flowtui.library import Library
from flowtui.session.earlier import question_of, with_theirs
from flowtui.session.history import Past
from flowtui.session.session import Session
from flowtui.ui.messages import HistoryRead, QuestionFound
from flowtui.ui.runner import Post

_PASTS: Final = 200
"""Executions of ours that history shows."""


def read_history(session: Session, post: Post, cancelled: threading.Event) -> None:
    """Read what ran: ours at once, then the work group's beside it."""
    ours = session.history.recent(_PASTS) if session.history else []
    today, service = session.spent_today(), session.service
    waiting = "asking Athena …" if service else ""
    post(HistoryRead(tuple(ours), today, waiting))
    if service is None:
        return
    try:
        found, trouble = with_theirs(ours, service, session.source, session.reach), ""
    except FlowtuiError as error:
        found, trouble = ours, f"{error.message} {error.hint}"
    if not cancelled.is_set():
        post(HistoryRead(tuple(found), today, trouble))


def find_question(
    session: Session,
    library: Library,
    past: Past,
    is_free: bool,
    is_anew: bool,
    post: Post,
    _cancelled: threading.Event,
) -> None:
    """Find the question that an execution answered."""
    view, statement = question_of(past, session, library)
    post(QuestionFound(view, statement, past.query_id, is_free, is_anew))
