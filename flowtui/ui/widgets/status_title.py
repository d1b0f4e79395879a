"""The title bar: what is open, what time its records cover, and the zone of every time shown."""

from __future__ import annotations

from datetime import datetime, tzinfo

from textual.content import Content

from flowtui.domain.executions import SourceFacts
from flowtui.domain.times import TimeRange
from flowtui.ui.widgets.line import Line, plain
from flowtui.ui.zones import zone_label


class StatusTitle(Line):
    """`flowtui ─ demo ─ 300 412 records ─ 11-23 10:00 … 11-24 10:00 ─ UTC`."""

    DEFAULT_CSS = "StatusTitle { background: $panel; color: $foreground; padding: 0 1; }"

    def tell(self, title: str, facts: SourceFacts | None, zone: tzinfo, money: str = "") -> None:
        """Show a source, what is known of it, and what was spent on it."""
        left = [("flowtui", "bold $text-primary"), ("  ", ""), (plain(title), "bold")]
        if facts is not None and facts.records is not None:
            left.append((f"  {facts.records:,} records".replace(",", " "), ""))
        right = f"{money}  " if money else ""
        right += f"{span_text(facts.time, zone)}  " if facts and facts.time else ""
        self._left = Content.assemble(*left)
        self._right = Content.assemble((right, ""), (zone_label(zone), "bold $text-accent"))
        self.refresh()

    _left = Content("flowtui")
    _right = Content("")

    def render(self) -> Content:
        """Left and right part; the right one, which says how to read times, is never cut."""
        room = self.size.width - self._right.cell_length
        if room < 12:
            return self._left.truncate(self.size.width, ellipsis=True)
        left = self._left.truncate(room - 1, ellipsis=True)
        return Content.assemble(left.pad_right(max(0, room - left.cell_length)), self._right)


def span_text(time: TimeRange, zone: tzinfo) -> str:
    """`11-23 10:00 … 11-24 10:00`, an open side left empty; years where there are two."""
    ends = [end.astimezone(zone) if end else None for end in (time.since, time.until)]
    is_long = len({end.year for end in ends if end}) > 1
    since, until = (_minute(end, is_long) for end in ends)
    return f"{since} … {until}".strip()


def _minute(instant: datetime | None, has_year: bool) -> str:
    year = f"{instant.year:04}-" if instant and has_year else ""
    return f"{year}{instant:%m-%d %H:%M}" if instant else ""
