"""A dialog that asks for one line: a path, a place, a name, a code."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from flowtui.session.copytext import plain
from flowtui.ui.widgets.line import Line


class AskLine(ModalScreen[str | None]):
    """Gives back the line, without the blanks around it; None where it was left.

    Args:
        title: What is asked for.
        about: What to know about it.
        text: What to begin with.
        wrong: Says what is wrong with a line; empty where nothing is.
        is_hidden: What is typed shows as dots.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]
    DEFAULT_CSS = "AskLine Input { background: $boost; }"

    def __init__(
        self,
        title: str,
        about: str = "",
        *,
        text: str = "",
        wrong: Callable[[str], str] = lambda text: "" if text else "Nothing is typed.",
        is_hidden: bool = False,
    ) -> None:
        super().__init__()
        self._title = title
        self._about = about
        self._begin = text
        self._wrong = wrong
        self._is_hidden = is_hidden

    def compose(self) -> ComposeResult:
        """What it is about, the line, what is wrong with it."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(plain(self._title))
            dialog.border_subtitle = "Enter takes it · Esc leaves"
            if self._about:
                yield Static(Content(plain(self._about)), classes="about")
            yield Input(self._begin, password=self._is_hidden, select_on_focus=False, compact=True)
            yield Line(id="meaning")

    @on(Input.Changed)
    def _changed(self) -> None:
        self.query_one("#meaning", Line).show(Content())

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        text = event.value.strip()
        if wrong := self._wrong(text):
            self.query_one("#meaning", Line).show(Content.styled(plain(wrong), "$text-error"))
        else:
            self.dismiss(text)

    def action_leave(self) -> None:
        """Give nothing."""
        self.dismiss(None)


def code_dialog(prompt: str) -> AskLine:
    """The dialog for an MFA code.

    Args:
        prompt: What botocore says, with the device's ARN in it.
    """
    return AskLine("MFA code", prompt.strip().rstrip(":"), wrong=_wrong_code, is_hidden=True)


def _wrong_code(text: str) -> str:
    # See "AssumeRole", AWS STS API Reference: TokenCode is six digits.
    is_code = len(text) == 6 and text.isascii() and text.isdigit()
    return "" if is_code else "A code has six digits."
