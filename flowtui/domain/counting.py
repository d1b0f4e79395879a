"""How much totals shrink when traffic is counted once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flowtui.domain.executions import Row
from flowtui.domain.values import format_size

MEANING: Final = {
    "kept": "kept",
    "copy": "a record once more: overlapping flow logs, or a file twice",
    "seen": "seen by another interface too: the sender's record is kept",
    "translated": "a NAT gateway's outer leg: the client's record is kept",
    "across": "kept, though it overlaps another record of its interface: see below",
}
"""Why a record is kept or left out, as `flowtui.sql.once` tells it."""
RULE: Final = (
    "Left out is a record that says again what another says. The same: packet addresses, ports, "
    "protocol and action, windows that overlap (to a minute, as exact as flow logs are), and "
    "another interface: both addresses private, or one sends what the other receives. Kept is the "
    "sender's (flow_direction egress), of several the interface whose id comes first; where that "
    "one wrote nothing, the other's. An ACCEPT at one end and a REJECT at the other are two facts: "
    "both stay. What a NAT gateway sends on under its own address is left out where its inner leg "
    "to the same host and port is among the records; a filter by the outside address hides that "
    "leg, pkt_dstaddr and pkt_srcaddr do not."
)
"""What is counted, in words."""
ACROSS: Final = (
    "Some records overlap others of the same interface and traffic by a minute or more without "
    "being equal: perhaps a second flow log with another aggregation interval. Which of them is "
    "whole cannot be told, so both count."
)


@dataclass(frozen=True, slots=True)
class Sums:
    """Records, and the packets and bytes they tell of."""

    records: int = 0
    packets: int = 0
    bytes: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.records + other.records, self.packets + other.packets, self.bytes + other.bytes
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """Sums by why records are kept or left out."""

    kept: Sums = Sums()
    copy: Sums = Sums()
    seen: Sums = Sums()
    translated: Sums = Sums()
    across: Sums = Sums()
    """Kept as well."""

    @property
    def all(self) -> Sums:
        """With everything that is written twice."""
        return self.once + self.copy + self.seen + self.translated

    @property
    def once(self) -> Sums:
        """Each traffic once."""
        return self.kept + self.across


def counted(rows: Iterable[Row]) -> Counted:
    """From the rows of the question that counts: why, records, packets, bytes, and more."""
    found = {str(row[0]): Sums(*(int(str(cell or 0)) for cell in row[1:4])) for row in rows}
    return Counted(**{why: found.get(why, Sums()) for why in MEANING})


def summary(counted: Counted) -> str:
    """`counted once: 318 441 → 160 022 records, -49.7 %`."""
    before, after = counted.all.records, counted.once.records
    return f"counted once: {_grouped(before)} → {_grouped(after)} records, {shrink(before, after)}"


def lines(counted: Counted) -> tuple[tuple[str, str, str, str, str], ...]:
    """What shrinks: measure, all, once, difference, share."""
    before, after = counted.all, counted.once
    pairs = (
        ("records", before.records, after.records, _grouped),
        ("packets", before.packets, after.packets, _grouped),
        ("bytes", before.bytes, after.bytes, format_size),
    )
    return tuple(
        (name, write(a), write(b), write(a - b), shrink(a, b)) for name, a, b, write in pairs
    )


def shrink(before: int, after: int) -> str:
    """`-49.7 %`; what shrinks never reads as nothing, what is left never as gone."""
    lost = before - after
    if not lost:
        return "±0 %"
    tenths = min(max(1000 * lost // before, 1), 999 if after else 1000)
    return f"-{tenths / 10:.1f} %"


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")
