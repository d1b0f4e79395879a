"""Sets of row numbers as half-open ranges: a million marked rows are one range. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

Spans = tuple[range, ...]
"""Sorted, disjoint, none empty, none touching the next; empty: no row."""


def spans_of(ranges: Iterable[range]) -> Spans:
    """The rows of any ranges."""
    joined: list[range] = []
    for one in sorted((r for r in ranges if len(r)), key=lambda r: r.start):
        if joined and one.start <= joined[-1].stop:
            joined[-1] = range(joined[-1].start, max(joined[-1].stop, one.stop))
        else:
            joined.append(one)
    return tuple(joined)


def without(spans: Spans, taken: Spans) -> Spans:
    """The rows of `spans` that are not in `taken`."""
    left: list[range] = []
    others = iter(taken)
    other = next(others, None)
    for one in spans:
        start = one.start
        while other is not None and other.stop <= start:
            other = next(others, None)
        while other is not None and other.start < one.stop:
            if other.start > start:
                left.append(range(start, other.start))
            start = max(start, other.stop)
            if other.stop > one.stop:
                break
            other = next(others, None)
        if start < one.stop:
            left.append(range(start, one.stop))
    return tuple(left)


def inverted(spans: Spans, total: int) -> Spans:
    """The rows of `total` that are not in `spans`."""
    return without((range(total),) if total > 0 else (), spans)


def holds(spans: Spans, row: int) -> bool:
    """True where the row is one of them."""
    at = bisect_right(spans, row, key=lambda one: one.start)
    return at > 0 and row in spans[at - 1]


def length(spans: Spans) -> int:
    """How many rows they are."""
    return sum(map(len, spans))


def first_of(spans: Spans, most: int) -> Spans:
    """The first rows of them, `most` at most."""
    kept: list[range] = []
    for one in spans:
        if most <= 0:
            break
        kept.append(one[:most])
        most -= len(one)
    return tuple(kept)
