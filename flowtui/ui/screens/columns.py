"""The dialog of the columns: which are shown, in which order, how wide, and which stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from rich.cells import set_cell_size
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from flowtui.domain.executions import Column
from flowtui.domain.layouts import AS_GIVEN, Layout
from flowtui.ui.safe import clipped, harmless
from flowtui.ui.screens.scrolling import LIST_KEYS
from flowtui.ui.widgets.line import Line

_REST: Final = 27
"""Cells of a line besides the name."""
_LEAST_NAME: Final = 8
_NAME: Final = 30
_HINTS: Final = (
    "Space shows or hides · J K move · + - width, = what it needs",
    "_ stay up to here · r all as they came · D keep for this query",
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A layout to go on with."""

    layout: Layout
    is_kept: bool = False
    """True: from now on, whenever the query is asked."""


class ColumnsScreen(ModalScreen[Chosen | None]):
    """Changes a layout, and shows each change at once.

    Args:
        columns: Of the result.
        layout: To begin with.
        column: Under the highlight first.
        width_of: Cells that the text of a column has in the table.
        show: Shows a layout there.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", show=False),
        Binding("enter,q,c,backspace", "done(False)", show=False),
        Binding("D", "done(True)", show=False),
        *LIST_KEYS,
        Binding("pagedown", "move('page_down')", show=False),
        Binding("b,pageup", "move('page_up')", show=False),
        Binding("space,v", "hide", show=False),
        Binding("J,shift+down", "shift(1)", show=False),
        Binding("K,shift+up", "shift(-1)", show=False),
        Binding("plus,l,right", "widen(1)", show=False),
        Binding("minus,h,left", "widen(-1)", show=False),
        Binding("equals_sign", "narrow", show=False),
        Binding("underscore", "freeze", show=False),
        Binding("r", "reset", show=False),
    ]
    AUTO_FOCUS = ""  # keys go to the screen
    DEFAULT_CSS = """
    ColumnsScreen .dialog { width: 72; max-height: 90%; }
    ColumnsScreen OptionList {
        height: auto; max-height: 24; border: none; padding: 0; background: $surface;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    def __init__(
        self,
        columns: tuple[Column, ...],
        layout: Layout,
        column: int,
        width_of: Callable[[int], int],
        show: Callable[[Layout], None],
    ) -> None:
        super().__init__()
        self._columns = columns
        self._layout = layout
        self._first = column
        self._width_of = width_of
        self._show = show

    def compose(self) -> ComposeResult:
        """The columns in order, hidden ones too, and the keys."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Columns"
            dialog.border_subtitle = "Enter takes it · Esc puts it back"
            yield Line(id="shown")
            yield OptionList(markup=False)
            yield from (Line(id=f"hint{number}") for number in range(len(_HINTS)))

    def on_mount(self) -> None:
        """List them, where they cover little of the table."""
        self.styles.align = ("right", "bottom")
        self._list.can_focus = False
        for number, hint in enumerate(_HINTS):
            self.query_one(f"#hint{number}", Line).show(Content.styled(hint, "dim"))
        self._tell(self._first)

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    @property
    def _order(self) -> tuple[int, ...]:
        return self._layout.all(len(self._columns))

    @property
    def _column(self) -> int:
        return self._order[self._list.highlighted or 0]

    def _tell(self, column: int) -> None:
        stay = self._layout.shown(len(self._columns))[: self._layout.frozen]
        self._list.set_options(Option(self._line(one, one in stay)) for one in self._order)
        self._list.highlighted = self._order.index(column)
        shown = len(self._layout.shown(len(self._columns)))
        told = f"{shown} of {len(self._columns)} shown"
        self.query_one("#shown", Line).show(Content.styled(told, "dim"))

    def _line(self, column: int, stays: bool) -> Content:
        mark = "[ ]" if column in self._layout.hidden else "[x]"
        room = max(_LEAST_NAME, min(_NAME, self.app.size.width - _REST))
        name = set_cell_size(clipped(harmless(self._columns[column].name), room), room)
        given = self._layout.width_of(column)
        width = "as needed" if given is None else f"{given} wide"
        return Content(f"{mark} {name}  {width:<10} {'stays' if stays else ''}")

    def _change(self, layout: Layout) -> None:
        column = self._column
        self._layout = layout
        self._show(layout)
        self._tell(column)

    def action_move(self, how: str) -> None:
        """Move the highlight."""
        getattr(self._list, f"action_{how}")()

    def action_hide(self) -> None:
        """Hide the column, or show it; the last one stays."""
        self._change(self._layout.toggled(self._column, len(self._columns)))

    def action_shift(self, by: int) -> None:
        """Move the column to the right, or left."""
        self._change(self._layout.moved(self._column, by, len(self._columns)))

    def action_widen(self, by: int) -> None:
        """Give the column more cells, or fewer."""
        column = self._column
        given = self._layout.width_of(column)
        before = self._width_of(column) if given is None else given
        self._change(self._layout.widened(column, before + by))

    def action_narrow(self) -> None:
        """Give the column what it needs."""
        self._change(self._layout.widened(self._column, None))

    def action_freeze(self) -> None:
        """Let the columns up to this one stay; again: none."""
        self._change(self._layout.frozen_up_to(self._column, len(self._columns)))

    def action_reset(self) -> None:
        """All columns, as the result has them."""
        self._change(AS_GIVEN)

    def action_done(self, is_kept: bool) -> None:
        """Go on with it."""
        self.dismiss(Chosen(replace(self._layout), is_kept))
