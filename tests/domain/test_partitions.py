from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.partitions import unit_of, units, value_at
from flowtui.domain.schema import PartitionKey, PartitionRole
from flowtui.domain.times import TimeRange

DAY = PartitionKey("date", "string", PartitionRole.DATE, format="yyyy/MM/dd")
HOURLY = PartitionKey("dt", "string", PartitionRole.DATE, format="yyyy-MM-dd-HH")
REGION = PartitionKey("region", "string", PartitionRole.REGION)
HOUR = PartitionKey("hour", "string", PartitionRole.HOUR)
LATE = datetime(2026, 11, 24, 23, 50, tzinfo=UTC)
MOMENTS = st.datetimes(
    datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001
)  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (DAY, "2026/11/24"),
        (HOURLY, "2026-11-24-23"),
        (REGION, None),
        (HOUR, "23"),
        (PartitionKey("month", "string", PartitionRole.MONTH), "11"),
        (PartitionKey("day", "int", PartitionRole.DAY, is_padded=False), "24"),
    ],
)
def test_keys_write_their_unit(key: PartitionKey, value: str | None) -> None:
    """Each key has its own way to write a moment."""
    assert value_at(key, LATE) == value


def test_a_range_reaches_one_unit_further() -> None:
    """Late deliveries and records across midnight lie in the next partition."""
    hour = TimeRange(LATE - timedelta(hours=1), LATE)
    assert [value_at(DAY, u) for u in units([DAY], hour, LATE)] == ["2026/11/24", "2026/11/25"]
    assert [value_at(HOURLY, u) for u in units([HOURLY], hour, LATE)] == [
        "2026-11-24-22",
        "2026-11-24-23",
        "2026-11-25-00",
    ]


@given(
    MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(days=3)), st.sampled_from([DAY, HOURLY])
)
def test_no_record_of_the_range_lies_elsewhere(
    since: datetime, length: timedelta, key: PartitionKey
) -> None:
    """Every instant of the range, and the time a record may take to end, has its partition."""
    until = since + length
    touched = {value_at(key, unit) for unit in units([key], TimeRange(since, until), until)}
    for end in (since, since + length / 2, until, until + timedelta(minutes=11)):
        assert value_at(key, end) in touched


def test_an_open_start_yields_nothing() -> None:
    """Without a start there is no first partition to name."""
    assert list(units([DAY], TimeRange(None, LATE), LATE)) == []
    assert unit_of([REGION, HOUR]) == timedelta(hours=1)
