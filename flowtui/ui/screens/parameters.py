"""The parameters of a saved query, asked in a form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from flowtui.domain.arguments import parse_argument
from flowtui.domain.queries import SavedQuery
from flowtui.errors import FilterError
from flowtui.session import copytext
from flowtui.ui.widgets.form_row import FormRow
from flowtui.ui.widgets.line import Line, plain

Arguments = tuple[tuple[str, str], ...]


class ParametersScreen(ModalScreen[Arguments | None]):
    """Asks for the parameters of a query.

    Gives back name and text of those that differ from their default; None where it was left.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, query: SavedQuery, arguments: Arguments) -> None:
        super().__init__()
        # Not `query`: that is a method of every Textual node.
        self.asked = query
        self._given = dict(arguments)

    def compose(self) -> ComposeResult:
        """A row for each parameter."""
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = Text(plain(self.asked.title))
            dialog.border_subtitle = "Enter runs · Esc leaves it · ↑ ↓ move"
            dialog.can_focus = False
            if self.asked.description:
                yield Static(copytext.plain(self.asked.description), markup=False, classes="about")
            for parameter in self.asked.parameters:
                text = self._given.get(parameter.name, parameter.default)
                kind = parameter.type.value
                yield FormRow(parameter.name, parameter.name, text, f"{parameter.help} ({kind})")
            yield Line(id="meaning")

    def on_mount(self) -> None:
        """Say what is missing."""
        self._judge()

    @property
    def _rows(self) -> Iterable[FormRow]:
        return self.query(FormRow)

    @on(Input.Changed)
    def _changed(self) -> None:
        self._judge()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        texts = self._judge()
        if texts is None:
            return
        defaults = {p.name: p.default for p in self.asked.parameters}
        self.dismiss(tuple((n, text) for n, text in texts.items() if text != defaults[n]))

    def _judge(self) -> dict[str, str] | None:
        texts = {row.name or "": row.text for row in self._rows}
        said = Content.styled(self._help(), "dim")
        is_right = True
        for row in self._rows:
            parameter = self.asked.parameter(row.name or "")
            assert parameter is not None
            try:
                parse_argument(parameter, row.text)
                row.mark(False)
            except FilterError as error:
                row.mark(True)
                if is_right:
                    said = Content.styled(plain(error.message), "$text-error")
                is_right = False
        self.query_one("#meaning", Line).show(said)
        return texts if is_right else None

    def _help(self) -> str:
        row = self.focused.parent if self.focused else None
        parameter = self.asked.parameter(row.name or "") if isinstance(row, FormRow) else None
        return plain(f"{parameter.help} ({parameter.type.value})") if parameter else ""

    def on_descendant_focus(self) -> None:
        """Say what the parameter means that is being typed."""
        self._judge()

    def action_leave(self) -> None:
        """Ask nothing."""
        self.dismiss(None)
