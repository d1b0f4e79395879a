"""What a table must remember of itself to stand again exactly as it stood."""

from __future__ import annotations

from dataclasses import dataclass

from flowtui.domain.executions import Column, Row, SortKey
from flowtui.ui.table.marks import NO_MARKS, Marks


@dataclass(frozen=True, slots=True)
class TableState:
    """A table as it stood; small: it holds the rows around the screen, not the result."""

    columns: tuple[Column, ...]
    total_rows: int
    is_complete: bool
    cursor: tuple[int, int]
    """Row and column."""
    scroll: tuple[int, int]
    """First row and first column on the screen."""
    order: tuple[SortKey, ...]
    widths: tuple[tuple[int, int], ...]
    """Of the text and the note of each column, in cells."""
    rows: tuple[tuple[int, Row], ...]
    """Index and values of the rows around the screen."""
    marks: Marks = NO_MARKS
