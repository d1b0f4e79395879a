"""Commands of time: shift and zoom what is in view, and the timeline."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from flowtui.domain.times import TimeRange
from flowtui.ui.actions.asking import change_filter
from flowtui.ui.widgets.status_title import span_text

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen

_CLOSER: Final = 0.5
_FARTHER: Final = 2.0


def earlier(screen: ExploreScreen) -> None:
    """The time just before the one in view."""
    _shift(screen, -1)


def later(screen: ExploreScreen) -> None:
    """The time just after the one in view."""
    _shift(screen, 1)


def zoom_out(screen: ExploreScreen) -> None:
    """Twice the time, around the cursor of the timeline or the middle."""
    time = _in_view(screen)
    data = screen.facts.time if screen.facts else None
    if time is not None and data is not None and _holds(time, data):
        screen.note("All there is is in view already.")
    else:
        _zoom(screen, _FARTHER)


def zoom_in(screen: ExploreScreen) -> None:
    """Half the time, around the cursor of the timeline or the middle."""
    _zoom(screen, _CLOSER)


def show_timeline(screen: ExploreScreen) -> None:
    """Show or hide the timeline."""
    screen.charting.toggle()


def enter_timeline(screen: ExploreScreen) -> None:
    """Give the timeline the keys."""
    screen.charting.enter()


def set_time(screen: ExploreScreen, time: TimeRange, told: str = "") -> None:
    """Ask the same about another time."""
    if screen.course.walk is None:
        return
    change_filter(screen, replace(screen.course.walk.view.filter, time=time))
    text = span_text(time, screen.zone)
    # Once the question has changed: that clears what was said before.
    screen.note(f"{told}{text}. u takes it back.")


def _in_view(screen: ExploreScreen) -> TimeRange | None:
    from flowtui.session.timeline import time_in_view  # with what it needs, not before a frame

    data = screen.facts.time if screen.facts else None
    return time_in_view(screen.charting.asked(), data)


def _holds(outer: TimeRange, inner: TimeRange) -> bool:
    since, until = inner.since, inner.until
    return bool(
        since and until and outer.since and outer.until
        and outer.since <= since and outer.until >= until
    )  # fmt: skip


def _source_of_time(screen: ExploreScreen) -> str:
    """Said where the bounds are not those of the filter."""
    asked = screen.charting.asked()
    is_whole = asked is not None and asked.since is not None and asked.until is not None
    return "" if is_whole else "No time was set: from that of the data to "


def _shift(screen: ExploreScreen, direction: int) -> None:
    time = _in_view(screen)
    if time is None or time.duration is None:
        _say_unknown(screen)
        return
    now = screen.setting.clock()
    if direction > 0 and time.until is not None and time.until >= now:
        screen.note("What comes next has not happened yet.")
        return
    try:
        shifted = time.shifted(time.duration * direction)
    except OverflowError:
        screen.note("There is no such time.", "warning")
        return
    set_time(screen, shifted, _source_of_time(screen))


def _zoom(screen: ExploreScreen, factor: float) -> None:
    time = _in_view(screen)
    if time is None or time.since is None or time.until is None:
        _say_unknown(screen)
        return
    middle = time.since + (time.until - time.since) / 2
    around = screen.charting.instant or middle
    try:
        zoomed = time.zoomed(around if time.contains(around) else middle, factor)
    except ValueError:
        screen.note("There is no finer time: ten seconds.")
        return
    except OverflowError:
        screen.note("There is no such time.", "warning")
        return
    set_time(screen, zoomed, _source_of_time(screen))


def _say_unknown(screen: ExploreScreen) -> None:
    screen.note("Nothing says what time the records cover: t sets one.", "warning")
