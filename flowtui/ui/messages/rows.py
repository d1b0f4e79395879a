"""What became of rows: fetched, searched, counted, copied, written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message

from flowtui.domain.executions import Cell, ResultPage
from flowtui.errors import FlowtuiError
from flowtui.session.clipboard import CopyReport
from flowtui.ui.messages.heard import Heard, WorkFailed

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen


@dataclass
class PageReady(Heard):
    """Rows that the table asked for."""

    showing: int
    page: ResultPage

    def tell(self, screen: ExploreScreen) -> None:
        """Show them, where they are of what the table shows."""
        if screen.course.showing is not None and self.showing == screen.course.showing.number:
            screen.table.put_page(self.page)


@dataclass
class PageFailed(Heard):
    """Rows that the table asked for cannot be had."""

    showing: int
    error: FlowtuiError

    def tell(self, screen: ExploreScreen) -> None:
        """Say so, and what to do."""
        WorkFailed(self.error).tell(screen)


@dataclass
class Searched(Heard):
    """A search has ended."""

    showing: int
    text: str
    row: int | None
    column: int = 0
    is_wrapped: bool = False

    def tell(self, screen: ExploreScreen) -> None:
        """Go to the match."""
        if screen.course.showing is None or self.showing != screen.course.showing.number:
            return
        if self.row is None:
            screen.note(f"No row holds “{self.text}”.", "warning")
            return
        table = screen.table
        table.cursor = (self.row, self.column)
        note = "Searched on from the other end." if self.is_wrapped else ""
        if self.column not in table.sheet.shown:
            hidden = table.columns[self.column].name
            note = f"This row holds it in {hidden}, which is hidden: c shows it. {note}"
        screen.note(note)


@dataclass
class RowsFiltered(Heard):
    """How many of the rows that are here hold a text."""

    number: int
    text: str
    matches: int

    def tell(self, screen: ExploreScreen) -> None:
        """Show those alone."""
        screen.course.filtered(self)


@dataclass
class ValuesCounted(Message):
    """The commonest values of a column, and how many of the rows hold each."""

    values: tuple[tuple[Cell, int], ...]
    total_rows: int
    measure: str = ""
    """The column whose sum stands in place of the rows; empty: rows are counted."""
    total: int = 0
    """Of all rows: their number, or the sum of the measure."""


@dataclass
class Writing(Message):
    """Rows are being written to a file."""

    rows: int
    total: int

    def can_replace(self, message: Message) -> bool:
        """Only the latest matters."""
        return isinstance(message, Writing)


@dataclass
class RowsWritten(Message):
    """The rows are in a file."""

    path: Path
    rows: int
    is_anonymised: bool = False


@dataclass
class WriteFailed(Message):
    """The rows were not written: they cannot be, or it was stopped."""

    path: Path
    error: FlowtuiError


@dataclass
class Copied(Heard):
    """A copy went as far as the report says."""

    report: CopyReport

    def tell(self, screen: ExploreScreen) -> None:
        """Say so, and send what is to be sent."""
        if self.report.sequence:
            screen.write_sequence(self.report.sequence)
        screen.note(self.report.message, "good" if self.report.is_sent else "warning")
