"""The filter as a form: the same value as the line and the chips."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input

from flowtui.domain.filters import FlowFilter
from flowtui.errors import FilterError
from flowtui.ui.formline import FORM_FIELDS, key_at, line_of, texts_of
from flowtui.ui.widgets.filter_bar import Parse
from flowtui.ui.widgets.form_row import FormRow
from flowtui.ui.widgets.line import Line, plain


class FilterForm(ModalScreen[FlowFilter | None]):
    """Edits a filter; gives it back, or None where it is left as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, filter: FlowFilter, zone: tzinfo, parse: Parse) -> None:
        super().__init__()
        self._texts = texts_of(filter, zone)
        self._parse = parse

    def compose(self) -> ComposeResult:
        """A row for each field, and the line that they mean."""
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = "Filter"
            dialog.border_subtitle = "Enter applies · Esc leaves it · ↑ ↓ move"
            dialog.can_focus = False
            for field in FORM_FIELDS:
                yield FormRow(field.key, field.label, self._texts[field.key], field.hint)
            yield Line(id="meaning")

    def on_mount(self) -> None:
        """Say what the line is now."""
        self._judge()

    @property
    def _rows(self) -> Iterable[FormRow]:
        return self.query(FormRow)

    @on(Input.Changed)
    def _changed(self) -> None:
        self._judge()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        if (filter := self._judge()) is not None:
            self.dismiss(filter)

    def _judge(self) -> FlowFilter | None:
        line, spans = line_of({row.name or "": row.text for row in self._rows})
        wrong: str | None = None
        found: FlowFilter | None = None
        try:
            found = self._parse(line)
            said = Content.styled(plain(line) or "No filter: all there is", "dim")
        except FilterError as error:
            wrong = key_at(spans, error.span)
            hint = f" — {error.hint}" if error.hint else ""
            said = Content.styled(plain(f"{error.message}{hint}"), "$text-error")
        for row in self._rows:
            row.mark(wrong is not None and row.name == wrong)
        self.query_one("#meaning", Line).show(said)
        return found

    def action_leave(self) -> None:
        """Leave the filter as it was."""
        self.dismiss(None)
