"""Where each column of a table stands, and how wide it is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len

from flowtui.domain.executions import Column, SortKey
from flowtui.domain.layouts import Layout
from flowtui.ui.cells import CellText, is_named, is_right_aligned, least_width
from flowtui.ui.safe import harmless

GUTTER: Final = 2
"""Cells before the first column, for the mark of the cursor's row."""
WIDEST: Final = 40
"""Cells of the longest text that is shown whole, unless a column is given more."""
LEAST_SCROLLED: Final = 20
"""Cells that columns which stay leave to the others."""


@dataclass(frozen=True, slots=True)
class Box:
    """The place of one column: a space, the text, its note, a space."""

    column: int
    """Its place in the result."""
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


@dataclass(frozen=True, slots=True)
class Shape:
    """What the places of columns depend on, besides the room."""

    columns: tuple[Column, ...]
    order: tuple[SortKey, ...]
    layout: Layout
    widths: Sequence[tuple[int, int]]
    """Of text and note, as the rows need."""
    has_names: bool = False
    """True: names of interfaces are kept, whether they fit or not."""


def boxes(shape: Shape, room: int) -> tuple[Box, ...]:
    """Places of the columns shown; notes only where everything fits into `room` with them."""
    names = headings(shape.columns, shape.order)
    shown = shape.layout.shown(len(shape.columns))

    def placed(with_notes: bool) -> tuple[Box, ...]:
        return tuple(_box(shape, index, names[index], with_notes) for index in shown)

    noted = placed(True)
    fits = GUTTER + sum(box.width for box in noted) <= room
    return noted if fits else placed(False)


def _box(shape: Shape, index: int, heading: str, with_notes: bool) -> Box:
    column = shape.columns[index]
    is_right = is_right_aligned(column)
    given = shape.layout.width_of(index)
    if given is not None:
        return Box(index, heading, given, 0, is_right)
    text, note = shape.widths[index]
    beside = note if with_notes or (shape.has_names and is_named(column)) else 0
    width = max(text, min(cell_len(heading), WIDEST) - beside)
    return Box(index, heading, width, beside, is_right)


def staying(boxes: Sequence[Box], wanted: int, room: int) -> int:
    """How many of the first columns stay: those wanted, as far as they leave room for others."""
    left = room - GUTTER
    for number, box in enumerate(boxes[:wanted]):
        left -= box.width
        if left < min(LEAST_SCROLLED, room // 2):
            return number
    return min(wanted, len(boxes))


def first_column_showing(
    boxes: Sequence[Box], first: int, wanted: int, room: int, frozen: int = 0
) -> int:
    """First of the columns that scroll, moved as little as shows the one at `wanted` whole."""
    first = max(first, frozen)
    if wanted < frozen:
        return first
    if wanted < first:
        return wanted
    left = room - GUTTER - sum(box.width for box in boxes[:frozen])
    while first < wanted and sum(box.width for box in boxes[first : wanted + 1]) > left:
        first += 1
    return first
