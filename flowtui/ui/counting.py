"""Counting once in a thread, and what it tells."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from textual.message import Message

from flowtui.domain.filters import FlowFilter
from flowtui.errors import FlowtuiError
from flowtui.session.asides import HeldBack
from flowtui.session.counting import OnceCounted, count_once
from flowtui.session.session import Session
from flowtui.ui.runner import Post
from flowtui.ui.spending import tell_money


@dataclass
class OnceTold(Message):
    """By how much totals shrink, or what finding that out would cost."""

    found: OnceCounted | HeldBack


@dataclass
class OnceFailed(Message):
    """It could not be found out."""

    error: FlowtuiError


def find_out(
    session: Session,
    filter: FlowFilter,
    is_agreed: bool,
    money: Callable[[Message], object],
    post: Post,
    cancelled: threading.Event,
) -> None:
    """Count the records that say the same again; `money` hears what was spent."""
    found = count_once(session, filter, cancelled, is_agreed=is_agreed)
    if found is not None:
        post(OnceTold(found))
    tell_money(session, money)
