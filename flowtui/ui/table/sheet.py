"""A result as a table shows it: the rows held, how they read, where columns stand.

Everything that the widget knows without Textual.
"""

from __future__ import annotations

from datetime import UTC, tzinfo

from flowtui.domain.executions import Column, ResultPage, SortKey
from flowtui.domain.layouts import AS_GIVEN, Layout
from flowtui.ui.cells import NO_NAMES, CellText, row_texts
from flowtui.ui.table.columns import (
    GUTTER,
    Box,
    Shape,
    boxes,
    first_column_showing,
    first_widths,
    grown,
    staying,
)
from flowtui.ui.table.marks import NO_MARKS
from flowtui.ui.table.rows import MOST_HELD, PAGE_ROWS, HeldRows
from flowtui.ui.table.state import TableState


class Sheet:
    """What is shown of one result."""

    def __init__(self, zone: tzinfo = UTC, raw: bool = False) -> None:
        self.zone = zone
        self.raw = raw
        self.names = NO_NAMES
        """Says what addresses, ports and ids are called."""
        self.has_names = False
        """True: names are shown even where other columns must make room."""
        self.columns: tuple[Column, ...] = ()
        self.total_rows = 0
        self.is_complete = True
        self.order: tuple[SortKey, ...] = ()
        self.layout = AS_GIVEN
        self.marks = NO_MARKS
        self.rows = HeldRows()
        self.shown: tuple[int, ...] = ()
        """The columns that are shown, in order, by their places in the result."""
        self.boxes: tuple[Box, ...] = ()
        """One for each of them."""
        self.frozen = 0
        """How many of them stay on the left."""
        self.left = 0
        """First on the screen of those that scroll, counted among the shown ones."""
        self.room = 0
        """Cells that a line has."""
        self._widths: list[tuple[int, int]] = []
        self._texts: dict[int, tuple[CellText, ...]] = {}

    def start(self, columns: tuple[Column, ...], layout: Layout = AS_GIVEN) -> None:
        """Show other columns, before any row of them is known."""
        self.rows = HeldRows()
        self._texts.clear()
        self.columns = columns
        self.order = ()
        self.marks = NO_MARKS
        self.frozen = self.left = 0
        self.arrange(layout)
        self._widths = first_widths(columns, self.raw)

    def hold(self, page: ResultPage, near: int) -> bool:
        """Hold the rows of a page, the screen being at row `near`; True where columns widened."""
        self.rows.put(page.offset, page.rows, near)
        if len(self._texts) > MOST_HELD:
            self._texts.clear()
        indices = range(page.offset, page.offset + len(page.rows))
        for index in indices:
            self._texts.pop(index, None)
        widths = grown(self._widths, map(self.texts, indices))
        is_wider = widths != self._widths
        self._widths = widths
        return is_wider

    def texts(self, index: int) -> tuple[CellText, ...]:
        """How a row reads; `…` in every cell where it is not held."""
        texts = self._texts.get(index)
        if texts is None:
            row = self.rows.get(index)
            if row is None:
                return (CellText("…", "waiting"),) * len(self.columns)
            texts = self._texts[index] = row_texts(
                self.columns, row, self.zone, self.raw, self.names
            )
        return texts

    def read_anew(self, zone: tzinfo, raw: bool) -> None:
        """Let values read otherwise, in columns as wide as that needs."""
        self.zone = zone
        self.raw = raw
        self._texts.clear()
        held = (self.texts(index) for index, _ in self.rows.between(0, self.total_rows))
        self._widths = grown(first_widths(self.columns, raw), held)

    def arrange(self, layout: Layout) -> None:
        """Show the columns in another layout, which `place` then gives their places."""
        self.layout = layout
        self.shown = layout.shown(len(self.columns))

    def place(self, room: int) -> None:
        """Give the columns their places on a line of `room` cells."""
        self.room = room
        shape = Shape(self.columns, self.order, self.layout, self._widths, self.has_names)
        self.boxes = boxes(shape, room)
        frozen = staying(self.boxes, self.layout.frozen, room)
        if self.left <= self.frozen:  # nothing was scrolled away
            self.left = frozen
        self.frozen = frozen
        self.left = max(frozen, min(self.left, len(self.boxes) - 1))

    def reveal(self, column: int) -> bool:
        """Bring a column onto the screen whole; True where that moved the others."""
        if self.room <= GUTTER or column not in self.shown:  # hidden: revealed once there is room
            return False
        wanted = self.shown.index(column)
        left = first_column_showing(self.boxes, self.left, wanted, self.room, self.frozen)
        has_moved = left != self.left
        self.left = left
        return has_moved

    def beside(self, column: int, by: int) -> int:
        """The column so many places to the right, or left, of a shown one; the outermost at most.

        For a hidden column, the nearest that is shown.
        """
        if column in self.shown:
            at = self.shown.index(column)
        else:
            order = self.layout.all(len(self.columns))
            before = set(order[: order.index(column)]) if column in order else set()
            at = sum(shown in before for shown in self.shown)
        at = max(0, min(at + by, len(self.shown) - 1))
        return self.shown[at] if self.shown else 0

    def text_width(self, column: int) -> int:
        """Cells that the text of a column has, or would need where it is hidden."""
        return next(
            (box.text_width for box in self.boxes if box.column == column),
            self._widths[column][0],
        )

    def column_at(self, x: int) -> int | None:
        """The column drawn at a cell of a line."""
        right = GUTTER
        for box in (*self.boxes[: self.frozen], *self.boxes[self.left :]):
            right += box.width
            if x < right:
                return box.column
        return None

    def state(self, cursor: tuple[int, int], top: int) -> TableState:
        """How it stands, with the rows around the screen, whose first row is `top`."""
        return TableState(
            self.columns,
            self.total_rows,
            self.is_complete,
            cursor,
            (top, self.left),
            self.order,
            tuple(self._widths),
            self.rows.between(top - PAGE_ROWS, top + 2 * PAGE_ROWS),
            self.marks,
            self.layout,
        )

    def stand(self, state: TableState) -> None:
        """Stand as it stood."""
        self.start(state.columns, state.layout)
        self.order = state.order
        self.marks = state.marks
        self.total_rows = state.total_rows
        self.is_complete = state.is_complete
        self.left = state.scroll[1]
        for index, row in state.rows:
            self.rows.put(index, (row,), index)
        # Zone or codes may have been changed since; then its widths are not enough.
        on_screen = self.rows.between(state.scroll[0], state.scroll[0] + PAGE_ROWS // 2)
        self._widths = grown(state.widths, (self.texts(index) for index, _ in on_screen))
