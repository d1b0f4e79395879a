"""Copies made in threads: rows in a format, and the ticket block."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from flowtui.domain.executions import Column, Row
from flowtui.ui.messages import Copied
from flowtui.ui.runner import Post

if TYPE_CHECKING:
    from flowtui.session.formats.ticket import Ticket
    from flowtui.ui.work import Copier

COPIED_ROWS: Final = 100_000
"""Rows copied at most; more belong into a file."""
TICKET_ROWS: Final = 200
"""Rows in a ticket block at most; more are no help to its reader."""
Fetch = Callable[[threading.Event, int], list[Row]]
"""At most so many rows, where they are wanted; blocks."""


@dataclass(slots=True)
class CopyChoice:
    """How rows are copied until something else is chosen; of the sitting."""

    format: str = "tsv"
    is_anonymised: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Rows that are to be copied."""

    columns: tuple[Column, ...]
    fetch: Fetch
    column: int
    """Where the cursor is."""
    slug: str
    now: datetime
    thing: str = "row"
    """What one of them is called."""


def copy_rows(
    copier: Copier, wanted: Wanted, format: str, post: Post, cancelled: threading.Event
) -> None:
    """Copy rows in a format, or as many as may be copied, and say so."""
    from flowtui.session.formats import FORMAT_OF, Taken

    rows = wanted.fetch(cancelled, COPIED_ROWS + 1)
    if cancelled.is_set():
        return
    is_cut = len(rows) > COPIED_ROWS
    taken = Taken(wanted.columns, tuple(rows[:COPIED_ROWS]), wanted.column, wanted.slug,
                  wanted.now, is_cut, wanted.thing)  # fmt: skip
    made = FORMAT_OF[format].make(taken)
    if not cancelled.is_set():
        post(Copied(copier(made.text, made.what)))


def copy_ticket(
    copier: Copier, wanted: Wanted, ticket: Ticket, post: Post, cancelled: threading.Event
) -> None:
    """Copy a ticket block of some rows."""
    from flowtui.session.formats import Taken
    from flowtui.session.formats.ticket import ticket_text

    rows = tuple(wanted.fetch(cancelled, TICKET_ROWS))
    if cancelled.is_set():
        return
    made = ticket_text(ticket, Taken(wanted.columns, rows, now=wanted.now, thing=wanted.thing))
    post(Copied(copier(made.text, made.what)))
