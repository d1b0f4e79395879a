from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.timelines import Grid, Measure, Slot, Tally, Timeline
from flowtui.domain.times import TimeRange
from flowtui.ui import bars

BEGIN = datetime(2026, 11, 24, 8, tzinfo=UTC)


def grid_of(length: timedelta, most: int = 60, since: datetime = BEGIN) -> Grid:
    """Buckets of so long a time."""
    return Grid.of(TimeRange(since, since + length), most)


def axis(grid: Grid, width: int = 60, zone: str = "UTC", marks: str = "") -> str:
    """The axis; `marks` has a letter for each bucket."""
    signs = tuple(letter.strip() for letter in marks.ljust(len(grid)))
    return bars.axis(grid, bars.places(len(grid), width), signs, ZoneInfo(zone), {})


@pytest.mark.parametrize(
    ("length", "zone", "text"),
    [
        (timedelta(seconds=50), "UTC", "╵08:00:10"),
        (timedelta(hours=1), "UTC", "╵08:15"),
        (timedelta(hours=6), "UTC", "╵09:00"),
        (timedelta(hours=6), "Asia/Kolkata", "╵14:00"),
        (timedelta(days=3), "UTC", "╵11-25"),
        (timedelta(days=30), "Asia/Tokyo", "╵12-1"),
        (timedelta(days=4000), "UTC", "-"),
    ],
)
def test_the_axis_has_round_times_of_the_zone(length: timedelta, zone: str, text: str) -> None:
    """Seconds, hours or days, as the length wants it, in the zone that is shown."""
    found = axis(grid_of(length), zone=zone)
    assert text in found
    assert len(found) == 60


@given(
    st.integers(1, 10**9), st.integers(2, 80), st.integers(20, 200),
    st.text(alphabet="!? ", max_size=200),
)  # fmt: skip
def test_any_axis_fits_its_width(length: int, most: int, width: int, marks: str) -> None:
    """However long the time, how narrow the screen, and whatever is marked."""
    grid = grid_of(timedelta(seconds=length), min(most, width))
    found = axis(grid, width, marks=marks[: len(grid)])
    assert len(found) == width
    assert ("!" in found) <= ("!" in marks)


def test_a_sign_hides_a_time_and_no_time_hides_a_few_signs() -> None:
    """What was lost is always to be seen, where it is the exception."""
    grid = grid_of(timedelta(hours=1))
    assert axis(grid, marks=" " * 16 + "!")[16] == "!"
    assert "╵08:15" not in axis(grid, marks=" " * 16 + "!")


def test_where_all_was_lost_the_times_stay() -> None:
    """The heading tells how many, so that the axis still is one."""
    found = axis(grid_of(timedelta(hours=1)), marks="!" * 60)
    assert "╵08:15" in found
    assert found.count("!") > 20


@given(st.integers(1, 200), st.integers(0, 200))
def test_each_bucket_has_its_cells(count: int, more: int) -> None:
    """None is left out, none overlaps, all of the width is used."""
    found = bars.places(count, count + more)
    assert [cell for place in found for cell in place] == list(range(count + more))
    assert all(len(place) > 0 for place in found)


def test_what_is_something_never_looks_like_nothing() -> None:
    """One record beside a million has the least bar, no record none; verdicts have own peaks."""
    slots = (Slot(Tally(10**6), Tally(2)), Slot(Tally(1), Tally(1)), Slot())
    timeline = Timeline(grid_of(timedelta(seconds=30)), slots)
    accepted, rejected = bars.rows_of(timeline, Measure.RECORDS)
    assert accepted == bars.Bars("accepted", (8, 1, 0), "1.0 M")
    assert rejected == bars.Bars("rejected", (8, 4, 0), "2")


def test_a_loss_is_said_before_a_delay() -> None:
    """The newest bucket that lost records says so; it does not hide behind what may come."""
    slots = (Slot(), Slot(lost=1), Slot())
    timeline = Timeline(grid_of(timedelta(seconds=30)), slots)
    assert bars.signs(timeline, BEGIN + timedelta(seconds=31)) == ("?", "!", "?")
    assert bars.signs(timeline, BEGIN + timedelta(days=1)) == ("", "!", "")
