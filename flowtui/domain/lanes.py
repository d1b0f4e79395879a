"""Two lanes over time for each interface: requests and responses, accepted and rejected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flowtui.domain.evidence import Case, Talk

MOST_SLOTS: Final = 48
"""Slots of a lane, so that 80 columns hold it with its heading."""
_STEPS_S: Final = (
    60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800,
    2_592_000, 31_536_000, 315_360_000,
)  # fmt: skip
_BLOCKS: Final = "▁▂▃▄▅▆▇█"
_NOTHING: Final = "·"


@dataclass(frozen=True, slots=True)
class Lane:
    """Records of one interface, direction and verdict, slot by slot."""

    interface_id: str | None
    flow_direction: str | None
    is_request: bool
    action: str
    counts: tuple[int, ...]

    @property
    def records(self) -> int:
        """All of them."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Lanes:
    """What was logged of a talk over time."""

    first_slot: int
    """Unix seconds at which the first slot begins."""
    width_s: int
    lanes: tuple[Lane, ...]

    @property
    def slots(self) -> int:
        """How many there are; the same in every lane."""
        return len(self.lanes[0].counts) if self.lanes else 0


def slot_width(since_s: int, until_s: int, multiple_of_s: int = 1) -> int:
    """Seconds of a slot, so that a span has at most `MOST_SLOTS` of them."""
    span = max(1, until_s - since_s)
    # One more, for a span that does not begin where a slot does.
    fitting = (
        step for step in _STEPS_S if span / step + 1 <= MOST_SLOTS and step % multiple_of_s == 0
    )
    least = -(-span // (MOST_SLOTS - 1))
    return next(fitting, -(-least // multiple_of_s) * multiple_of_s)


def lanes_of(talk: Talk, case: Case) -> Lanes:
    """The lanes of a talk, requests before responses, by interface.

    Slots of the case are joined where there would be more than fit.
    """
    since, until = _bounds(talk, case)
    width = slot_width(since, until, max(1, case.width_s))
    first = since - since % width
    slots = (until - first) // width + 1
    counts: dict[tuple[bool, str, str, str], list[int]] = {}
    for row in talk.rows:
        key = (
            not row.is_request, str(row.interface_id or ""), row.flow_direction or "", row.action,
        )  # fmt: skip
        lane = counts.setdefault(key, [0] * slots)
        lane[min(max((row.slot - first) // width, 0), slots - 1)] += row.records
    return Lanes(
        first,
        width,
        tuple(
            Lane(name or None, way or None, not is_response, action, tuple(counts[key]))
            for key in sorted(counts)
            for is_response, name, way, action in (key,)
        ),
    )


def _bounds(talk: Talk, case: Case) -> tuple[int, int]:
    """First and last second: of the time looked at, where that has bounds, else of the rows."""
    slots = [row.slot for row in talk.rows] or [0]
    first, last = min(slots), max(slots)
    if case.time is not None and case.time.since is not None:
        first = min(first, int(case.time.since.timestamp()))
    if case.time is not None and case.time.until is not None:
        last = max(last, int(case.time.until.timestamp()) - 1)
    return first, last


def bars(lane: Lane, most: int) -> str:
    """`··▁▃█`: one sign for a slot, as high as its share of the fullest; nothing is a dot."""
    return "".join(_bar(count, most) for count in lane.counts)


def _bar(count: int, most: int) -> str:
    if not count:
        return _NOTHING
    return _BLOCKS[-(-count * len(_BLOCKS) // max(most, count)) - 1]
