from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.timelines import LADDER_S, Grid, Slot, Tally, Timeline, width_text
from flowtui.domain.times import TimeRange

START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
GRIDS = st.builds(
    lambda since, length, most: Grid.of(
        TimeRange(datetime.fromtimestamp(since, UTC), datetime.fromtimestamp(since + length, UTC)),
        most,
    ),
    st.integers(0, 4 * 10**9),
    st.integers(1, 10**9) | st.integers(1, 10**5),
    st.integers(1, 300),
)


@pytest.mark.parametrize(
    ("length", "most", "width_s", "count"),
    [
        (timedelta(seconds=5), 60, 10, 1),
        (timedelta(minutes=10), 60, 10, 60),
        (timedelta(minutes=15), 60, 30, 30),
        (timedelta(hours=1), 60, 60, 60),
        (timedelta(hours=1), 59, 300, 12),
        (timedelta(days=1), 62, 1800, 48),
        (timedelta(days=7), 62, 10800, 57),
        (timedelta(days=30), 62, 43200, 61),
        (timedelta(days=365), 62, 7 * 86400, 53),
    ],
)
def test_buckets_are_of_a_width_that_reads_well(
    length: timedelta, most: int, width_s: int, count: int
) -> None:
    """The finest width of the ladder is taken of which the room holds all buckets."""
    grid = Grid.of(TimeRange(START, START + length), most)
    assert (grid.width_s, len(grid)) == (width_s, count)


@given(GRIDS)
def test_buckets_cover_the_range_without_gap(grid: Grid) -> None:
    """Each bucket begins where the one before ends; the first and last end with the range."""
    times = [grid.time(index) for index in range(len(grid))]
    assert times[0].since == datetime.fromtimestamp(grid.since, UTC)
    assert times[-1].until == datetime.fromtimestamp(grid.until, UTC)
    assert all(before.until == after.since for before, after in pairwise(times))
    assert grid.time(0, len(grid) - 1) == TimeRange(times[0].since, times[-1].until)


@given(GRIDS, st.integers(-(10**10), 10**10))
def test_an_instant_lies_in_its_bucket(grid: Grid, instant: int) -> None:
    """The bucket that an instant is put into holds it, or it lies outside all of them."""
    index = grid.index(instant)
    if index == -1:
        assert instant < grid.since
    elif index == len(grid):
        assert instant >= grid.until
    else:
        assert grid.begin(index) <= instant < grid.begin(index + 1)


@given(
    st.integers(0, 4 * 10**9), st.integers(1, 10**11), st.integers(2, 300)
)  # fmt: skip
def test_even_an_absurd_range_has_room(since: int, length: int, most: int) -> None:
    """Beyond the ladder the widest bucket is multiplied: there never are more than fit."""
    until = min(since + length, 253_402_300_799)
    ends = (datetime.fromtimestamp(at, UTC) for at in (since, until))
    assert len(Grid.of(TimeRange(*ends), most)) <= most


def test_a_range_needs_both_ends() -> None:
    """An open side has no buckets."""
    with pytest.raises(ValueError, match="both ends"):
        Grid.of(TimeRange(START, None), 60)


@given(GRIDS, st.lists(st.integers(0, 10**6), min_size=1, max_size=300), st.integers(1, 80))
def test_taking_buckets_together_loses_nothing(grid: Grid, records: list[int], most: int) -> None:
    """However few bars there is room for, they hold what the buckets held."""
    slots = tuple(
        Slot(Tally(records[index % len(records)], 1, 2), lost=index % 2)
        for index in range(len(grid))
    )
    merged = Timeline(grid, slots, before=Slot(Tally(3, 3, 3))).merged(most)
    assert merged.total == Timeline(grid, slots, before=Slot(Tally(3, 3, 3))).total
    assert len(merged.slots) == len(merged.grid) <= max(most, 2)


def test_widths_are_told_in_their_own_unit() -> None:
    """No width of the ladder is told in a fraction or as a long number."""
    told = [width_text(width_s) for width_s in LADDER_S]
    assert told == [
        "10 s", "30 s", "1 min", "5 min", "15 min", "30 min", "1 h", "3 h", "6 h", "12 h", "1 d",
        "7 d", "28 d", "364 d",
    ]  # fmt: skip
