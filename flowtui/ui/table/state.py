"""What a table must remember of itself to stand again exactly as it stood."""

from __future__ import annotations

from dataclasses import dataclass

from flowtui.domain.executions import Column, Row, SortKey
from flowtui.domain.layouts import AS_GIVEN, Layout
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
    """First row on the screen, and first of the shown columns that scroll."""
    order: tuple[SortKey, ...]
    widths: tuple[tuple[int, int], ...]
    """Of the text and the note of each column, in cells."""
    rows: tuple[tuple[int, Row], ...]
    """Index and values of the rows around the screen."""
    marks: Marks = NO_MARKS
    layout: Layout = AS_GIVEN
