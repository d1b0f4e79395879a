from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.values import (
    format_duration,
    format_instant,
    format_size,
    parse_duration,
    parse_instant,
    parse_size,
)

NOW = datetime(2026, 11, 24, 10, 42, 7, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("15m", 900), ("2h", 7200), ("7d", 604_800), ("1w", 604_800), ("1H30M", 5400)],
)
def test_durations(text: str, seconds: int) -> None:
    """Durations are numbers with units, which may follow each other."""
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "5", "h", "0m", "-1h", "1.5h", "1 h", "101y", "36526d", "٣h"])
def test_no_durations(text: str) -> None:
    """What has no unit, no length or no sense is refused."""
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


@given(st.integers(1, 36_525 * 86_400))
def test_durations_read_back(seconds: int) -> None:
    """The shortest text of a duration means that duration."""
    assert parse_duration(format_duration(timedelta(seconds=seconds))).total_seconds() == seconds


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("1500", 1500),
        ("500MB", 500_000_000),
        ("500 mb", 500_000_000),
        ("1k", 1000),
        ("1KiB", 1024),
        ("1.5GiB", 3 * 2**29),
        ("2T", 2 * 10**12),
        ("12B", 12),
    ],
)
def test_sizes(text: str, size: int) -> None:
    """Units are powers of 1000, with an i of 1024."""
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "MB", "-1", "1.5.5", "1iB", "1x", "9" * 30, "9" * 18 + "P"])
def test_no_sizes(text: str) -> None:
    """What is no size, or larger than any counter, is refused."""
    with pytest.raises(ValueError, match=r"size|large"):
        parse_size(text)


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (48_200, "48.2 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"),
     (1_234_567_890, "1.2 GB"), (2**63, "9.2 EB")],
)  # fmt: skip
def test_sizes_for_reading(size: int, text: str) -> None:
    """Sizes never show four digits before the point."""
    assert format_size(size) == text


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-24T10:00Z", "2026-11-24T10:00:00+00:00"),
        ("2026-11-24t10:00:05z", "2026-11-24T10:00:05+00:00"),
        ("2026-11-24T10:00+09:00", "2026-11-24T01:00:00+00:00"),
        ("2026-11-24 10:00", "2026-11-24T09:00:00+00:00"),
        ("2026-11-24", "2026-11-23T23:00:00+00:00"),
        ("11:00", "2026-11-24T10:00:00+00:00"),
        ("14:03", "2026-11-23T13:03:00+00:00"),
        ("11:42:07", "2026-11-24T10:42:07+00:00"),
        ("1700000000", "2023-11-14T22:13:20+00:00"),
        ("1700000000999", "2023-11-14T22:13:20+00:00"),
        ("now", "2026-11-24T10:42:07+00:00"),
        ("-2h", "2026-11-24T08:42:07+00:00"),
    ],
)
def test_instants(text: str, instant: str) -> None:
    """Instants without a zone are read in the one given; a time of day is the last one."""
    assert parse_instant(text, now=NOW, zone=BERLIN).isoformat() == instant


def test_a_time_of_day_after_another() -> None:
    """The end of a range is the first such time after its beginning."""
    begin = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
    assert parse_instant("01:00", now=NOW, after=begin) == begin + timedelta(hours=2)
    assert parse_instant("23:00", now=NOW, after=begin) == begin + timedelta(days=1)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "25:00", "10:61", "2026-02-30", "123", "24-11-2026", "9" * 15, "-", "0001-01-01"],
)
def test_no_instants(text: str) -> None:
    """What is no instant, or lies outside the calendar, is refused with a ValueError."""
    with pytest.raises(ValueError):  # noqa: PT011
        parse_instant(text, now=NOW, zone=BERLIN)


@given(
    st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"]),
)
def test_instants_read_back(instant: datetime, zone: str) -> None:
    """The text of an instant means that instant, in the hour that clocks repeat as well."""
    whole = instant.replace(microsecond=0)
    text = format_instant(whole, ZoneInfo(zone))
    assert parse_instant(text, now=NOW, zone=ZoneInfo("Asia/Tokyo")) == whole
