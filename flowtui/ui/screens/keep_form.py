"""Title and description of a query that is to be kept."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from flowtui.session.copytext import plain
from flowtui.ui.widgets.form_row import FormRow
from flowtui.ui.widgets.line import Line

_LONGEST_TITLE: Final = 128
_LONGEST_TEXT: Final = 1024
"""See "CreateNamedQuery", Athena API Reference."""

Words = tuple[str, str]
"""Title and description."""


class KeepForm(ModalScreen[Words | None]):
    """Asks for both; gives them back, or None where it was left.

    Args:
        heading: What will be done.
        about: What is kept, and what is not.
        words: To begin with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("escape", "dismiss(None)", show=False),
    ]

    def __init__(self, heading: str, about: str, words: Words) -> None:
        super().__init__()
        self._heading = heading
        self._about = about
        self._words = words

    def compose(self) -> ComposeResult:
        """Two rows, and what they are for."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(plain(self._heading))
            dialog.border_subtitle = "Enter keeps it · Esc leaves it · ↑ ↓ move"
            yield Static(Content(plain(self._about)), classes="about")
            yield FormRow("title", "Title", self._words[0], "How the list names it")
            yield FormRow("description", "Description", self._words[1], "What it answers")
            yield Line(id="meaning")

    @on(Input.Submitted)
    def _submitted(self) -> None:
        title, description = (row.text.strip() for row in self.query(FormRow))
        wrong = "It needs a title." if not title else ""
        if len(title) > _LONGEST_TITLE:
            wrong = f"The title has {len(title)} letters; {_LONGEST_TITLE} at most."
        if len(description) > _LONGEST_TEXT:
            wrong = f"The description has {len(description):,} letters; {_LONGEST_TEXT:,} at most."
        if wrong:
            self.query_one("#meaning", Line).show(Content.styled(wrong, "$text-error"))
        else:
            self.dismiss((title, description))
