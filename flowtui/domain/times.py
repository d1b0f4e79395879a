"""Time as filters and partitions need it: half-open ranges in UTC, whole seconds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class TimeRange:
    """A half-open span of time, UTC, whole seconds; either side may be open.

    A record lies in it when its own span overlaps: `start < until AND end >= since`.
    """

    since: datetime | None = None
    """First instant inside; None reaches back for ever."""
    until: datetime | None = None
    """First instant outside; None reaches on for ever."""

    def __post_init__(self) -> None:
        for bound in (self.since, self.until):
            if bound is not None and bound.tzinfo is None:
                raise ValueError("a time range needs aware datetimes")
        if self.since and self.until and self.since >= self.until:
            raise ValueError("a time range must end after it begins")

    @property
    def duration(self) -> timedelta | None:
        """Length; None where a side is open."""
        return self.until - self.since if self.since and self.until else None

    def contains(self, instant: datetime) -> bool:
        """True where the instant lies inside."""
        return (self.since is None or instant >= self.since) and (
            self.until is None or instant < self.until
        )

    def shifted(self, by: timedelta) -> TimeRange:
        """The same length, moved."""
        return TimeRange(
            self.since + by if self.since else None, self.until + by if self.until else None
        )

    def zoomed(self, around: datetime, factor: float) -> TimeRange:
        """So many times the length, an instant staying where it was; both ends at ten seconds.

        Raises:
            ValueError: A side is open, or there would be less than ten seconds.
            OverflowError: There are no such years.
        """
        if self.since is None or self.until is None:
            raise ValueError("an open time range cannot be zoomed")
        before, after = (around - self.since) * factor, (self.until - around) * factor
        since, until = (around - before).timestamp(), (around + after).timestamp()
        low, high = int(since // 10) * 10, -int(-until // 10) * 10
        if high - low >= self._seconds and factor < 1:
            raise ValueError("a time range cannot be shorter than ten seconds")
        return TimeRange(datetime.fromtimestamp(low, UTC), datetime.fromtimestamp(high, UTC))

    @property
    def _seconds(self) -> float:
        duration = self.duration
        return duration.total_seconds() if duration else 0.0


def hull(windows: Iterable[TimeRange]) -> TimeRange:
    """The shortest range that holds all of some; at least one."""
    found = tuple(windows)
    since = [window.since for window in found if window.since]
    until = [window.until for window in found if window.until]
    return TimeRange(
        min(since) if len(since) == len(found) else None,
        max(until) if len(until) == len(found) else None,
    )


def merged(windows: Iterable[TimeRange]) -> tuple[TimeRange, ...]:
    """The same time in as few ranges as can be, in order."""
    never = datetime.min.replace(tzinfo=UTC)
    found: list[TimeRange] = []
    for window in sorted(windows, key=lambda window: window.since or never):
        last = found[-1] if found else None
        if last is None or (last.until and window.since and last.until < window.since):
            found.append(window)
        else:
            found[-1] = hull((last, window))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Last:
    """The span that ends now; becomes a `TimeRange` when a statement is built."""

    duration: timedelta

    def resolve(self, now: datetime) -> TimeRange:
        """Fixed bounds, the end rounded up to the minute: one question gives one SQL text."""
        end = now.astimezone(UTC).replace(second=0, microsecond=0)
        if end < now:
            end += timedelta(minutes=1)
        return TimeRange(end - self.duration, end)


TimeSpec = TimeRange | Last
"""What a filter may say about time."""


def resolve(spec: TimeSpec | None, now: datetime) -> TimeRange | None:
    """Fixed bounds for a time filter; None where there is none."""
    return spec.resolve(now) if isinstance(spec, Last) else spec
