"""Which columns of a result are shown, in which order, how wide, and which stay on the left. Pure.

A layout changes what is seen, never a value, a type or the question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from flowtui.domain.executions import Column

NARROWEST: Final = 1
WIDEST: Final = 200
"""Cells of text that a column can be given."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the columns of one result stand; a column is known by its place in the result."""

    order: tuple[int, ...] = ()
    """Columns that were moved to the front of the others, in order; those not named follow."""
    hidden: frozenset[int] = frozenset()
    widths: tuple[tuple[int, int], ...] = ()
    """Column and the cells that its text is given; the others get what they need."""
    frozen: int = 0
    """Shown columns, from the left, that stay when the others scroll."""

    def all(self, count: int) -> tuple[int, ...]:
        """Every column of `count`, in order, hidden ones too."""
        first = tuple(column for column in self.order if column < count)
        return first + tuple(column for column in range(count) if column not in first)

    def shown(self, count: int) -> tuple[int, ...]:
        """The columns shown of `count`, in order; one at least, where there is one."""
        columns = self.all(count)
        return tuple(c for c in columns if c not in self.hidden) or columns[:1]

    def width_of(self, column: int) -> int | None:
        """Cells that its text is given; None: what it needs."""
        return dict(self.widths).get(column)

    def toggled(self, column: int, count: int) -> Layout:
        """With a column hidden, or shown again; the last one stays."""
        shown = self.shown(count)
        if column not in shown:
            return self._kept_frozen(replace(self, hidden=self.hidden - {column}), count)
        if len(shown) == 1:
            return self
        return self._kept_frozen(replace(self, hidden=self.hidden | {column}), count)

    def moved(self, column: int, by: int, count: int) -> Layout:
        """With a column moved so many places to the right, or left."""
        columns = list(self.all(count))
        at = columns.index(column)
        columns.remove(column)
        columns.insert(max(0, min(at + by, count - 1)), column)
        return replace(self, order=() if columns == sorted(columns) else tuple(columns))

    def widened(self, column: int, width: int | None) -> Layout:
        """With so many cells for the text of a column; None: what it needs."""
        widths = dict(self.widths)
        widths.pop(column, None)
        if width is not None:
            widths[column] = max(NARROWEST, min(width, WIDEST))
        return replace(self, widths=tuple(sorted(widths.items())))

    def frozen_up_to(self, column: int, count: int) -> Layout:
        """With the columns up to this one staying; with none, where they did so already."""
        shown = self.shown(count)
        wanted = shown.index(column) + 1 if column in shown else 0
        return replace(self, frozen=0 if wanted == self.frozen else wanted)

    def _kept_frozen(self, changed: Layout, count: int) -> Layout:
        """The same columns stay, as far as they are shown."""
        stay = self.shown(count)[: self.frozen]
        last = max((changed.all(count).index(c) for c in stay), default=-1)
        left = changed.all(count)[: last + 1]
        return replace(changed, frozen=sum(c not in changed.hidden for c in left))


AS_GIVEN: Final = Layout()
"""All columns, as the result has them."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a column from one result to another of the same query."""

    name: str
    nth: int = 0
    """Of the columns of that name, counted from 0."""
    is_hidden: bool = False
    width: int | None = None


@dataclass(frozen=True, slots=True)
class KeptLayout:
    """A layout by names of columns, for any result that has them."""

    columns: tuple[Kept, ...] = ()
    frozen: int = 0


def kept(layout: Layout, columns: Sequence[Column]) -> KeptLayout:
    """A layout by names."""
    keys = _keys(columns)
    return KeptLayout(
        tuple(
            Kept(*keys[at], at in layout.hidden, layout.width_of(at))
            for at in layout.all(len(columns))
        ),
        layout.frozen,
    )


def layout_for(kept: KeptLayout, columns: Sequence[Column]) -> Layout:
    """The layout of a result; columns that it does not have are passed over, new ones come last."""
    places = {key: at for at, key in enumerate(_keys(columns))}
    known = {places[key]: one for one in kept.columns if (key := (one.name, one.nth)) in places}
    layout = AS_GIVEN
    order = (*known, *(at for at in range(len(columns)) if at not in known))
    if order != tuple(range(len(columns))):
        layout = replace(layout, order=order)
    hidden = frozenset(at for at, one in known.items() if one.is_hidden)
    if len(hidden) < len(columns):
        layout = replace(layout, hidden=hidden)
    for at, one in known.items():
        layout = layout.widened(at, one.width)
    frozen = min(max(0, kept.frozen), len(layout.shown(len(columns))))
    return replace(layout, frozen=frozen)


def _keys(columns: Sequence[Column]) -> list[tuple[str, int]]:
    names = [column.name for column in columns]
    return [(name, names[:at].count(name)) for at, name in enumerate(names)]
