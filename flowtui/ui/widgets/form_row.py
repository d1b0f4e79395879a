"""One line of a form: a label, a text, and a word about it."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from flowtui.ui.widgets.line import Line, plain


class FormRow(Horizontal):
    """A labelled text; `name` says which.

    Args:
        name: Names the row.
        label: What stands before the text.
        text: What to begin with.
        hint: Shown while there is no text.
    """

    DEFAULT_CSS = """
    FormRow { height: 1; }
    FormRow .label { width: 18; }
    FormRow Input { width: 1fr; background: $boost; }
    FormRow.-wrong Input { background: $error 25%; }
    """

    def __init__(self, name: str, label: str, text: str, hint: str) -> None:
        super().__init__(name=name)
        self._label = label
        self._begin = text
        self._hint = hint

    def compose(self) -> Iterable[Widget]:
        """Label and text."""
        label = Line(classes="label")
        label.show(Content(plain(self._label)))
        yield label
        yield Input(self._begin, placeholder=plain(self._hint), select_on_focus=False, compact=True)

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one(Input).value

    def mark(self, is_wrong: bool) -> None:
        """Show that the text is wrong, or right."""
        self.set_class(is_wrong, "-wrong")
