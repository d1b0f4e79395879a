"""What a timeline is of, counting it in a thread, and what the thread tells."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowtui.domain.executions import Estimate
from flowtui.domain.filters import FlowFilter
from flowtui.domain.timelines import Grid, Timeline
from flowtui.errors import FlowtuiError
from flowtui.session.budget import Check
from flowtui.session.session import Session
from flowtui.ui.messages import Heard
from flowtui.ui.runner import Post

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen


@dataclass(frozen=True, slots=True)
class Chart:
    """What a timeline is of."""

    filter: FlowFilter
    grid: Grid


@dataclass
class Charted(Heard):
    """The timeline is here; None: nothing may run for it unasked, or it was stopped."""

    number: int
    chart: Chart
    timeline: Timeline | None

    def tell(self, screen: ExploreScreen) -> None:
        """Draw it."""
        screen.charting.charted(self)


@dataclass
class ChartPriced(Heard):
    """What the timeline would read and cost."""

    number: int
    chart: Chart
    check: Check
    estimate: Estimate

    def tell(self, screen: ExploreScreen) -> None:
        """Ask whether it may."""
        screen.charting.priced(self)


@dataclass
class ChartFailed(Heard):
    """There is no timeline, and why."""

    number: int
    error: FlowtuiError

    def tell(self, screen: ExploreScreen) -> None:
        """Say so in its place."""
        screen.charting.failed(self)


def count(
    session: Session,
    chart: Chart,
    number: int,
    is_agreed: bool,
    post: Post,
    cancelled: threading.Event,
) -> None:
    """Count a timeline in a thread."""
    from flowtui.session.timeline import timeline_of
    from flowtui.ui.spending import tell_money

    found = timeline_of(session, chart.filter, chart.grid, cancelled, is_agreed=is_agreed)
    if not cancelled.is_set():
        post(Charted(number, chart, found))
    if is_agreed:
        tell_money(session, post)


def price(
    session: Session, chart: Chart, number: int, post: Post, cancelled: threading.Event
) -> None:
    """Find out in a thread what a timeline would cost."""
    from flowtui.session.timeline import price_of

    check, estimate = price_of(session, chart.filter, chart.grid, cancelled)
    if not cancelled.is_set():
        post(ChartPriced(number, chart, check, estimate))
