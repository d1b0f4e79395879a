"""The themes, each shown as soon as it is under the highlight."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList

from flowtui.ui.screens.scrolling import LIST_KEYS, PAGE_KEYS
from flowtui.ui.themes import theme_names


class ThemePicker(ModalScreen[str | None]):
    """Lets a theme be chosen by looking at it; gives back its name, None to keep the one before."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,backspace", "leave", show=False),
        *LIST_KEYS,
        *PAGE_KEYS,
    ]
    DEFAULT_CSS = """
    ThemePicker { align: right bottom; background: transparent; }
    ThemePicker .dialog { width: 40; }
    ThemePicker OptionList {
        height: auto; max-height: 12; padding: 0; border: none; background: $surface;
        scrollbar-size-vertical: 1;
        &:focus { border: none; }
    }
    """

    def compose(self) -> ComposeResult:
        """The names; ours, for all kinds of colour vision, first."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Theme"
            dialog.border_subtitle = "Enter keeps it · q goes back"
            yield OptionList(*theme_names(), markup=False)

    def on_mount(self) -> None:
        """Stand on the one that is shown."""
        self._before = self.app.theme
        themes = self.query_one(OptionList)
        themes.focus()
        names = theme_names()
        themes.highlighted = names.index(self.app.theme) if self.app.theme in names else 0

    @on(OptionList.OptionHighlighted)
    def _show(self, event: OptionList.OptionHighlighted) -> None:
        self.app.theme = theme_names()[event.option_index]

    @on(OptionList.OptionSelected)
    def _keep(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(theme_names()[event.option_index])

    def action_leave(self) -> None:
        """Back to the theme before."""
        self.app.theme = self._before
        self.dismiss(None)

    def action_move(self, how: str) -> None:
        """Move the highlight."""
        getattr(self.query_one(OptionList), f"action_{how}")()
