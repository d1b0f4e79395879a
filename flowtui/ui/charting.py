"""The timeline of the explore screen: when it is counted, and when it is shown.

It is counted after the rows are on the screen and the files are read, in a lane of its own, and
stopped as soon as another question is asked: the answer itself never waits for it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from flowtui.domain.timelines import Grid
from flowtui.domain.times import TimeRange, resolve
from flowtui.errors import GuardError
from flowtui.session.budget import Verdict, estimate_text
from flowtui.ui.charts import Chart, Charted, ChartFailed, ChartPriced, count, price
from flowtui.ui.runner import Lane, Work
from flowtui.ui.striproom import TOO_LOW, StripRoom

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen
    from flowtui.ui.widgets.timeline import TimelineStrip

_NOT_YET: Final = "There is no timeline yet: it comes after the rows."
_UNASKED: Final = "Timeline: not counted yet, for that reads the table. m asks what it costs."


class Charting:
    """The timeline of a screen.

    Args:
        screen: Where it stands.
    """

    def __init__(self, screen: ExploreScreen) -> None:
        self._screen = screen
        self._number = 0
        """Of what was counted last."""
        self.is_wanted = screen.setting.has_timeline
        self._unasked: Chart | None = None
        """What would cost something, where nobody was asked yet."""
        self._drawn: Chart | None = None
        self._counted: Chart | None = None
        self._room = StripRoom(screen, self._fit)
        self._buckets = 0

    # What the course says

    def wait(self) -> None:
        """One stands elsewhere: stop counting."""
        self._screen.runner.cancel(Lane.TIMELINE)
        self._number += 1

    def begin(self) -> None:
        """A question is asked: what is drawn is of the one before, unless it asks the same."""
        self.wait()
        strip = self._strip
        if strip is not None and self._drawn is not None:
            chart = self._chart()
            strip.mark_stale(chart is None or not self._is_drawn(chart))

    def follow(self) -> None:
        """The answer is on the screen: draw the time that it is about."""
        course = self._screen.course
        if not self.is_wanted or course.walk is None or course.is_running or course.is_growing:
            return
        self._room.watch()
        if not self._room.is_enough:
            return
        if self._screen.told.progress is not None:
            self._say("The timeline comes when all files are read.")
            return
        chart = self._chart()
        if chart is None:
            self._say("No timeline: nothing says what time the records cover. t sets one.")
        elif self._is_drawn(chart):
            self._room.shown().mark_stale(False)
        elif chart == self._unasked:
            self._say(_UNASKED)
        elif chart != self._counted or not self._screen.runner.is_busy(Lane.TIMELINE):
            self._start(chart)

    def _chart(self) -> Chart | None:
        from flowtui.session.timeline import time_in_view

        walk, facts = self._screen.course.walk, self._screen.facts
        if walk is None:
            return None
        time = self.asked()
        span = time_in_view(time, facts.time if facts else None)
        if span is None:
            return None
        return Chart(replace(walk.view.filter, time=time), Grid.of(span, self._room.buckets))

    def _is_drawn(self, chart: Chart) -> bool:
        """True where what is drawn answers it: on a paid engine in other buckets too."""
        drawn, session = self._drawn, self._screen.session
        if drawn is None or session is None or not session.is_checked:
            return chart == drawn
        return drawn == replace(chart, grid=replace(chart.grid, width_s=drawn.grid.width_s))

    def asked(self) -> TimeRange | None:
        """The bounds of the question on the screen: of the SQL that ran, where it has some."""
        walk = self._screen.course.walk
        if walk is None or walk.view.filter.time is None:
            return None
        statement = walk.answer.statement
        known = statement.time if statement is not None else None
        return known or resolve(walk.view.filter.time, self._screen.setting.clock())

    def _start(self, chart: Chart, *, is_agreed: bool = False) -> None:
        session = self._screen.session
        if session is None:
            return
        self._number += 1
        self._counted = chart
        self._unasked = None
        if self._strip is None or self._strip.timeline is None:
            self._say("Counting the timeline …", is_high=True)
        self._run(partial(count, session, chart, self._number, is_agreed))

    def _run(self, piece: Work) -> None:
        failed = partial(ChartFailed, self._number)
        self._screen.runner.start(Lane.TIMELINE, piece, self._screen, failed)

    # What the threads say

    def charted(self, event: Charted) -> None:
        """Draw what was counted, or say that nobody was asked yet."""
        if event.number != self._number:
            return
        if event.timeline is None:
            self._unasked = event.chart
            self._say(_UNASKED)
            return
        self._drawn = event.chart
        strip = self._room.shown()
        strip.draw(event.timeline, self._screen.zone, self._screen.setting.clock())

    def priced(self, event: ChartPriced) -> None:
        """Ask whether the timeline may be counted, or say that it may not."""
        from flowtui.ui.screens.confirm import ConfirmScreen

        if event.number != self._number:
            return
        if event.check.verdict is Verdict.REFUSE:
            self.failed(ChartFailed(event.number, GuardError(event.check.reason)))
            return
        self._say(_UNASKED)

        def answered(is_agreed: bool | None) -> None:
            if is_agreed and event.number == self._number:
                self._start(event.chart, is_agreed=True)

        reason = f"{event.check.reason}\n" if event.check.reason else ""
        question = f"The timeline. {reason}{estimate_text(event.estimate)}\n\nCount it?"
        self._screen.app.push_screen(ConfirmScreen(question, "count it"), answered)

    def failed(self, event: ChartFailed) -> None:
        """Say in its place why there is no timeline."""
        if event.number == self._number:
            self._say(f"No timeline: {event.error.message} {event.error.hint}".rstrip())

    # What the person says

    def toggle(self) -> None:
        """Show the strip, or hide it."""
        self.is_wanted = not self.is_wanted
        if self.is_wanted:
            self.follow()
            if not self._room.is_enough:
                self._screen.note(TOO_LOW, "warning")
            return
        self.wait()
        self._drawn = None
        strip = self._strip
        if strip is not None:
            if strip.has_focus:
                self._screen.set_focus(self._screen.table)
            strip.display = False
        self._screen.note("The timeline is hidden. B shows it.")

    def enter(self) -> None:
        """Give the strip the keys; where it has to be asked for, ask."""
        if not self.is_wanted:
            self.toggle()
        strip = self._strip
        if not self._room.is_enough:
            self._screen.note(TOO_LOW, "warning")
        elif strip is None:
            self._screen.note(_NOT_YET)
        elif self._unasked is not None:
            self._price()
        elif strip.timeline is None:
            self._screen.note(_NOT_YET)
        else:
            strip.take_keys()

    def _price(self) -> None:
        session, chart = self._screen.session, self._chart()
        if session is None or chart is None:
            return
        self._number += 1
        self._say("Finding out what the timeline would cost …")
        self._run(partial(price, session, chart, self._number))

    def show_zone(self) -> None:
        """Show its times in the zone of the screen."""
        if self._strip is not None:
            self._strip.show_zone(self._screen.zone)

    # Where it stands

    @property
    def _strip(self) -> TimelineStrip | None:
        return self._room.strip

    @property
    def has_keys(self) -> bool:
        """True while the strip has the focus."""
        strip = self._strip
        return strip is not None and strip.has_focus

    @property
    def instant(self) -> datetime | None:
        """Where its cursor is, while it has the keys; None elsewhere."""
        strip = self._strip
        return strip.instant if strip is not None and strip.has_focus else None

    def _say(self, text: str, *, is_high: bool = False) -> None:
        self._drawn = None
        self._room.shown().say(text, is_high=is_high)

    def _fit(self) -> None:
        """Show or hide it as the room changes."""
        if not self.is_wanted:
            return
        strip, is_enough = self._strip, self._room.is_enough
        before, self._buckets = self._buckets, self._room.buckets
        if strip is not None and not is_enough:
            strip.display = False
        elif is_enough and (strip is None or not strip.display or before != self._buckets):
            self._screen.call_next(self.follow)
