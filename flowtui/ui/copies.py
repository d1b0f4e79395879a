"""Copies made in threads: rows in a format, and the ticket block."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import TYPE_CHECKING, Final

from flowtui.domain.executions import Cell, Column, Row
from flowtui.errors import FlowtuiError
from flowtui.session.copytext import cell_text
from flowtui.ui.messages import Copied
from flowtui.ui.runner import Post

if TYPE_CHECKING:
    from flowtui.session.anonymise import Anonymiser
    from flowtui.session.formats.taken import Taken
    from flowtui.session.formats.ticket import Ticket
    from flowtui.ui.work import Copier

COPIED_ROWS: Final = 100_000
"""Rows copied at most; more belong into a file."""
TICKET_ROWS: Final = 200
"""Rows in a ticket block at most; more are no help to its reader."""
Fetch = Callable[[Event, int], list[Row]]
"""At most so many rows, where they are wanted; blocks."""


@dataclass(frozen=True, slots=True)
class CopyChoice:
    """How rows are copied until something else is chosen; of the sitting."""

    format: str = "tsv"
    is_anonymised: bool = False

    def anonymiser(self) -> Anonymiser | None:
        """What hides who is told; None where nobody is hidden. Blocks on the disk.

        Raises:
            ConfigError: Its key cannot be used.
        """
        if not self.is_anonymised:
            return None
        from flowtui.session.anonymisekey import anonymiser

        return anonymiser()

    def what(self, what: str) -> str:
        """What is copied, with what was done to it: `12 rows (TSV, anonymised)`."""
        if not self.is_anonymised:
            return what
        return f"{what[:-1]}, anonymised)" if what.endswith(")") else f"{what}, anonymised"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Rows that are to be copied."""

    columns: tuple[Column, ...]
    fetch: Fetch
    column: int | None
    """Where the cursor is."""
    slug: str
    now: datetime
    thing: str = "row"
    """What one of them is called."""
    shown: tuple[int, ...] | None = None
    """Columns that the table shows, in order; None: all."""


def copy_text(
    copier: Copier, text: str, what: str, choice: CopyChoice, post: Post, _cancelled: Event
) -> None:
    """Copy a text that is here."""
    hiding = choice.anonymiser()
    post(Copied(copier(hiding.text(text) if hiding else text, choice.what(what))))


def copy_cell(
    copier: Copier,
    value: Cell,
    column: Column,
    what: str,
    choice: CopyChoice,
    post: Post,
    _cancelled: Event,
) -> None:
    """Copy a value in full."""
    hiding = choice.anonymiser()
    shown = hiding.cell(value, column) if hiding else value
    post(Copied(copier(cell_text(shown, column), choice.what(what))))


def copy_rows(
    copier: Copier, wanted: Wanted, choice: CopyChoice, post: Post, cancelled: Event
) -> None:
    """Copy rows in a format, or as many as may be copied, and say so."""
    from flowtui.session.formats import FORMAT_OF

    format = FORMAT_OF[choice.format]
    if choice.is_anonymised and format.is_to_block:
        raise FlowtuiError("Anonymised addresses would block others.", "y n shows them again.")
    rows = wanted.fetch(cancelled, COPIED_ROWS + 1)
    taken = taken_rows(wanted, rows[:COPIED_ROWS], choice, is_cut=len(rows) > COPIED_ROWS)
    if cancelled.is_set():
        return
    made = format.make(taken)
    if not cancelled.is_set():
        post(Copied(copier(made.text, choice.what(made.what))))


def copy_ticket(
    copier: Copier, wanted: Wanted, ticket: Ticket, choice: CopyChoice, post: Post, cancelled: Event
) -> None:
    """Copy a ticket block of some rows."""
    from flowtui.session.formats.ticket import hidden_by, ticket_text

    taken = taken_rows(wanted, wanted.fetch(cancelled, TICKET_ROWS), choice)
    if cancelled.is_set():
        return
    hiding = choice.anonymiser()
    made = ticket_text(hidden_by(hiding, ticket) if hiding else ticket, taken)
    post(Copied(copier(made.text, choice.what(made.what))))


def taken_rows(wanted: Wanted, rows: list[Row], choice: CopyChoice, is_cut: bool = False) -> Taken:
    """Rows as they are to be copied, anonymised where that is chosen."""
    from flowtui.session.formats.taken import Taken

    hiding = choice.anonymiser()
    shown = (hiding.row(wanted.columns, row) for row in rows) if hiding else rows
    return Taken(wanted.columns, tuple(shown), wanted.column, wanted.slug, wanted.now, is_cut,
                 wanted.thing, wanted.shown)  # fmt: skip
