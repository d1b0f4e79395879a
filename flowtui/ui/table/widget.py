"""The table of results: millions of rows, a few pages of which are here.

Drawn line by line (Textual's line API) from the rows that are held; whatever comes into view and is
not held is asked for by `PageWanted` and drawn as `…` until it comes.
"""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import ClassVar, TypeAlias

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from flowtui.domain.executions import Cell, Column, ResultPage, Row, SortKey
from flowtui.domain.layouts import AS_GIVEN, Layout
from flowtui.domain.spans import Spans
from flowtui.ui.cells import Namer
from flowtui.ui.table import told
from flowtui.ui.table.drawing import Drawing
from flowtui.ui.table.keys import KEYS
from flowtui.ui.table.marks import Marks
from flowtui.ui.table.paint import COMPONENTS, CSS
from flowtui.ui.table.rows import PAGE_ROWS
from flowtui.ui.table.sheet import Sheet
from flowtui.ui.table.state import TableState


class ResultTable(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows of a result, with a cursor on one cell.

    Give it the shape of a result by `show`, more rows by `grow`, and answer each `PageWanted` by
    `put_page`. It never waits, and never holds more than some thousand rows.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS
    DEFAULT_CSS = CSS
    BINDINGS: ClassVar[list[BindingType]] = KEYS
    PageWanted: TypeAlias = told.PageWanted
    CursorMoved: TypeAlias = told.CursorMoved
    RowChosen: TypeAlias = told.RowChosen

    cursor: reactive[tuple[int, int]] = reactive((0, 0), repaint=False)
    """Row, and column by its place in the result; kept inside what is shown."""
    zone: reactive[tzinfo] = reactive[tzinfo](UTC)
    """For times."""
    raw: reactive[bool] = reactive(False)
    """Codes and exact figures in place of names and rounded ones."""
    highlight: reactive[str] = reactive("", init=False)
    """Text to mark wherever it is shown, in any case of letters."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.sheet = Sheet()
        """What is shown, to be read; the methods here change it."""
        self._is_about_to_ask = False
        self._rows_shown = 0
        self._drawing = Drawing(self.sheet, self._style_of)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns of the result."""
        return self.sheet.columns

    @property
    def total_rows(self) -> int:
        """Rows of the result so far."""
        return self.sheet.total_rows

    @property
    def visible_rows(self) -> range:
        """Rows on the screen."""
        top = self.scroll_offset.y
        return range(top, min(self.total_rows, top + self._page_height))

    @property
    def marks(self) -> Spans:
        """Places of the marked rows; empty: none is marked."""
        return self.sheet.marks.shown

    def put_marks(self, marks: Marks) -> None:
        """Mark these rows and no others."""
        self.sheet.marks = marks
        self.refresh()

    def row_at(self, row: int) -> Row | None:
        """The values of a row; None where it is not held."""
        return self.sheet.rows.get(row)

    def cell_at_cursor(self) -> tuple[Column, Cell] | None:
        """The column and value under the cursor; None where the row is not held."""
        row, column = self.cursor
        values = self.row_at(row)
        return (self.columns[column], values[column]) if values else None

    # What the screen tells the table

    def show(
        self,
        columns: tuple[Column, ...],
        total_rows: int,
        is_complete: bool,
        layout: Layout = AS_GIVEN,
    ) -> None:
        """Show a new result from its first cell on; its rows are asked for."""
        self.sheet.start(columns, layout)
        self._set_total(total_rows, is_complete)
        self.action_end_row(False)
        self.action_end_column(False)
        self.scroll_to(y=0, animate=False, force=True)
        self._lay_out()
        self._say_where()
        self._ask()

    def grow(self, total_rows: int, is_complete: bool, *, is_mixed_in: bool = False) -> None:
        """Say that more rows of the same result have arrived; `is_mixed_in`: at any place."""
        self.sheet.rows.asked = None
        if is_mixed_in and total_rows != self.total_rows:
            top = self.scroll_offset.y
            self.sheet.rows.outdate(top, top + self._page_height)
        self._set_total(total_rows, is_complete)
        self._ask()

    def put_page(self, page: ResultPage) -> None:
        """Show rows that were asked for; a page of other columns is late, and dropped."""
        if page.columns != self.columns:
            return
        if self.sheet.hold(page, self.scroll_offset.y):
            self._lay_out()
        else:
            self._redraw()
        if page.total_rows > self.total_rows or page.is_complete != self.sheet.is_complete:
            self._set_total(page.total_rows, page.is_complete)
        if page.rows:
            self._ask()

    def set_order(self, order: tuple[SortKey, ...]) -> None:
        """Mark in the header how the rows are sorted."""
        self.sheet.order = order
        self._lay_out()

    def set_layout(self, layout: Layout) -> None:
        """Show the columns otherwise; the cursor stays, unless its column is hidden."""
        self.sheet.arrange(layout)
        self._lay_out()
        self.cursor = self.cursor  # validated against the columns shown
        self._reveal()
        self._say_where()

    def show_names(self, names: Namer, has_names: bool) -> None:
        """Say after addresses and interfaces what they are called.

        Args:
            names: Says what they are called; `NO_NAMES`: none are shown.
            has_names: True: even where other columns must make room.
        """
        self.sheet.names = names
        self.sheet.has_names = has_names
        self.watch_zone()

    def state(self) -> TableState:
        """How it stands, for `restore`."""
        return self.sheet.state(self.cursor, self.scroll_offset.y)

    def restore(self, state: TableState) -> None:
        """Stand exactly as it stood, rows around the screen and all; needs no `show`."""
        self.sheet.stand(state)
        self.virtual_size = Size(0, state.total_rows + 1)
        self.set_reactive(ResultTable.cursor, state.cursor)
        self.scroll_to(y=state.scroll[0], animate=False, force=True)
        self._lay_out()
        self._say_where()
        self._ask()
        # A table that was hidden has no scrollbar yet that would have followed.
        self.call_after_refresh(self._place_scrollbar)

    # Moving

    def action_rows(self, by: int) -> None:
        """Move the cursor down, or up."""
        self.cursor = (self.cursor[0] + by, self.cursor[1])

    def action_columns(self, by: int) -> None:
        """Move the cursor right, or left."""
        row, column = self.cursor
        self.cursor = (row, self.sheet.beside(column, by))

    def action_pages(self, by: int) -> None:
        """Move down or up by as many rows as the screen shows."""
        rows = by * self._page_height
        self.scroll_to(y=self.scroll_offset.y + rows, animate=False, force=True)
        self.action_rows(rows)

    def action_end_row(self, is_last: bool | int) -> None:
        """Go to the first row, or the last one."""
        self.cursor = (self.total_rows - 1 if is_last else 0, self.cursor[1])

    def action_end_column(self, is_last: bool) -> None:
        """Go to the first column, or the last one."""
        shown = self.sheet.shown
        if shown:
            self.cursor = (self.cursor[0], shown[-1 if is_last else 0])

    def action_choose(self) -> None:
        """Choose the row under the cursor."""
        if (row := self.row_at(self.cursor[0])) is not None:
            self.post_message(self.RowChosen(self.cursor[0], row))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse was clicked; on a heading, into that column."""
        row = self.scroll_offset.y + event.y - 1 if event.y else self.cursor[0]
        if (column := self.sheet.column_at(event.x)) is not None:
            self.cursor = (row, column)

    def validate_cursor(self, cursor: tuple[int, int]) -> tuple[int, int]:
        """Keep the cursor on a row of the result and a column that is shown."""
        row, column = cursor
        column = max(0, min(column, len(self.columns) - 1))
        return max(0, min(row, self.total_rows - 1)), self.sheet.beside(column, 0)

    def watch_cursor(self, old: tuple[int, int], new: tuple[int, int]) -> None:
        """Bring the cursor into view and draw the two lines that changed."""
        self._reveal()
        for row in {old[0], new[0]}:
            self.refresh_line(row + 1)
        if old[1] != new[1]:
            self.refresh_line(self.scroll_offset.y)
        self._say_where()

    # Keeping up with what changed

    def watch_zone(self) -> None:
        """Times and codes read anew."""
        self.sheet.read_anew(self.zone, self.raw)
        self._lay_out()

    watch_raw = watch_zone

    def watch_highlight(self) -> None:
        """Matches are marked anew."""
        self._redraw()

    def watch_has_focus(self, _has_focus: bool) -> None:
        """The cursor looks different where keys go elsewhere."""
        super().watch_has_focus(_has_focus)
        self._redraw()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for the rows that came into view."""
        super().watch_scroll_y(old_value, new_value)
        self._ask()

    def notify_style_update(self) -> None:
        """Another theme: styles are read anew."""
        super().notify_style_update()
        self._drawing.forget_styles()
        self.refresh()

    def _on_hide(self, event: events.Hide) -> None:
        """Let go of the keys at once, and only where it is still hidden.

        Textual does so later: a table that has rows again by then would lose them.
        """
        event.prevent_default()
        self.vertical_scrollbar.post_message(event)
        if self.has_focus and not self.display:
            self.screen.set_focus(None)

    def on_resize(self) -> None:
        """Keep a cursor that was in view in view."""
        top = self.scroll_offset.y
        was_in_view = top <= self.cursor[0] < top + max(1, self._rows_shown)
        self._rows_shown = self._page_height
        self._lay_out()
        if was_in_view:
            self._reveal()
        self._ask()

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Line `y` of the screen: the header, then rows."""
        sheet = self.sheet
        if self._room != sheet.room:  # the scrollbar came or went
            sheet.place(self._room)
            self._drawing.forget()
        brush = self._drawing.brush(self.highlight.lower())
        if y == 0:
            return brush.header(self.cursor[1])
        index = self.scroll_offset.y + y - 1
        if index >= self.total_rows:
            return Strip.blank(sheet.room, self.rich_style)
        return self._drawing.row(index, self.cursor, brush)

    def _style_of(self, component: str, is_whole: bool) -> Style:
        return self.get_component_rich_style(component, partial=not is_whole)

    @property
    def _room(self) -> int:
        return self.scrollable_content_region.width

    @property
    def _page_height(self) -> int:
        return max(1, self.scrollable_content_region.height - 1)

    def _reveal(self) -> None:
        row, column = self.cursor
        top = self.scroll_offset.y
        wanted = min(max(top, row - self._page_height + 1), row)
        if wanted != top:
            self.scroll_to(y=wanted, animate=False, force=True)
        if self.sheet.reveal(column):
            self._redraw()

    def _ask(self) -> None:
        """Ask once the keys that wait have been followed: pages scrolled over are not wanted."""
        if not self._is_about_to_ask:
            self._is_about_to_ask = True
            self.call_later(self._ask_now)

    def _ask_now(self) -> None:
        self._is_about_to_ask = False
        top = self.scroll_offset.y
        wanted = self.sheet.rows.next_page(top, top + self._page_height, self.total_rows)
        if wanted is not None:
            self.post_message(self.PageWanted(wanted, PAGE_ROWS))

    def _set_total(self, total_rows: int, is_complete: bool) -> None:
        self.sheet.total_rows = total_rows
        self.sheet.is_complete = is_complete
        self.virtual_size = Size(0, total_rows + 1)
        self.cursor = self.cursor  # validated against the new size
        self.refresh()

    def _lay_out(self) -> None:
        self.sheet.place(self._room)
        self._redraw()

    def _redraw(self) -> None:
        self._drawing.forget()
        self.refresh()

    def _place_scrollbar(self) -> None:
        self.vertical_scrollbar.position = self.scroll_y

    def _say_where(self) -> None:
        self.post_message(self.CursorMoved(*self.cursor))
