"""A question that wants yes or no."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from flowtui.session.copytext import plain


class ConfirmScreen(ModalScreen[bool]):
    """Asks a question; gives back True for yes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "dismiss(True)", show=False),
        Binding("n,q,escape,backspace", "dismiss(False)", show=False),
    ]

    def __init__(self, question: str, yes: str) -> None:
        super().__init__()
        self._question = question
        self._yes = yes

    def compose(self) -> ComposeResult:
        """The question, and the keys."""
        with Vertical(classes="dialog"):
            yield Static(Content(plain(self._question)))
            yield Static(
                Content.assemble(
                    ("\ny", "bold $text-accent"), f" {self._yes}   ", ("n", "bold $text-accent"),
                    " no",
                )
            )  # fmt: skip
