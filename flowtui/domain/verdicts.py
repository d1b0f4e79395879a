"""Plain verdicts on a pair of addresses: each a rule that says no more than its rows prove.

Here stands what a verdict is and how it quotes; the rules stand in `rejections` (what was
rejected), `answers` (what became of the rest) and `missing` (what the evidence lacks).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, tzinfo
from enum import Enum

from flowtui.domain.evidence import Evidence, clock_span, filter_of
from flowtui.domain.filters import FlowFilter


class Certainty(Enum):
    """How far a verdict goes; the value is how it is told."""

    SAID = "the records say so"
    FOLLOWS = "follows from the records"
    LIKELY = "likely"
    OPEN = "cannot be told"


@dataclass(frozen=True, slots=True)
class Quote:
    """Rows that a verdict rests on: in one line, and as a filter that opens them."""

    text: str
    filter: FlowFilter


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule has to say."""

    code: str
    """Stable name of the rule: `request-rejected`."""
    certainty: Certainty | None
    """None: it is about the evidence, and goes without saying."""
    sentence: str
    evidence: tuple[Quote, ...] = ()
    next: str = ""
    """What to do about it; empty: nothing."""


def quotes(rows: Iterable[Evidence], zone: tzinfo = UTC) -> tuple[Quote, ...]:
    """The rows, those of one interface, direction and verdict together, over all their time."""
    groups: dict[tuple[object, ...], list[Evidence]] = {}
    for row in rows:
        key = (
            row.interface_id, row.srcaddr, row.dstaddr, row.service, row.is_request, row.action,
            row.flow_direction,
        )  # fmt: skip
        groups.setdefault(key, []).append(row)
    return tuple(_quote(group, zone) for group in groups.values())


def _quote(group: list[Evidence], zone: tzinfo) -> Quote:
    one = group[0]
    first, last = min(row.first for row in group), max(row.last for row in group)
    port = f":{one.service}" if one.service else ""
    sides = ("", port) if one.is_request else (port, "")
    parts = (
        interface_of(one), one.flow_direction or "", one.action,
        f"{one.srcaddr}{sides[0]} → {one.dstaddr}{sides[1]}", "·", counted(group), "·",
        clock_span(first, last, zone),
    )  # fmt: skip
    return Quote(" ".join(part for part in parts if part), filter_of(group))


def counted(rows: Iterable[Evidence]) -> str:
    """`1 record`, `1 204 records`."""
    records = sum(row.records for row in rows)
    return f"{records:,} record{'' if records == 1 else 's'}".replace(",", " ")


def interface_of(row: Evidence) -> str:
    """How the interface of a row is named; a regional NAT gateway's rows have none."""
    return row.interface_id or "(no interface id)"


def interfaces_of(rows: Iterable[Evidence]) -> str:
    """The interfaces of rows, each once: `eni-1 and eni-2`."""
    return " and ".join(sorted({interface_of(row) for row in rows}))


def ways_of(rows: Iterable[Evidence]) -> set[str | None]:
    """The flow directions of rows; None among them where one does not tell."""
    return {row.flow_direction for row in rows}
