"""Which rule of a security group or network ACL a packet meets.

See "Security group rules" and "Network ACL rules", VPC User Guide: groups only allow, and any rule
may; of an ACL the first matching entry by number decides, and what matches none is denied.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_address, ip_network
from typing import Final

from flowtui.domain.codes import protocol_name, protocol_number

ANY_PROTOCOL: Final = "-1"
_WITH_PORTS: Final = (6, 17)
_WITH_TYPES: Final = (1, 58)
ALL_PORTS: Final = (0, 65535)


class Match(Enum):
    """Whether a rule is about a packet."""

    YES = "matches"
    NO = "does not match"
    PERHAPS = "may match"
    """ICMP types are not logged, and members of a group or list may not be known."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One direction of a conversation, as an interface sees it."""

    protocol: int
    peer: str
    """The address at the other end."""
    ports: tuple[int, int]
    """Destination ports, first and last; that of a response is the client's."""


@dataclass(frozen=True, slots=True)
class GroupRule:
    """A rule of a security group, as DescribeSecurityGroupRules gives it."""

    group_id: str
    rule_id: str
    is_egress: bool
    protocol: str
    """`-1`, a name or a number."""
    from_port: int | None
    """First port, or ICMP type; -1 and None: all."""
    to_port: int | None
    """Last port, or ICMP code."""
    peer: str
    """Network, prefix list or group, as told."""
    networks: tuple[str, ...] | None
    """What the peer stands for; None: not known."""

    @property
    def title(self) -> str:
        """`sgr-1 of sg-1: TCP 443 from 10.0.0.0/8`."""
        side = "to" if self.is_egress else "from"
        what = _what(self.protocol, self.from_port, self.to_port)
        return f"{self.rule_id} of {self.group_id}: {what} {side} {self.peer}"


@dataclass(frozen=True, slots=True)
class AclEntry:
    """An entry of a network ACL, as DescribeNetworkAcls gives it."""

    number: int
    is_egress: bool
    is_allowed: bool
    protocol: str
    network: str
    from_port: int | None
    """First port, or ICMP type; -1 and None: all."""
    to_port: int | None
    """Last port, or ICMP code."""

    @property
    def title(self) -> str:
        """`rule 100 ALLOW TCP 443 10.0.0.0/8`; the last one goes by `*`."""
        name = "*" if self.number == _LAST_NUMBER else str(self.number)
        verdict = "ALLOW" if self.is_allowed else "DENY"
        what = _what(self.protocol, self.from_port, self.to_port)
        return f"rule {name} {verdict} {what} {self.network}"


_LAST_NUMBER: Final = 32767
"""Of the entry that AWS ends each ACL with."""


@dataclass(frozen=True, slots=True)
class AclOutcome:
    """What an ACL does with some of the ports."""

    ports: tuple[int, int]
    entry: AclEntry | None
    """The first that matches; None: none does, so it is denied."""
    is_sure: bool = True
    """False where an earlier entry, or this one, may or may not match."""

    @property
    def is_allowed(self) -> bool:
        """True where it passes."""
        return self.entry is not None and self.entry.is_allowed


def matching(
    rules: Iterable[GroupRule], packet: Packet, is_egress: bool
) -> dict[Match, list[GroupRule]]:
    """The rules of one direction by whether they match."""
    found: dict[Match, list[GroupRule]] = {match: [] for match in Match}
    for rule in rules:
        if rule.is_egress == is_egress:
            found[group_match(rule, packet)].append(rule)
    return found


def group_match(rule: GroupRule, packet: Packet) -> Match:
    """Whether a rule of a group is about a packet; its direction is not looked at."""
    return _all_of(
        _protocol_match(rule.protocol, packet.protocol),
        _detail_match(rule.from_port, rule.to_port, rule.protocol, packet),
        Match.PERHAPS if rule.networks is None else _in_any(packet.peer, rule.networks),
    )


