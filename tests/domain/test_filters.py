from __future__ import annotations

from hypothesis import given

from flowtui.domain.filters import NO_FILTER, Condition, FlowFilter
from tests.domain.filters_made import conditions, filters


@given(filters(), conditions())
def test_a_condition_narrows(filter: FlowFilter, condition: Condition) -> None:
    """A filter with one more condition selects no more than before."""
    assert filter & condition <= filter


@given(filters(), conditions())
def test_adding_twice_is_adding_once(filter: FlowFilter, condition: Condition) -> None:
    """The same condition again changes nothing."""
    assert filter & condition & condition == filter & condition


@given(filters(), conditions())
def test_taking_away_what_was_added_widens(filter: FlowFilter, condition: Condition) -> None:
    """Undoing a new condition gives back the filter."""
    if condition not in filter.conditions:
        assert (filter & condition) - condition == filter


@given(filters())
def test_every_filter_narrows_everything(filter: FlowFilter) -> None:
    """No filter is the widest of all."""
    assert filter <= NO_FILTER
    assert NO_FILTER & filter == filter


@given(filters(), filters())
def test_both_hold_the_conditions_of_each(one: FlowFilter, other: FlowFilter) -> None:
    """Two filters together hold all conditions of both."""
    both = one & other
    assert set(both.conditions) == set(one.conditions) | set(other.conditions)
