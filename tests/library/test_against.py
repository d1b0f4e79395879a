"""The window that a question is compared with: as typed, as kept, in a file, and which it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.comparing import compared, other_window, read_against
from flowtui.domain.times import TimeRange, hull, merged
from flowtui.library import format_query, load_library, parse_query

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = TimeRange(NOW - timedelta(hours=1), NOW)
SECONDS = st.integers(0, 10**6).map(lambda s: datetime.fromtimestamp(10**9 + s, UTC))
RANGES = st.tuples(SECONDS, st.integers(1, 10**5)).map(
    lambda pair: TimeRange(pair[0], pair[0] + timedelta(seconds=pair[1]))
)


@pytest.mark.parametrize(
    ("typed", "kept", "begins"),
    [
        ("previous", "previous", "10:00"),
        (" Previous ", "previous", "10:00"),
        ("-1d", "-1d", "11:00"),
        ("-90m", "-90m", "09:30"),
        ("2026-11-20T01:00Z..2026-11-20T03:00Z", "2026-11-20T01:00Z..2026-11-20T03:00Z", "01:00"),
        ("2026-11-20T10:00..11:00", "2026-11-20T01:00Z..2026-11-20T02:00Z", "01:00"),
    ],
)
def test_what_may_be_typed(typed: str, kept: str, begins: str) -> None:
    """Kept in one form, read in the zone on the screen, the same whenever it is read again."""
    found = read_against(typed, NOW, ZoneInfo("Asia/Tokyo"))
    assert found == kept
    assert read_against(found, NOW + timedelta(days=99)) == kept
    since = other_window(found, HOUR, NOW).since
    assert since is not None
    assert f"{since:%H:%M}" == begins


@pytest.mark.parametrize(
    "typed", ["", "yesterday", "-", "-1x", "..", "2026-11-20..2026-11-19", "-99999999d", "\x1b[2J"]
)
def test_what_is_no_window_is_refused(typed: str) -> None:
    """In words, whatever it is."""
    with pytest.raises(ValueError, match=r".{5,}"):
        other_window(read_against(typed, NOW), HOUR, NOW)


def test_a_time_open_at_a_side_has_no_window_before() -> None:
    """There is no length to go back by."""
    with pytest.raises(ValueError, match="open at a side"):
        other_window("previous", TimeRange(NOW, None), NOW)


@given(RANGES)
def test_the_previous_window_ends_where_this_one_begins(window: TimeRange) -> None:
    """Same length, side by side."""
    before = other_window("previous", window, NOW)
    assert before.until == window.since
    assert before.duration == window.duration
    assert merged((window, before)) == (hull((window, before)),)


@given(st.lists(RANGES, min_size=1, max_size=6), SECONDS)
def test_merging_keeps_each_moment(windows: list[TimeRange], moment: datetime) -> None:
    """In as few ranges as can be, apart from each other, in order."""
    found = merged(windows)
    assert any(w.contains(moment) for w in windows) == any(w.contains(moment) for w in found)
    for one, other in pairwise(found):
        assert one.until is not None
        assert other.since is not None
        assert one.until < other.since


@pytest.mark.parametrize("against", ["previous", "-7d", "2026-11-20T01:00Z..2026-11-20T03:00Z"])
def test_a_comparison_survives_its_file(against: str) -> None:
    """Kept in a sitting or as a query of one's own, it is the same comparison; and comes off."""
    query = load_library().queries[0]
    made = compared(query, against)
    assert parse_query(format_query(made), made.slug, made.group) == made
    assert compared(compared(made, "-1d"), against) == made
    assert compared(made, "") == query
