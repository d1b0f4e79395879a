"""The strip of bars above the rows: traffic over time, and a cursor that sets the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Blur, Click, Focus
from textual.widget import Widget

from flowtui.domain.timelines import Measure, Timeline
from flowtui.domain.times import TimeRange
from flowtui.ui import bars
from flowtui.ui.messages import Heard
from flowtui.ui.widgets.line import plain

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen

NAME_CELLS: Final = 9
PEAK_CELLS: Final = 9
_MEASURES: Final = tuple(Measure)
_STYLES: Final = {"rejected": "$text-error"}
_KEYS: Final = "h l move · v marks an end · Enter sets the time · b measure · Esc leaves"


@dataclass
class SpanChosen(Heard):
    """The time of the question is to be this one."""

    span: TimeRange

    def tell(self, screen: ExploreScreen) -> None:
        """Ask for it."""
        from flowtui.ui.actions.timing import set_time

        set_time(screen, self.span)


@dataclass
class StripLeft(Heard):
    """The keys go back to the rows."""

    def tell(self, screen: ExploreScreen) -> None:
        """Give the table the focus."""
        screen.set_focus(screen.table if screen.table.display else None)


@dataclass
class KeysWanted(Heard):
    """What the keys do now."""

    text: str

    def tell(self, screen: ExploreScreen) -> None:
        """Say it in the note."""
        screen.note(self.text)


class TimelineStrip(Widget):
    """Heading, accepted, rejected, axis; or one line that says why there are none.

    With the focus: a cursor on a bucket, whose value the heading tells, and a span between marks.
    """

    DEFAULT_CSS = """
    TimelineStrip { height: 1; padding: 0 1; }
    TimelineStrip.-drawn { height: 4; }
    TimelineStrip:focus { background: $boost; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h,left", "move(-1)", show=False),
        Binding("l,right", "move(1)", show=False),
        Binding("g,home,0", "first", show=False),
        Binding("G,end,dollar_sign", "last", show=False),
        Binding("v,m", "mark", show=False),
        Binding("b", "measure", show=False),
        Binding("enter", "choose", show=False),
        Binding("escape,q,backspace", "leave", show=False),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._timeline: Timeline | None = None
        self._told = ""
        self._zone: tzinfo = UTC
        self._now = datetime.now(UTC)
        self._cursor: datetime | None = None
        """The middle of the bucket, so that it stays where it is when the buckets change."""
        self._marks: tuple[datetime, ...] = ()
        """One or two ends of a span."""
        self._is_stale = False
        self.measure = Measure.RECORDS

    # What it shows

    def draw(self, timeline: Timeline, zone: tzinfo, now: datetime) -> None:
        """Show a timeline; cursor and marks stay where they are, as far as that is in view."""
        self._timeline, self._zone, self._now = timeline, zone, now
        self._marks = ()
        self._is_stale = False
        self.set_class(True, "-drawn")
        self.refresh(layout=True)

    def say(self, text: str, *, is_high: bool = False) -> None:
        """Show words in place of bars; `is_high` where bars are about to come."""
        self._timeline, self._told = None, text
        self.set_class(is_high, "-drawn")
        self.refresh(layout=True)

    def mark_stale(self, is_stale: bool) -> None:
        """Say that it is of the question before, or that it is not."""
        self._is_stale = is_stale
        self.refresh()

    def show_zone(self, zone: tzinfo) -> None:
        """Show times in another zone."""
        self._zone = zone
        self.refresh()

    @property
    def timeline(self) -> Timeline | None:
        """What it shows, as many buckets as there is room for."""
        found = self._timeline
        return found.merged(self._room) if found is not None else None

    @property
    def _room(self) -> int:
        return max(2, self.size.width - NAME_CELLS - PEAK_CELLS)

    @property
    def instant(self) -> datetime | None:
        """Where the cursor is; None: it was never moved, or nothing is drawn."""
        return self._cursor if self._timeline is not None else None

    @property
    def cursor(self) -> int:
        """The bucket under the cursor; the middle one before it is moved."""
        timeline = self.timeline
        if timeline is None:
            return 0
        count = len(timeline.grid)
        return count // 2 if self._cursor is None else self._index(timeline, self._cursor)

    @staticmethod
    def _index(timeline: Timeline, instant: datetime) -> int:
        index = timeline.grid.index(int(instant.timestamp()))
        return min(max(index, 0), len(timeline.grid) - 1)

    @property
    def span(self) -> tuple[int, int]:
        """The buckets between the marks, or from the one mark to the cursor; else the cursor's."""
        timeline = self.timeline
        if timeline is None or not self._marks:
            return self.cursor, self.cursor
        ends = [self._index(timeline, mark) for mark in self._marks]
        ends = ends if len(ends) > 1 else [*ends, self.cursor]
        return min(ends), max(ends)

    def render(self) -> Content:
        """The lines."""
        timeline = self.timeline
        if timeline is None:
            return Content.styled(plain(self._told), "dim").truncate(self.size.width, ellipsis=True)
        cells = bars.places(len(timeline.grid), self._room)
        upper, lower = bars.rows_of(timeline, self.measure)
        lines = [
            self._heading(timeline),
            self._row(upper, cells),
            self._row(lower, cells),
            self._axis(timeline, cells),
        ]
        return Content("\n").join(lines)

    def _heading(self, timeline: Timeline) -> Content:
        if self._is_stale:
            text, style = "Of the question before; that of this one follows its rows.", "dim"
        elif not self.has_focus:
            text = bars.heading(timeline, self.measure, self._now, self._zone)
            style = "dim"
        else:
            text = bars.words(timeline, *self.span, self.measure, self._zone, self._now)
            text, style = bars.shortened(text, self.size.width), "bold"
        return Content.styled(text, style).truncate(self.size.width, ellipsis=True)

    def _row(self, row: bars.Bars, cells: list[range]) -> Content:
        style = _STYLES.get(row.name, "$text-success")
        if self._is_stale:
            style = "$text-disabled"
        parts = [Content.styled(f"{row.name:<{NAME_CELLS}}", style)]
        for index, (height, place) in enumerate(zip(row.heights, cells, strict=True)):
            is_here = self.has_focus and index == self.cursor
            look = f"{style} reverse" if is_here else style
            parts.append(Content.styled(bars.block(height) * len(place), look))
        parts.append(Content.styled(f" ≤{row.peak}"[-PEAK_CELLS:], "dim"))  # `≤654.9 MB` fills it
        return Content.assemble(*parts).truncate(self.size.width)

    def _axis(self, timeline: Timeline, cells: list[range]) -> Content:
        marks = bars.signs(timeline, self._now)
        line = bars.axis(timeline.grid, cells, marks, self._zone, self._overlaid(cells))
        signs = {bars.LOST: "bold $text-warning", bars.LATE: "bold $text-accent"}
        parts = [Content.styled(letter, signs.get(letter, "")) for letter in line]
        return Content.assemble(" " * NAME_CELLS, *parts)

    def _overlaid(self, cells: list[range]) -> dict[int, str]:
        """Marks and cursor, by cell."""
        found: dict[int, str] = {}
        if self._marks:
            first, last = self.span
            found = {cells[first].start: "[", cells[last].stop - 1: "]"}
        if self.has_focus:
            found[cells[self.cursor].start] = "▲"
        return found

    # Keys

    def take_keys(self) -> None:
        """Take the focus, which comes here only where that is meant, not when the rows hide."""
        self.can_focus = True
        self.screen.set_focus(self)

    def _place(self, index: int) -> None:
        timeline = self.timeline
        if timeline is None:
            return
        since, until = timeline.grid.ends(min(max(index, 0), len(timeline.grid) - 1))
        self._cursor = since + (until - since) / 2
        self.refresh()

    def action_move(self, by: int) -> None:
        """To another bucket."""
        self._place(self.cursor + by)

    def action_first(self) -> None:
        """To the first bucket."""
        self._place(0)

    def action_last(self) -> None:
        """To the last bucket."""
        self._place(len(self.timeline.grid) if self.timeline else 0)

    def action_mark(self) -> None:
        """Set one end of a span, then the other; a third mark begins anew."""
        self._place(self.cursor)
        if self._cursor is not None:
            self._marks = (*self._marks, self._cursor) if len(self._marks) == 1 else (self._cursor,)
            self.refresh()

    def action_measure(self) -> None:
        """Bars of the next measure: records, bytes, packets."""
        at = _MEASURES.index(self.measure)
        self.measure = _MEASURES[(at + 1) % len(_MEASURES)]
        self.refresh()

    def action_choose(self) -> None:
        """Make the span the time of the question."""
        if self.timeline is not None:
            self.post_message(SpanChosen(self.timeline.grid.time(*self.span)))

    def action_leave(self) -> None:
        """Forget the marks; where there are none, back to the rows."""
        if self._marks:
            self._marks = ()
            self.refresh()
        else:
            self.post_message(StripLeft())

    def on_click(self, event: Click) -> None:
        """Put the cursor where the mouse points."""
        timeline = self.timeline
        if timeline is not None:
            cell = event.get_content_offset_capture(self).x - NAME_CELLS
            cells = bars.places(len(timeline.grid), self._room)
            self._place(next((i for i, place in enumerate(cells) if cell < place.stop), len(cells)))
            self.take_keys()

    def on_focus(self, _event: Focus) -> None:
        """Show the cursor, and say its keys."""
        self.post_message(KeysWanted(_KEYS))
        self.refresh()

    def on_blur(self, _event: Blur) -> None:
        """Hide the cursor."""
        self.can_focus = False
        self.refresh()
