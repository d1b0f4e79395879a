"""Lines of a table as strips. Knows styles and places; not where rows come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from flowtui.ui.cells import CellText
from flowtui.ui.safe import clipped
from flowtui.ui.table.columns import GUTTER, Box

COMPONENTS: Final = {
    "result--header",
    "result--header-cursor",
    "result--odd",
    "result--even",
    "result--row",
    "result--cell",
    "result--null",
    "result--accept",
    "result--reject",
    "result--warning",
    "result--note",
    "result--match",
    "result--mark",
    "result--waiting",
}
CSS: Final = """
ResultTable {
    height: 1fr; background: $surface; color: $foreground;
    overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1;
    & > .result--header { background: $panel; text-style: bold; }
    & > .result--header-cursor { text-style: bold underline; }
    & > .result--even { background: $foreground 4%; }
    & > .result--row { background: $primary 25%; }
    & > .result--cell { text-style: underline; }
    &:focus > .result--cell { text-style: bold reverse; }
    & > .result--null, & > .result--note, & > .result--waiting { text-style: dim; }
    & > .result--accept { color: $text-success; }
    & > .result--reject { color: $text-error; }
    & > .result--warning { color: $text-warning; }
    & > .result--mark { color: $text-accent; text-style: bold; }
    & > .result--match { color: $text-warning; text-style: bold underline; }
}
"""

StyleOf = Callable[[str], Style]
"""Component name without its prefix to what it adds to the style of the row."""


@dataclass(frozen=True, slots=True)
class Brush:
    """What lines of one table have in common."""

    boxes: tuple[Box, ...]
    """Of the columns shown, in order."""
    frozen: int
    """How many of them stay on the left."""
    first: int
    """First on the screen of the others."""
    width: int
    style: StyleOf
    search: str = ""
    """Case-folded text to mark; empty: none."""

    def header(self, cursor_column: int) -> Strip:
        """The line of column names; `‹` and `›` say that there are more columns."""
        base = self.style("header")
        segments = [Segment("‹ " if self.first > self.frozen else "  ", base)]
        left = self.width - GUTTER
        for box, edge in self._shown():
            style = base + self.style("header-cursor") if box.column == cursor_column else base
            room = min(box.width, left)
            label = _placed(clipped(box.heading, min(box.width - 2, max(0, left - 2))), box, room)
            segments.append(Segment(label[:-1] if edge else label, style))
            if edge:
                segments.append(Segment(edge, base))
            left -= room
        strip = Strip(segments).adjust_cell_length(self.width, base)
        if self._is_cut():
            return Strip([*strip.crop(0, self.width - 1), Segment("›", base)], self.width)
        return strip

    def row(
        self,
        texts: Sequence[CellText],
        base: Style,
        cursor_column: int | None,
        is_marked: bool = False,
    ) -> Strip:
        """A row of cells; `cursor_column` is None where the cursor is on another row.

        Args:
            texts: Of all columns of the result.
            base: Style of the row.
            cursor_column: By its place in the result.
            is_marked: Whether the row is.
        """
        mark = Segment("●", base + self.style("mark")) if is_marked else Segment(" ", base)
        segments = [Segment(" " if cursor_column is None else "▸", base), mark]
        left = self.width - GUTTER
        for box, edge in self._shown():
            style = base + self.style("cell") if box.column == cursor_column else base
            segments.extend(self._cell(texts[box.column], box, style, min(box.width, left)))
            if edge:
                segments[-1] = Segment(edge, base + self.style("note"))
            left -= box.width
        return Strip(segments).simplify().adjust_cell_length(self.width, base)

    def _cell(self, cell: CellText, box: Box, style: Style, room: int) -> Iterator[Segment]:
        own = style + self.style(cell.style) if cell.style else style
        text = clipped(cell.text, min(box.text_width, max(0, room - 2)))
        padding = " " * max(0, min(box.text_width, room - 2) - cell_len(text))
        before, after = (padding, "") if box.is_right else ("", padding)
        yield Segment(" " + before, style)
        yield from self._marked(cell, text, own)
        yield Segment(after, style)
        if box.note_width:
            note_room = min(box.note_width, room - 2 - box.text_width)
            if note_room > 0:
                note = clipped(f" {cell.note}", note_room)
                rest = " " * max(0, note_room - cell_len(note))
                yield Segment(note + rest, style + self.style("note"))
        if room > 1:
            yield Segment(" ", style)

    def _marked(self, cell: CellText, text: str, style: Style) -> Iterator[Segment]:
        at = text.lower().find(self.search) if self.search else -1
        # Lowering can change the length of a text; then a span would lie beside the match.
        if at < 0 or len(text.lower()) != len(text):
            yield Segment(text, style)
            return
        end = at + len(self.search)
        yield Segment(text[:at], style)
        yield Segment(text[at:end], style + self.style("match"))
        yield Segment(text[end:], style)

    def _shown(self) -> Iterator[tuple[Box, str]]:
        """The columns on the screen, and what stands at the end of each, if anything does."""
        left = self.width - GUTTER
        for index, box in enumerate((*self.boxes[: self.frozen], *self.boxes[self.first :]), 1):
            if left <= 2:
                return
            yield box, "│" if index == self.frozen else ""
            left -= box.width

    def _is_cut(self) -> bool:
        drawn = (*self.boxes[: self.frozen], *self.boxes[self.first :])
        return GUTTER + sum(box.width for box in drawn) > self.width


def _placed(label: str, box: Box, room: int) -> str:
    """A heading in its column: over the text, on its side."""
    padding = " " * max(0, (box.text_width if box.is_right else 0) - cell_len(label))
    placed = f" {padding}{label}"
    return placed + " " * max(0, room - cell_len(placed))
