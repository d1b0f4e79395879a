"""What flow logs hold of a pair of addresses, summed up so that rules can judge it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from ipaddress import ip_network
from typing import Final

from flowtui.domain.codes import protocol_name
from flowtui.domain.executions import Cell, Row
from flowtui.domain.filters import Condition, FlowFilter, Value
from flowtui.domain.times import TimeRange
from flowtui.domain.values import format_instant

TCP: Final = 6
ICMP: Final = (1, 58)

MOST_TALKS: Final = 12
"""Talks that are told in full; a scan has thousands."""
NOT_LATE, AFTER_ACCEPT, AFTER_CLOSE, PERHAPS_LATE = range(4)
"""How a REJECT stands to its conversation.

Not after it; after the last ACCEPT, of which no FIN or RST is seen; after FIN or RST; after the
last ACCEPT, and whether it has a SYN cannot be told.
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Records of one interface, direction, verdict and slot of time, summed up."""

    interface_id: str | None
    srcaddr: str
    dstaddr: str
    source: str
    """Packet source: `pkt_srcaddr` where the log has it, else `srcaddr`."""
    target: str
    """Packet destination, in the same way."""
    service: int
    """The port that is asked for; 0 for ICMP."""
    protocol: int
    is_request: bool
    action: str
    """Empty where the log does not tell."""
    flow_direction: str | None
    reject_reason: str | None
    slot: int
    """Unix seconds at which its slot begins."""
    has_syn: bool | None
    """None: tcp_flags are not in the log."""
    has_reset: bool | None
    late: int
    is_answered: bool
    """True where some interface logged the other direction of the conversation too."""
    is_rejected: bool
    """True where some interface rejected something of the conversation."""
    is_refused: bool
    """True for a RST where a SYN was seen, and no SYN-ACK ever came."""
    interface_type: str | None
    instance_id: str | None
    records: int
    packets: int | None
    bytes: int | None
    first: int
    """Unix seconds of the first packet."""
    last: int
    longest_s: int
    """Longest window among the records."""
    client_ports: tuple[int, int]
    """Lowest and highest port on the asking side."""

    @property
    def is_translated(self) -> bool:
        """True where the interface writes an address of its own for that of the packet."""
        return (self.srcaddr, self.dstaddr) != (self.source, self.target)


@dataclass(frozen=True, slots=True)
class Lost:
    """SKIPDATA windows of one interface."""

    interface_id: str | None
    windows: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Talk:
    """Everything that was logged between a client and a service."""

    client: str
    server: str
    service: int
    protocol: int
    rows: tuple[Evidence, ...]

    @property
    def title(self) -> str:
        """`10.0.0.1 → 10.0.0.2:443 TCP`."""
        port = "" if self.protocol in ICMP else f":{self.service}"
        server = f"[{self.server}]" if port and ":" in self.server else self.server
        return f"{self.client} → {server}{port} {protocol_name(self.protocol)}"

    @property
    def requests(self) -> tuple[Evidence, ...]:
        """From client to service."""
        return tuple(row for row in self.rows if row.is_request)

    @property
    def responses(self) -> tuple[Evidence, ...]:
        """From service to client."""
        return tuple(row for row in self.rows if not row.is_request)

    @property
    def interfaces(self) -> tuple[str | None, ...]:
        """All that logged something of it, in a fixed order."""
        return tuple(sorted({row.interface_id for row in self.rows}, key=str))

    @property
    def rejects(self) -> int:
        """Records that say REJECT."""
        return sum(row.records for row in self.rows if row.action == "REJECT")


@dataclass(frozen=True, slots=True)
class Case:
    """What was found of a pair."""

    a: str
    b: str
    ports: str
    """As typed; empty: any."""
    time: TimeRange | None
    """In which was looked."""
    width_s: int
    """Length of a slot."""
    fields: frozenset[str]
    """That the source has."""
    talks: tuple[Talk, ...]
    """Those with most REJECTs first."""
    lost: tuple[Lost, ...] = ()
    is_cut: bool = False
    """True where there was more than was taken in."""
    knows_loss: bool = True
    """False where SKIPDATA windows were not looked for."""
    asked: datetime | None = None
    """When: records of the last minutes before may not have come yet."""

    @property
    def records(self) -> int:
        """Records looked at."""
        return sum(row.records for talk in self.talks for row in talk.rows)


def case_rows(rows: Iterable[Row]) -> tuple[tuple[Talk, ...], tuple[Lost, ...]]:
    """From the rows of the question to what was said between whom, and what was lost.

    Args:
        rows: As `flowtui.sql.evidence` gives them.
    """
    talks: dict[tuple[str, str, int, int], list[Evidence]] = {}
    lost: dict[str | None, Lost] = {}
    for row in rows:
        if row[0] == "SKIPDATA":
            one = _lost(row)
            lost[one.interface_id] = _joined(lost.get(one.interface_id), one)
        else:
            found = _evidence(row)
            ends = (found.source, found.target)
            client, server = ends if found.is_request else (ends[1], ends[0])
            talks.setdefault((client, server, found.service, found.protocol), []).append(found)
    made = [Talk(*key, tuple(sorted(rows, key=_order))) for key, rows in talks.items()]
    made.sort(key=_gravest)
    return tuple(made), tuple(sorted(lost.values(), key=lambda one: str(one.interface_id)))


def _gravest(talk: Talk) -> tuple[int, int, str, str, int, int]:
    """Orders talks: many rejects first, then many records, then by port as a number."""
    records = sum(row.records for row in talk.rows)
    return -talk.rejects, -records, talk.client, talk.server, talk.service, talk.protocol


def filter_of(rows: Sequence[Evidence]) -> FlowFilter:
    """What selects the records of rows of one kind, and at most others of that kind and time."""
    one = rows[0]
    side = "dstport" if one.is_request else "srcport"
    told: dict[str, Value] = {
        "srcaddr": _network(one.srcaddr),
        "dstaddr": _network(one.dstaddr),
        side: one.service,
        "protocol": one.protocol,
    }
    # What is not told may be no field of these logs: then no filter can name it.
    told |= {"interface_id": one.interface_id} if one.interface_id else {}
    told |= {"action": one.action} if one.action else {}
    conditions = tuple(Condition(key, (value,)) for key, value in told.items())
    first, last = min(row.first for row in rows), max(row.last for row in rows)
    return FlowFilter(conditions, time=_span(first, last))


def clock(seconds: int, zone: tzinfo = UTC) -> str:
    """The instant as text; an absurd one as its number."""
    try:
        return format_instant(datetime.fromtimestamp(seconds, UTC), zone)
    except (OverflowError, ValueError, OSError):
        return str(seconds)


def clock_span(first: int, last: int, zone: tzinfo = UTC) -> str:
    """`2026-11-23T14:05:05Z to 23:59:05Z`: the date once, where it is the same."""
    since, until = clock(first, zone), clock(last, zone)
    if since == until:
        return f"at {since}"
    date, t, _ = since.partition("T")
    return f"{since} to {until.removeprefix(date + t) if t else until}"


def _order(row: Evidence) -> tuple[int, str, bool, str]:
    return (row.first, str(row.interface_id), not row.is_request, row.action)


def _evidence(row: Row) -> Evidence:
    (_, interface, src, dst, source, target, service, protocol, is_request, action, way, reason,
     slot, syn, reset, late, answered, rejected, refused, kind, instance, records, packets, bytes,
     first, last, longest, first_port, last_port) = row  # fmt: skip
    return Evidence(
        interface_id=_text(interface),
        srcaddr=str(src), dstaddr=str(dst), source=str(source), target=str(target),
        service=_int(service), protocol=_int(protocol), is_request=bool(_int(is_request)),
        action=_text(action) or "", flow_direction=_text(way), reject_reason=_text(reason),
        slot=_int(slot), has_syn=_flag(syn), has_reset=_flag(reset), late=_int(late),
        is_answered=bool(_int(answered)), is_rejected=bool(_int(rejected)),
        is_refused=bool(_int(refused)), interface_type=_text(kind), instance_id=_text(instance),
        records=_int(records), packets=_count(packets), bytes=_count(bytes),
        first=_int(first), last=_int(last), longest_s=_int(longest),
        client_ports=(_int(first_port), _int(last_port)),
    )  # fmt: skip


def _lost(row: Row) -> Lost:
    return Lost(_text(row[1]), _int(row[21]), _int(row[24]), _int(row[25]))


def _joined(before: Lost | None, more: Lost) -> Lost:
    if before is None:
        return more
    return Lost(
        more.interface_id, before.windows + more.windows, min(before.first, more.first),
        max(before.last, more.last),
    )  # fmt: skip


def _text(cell: Cell) -> str | None:
    return None if cell is None or cell in ("", "-") else str(cell)


def _int(cell: Cell) -> int:
    return 0 if cell is None else int(str(cell))


def _count(cell: Cell) -> int | None:
    return None if cell is None else _int(cell)


def _flag(cell: Cell) -> bool | None:
    return None if cell is None else bool(_int(cell))


def _network(text: str) -> Value:
    try:
        return ip_network(text)
    except ValueError:
        return text


def _span(first: int, last: int) -> TimeRange | None:
    try:
        return TimeRange(
            datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(max(first, last) + 1, UTC)
        )
    except (OverflowError, ValueError, OSError):
        return None
