"""The sittings that can be gone on with, to choose from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from flowtui.domain.filterline import format_filter
from flowtui.session.copytext import plain
from flowtui.session.sittings import QUIT, Sitting
from flowtui.ui.age import age_text
from flowtui.ui.screens.scrolling import LIST_KEYS, PAGE_KEYS
from flowtui.ui.sitting import SittingsRead
from flowtui.ui.widgets.line import Line


class SittingsScreen(ModalScreen[Sitting | None]):
    """Lists sittings, the latest first; gives back the one that was chosen.

    Args:
        now: What ages count from.
        read: Reads them; answers by `SittingsRead`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,backspace,comma", "dismiss(None)", show=False),
        *LIST_KEYS,
        *PAGE_KEYS,
    ]
    DEFAULT_CSS = """
    SittingsScreen .dialog { width: 100; height: auto; max-height: 90%; }
    SittingsScreen OptionList {
        height: auto; max-height: 20; padding: 0; border: none; background: $surface;
        scrollbar-size-vertical: 1; text-wrap: nowrap; text-overflow: ellipsis;
        &:focus { border: none; }
    }
    """

    def __init__(self, now: datetime, read: Callable[[SittingsScreen], None]) -> None:
        super().__init__()
        self._now = now
        self._read = read
        self._shown: tuple[Sitting, ...] = ()

    def compose(self) -> ComposeResult:
        """The list, and more of the one under the highlight."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Sittings"
            dialog.border_subtitle = "Enter goes on there · q closes"
            yield OptionList(markup=False)
            yield Line(id="filter")

    def on_mount(self) -> None:
        """Read what there is."""
        self.query_one(OptionList).focus()
        self._say("Reading …")
        self._read(self)

    @on(SittingsRead)
    def _take(self, event: SittingsRead) -> None:
        self._shown = event.sittings
        options = self.query_one(OptionList)
        options.set_options(
            Option(row_text(s, self._now, s.id in event.open_ids)) for s in event.sittings
        )
        if self._shown:
            options.highlighted = 0
        else:
            self._say("There is none yet but this one: each is kept when it is left.")

    @on(OptionList.OptionHighlighted)
    def _tell(self, event: OptionList.OptionHighlighted) -> None:
        sitting = self._shown[event.option_index]
        filter = format_filter(sitting.trail.current.filter)
        self._say(f"{sitting.id} · {filter or 'no filter'}")

    def _say(self, text: str) -> None:
        self.query_one("#filter", Line).show(Content.styled(plain(text), "$text-muted"))

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._shown[event.option_index])

    def action_move(self, how: str) -> None:
        """Move the highlight."""
        getattr(self.query_one(OptionList), f"action_{how}")()


def row_text(sitting: Sitting, now: datetime, is_open: bool) -> Content:
    """` 3 min  connection lost  demo  Top rejected pairs › 10.0.0.1 → 10.0.0.2`."""
    tone = "" if sitting.ended == QUIT and not is_open else "$text-warning"
    return Content.assemble(
        f"{age_text(now - sitting.saved):>7}  ",
        (f"{sitting.outcome(is_open):<15}", tone),
        (f"  {plain(sitting.source)}", "bold"),
        f"  {plain(sitting.way)}",
    )
