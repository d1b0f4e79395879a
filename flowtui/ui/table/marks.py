"""Which rows are marked: places in the table, and rows that it does not show now. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from flowtui.domain.spans import Spans, holds, inverted, length, spans_of, without


@dataclass(frozen=True, slots=True)
class Marks:
    """Marked rows; an order or a quick filter gives them other places."""

    shown: Spans = ()
    """Places in the table."""
    hidden: Spans = ()
    """Marked rows that the quick filter hides, numbered as the engine gave them."""
    anchor: int | None = None
    """The place from which a range is marked."""

    def __bool__(self) -> bool:
        return bool(self.shown or self.hidden)

    def __contains__(self, place: int) -> bool:
        return holds(self.shown, place)

    @property
    def count(self) -> int:
        """Marked rows that the table shows."""
        return length(self.shown)

    @property
    def hidden_count(self) -> int:
        """Marked rows that it does not."""
        return length(self.hidden)

    def toggled(self, place: int) -> Marks:
        """With a row marked, or unmarked where it was."""
        row = (range(place, place + 1),)
        is_marked = place in self
        shown = without(self.shown, row) if is_marked else spans_of((*self.shown, *row))
        return replace(self, shown=shown, anchor=None if is_marked else place)

    def ranged(self, place: int) -> Marks:
        """With every row from the last one marked to this one; with this one where none was."""
        first, last = sorted((place if self.anchor is None else self.anchor, place))
        shown = spans_of((*self.shown, range(first, last + 1)))
        return replace(self, shown=shown, anchor=place)

    def flipped(self, total: int) -> Marks:
        """With the marks of the rows that are shown the other way round."""
        return replace(self, shown=inverted(self.shown, total), anchor=None)


NO_MARKS: Final = Marks()
