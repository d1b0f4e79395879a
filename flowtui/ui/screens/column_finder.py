"""Going to a column by its name: type a part of it, Enter goes there."""

from __future__ import annotations

from collections.abc import Set
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from flowtui.ui.safe import clipped, harmless

_WIDTH = 44


class ColumnFinder(ModalScreen[int | None]):
    """Gives back the place of the column chosen.

    Args:
        names: Of all columns of the result.
        order: Their places, as they are shown.
        hidden: Those that are not.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,tab", "move('cursor_down')", show=False),
        Binding("up,shift+tab", "move('cursor_up')", show=False),
        Binding("escape", "dismiss(None)", show=False),
    ]
    DEFAULT_CSS = f"""
    ColumnFinder .dialog {{ width: {_WIDTH}; max-height: 80%; }}
    ColumnFinder Input {{ background: $boost; margin-bottom: 1; }}
    ColumnFinder OptionList {{
        height: auto; max-height: 14; border: none; padding: 0; background: $surface;
    }}
    """

    def __init__(self, names: tuple[str, ...], order: tuple[int, ...], hidden: Set[int]) -> None:
        super().__init__()
        self._names = names
        self._order = order
        self._hidden = hidden
        self._found: tuple[int, ...] = ()

    def compose(self) -> ComposeResult:
        """What is typed, and the columns whose names hold it."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Go to column"
            dialog.border_subtitle = "Enter goes there · Esc leaves"
            yield Input(placeholder="Part of its name", compact=True)
            yield OptionList(markup=False)

    def on_mount(self) -> None:
        """List all."""
        self.query_one(OptionList).can_focus = False
        self._list("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._list(event.value)

    def _list(self, text: str) -> None:
        options = self.query_one(OptionList)
        self._found = matching(self._names, self._order, text)
        options.set_options(Option(self._line(column)) for column in self._found)
        options.highlighted = 0 if self._found else None

    def _line(self, column: int) -> Content:
        hidden = "  (hidden)" if column in self._hidden else ""
        return Content(clipped(harmless(self._names[column]), _WIDTH - 6 - len(hidden)) + hidden)

    def action_move(self, how: str) -> None:
        """Move the highlight while the name has the keys."""
        getattr(self.query_one(OptionList), f"action_{how}")()

    @on(Input.Submitted)
    def _chosen(self, event: Input.Submitted) -> None:
        event.stop()
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self.dismiss(self._found[at])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._found[event.option_index])


def matching(names: tuple[str, ...], order: tuple[int, ...], text: str) -> tuple[int, ...]:
    """The columns whose names hold a text, those that begin with it first; else in their order."""
    wanted = text.strip().casefold()
    found = [at for at in order if wanted in names[at].casefold()]
    return tuple(sorted(found, key=lambda at: not names[at].casefold().startswith(wanted)))
