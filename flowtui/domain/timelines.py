"""Traffic over time: buckets of one width, and what passed in each, by verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from functools import reduce
from typing import Final

from flowtui.domain.times import TimeRange

LADDER_S: Final = (
    10, 30, 60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86400, 7 * 86400, 28 * 86400,
    364 * 86400,
)  # fmt: skip
"""Widths of a bucket, in seconds: those that a person reads without counting."""
_UNITS: Final = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


class Measure(Enum):
    """What the bars are as high as."""

    RECORDS = "records"
    """Each counted once, where it begins."""
    BYTES = "bytes"
    """Spread evenly over the seconds of their record."""
    PACKETS = "packets"
    """As bytes."""


class Verdict(Enum):
    """Whose traffic; the value is how SQL names it."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    OTHER = "other"
    """The record holds no verdict."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of some traffic."""

    records: int = 0
    packets: int = 0
    bytes: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.records + other.records, self.packets + other.packets, self.bytes + other.bytes
        )

    def of(self, measure: Measure) -> int:
        """One of the counts."""
        match measure:
            case Measure.RECORDS:
                return self.records
            case Measure.BYTES:
                return self.bytes
            case Measure.PACKETS:
                return self.packets


NONE: Final = Tally()


@dataclass(frozen=True, slots=True)
class Slot:
    """What passed in one bucket."""

    accepted: Tally = NONE
    rejected: Tally = NONE
    other: Tally = NONE
    lost: int = 0
    """SKIPDATA windows that touch it: its counts are floors."""

    @property
    def total(self) -> Tally:
        """Whatever the verdict."""
        return self.accepted + self.rejected + self.other

    def __add__(self, other: Slot) -> Slot:
        return Slot(
            self.accepted + other.accepted,
            self.rejected + other.rejected,
            self.other + other.other,
            self.lost + other.lost,
        )


@dataclass(frozen=True, slots=True)
class Grid:
    """Buckets that begin at multiples of their width; the first and the last may be cut short.

    All in Unix seconds, half-open.
    """

    since: int
    until: int
    width_s: int

    @classmethod
    def of(cls, time: TimeRange, most: int) -> Grid:
        """The finest buckets of the ladder of which no more than `most` are needed.

        Raises:
            ValueError: A side of the range is open.
        """
        if time.since is None or time.until is None:
            raise ValueError("a timeline needs both ends")
        since, until = int(time.since.timestamp()), int(time.until.timestamp())
        finest = cls(since, until, LADDER_S[-1])
        for width_s in LADDER_S:
            finest = cls(since, until, width_s)
            if len(finest) <= most:
                return finest
        times = -(-len(finest) // max(1, most - 1))
        return cls(since, until, finest.width_s * times)

    def __len__(self) -> int:
        return (self.until - 1) // self.width_s - self._first // self.width_s + 1

    @property
    def _first(self) -> int:
        return self.since - self.since % self.width_s

    def begin(self, index: int) -> int:
        """Where a bucket would begin if it were not cut short."""
        return self._first + index * self.width_s

    def index(self, instant: int) -> int:
        """The bucket that an instant lies in; -1 before the first, `len` after the last."""
        return min(max((instant - self._first) // self.width_s, -1), len(self))

    def ends(self, first: int, last: int | None = None) -> tuple[datetime, datetime]:
        """Begin and end of the span from one bucket to another, both inside."""
        last = first if last is None else last
        since = max(self.since, self.begin(first))
        until = min(self.until, self.begin(last + 1))
        return datetime.fromtimestamp(since, UTC), datetime.fromtimestamp(until, UTC)

    def time(self, first: int, last: int | None = None) -> TimeRange:
        """The span from one bucket to another, both inside."""
        return TimeRange(*self.ends(first, last))


@dataclass(frozen=True, slots=True)
class Timeline:
    """The buckets of a grid, and what of the same records lies outside it.

    The slots, `before` and `after` together are all records that were asked for, each once.
    """

    grid: Grid
    slots: tuple[Slot, ...]
    before: Slot = field(default=Slot())
    """Of records that began before the time in view."""
    after: Slot = field(default=Slot())
    is_loss_known: bool = True
    """False where nobody could say which windows were lost."""

    @classmethod
    def of_rows(cls, grid: Grid, rows: Iterable[tuple[object, ...]]) -> Timeline:
        """From rows of begin of bucket, verdict or `lost`, records, packets, bytes."""
        found: dict[int, Slot] = {}
        for begin, verdict, *counts in rows:
            index = grid.index(int(str(begin)))
            records, packets, size = (int(str(count or 0)) for count in counts)
            slot = found.get(index, Slot())
            if verdict == "lost":
                found[index] = replace(slot, lost=slot.lost + records)
                continue
            name = Verdict(verdict).value
            tally = getattr(slot, name) + Tally(records, packets, size)
            found[index] = replace(slot, **{name: tally})
        slots = tuple(found.get(index, Slot()) for index in range(len(grid)))
        return cls(grid, slots, found.get(-1, Slot()), found.get(len(grid), Slot()))

    @property
    def total(self) -> Slot:
        """All that was asked for, whether it lies inside or not."""
        return reduce(Slot.__add__, self.slots, self.before + self.after)

    def merged(self, most: int) -> Timeline:
        """No more than so many buckets: some neighbours taken together."""
        if len(self.slots) <= most:
            return self
        grid = self.grid
        times = 2
        while len(replace(grid, width_s=grid.width_s * times)) > max(1, most):
            times += 1
        coarse = replace(grid, width_s=grid.width_s * times)
        slots = [Slot()] * len(coarse)
        for index, slot in enumerate(self.slots):
            slots[coarse.index(grid.begin(index))] += slot
        return replace(self, grid=coarse, slots=tuple(slots))


def width_text(width_s: int) -> str:
    """`10 s`, `5 min`, `3 h`, `7 d`."""
    unit, size = next((unit, size) for unit, size in _UNITS if width_s % size == 0)
    return f"{width_s // size} {unit}"
