"""The time range: a choice of usual ones, or two bounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList

from flowtui.domain.filterline import format_time
from flowtui.domain.times import Last, TimeRange, TimeSpec
from flowtui.domain.values import parse_instant
from flowtui.ui.widgets.form_row import FormRow
from flowtui.ui.widgets.line import Line, plain
from flowtui.ui.widgets.status_title import span_text
from flowtui.ui.zones import zone_label


@dataclass(frozen=True, slots=True)
class TimeChoice:
    """What was chosen; None: all there is."""

    time: TimeSpec | None


_LASTS = (("15 minutes", 0.25), ("hour", 1.0), ("6 hours", 6.0), ("24 hours", 24.0),
          ("7 days", 168.0))  # fmt: skip


class TimeScreen(ModalScreen[TimeChoice | None]):
    """Chooses a time range; None where it was left as it was.

    Args:
        time: The range now.
        data: What the records cover, where known.
        zone: For what is shown and typed.
        now: Aware.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]
    DEFAULT_CSS = """
    TimeScreen OptionList { height: auto; padding: 0; margin-bottom: 1; background: $surface;
        border: none; &:focus { border: none; } }
    """

    def __init__(
        self, time: TimeSpec | None, data: TimeRange | None, zone: tzinfo, now: datetime
    ) -> None:
        super().__init__()
        self._bounds = dict(term.split(":", 1) for term in format_time(time, zone))
        self._zone = zone
        self._now = now
        self._presets = tuple(presets(data, zone))

    def compose(self) -> ComposeResult:
        """Presets, and two bounds."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = f"Time, in {zone_label(self._zone)}"
            dialog.border_subtitle = "Enter applies · Tab moves · Esc leaves it"
            yield OptionList(*(Content(label) for label, _ in self._presets), markup=False)
            hint = "2026-11-24T10:00, 14:03, -2h, now"
            yield FormRow("from", "From", self._bounds.get("from", ""), hint)
            yield FormRow("to", "To", self._bounds.get("to", ""), "the bound itself is outside")
            yield Line(id="meaning")

    @on(OptionList.OptionSelected)
    def _preset(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(TimeChoice(self._presets[event.option_index][1]))

    @on(Input.Changed)
    def _changed(self) -> None:
        self._judge()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        if (found := self._judge()) is not None:
            self.dismiss(found)

    def _judge(self) -> TimeChoice | None:
        since_row, until_row = self.query(FormRow)
        since = self._read(since_row, None)
        until = self._read(until_row, since)
        if since_row.has_class("-wrong") or until_row.has_class("-wrong"):
            return None
        if since and until and until <= since:
            until_row.mark(True)
            self._say("The time ends before it begins.", "$text-error")
            return None
        found = TimeRange(since, until) if since or until else None
        text = span_text(found, self._zone) if found else "all there is"
        self._say(f"Shows {text}", "dim")
        return TimeChoice(found)

    def _read(self, row: FormRow, after: datetime | None) -> datetime | None:
        row.mark(False)
        if not row.text.strip():
            return None
        try:
            return parse_instant(row.text, now=self._now, zone=self._zone, after=after)
        except ValueError as error:
            row.mark(True)
            self._say(f"{row.name}: {error}", "$text-error")
            return None

    def _say(self, text: str, style: str) -> None:
        self.query_one("#meaning", Line).show(Content.styled(plain(text), style))

    def action_leave(self) -> None:
        """Leave the time as it was."""
        self.dismiss(None)


def presets(data: TimeRange | None, zone: tzinfo) -> Iterable[tuple[str, TimeSpec | None]]:
    """The usual ranges; those at the end of the data too, which may lie long ago."""
    covered = f": {span_text(data, zone)}" if data else ""
    yield f"All there is{covered}", None
    for label, hours in _LASTS:
        yield f"Last {label}", Last(timedelta(hours=hours))
    if data and data.until:
        for label, hours in _LASTS[:3]:
            until = data.until
            since = until - timedelta(hours=hours)
            yield f"Last {label} of the data", TimeRange(since, until)
