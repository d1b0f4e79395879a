"""The line in which the quick filter is typed: the rows follow while one types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from flowtui.ui.widgets.line import Line

_PAUSE_S: Final = 0.15
"""Without a key for so long, the rows are looked through."""


class QuickLine(Horizontal):
    r"""`\` and a text; Enter keeps what it shows, Esc shows all rows again."""

    DEFAULT_CSS = """
    QuickLine { height: 1; padding: 0 1; }
    QuickLine Line { width: 14; }
    QuickLine Input { width: 1fr; background: $boost; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "clear", show=False)]

    _timer: Timer | None = None

    @dataclass
    class Typed(Message):
        """Only rows that hold a text are wanted; empty: all."""

        text: str

    @dataclass
    class Left(Message):
        """Typing is over."""

    def compose(self) -> Iterable[Widget]:
        """A label and the text."""
        label = Line()
        label.show(Content.styled("Quick filter \\", "bold $text-accent"))
        yield label
        yield Input(placeholder="of the loaded rows; Enter keeps it, Esc clears it", compact=True)

    def begin(self, text: str) -> None:
        """Edit a text; typing replaces it."""
        self.display = True
        field = self.query_one(Input)
        with self.prevent(Input.Changed):
            field.value = text
        field.select_all()
        self.screen.set_focus(field)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._stop_waiting()
        self._timer = self.set_timer(_PAUSE_S, self._say)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._say()
        self.post_message(self.Left())

    def action_clear(self) -> None:
        """Show all rows again."""
        with self.prevent(Input.Changed):
            self.query_one(Input).value = ""
        self._say()
        self.post_message(self.Left())

    def _say(self) -> None:
        self._stop_waiting()
        self.post_message(self.Typed(self.query_one(Input).value))

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