def acl_outcomes(
    entries: Iterable[AclEntry], packet: Packet, is_egress: bool
) -> tuple[AclOutcome, ...]:
    """What an ACL does with a packet, port by port, ports of the same fate together."""
    ordered = sorted((e for e in entries if e.is_egress == is_egress), key=lambda e: e.number)
    fitting = [e for e in ordered if _concerns(e, packet)]
    first, last = packet.ports
    edges = {first}
    if packet.protocol in _WITH_PORTS:
        for entry in fitting:
            low, high = _port_span(entry.from_port, entry.to_port, entry.protocol)
            edges |= {port for port in (low, high + 1) if first < port <= last}
    begins = sorted(edges)
    ends = [*(begin - 1 for begin in begins[1:]), last]
    found: list[AclOutcome] = []
    for begin, end in zip(begins, ends, strict=True):
        found += _fates(fitting, packet, (begin, end))
    return _joined(found)


def _fates(entries: list[AclEntry], packet: Packet, ports: tuple[int, int]) -> Iterable[AclOutcome]:
    """What happens to ports that no entry tells apart; more than one outcome where types matter."""
    is_sure = True
    for entry in entries:
        match = _detail_match(
            entry.from_port, entry.to_port, entry.protocol, Packet(packet.protocol, "", ports)
        )
        if match is Match.NO:
            continue
        if match is Match.YES:
            yield AclOutcome(ports, entry, is_sure)
            return
        is_sure = False
        yield AclOutcome(ports, entry, is_sure)
    yield AclOutcome(ports, None, is_sure)


def _joined(outcomes: list[AclOutcome]) -> tuple[AclOutcome, ...]:
    joined: list[AclOutcome] = []
    for one in outcomes:
        before = joined[-1] if joined else None
        is_next = before is not None and before.ports[1] + 1 == one.ports[0]
        if before and is_next and (before.entry, before.is_sure) == (one.entry, one.is_sure):
            joined[-1] = AclOutcome((before.ports[0], one.ports[1]), one.entry, one.is_sure)
        else:
            joined.append(one)
    return tuple(joined)


def _concerns(entry: AclEntry, packet: Packet) -> bool:
    is_protocol = _protocol_match(entry.protocol, packet.protocol) is Match.YES
    return is_protocol and _in_any(packet.peer, (entry.network,)) is Match.YES


def _protocol_match(told: str, protocol: int) -> Match:
    return Match.YES if told == ANY_PROTOCOL or _number(told) == protocol else Match.NO


def _number(told: str) -> int | None:
    if told.isascii() and told.isdigit():
        return int(told)
    return protocol_number(told)


def _detail_match(first: int | None, last: int | None, told: str, packet: Packet) -> Match:
    """Ports, or ICMP type and code, which flow logs do not tell."""
    if told == ANY_PROTOCOL:
        return Match.YES
    if packet.protocol in _WITH_TYPES:
        return Match.YES if first in (None, -1) else Match.PERHAPS
    if packet.protocol not in _WITH_PORTS:
        return Match.YES
    low, high = _port_span(first, last, told)
    if low <= packet.ports[0] and packet.ports[1] <= high:
        return Match.YES
    return Match.NO if high < packet.ports[0] or packet.ports[1] < low else Match.PERHAPS


def _port_span(first: int | None, last: int | None, told: str) -> tuple[int, int]:
    if told == ANY_PROTOCOL or first in (None, -1) or last in (None, -1):
        return ALL_PORTS
    assert first is not None
    assert last is not None
    return first, last


def _in_any(address: str, networks: Iterable[str]) -> Match:
    try:
        host = ip_address(address)
    except ValueError:
        return Match.PERHAPS
    for text in networks:
        try:
            network = ip_network(text, strict=False)
        except ValueError:
            continue
        if network.version == host.version and host in network:
            return Match.YES
    return Match.NO


def _all_of(*matches: Match) -> Match:
    if Match.NO in matches:
        return Match.NO
    return Match.PERHAPS if Match.PERHAPS in matches else Match.YES


def _what(protocol: str, first: int | None, last: int | None) -> str:
    if protocol == ANY_PROTOCOL:
        return "all traffic"
    number = _number(protocol)
    name = protocol if number is None else protocol_name(number)
    if number in _WITH_TYPES:
        return name if first in (None, -1) else f"{name} type {first}"
    if number not in _WITH_PORTS:
        return name
    low, high = _port_span(first, last, protocol)
    if (low, high) == ALL_PORTS:
        return f"{name} all ports"
    return f"{name} {low}" if low == high else f"{name} {low}-{high}"
