"""The line in which a text to search for is typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from flowtui.ui.widgets.line import Line


class SearchLine(Horizontal):
    """`/` and a text; Enter searches."""

    DEFAULT_CSS = """
    SearchLine { height: 1; padding: 0 1; }
    SearchLine Line { width: 9; }
    SearchLine Input { width: 1fr; background: $boost; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    @dataclass
    class Wanted(Message):
        """A text is to be searched for; empty: no longer."""

        text: str

    @dataclass
    class Left(Message):
        """Nothing is to be searched for."""

    def compose(self) -> Iterable[Widget]:
        """A label and the text."""
        label = Line()
        label.show(Content.styled("Search /", "bold $text-accent"))
        yield label
        yield Input(placeholder="any part of a value; Enter searches", compact=True)

    def begin(self, text: str) -> None:
        """Edit a text; typing replaces it."""
        self.display = True
        field = self.query_one(Input)
        field.value = text
        field.select_all()
        self.screen.set_focus(field)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Wanted(event.value))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()

    def action_leave(self) -> None:
        """Search for nothing."""
        self.post_message(self.Left())
