"""A view is one question; a trail is the way through views, with back and forward."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flowtui.domain.filters import NO_FILTER, Condition, FlowFilter
from flowtui.domain.queries import SavedQuery
from flowtui.domain.times import TimeSpec

_OTHER_SIDE = {
    "srcaddr": "dstaddr",
    "dstaddr": "srcaddr",
    "srcport": "dstport",
    "dstport": "srcport",
    "pkt_srcaddr": "pkt_dstaddr",
    "pkt_dstaddr": "pkt_srcaddr",
    "pkt_src_aws_service": "pkt_dst_aws_service",
    "pkt_dst_aws_service": "pkt_src_aws_service",
}


@dataclass(frozen=True, slots=True)
class Parked:
    """What of a filter is switched off: kept, and not asked."""

    conditions: tuple[tuple[int, Condition], ...] = ()
    """Each with its place among all conditions, in the order of the places."""
    time: TimeSpec | None = None
    is_counted_once: bool = False

    def __bool__(self) -> bool:
        return bool(self.conditions or self.time or self.is_counted_once)

    @classmethod
    def of(cls, filter: FlowFilter, places: Iterable[int]) -> Parked:
        """What a filter says, switched off, its conditions at these places among all."""
        pairs = tuple(zip(places, filter.conditions, strict=True))
        return cls(pairs, filter.time, filter.is_counted_once)

    @property
    def filter(self) -> FlowFilter:
        """What would be asked beside the rest, were it switched on."""
        return FlowFilter(
            tuple(condition for _, condition in self.conditions), self.time, self.is_counted_once
        )

    def beside(self, filter: FlowFilter) -> Parked:
        """What stays switched off beside a filter: not what it says itself."""
        return Parked(
            tuple(pair for pair in self.conditions if pair[1] not in filter.conditions),
            None if filter.time else self.time,
            self.is_counted_once and not filter.is_counted_once,
        )


NOTHING_PARKED = Parked()


@dataclass(frozen=True, slots=True)
class View:
    """A saved query with its arguments and the filter it is asked under."""

    query: SavedQuery
    filter: FlowFilter = NO_FILTER
    arguments: tuple[tuple[str, str], ...] = ()
    """Parameter name to text as typed; defaults left out."""
    label: str = ""
    """How the trail names it; the query's title where empty."""
    parked: Parked = NOTHING_PARKED
    """What of its filter is switched off."""

    @property
    def title(self) -> str:
        """Name in the trail."""
        return self.label or self.query.title

    @property
    def most_rows(self) -> int | None:
        """Rows at which its query ends: the value of `:limit`; None where it has none."""
        values = {p.name: p.default for p in self.query.parameters} | dict(self.arguments)
        text = (values.get("limit") or "").replace(" ", "").replace("_", "")
        return int(text) if text.isdecimal() and text.isascii() else None

    def asks_like(self, other: View) -> bool:
        """True where both ask the same: what is switched off and the label aside."""
        return (self.query, self.filter, self.arguments) == (
            other.query,
            other.filter,
            other.arguments,
        )

    def under(self, filter: FlowFilter) -> View:
        """The same question under another filter; what is switched off stays so."""
        return replace(self, filter=filter, parked=self.parked.beside(filter))

    def narrowed(self, *conditions: Condition) -> View:
        """The same question about fewer records."""
        chosen = self.filter
        for condition in conditions:
            chosen = chosen & condition
        return self.under(chosen)

    def drill(self, records: SavedQuery, filter: FlowFilter, label: str) -> View:
        """The raw records behind a row: same filter and time, and the row's own conditions."""
        narrower = self.under(self.filter & filter)
        return replace(narrower, query=records, arguments=(), label=label)

    def flip(self) -> View:
        """The same question in the other direction: sources and destinations exchanged."""
        off = tuple((place, _flipped(condition)) for place, condition in self.parked.conditions)
        return replace(
            self,
            filter=replace(self.filter, conditions=tuple(map(_flipped, self.filter.conditions))),
            parked=replace(self.parked, conditions=off),
        )


def _flipped(condition: Condition) -> Condition:
    return replace(condition, key=_OTHER_SIDE.get(condition.key, condition.key))


@dataclass(frozen=True, slots=True)
class Trail:
    """The views visited; immutable. `steps[:position + 1]` is the way to where one stands."""

    steps: tuple[View, ...]
    position: int = 0

    @property
    def current(self) -> View:
        """The view on the screen."""
        return self.steps[self.position]

    @property
    def can_go_back(self) -> bool:
        """True where a view lies before this one."""
        return self.position > 0

    @property
    def can_go_forward(self) -> bool:
        """True where back was taken and nothing new chosen since."""
        return self.position < len(self.steps) - 1

    def push(self, view: View) -> Trail:
        """Go to a new view; what lay ahead is forgotten."""
        return Trail((*self.steps[: self.position + 1], view), self.position + 1)

    def replaced(self, view: View) -> Trail:
        """Change the view one stands on, keeping the way back."""
        return Trail((*self.steps[: self.position], view), self.position)

    def back(self) -> Trail:
        """One step back; the same trail at its root."""
        return replace(self, position=max(0, self.position - 1))

    def forward(self) -> Trail:
        """One step forward; the same trail at its end."""
        return replace(self, position=min(len(self.steps) - 1, self.position + 1))

    def crumbs(self) -> tuple[str, ...]:
        """Titles from the root to where one stands."""
        return tuple(view.title for view in self.steps[: self.position + 1])
