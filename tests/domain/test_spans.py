"""Row numbers as ranges, checked against plain sets."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.spans import Spans, first_of, holds, inverted, length, spans_of, without

RANGES = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 9)).map(lambda p: range(p[0], p[0] + p[1]))
)
SPANS = RANGES.map(spans_of)


def rows(spans: Spans) -> set[int]:
    """The row numbers one by one."""
    return {row for span in spans for row in span}


def is_normal(spans: Spans) -> bool:
    """Sorted, none empty, none touching the next."""
    gaps = all(one.stop < other.start for one, other in pairwise(spans))
    return gaps and all(len(span) > 0 for span in spans)


@given(RANGES)
def test_any_ranges_become_spans(ranges: list[range]) -> None:
    """However ranges lie over each other, spans hold the same rows and are as few as can be."""
    spans = spans_of(ranges)
    assert rows(spans) == {row for one in ranges for row in one}
    assert is_normal(spans)
    assert length(spans) == len(rows(spans))


@given(SPANS, SPANS)
def test_taking_away(spans: Spans, taken: Spans) -> None:
    """What is left are the rows of the one that are not in the other."""
    left = without(spans, taken)
    assert rows(left) == rows(spans) - rows(taken)
    assert is_normal(left)


@given(SPANS)
def test_inverting_twice_changes_nothing(spans: Spans) -> None:
    """Inverting marks exactly the others, so twice is none at all."""
    other = inverted(spans, 80)
    assert rows(other) == set(range(80)) - rows(spans)
    assert inverted(other, 80) == spans


@given(SPANS, st.integers(-1, 80))
def test_holding(spans: Spans, row: int) -> None:
    """A row is held where it is one of them."""
    assert holds(spans, row) is (row in rows(spans))


@given(SPANS, st.integers(0, 90))
def test_the_first_of_them(spans: Spans, most: int) -> None:
    """The lowest rows are kept, never more than wanted."""
    assert sorted(rows(first_of(spans, most))) == sorted(rows(spans))[:most]
