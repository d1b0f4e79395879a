"""Typed, immutable filters: what narrows a view.

`FlowFilter` values combine like sets: `f & c` narrows, `f - c` widens again, `a <= b` says that a
selects no more than b because it holds all of b's conditions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from ipaddress import IPv4Network, IPv6Network

from flowtui.domain.times import Last, TimeRange, TimeSpec


class Op(Enum):
    """How a condition compares; the value is how the filter line writes it."""

    IS = ":"
    """Any of the values."""
    MORE = ">"
    LESS = "<"


@dataclass(frozen=True, slots=True, order=True)
class NumberRange:
    """Whole numbers from first to last, both inside."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError("a range must not end before it begins")


Value = str | int | NumberRange | IPv4Network | IPv6Network | None
"""What a condition compares with.

Text, a number, a range of numbers, a network (a single address is a network of one), or None for a
field that the log leaves out (written `-`).
"""

SIDED_KEYS = {"ip": ("srcaddr", "dstaddr"), "port": ("srcport", "dstport")}
"""Keys that match either side of a record. An excluded one must match neither."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One typed comparison of a field, or of either side of a record.

    `values` are never empty; `MORE` and `LESS` hold exactly one number.
    """

    key: str
    """A canonical field, `ip` or `port`, or the name of a column that we do not know."""
    values: tuple[Value, ...]
    op: Op = Op.IS
    is_excluded: bool = False

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError("a condition needs a value")

    @property
    def fields(self) -> tuple[str, ...]:
        """The record fields that it reads."""
        return SIDED_KEYS.get(self.key, (self.key,))


@dataclass(frozen=True, slots=True)
class FlowFilter:
    """All conditions must hold, and the record must overlap the time."""

    conditions: tuple[Condition, ...] = ()
    time: TimeSpec | None = None
    """None: all there is."""
    is_counted_once: bool = False
    """Keep one of the records that two interfaces wrote for the same traffic."""

    def __and__(self, other: Condition | TimeRange | Last | FlowFilter) -> FlowFilter:
        match other:
            case Condition():
                if other in self.conditions:
                    return self
                return replace(self, conditions=(*self.conditions, other))
            case TimeRange() | Last():
                return replace(self, time=other)
            case FlowFilter():
                both = self
                for condition in other.conditions:
                    both = both & condition
                return replace(
                    both,
                    time=other.time or self.time,
                    is_counted_once=self.is_counted_once or other.is_counted_once,
                )

    def __sub__(self, condition: Condition) -> FlowFilter:
        return replace(self, conditions=tuple(c for c in self.conditions if c != condition))

    def __le__(self, other: FlowFilter) -> bool:
        return (
            set(other.conditions) <= set(self.conditions)
            and other.time in (None, self.time)
            and (self.is_counted_once or not other.is_counted_once)
        )

    def __iter__(self) -> Iterator[Condition]:
        return iter(self.conditions)

    def __bool__(self) -> bool:
        return bool(self.conditions or self.time or self.is_counted_once)

    def without_time(self) -> FlowFilter:
        """The same conditions over all there is."""
        return replace(self, time=None)


NO_FILTER = FlowFilter()
"""Everything there is."""
