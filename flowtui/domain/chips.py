"""The parts of a filter as chips, each of which can be switched off and on again.

What is off is kept with its place, so that switching it on gives back the very same filter, and so
the very same SQL, whose rows may still be here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from typing import Final

from flowtui.domain.filterline import format_condition, format_time
from flowtui.domain.filters import Condition, FlowFilter
from flowtui.domain.times import Last, TimeRange, TimeSpec
from flowtui.domain.views import NOTHING_PARKED, Parked, View

ONCE: Final = "once:on"
"""The chip of count-once, as the filter line writes it."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One part of a filter."""

    part: Condition | TimeSpec | None
    """None: traffic that two interfaces recorded is counted once."""
    is_on: bool = True

    def text(self, zone: tzinfo = UTC) -> str:
        """As the filter line writes it."""
        if isinstance(self.part, Condition):
            return format_condition(self.part)
        return " ".join(format_time(self.part, zone)) if self.part is not None else ONCE


def chips_of(filter: FlowFilter, parked: Parked = NOTHING_PARKED) -> tuple[Chip, ...]:
    """Conditions in order, the time, and whether it counts once; what is off among them."""
    found = [Chip(condition) for condition in filter.conditions]
    for place, condition in parked.conditions:
        found.insert(place, Chip(condition, False))
    for part, is_on in ((filter.time, True), (parked.time, False)):
        found += [Chip(part, is_on)] if part is not None else []
    if filter.is_counted_once or parked.is_counted_once:
        found.append(Chip(None, filter.is_counted_once))
    return tuple(found)


def with_chips(view: View, chips: Iterable[Chip]) -> View:
    """The same question under the chips that are on; the others are kept, switched off."""
    kept, off = FlowFilter(), Parked()
    place = 0
    for chip in chips:
        match chip.part:
            case Condition():
                if chip.is_on:
                    kept &= chip.part
                else:
                    off = replace(off, conditions=(*off.conditions, (place, chip.part)))
                place += 1
            case TimeRange() | Last():
                kept, off = _timed(chip.part, chip.is_on, kept, off)
            case None:
                kept = replace(kept, is_counted_once=chip.is_on)
                off = replace(off, is_counted_once=not chip.is_on)
    return replace(view, filter=kept, parked=off.beside(kept))


def _timed(time: TimeSpec, is_on: bool, kept: FlowFilter, off: Parked) -> tuple[FlowFilter, Parked]:
    if is_on:
        return replace(kept, time=time), off
    return kept, replace(off, time=time)
