"""Which partitions the records of a time can lie in.

A record's partition follows its end, in UTC, and its delivery may come late: so from the unit that
holds the start of the range to the one that holds an hour past its end. See "Flow log files", VPC
User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from flowtui.domain.schema import PartitionKey, PartitionRole
from flowtui.domain.times import TimeRange

DELIVERY_MARGIN = timedelta(hours=1)
"""How long after a range its records may end and be written: a window of 10 minutes at most, then
about 10 minutes. A whole day more would double what a question about one day reads."""

_JAVA = (("yyyy", "%Y"), ("MM", "%m"), ("dd", "%d"), ("HH", "%H"), ("'", ""))


def unit_of(keys: Sequence[PartitionKey]) -> timedelta:
    """How much time one partition holds: an hour where any key reaches down to it, else a day."""
    is_hourly = any(
        key.role is PartitionRole.HOUR or (key.role is PartitionRole.DATE and "HH" in key.format)
        for key in keys
    )
    return timedelta(hours=1) if is_hourly else timedelta(days=1)


def units(keys: Sequence[PartitionKey], time: TimeRange, now: datetime) -> Iterator[datetime]:
    """Starts of the units that records of a time can lie in; open ends reach to now.

    A range without a start begins nowhere: nothing is yielded.
    """
    if time.since is None:
        return
    unit = unit_of(keys)
    moment = _floor(time.since.astimezone(UTC), unit)
    last = (time.until or now).astimezone(UTC) + DELIVERY_MARGIN
    while moment < last:
        yield moment
        moment += unit


def value_at(key: PartitionKey, moment: datetime) -> str | None:
    """What a key holds for the unit that starts then; None where time does not decide it."""
    if key.role is PartitionRole.DATE:
        pattern = key.format or "yyyy-MM-dd"
        for java, python in _JAVA:
            pattern = pattern.replace(java, python)
        return moment.strftime(pattern)
    number = {
        PartitionRole.YEAR: moment.year,
        PartitionRole.MONTH: moment.month,
        PartitionRole.DAY: moment.day,
        PartitionRole.HOUR: moment.hour,
    }.get(key.role)
    if number is None:
        return None
    return f"{number:02d}" if key.is_padded else str(number)


def _floor(moment: datetime, unit: timedelta) -> datetime:
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return moment.replace(minute=0, second=0, microsecond=0) if unit < timedelta(days=1) else day
