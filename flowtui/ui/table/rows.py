"""The rows of a result that a table holds, and which one to ask for next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flowtui.domain.executions import Row

PAGE_ROWS: Final = 200
"""Rows asked for at a time."""
MOST_HELD: Final = 20 * PAGE_ROWS


class HeldRows:
    """A window on a result: some pages around the screen, the others forgotten."""

    def __init__(self) -> None:
        self._rows: dict[int, Row] = {}
        self.asked: int | None = None
        """Offset of the page that is on its way."""
        self._outdated: set[int] = set()

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, index: int) -> Row | None:
        """The row, where it is held."""
        return self._rows.get(index)

    def put(self, offset: int, rows: Iterable[Row], near: int) -> None:
        """Hold these rows; where that is too many, forget the ones far from row `near`."""
        if offset == self.asked:
            self.asked = None
        self._rows.update(enumerate(rows, offset))
        self._outdated.difference_update(range(offset, offset + PAGE_ROWS))
        if len(self._rows) > MOST_HELD:
            reach = MOST_HELD // 4
            self._rows = dict(self.between(near - reach, near + reach))

    def outdate(self, top: int, bottom: int) -> None:
        """Others may stand at every place now: those on the screen stay until they are asked for.

        Args:
            top: First row on the screen.
            bottom: The one after the last.
        """
        self._rows = dict(self.between(top, bottom))
        self._outdated = set(self._rows)
        self.asked = None

    def between(self, first: int, last: int) -> tuple[tuple[int, Row], ...]:
        """Index and values of the rows held in a half-open span."""
        return tuple((i, row) for i in range(first, last) if (row := self._rows.get(i)) is not None)

    def page_to_ask(self, top: int, bottom: int, total_rows: int) -> int | None:
        """Offset of the page to ask for when rows `top` to `bottom` are on the screen.

        Visible rows first, then a page below, then half a page above; None where all are held.
        """
        for first, last in (
            (top, bottom),
            (bottom, bottom + PAGE_ROWS),
            (top - PAGE_ROWS // 2, top),
        ):
            for index in range(max(0, first), min(last, total_rows)):
                if index not in self._rows or index in self._outdated:
                    return index - index % PAGE_ROWS
        return None

    def next_page(self, top: int, bottom: int, total_rows: int) -> int | None:
        """As `page_to_ask`, but each page once; None where it is on its way."""
        wanted = self.page_to_ask(top, bottom, total_rows)
        if wanted is None or wanted == self.asked:
            return None
        self.asked = wanted
        return wanted
