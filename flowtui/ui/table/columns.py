"""Where each column of a table stands, and how wide it is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len

from flowtui.domain.executions import Column, SortKey
from flowtui.ui.cells import CellText, harmless, is_named, is_right_aligned, least_width

GUTTER: Final = 2
"""Cells before the first column, for the mark of the cursor's row."""
WIDEST: Final = 40
"""Cells of the longest text that is shown whole."""


@dataclass(frozen=True, slots=True)
class Box:
    """The place of one column: a space, the text, its note, a space."""

    heading: str
    text_width: int
    note_width: int
    """With the space before it; 0: no notes."""
    is_right: bool

    @property
    def width(self) -> int:
        """Cells that the column takes."""
        return self.text_width + self.note_width + 2


def headings(columns: Sequence[Column], order: tuple[SortKey, ...]) -> tuple[str, ...]:
    """Names of the columns, with marks where the rows are sorted by them."""
    marks = {
        key.column: (" ▾" if key.is_descending else " ▴") + (str(place) if len(order) > 1 else "")
        for place, key in enumerate(order, 1)
    }
    return tuple(harmless(c.name) + marks.get(c.name, "") for c in columns)


def first_widths(columns: Sequence[Column], raw: bool) -> list[tuple[int, int]]:
    """Widths of text and note before any row is known."""
    return [(least_width(column, raw), 0) for column in columns]


def grown(
    widths: Sequence[tuple[int, int]], rows: Iterable[tuple[CellText, ...]]
) -> list[tuple[int, int]]:
    """The widths that these rows need too; never smaller than they were."""
    texts = [width for width, _ in widths]
    notes = [width for _, width in widths]
    for row in rows:
        for index, (text, _, note) in enumerate(row):
            width = len(text) if text.isascii() else cell_len(text)
            if width > texts[index]:
                texts[index] = width
            if note and (note_width := cell_len(note)) >= notes[index]:
                notes[index] = note_width + 1
    return [(min(text, WIDEST), note) for text, note in zip(texts, notes, strict=True)]


def boxes(
    columns: Sequence[Column],
    order: tuple[SortKey, ...],
    widths: Sequence[tuple[int, int]],
    room: int,
    has_names: bool = False,
) -> tuple[Box, ...]:
    """Places of all columns; notes only where everything fits into `room` cells with them.

    Names of interfaces are kept, where `has_names`, whether it fits or not.
    """

    def placed(with_notes: bool) -> tuple[Box, ...]:
        found = []
        for column, heading, (text, note) in zip(
            columns, headings(columns, order), widths, strict=True
        ):
            beside = note if with_notes or (has_names and is_named(column)) else 0
            width = max(text, min(cell_len(heading), WIDEST) - beside)
            found.append(Box(heading, width, beside, is_right_aligned(column)))
        return tuple(found)

    noted = placed(True)
    fits = GUTTER + sum(box.width for box in noted) <= room
    return noted if fits else placed(False)


def first_column_showing(boxes: Sequence[Box], first: int, wanted: int, room: int) -> int:
    """First column on the screen, moved as little as shows column `wanted` whole."""
    if wanted < first:
        return wanted
    while first < wanted and GUTTER + sum(b.width for b in boxes[first : wanted + 1]) > room:
        first += 1
    return first
