"""What becomes of a query that runs on Athena when one leaves."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from flowtui.session.copytext import plain


class Way(Enum):
    """How to leave."""

    STOP = "stop"
    RUN_ON = "run on"


class LeaveScreen(ModalScreen[Way | None], inherit_bindings=False):
    """Asks whether to stop it; gives back None to stay.

    Args:
        told: How the query stands, and what it has cost.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s,y,enter", "choose('STOP')", show=False),
        Binding("l", "choose('RUN_ON')", show=False),
        Binding("n,q,escape,backspace", "dismiss(None)", show=False),
    ]

    def __init__(self, told: str) -> None:
        super().__init__()
        self._told = told

    def compose(self) -> ComposeResult:
        """How it stands, and the keys."""
        key = "bold $text-accent"
        with Vertical(classes="dialog"):
            yield Static(Content(plain(self._told)))
            yield Static(
                Content.assemble(
                    ("\ns", key), " stop it and leave (Enter)\n",
                    ("l", key), " leave it running: flowtui --resume finds it again\n",
                    ("n", key), " stay",
                )
            )  # fmt: skip

    def action_choose(self, name: str) -> None:
        """Go."""
        self.dismiss(Way[name])
