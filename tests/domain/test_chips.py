"""Chips: a filter taken apart and put together is the same filter, whatever was off meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.chips import Chip, chips_of, with_chips
from flowtui.domain.filterline import format_filter
from flowtui.domain.filters import Condition, FlowFilter
from flowtui.domain.queries import SavedQuery
from flowtui.domain.times import Last
from flowtui.domain.views import Parked, View
from tests.domain.filters_made import filters

QUERY = SavedQuery("q", "Q", "SELECT 1 FROM flows")
A, B, C = (Condition("dstport", (port,)) for port in (22, 443, 53))


@given(filters(), st.lists(st.booleans(), min_size=8, max_size=8))
def test_off_and_on_again_is_the_very_same_question(
    filter: FlowFilter, switches: list[bool]
) -> None:
    """Whatever was switched off in one go comes back in its place: the same line, the same SQL."""
    view = View(QUERY, filter)
    chips = chips_of(filter)
    off = with_chips(view, [replace(c, is_on=on) for c, on in zip(chips, switches, strict=False)])
    shown = chips_of(off.filter, off.parked)
    assert [chip.part for chip in shown] == [chip.part for chip in chips]
    assert with_chips(off, [replace(chip, is_on=True) for chip in shown]) == view


@given(filters(), st.lists(st.booleans(), min_size=8, max_size=8))
def test_what_is_off_is_not_in_the_line_that_is_asked(
    filter: FlowFilter, switches: list[bool]
) -> None:
    """The canonical line holds the chips that are on, and nothing of the others."""
    chips = [replace(c, is_on=on) for c, on in zip(chips_of(filter), switches, strict=False)]
    view = with_chips(View(QUERY, filter), chips)
    asked = format_filter(view.filter)
    assert asked == " ".join(chip.text() for chip in chips if chip.is_on)
    assert all(c not in view.filter.conditions for _, c in view.parked.conditions)


@given(filters(), filters())
def test_what_is_off_can_be_written_down(filter: FlowFilter, other: FlowFilter) -> None:
    """A filter and its places say all of it."""
    chips = [replace(chip, is_on=False) for chip in chips_of(filter)]
    parked = with_chips(View(QUERY, other), chips).parked
    assert Parked.of(parked.filter, [place for place, _ in parked.conditions]) == parked


def test_narrowing_keeps_what_is_off() -> None:
    """A new condition goes to the end; what is off keeps its place before it, once."""
    chips = (Chip(A, is_on=False), Chip(B))
    view = with_chips(View(QUERY), chips)
    narrowed = view.narrowed(C)
    assert [chip.part for chip in chips_of(narrowed.filter, narrowed.parked)] == [A, B, C]
    again = view.narrowed(A)
    assert not again.parked
    assert again.filter.conditions == (B, A)


def test_another_time_takes_the_place_of_the_one_that_is_off() -> None:
    """There is one time: choosing one forgets the one that was switched off."""
    hour, day = Last(timedelta(hours=1)), Last(timedelta(days=1))
    off = View(QUERY, FlowFilter(), parked=Parked(time=hour))
    assert off.under(FlowFilter(time=day)).parked == Parked()
    assert off.under(FlowFilter((A,))).parked.time == hour


def test_what_is_off_goes_along_into_the_records_and_round() -> None:
    """Drilling in keeps it, the other direction turns it, and the question is the same without."""
    off = View(QUERY, FlowFilter((B,)), parked=Parked(((0, Condition("srcport", (22,))),)))
    drilled = off.drill(QUERY, FlowFilter((C,)), "row")
    assert drilled.parked == off.parked
    assert off.flip().parked == Parked(((0, Condition("dstport", (22,))),))
    assert off.asks_like(replace(off, parked=Parked(), label="x"))
    assert not off.asks_like(replace(off, filter=FlowFilter()))
