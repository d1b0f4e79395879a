"""The commonest values of a column: how many rows hold each, and what share of all that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from itertools import accumulate
from typing import ClassVar, Final

from rich.cells import set_cell_size
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from flowtui.domain.executions import Cell, Column
from flowtui.ui.cells import text
from flowtui.ui.figures import grouped
from flowtui.ui.messages import ValuesCounted, WorkFailed
from flowtui.ui.safe import clipped
from flowtui.ui.screens.scrolling import LIST_KEYS, PAGE_KEYS
from flowtui.ui.widgets.line import Line, plain

_FIGURES: Final = 32
"""Cells that the three figures of a line take."""
_NARROW: Final = 60
_LEAST_VALUE: Final = 8
_WIDTH: Final = 78
_ROWS: Final = Column("rows", "bigint")


@dataclass(frozen=True, slots=True)
class Picked:
    """The value to narrow by."""

    value: Cell
    is_excluded: bool = False


class TopValuesScreen(ModalScreen[Picked | None]):
    """Shows what `ValuesCounted` brings; gives back the value picked.

    Args:
        column: Whose values.
        zone: For times.
        raw: Codes and exact figures in place of names.
        is_complete: False where rows are still to come.
        measures: Columns by whose sum the values can be weighed.
        count: Has them counted by one of those; by rows where it is empty.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,backspace,F", "dismiss(None)", show=False),
        *LIST_KEYS,
        *PAGE_KEYS,
        Binding("enter,equals_sign", "pick(False)", show=False),
        Binding("exclamation_mark", "pick(True)", show=False),
        Binding("m,tab", "measure", show=False),
    ]
    AUTO_FOCUS = ""  # keys go to the screen
    DEFAULT_CSS = f"""
    TopValuesScreen .dialog {{ width: {_WIDTH}; max-height: 90%; }}
    TopValuesScreen OptionList {{
        height: auto; max-height: 20; border: none; padding: 0; background: $surface;
        text-wrap: nowrap; text-overflow: ellipsis;
    }}
    """

    def __init__(
        self,
        column: Column,
        zone: tzinfo,
        raw: bool,
        is_complete: bool,
        measures: tuple[Column, ...],
        count: Callable[[TopValuesScreen, str], None],
    ) -> None:
        super().__init__()
        self._weights: tuple[Column, ...] = (_ROWS, *measures)
        self._by = 0
        self._count = count
        self._column = column
        self._zone = zone
        self._raw = raw
        self._is_complete = is_complete
        self._values: tuple[tuple[Cell, int], ...] = ()

    def compose(self) -> ComposeResult:
        """What it counts, the headings, the values."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(f"Top values of {plain(self._column.name)}")
            by = " · m by another measure" if len(self._weights) > 1 else ""
            dialog.border_subtitle = f"Enter only this · ! all but this{by} · q closes"
            yield Line(id="counted")
            yield Line(id="headings")
            yield OptionList(markup=False)

    def on_mount(self) -> None:
        """Wait for the counts."""
        self._list.can_focus = False
        self.action_measure(0)

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    @on(ValuesCounted)
    def _show(self, event: ValuesCounted) -> None:
        event.stop()
        weight = self._weights[self._by]
        if event.measure != (weight.name if self._by else ""):
            return
        self._values = event.values
        covered = list(accumulate(count for _, count in event.values))
        # Rows that came in while they were counted.
        total = max(event.total, covered[-1] if covered else 0)
        self._list.clear_options()
        self._list.add_options(
            Option(self._line(value, count, up_to, total))
            for (value, count), up_to in zip(event.values, covered, strict=True)
        )
        self._list.highlighted = 0 if covered else None
        self._tell(self._counted(event.total_rows, covered[-1] if covered else 0, total))
        named = plain(clipped(weight.name, 11))
        together = "" if self._is_narrow else f"{'together':>10}"
        headings = f"{'value':<{self._room}}{named:>12}{'share':>9}{together}"
        self.query_one("#headings", Line).show(Content.styled(headings, "bold"))

    def _counted(self, rows: int, covered: int, total: int) -> str:
        here = "" if self._is_complete else " that are here so far"
        told = f"Of {grouped(rows)} row{'' if rows == 1 else 's'}{here}"
        if self._by:
            weight = self._weights[self._by]
            told += f", {text(weight, total, self._zone, self._raw).text} {weight.name}"
        if covered < total:
            told += f"; the {len(self._values)} commonest"
        return told

    @on(WorkFailed)
    def _say_failed(self, event: WorkFailed) -> None:
        event.stop()
        self._tell(f"{event.error.message} {event.error.hint}", "$text-error")

    def _tell(self, words: str, style: str = "dim") -> None:
        self.query_one("#counted", Line).show(Content.styled(plain(words), style))

    @property
    def _room(self) -> int:
        figures = _FIGURES - (10 if self._is_narrow else 0)
        return max(_LEAST_VALUE, min(_WIDTH, self.app.size.width) - 5 - figures)

    @property
    def _is_narrow(self) -> bool:
        """True where there is no room for how much those so far are together."""
        return self.app.size.width < _NARROW

    def _line(self, value: Cell, count: int, up_to: int, total: int) -> Content:
        shown = text(self._column, value, self._zone, self._raw)
        words = f"{shown.text} {shown.note}".rstrip()
        value_text = set_cell_size(clipped(words, self._room - 1), self._room)
        weight = self._weights[self._by]
        figure = text(weight, count, self._zone, self._raw).text if self._by else grouped(count)
        together = "" if self._is_narrow else f"{share(up_to, total):>10}"
        figures = f"{figure:>12}{share(count, total):>9}{together}"
        return Content(value_text + figures)

    def action_move(self, how: str) -> None:
        """Move the highlight."""
        getattr(self._list, f"action_{how}")()

    def action_measure(self, by: int = 1) -> None:
        """Count them by the next measure: rows, then what there is of records, packets, bytes."""
        self._by = (self._by + by) % len(self._weights)
        self._values = ()
        self._list.clear_options()
        self._tell("Counting …")
        self._count(self, self._weights[self._by].name if self._by else "")

    def action_pick(self, is_excluded: bool) -> None:
        """Narrow by the value under the highlight."""
        index = self._list.highlighted
        if index is not None and index < len(self._values):
            self.dismiss(Picked(self._values[index][0], is_excluded))

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_pick(False)


def share(part: int, whole: int) -> str:
    """`41.5%`; what is not all never reads as all, what is something never as nothing."""
    tenths = 1000 * part // whole if whole else 0
    return "<0.1%" if part and not tenths else f"{tenths / 10:.1f}%"
