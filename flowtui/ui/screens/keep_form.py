"""Title, description and parameters of a query that is to be kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from flowtui.domain.arguments import parse_argument
from flowtui.domain.queries import Parameter, ParameterType
from flowtui.errors import FilterError
from flowtui.session.copytext import plain
from flowtui.session.ownqueries import LONGEST_TITLE, Words
from flowtui.ui.widgets.form_row import FormRow
from flowtui.ui.widgets.line import Line

_LONGEST_TEXT: Final = 1024
"""See "CreateNamedQuery", Athena API Reference."""

_TYPES: Final = {kind.value: kind for kind in ParameterType}


class KeepForm(ModalScreen[Words | None]):
    """Asks for them; gives them back, or None where it was left.

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
        """What is asked for, and what it is for."""
        with VerticalScroll(classes="dialog") as dialog:
            dialog.can_focus = False
            dialog.border_title = Content(plain(self._heading))
            dialog.border_subtitle = "Enter keeps it · Esc leaves it · ↑ ↓ move"
            yield Static(Content(plain(self._about)), classes="about")
            yield FormRow("title", "Title", self._words.title, "How the list names it")
            about = self._words.description
            yield FormRow("description", "Description", about, "What it answers")
            for parameter in self._words.parameters:
                yield from _rows(parameter)
            yield Line(id="meaning")

    @on(Input.Submitted)
    def _submitted(self) -> None:
        for row in self.query(FormRow):
            row.mark(False)
        try:
            words = self._read()
        except _WrongError as error:
            self._row(error.row).mark(True)
            said = Content.styled(plain(str(error)), "$text-error")
            self.query_one("#meaning", Line).show(said)
        else:
            self.dismiss(words)

    def _row(self, name: str) -> FormRow:
        return next(row for row in self.query(FormRow) if row.name == name)

    def _text(self, name: str) -> str:
        return self._row(name).text.strip()

    def _read(self) -> Words:
        title, description = self._text("title"), self._text("description")
        if not title:
            raise _WrongError("title", "It needs a title.")
        if len(title) > LONGEST_TITLE:
            told = f"The title has {len(title)} letters; {LONGEST_TITLE} at most."
            raise _WrongError("title", told)
        if len(description) > _LONGEST_TEXT:
            told = f"The description has {len(description):,} letters; {_LONGEST_TEXT:,} at most."
            raise _WrongError("description", told)
        return Words(title, description, tuple(map(self._parameter, self._words.parameters)))

    def _parameter(self, parameter: Parameter) -> Parameter:
        name = parameter.name
        word = self._text(f"{name}.type")
        if word not in _TYPES:
            raise _WrongError(f"{name}.type", f"Types are: {', '.join(_TYPES)}.")
        default = self._text(f"{name}.default")
        found = Parameter(name, _TYPES[word], default, self._text(f"{name}.help"))
        if default:
            try:
                parse_argument(found, default)
            except FilterError as error:
                raise _WrongError(f"{name}.default", error.message) from None
        return found


class _WrongError(Exception):
    """What is typed in a row cannot be taken."""

    def __init__(self, row: str, message: str) -> None:
        super().__init__(message)
        self.row = row


def _rows(parameter: Parameter) -> Iterator[FormRow]:
    name = parameter.name
    yield FormRow(f"{name}.type", f":{name} type", parameter.type.value, ", ".join(_TYPES))
    yield FormRow(f"{name}.default", "  default", parameter.default, "Empty: asked for each time")
    yield FormRow(f"{name}.help", "  help", parameter.help, "What it means")
