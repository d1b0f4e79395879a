"""Which rule a packet meets: groups allow by any rule, an ACL decides by the first."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.rules import (
    AclEntry,
    GroupRule,
    Match,
    Packet,
    acl_outcomes,
    group_match,
    matching,
)
from flowtui.domain.rulings import InterfaceRules, rule_on
from flowtui.domain.verdicts import Certainty
from tests.domain.evidence_made import CLIENT, SERVER, at_client, request, response, talk

HTTPS = Packet(6, "10.0.0.1", (443, 443))
PING = Packet(1, "10.0.0.1", (0, 0))


def rule(
    protocol: str = "tcp",
    ports: tuple[int | None, int | None] = (443, 443),
    networks: tuple[str, ...] | None = ("10.0.0.0/8",),
    *,
    is_egress: bool = False,
) -> GroupRule:
    """A rule of `sg-1`."""
    peer = networks[0] if networks else "sg-9"
    return GroupRule("sg-1", "sgr-1", is_egress, protocol, *ports, peer, networks)


@pytest.mark.parametrize(
    ("one", "packet", "expected"),
    [
        (rule(), HTTPS, Match.YES),
        (rule("6"), HTTPS, Match.YES),
        (rule("udp"), HTTPS, Match.NO),
        (rule("17"), Packet(17, "10.0.0.1", (443, 443)), Match.YES),
        (rule("-1", (None, None)), HTTPS, Match.YES),
        (rule("-1", (-1, -1)), PING, Match.YES),
        (rule(ports=(80, 442)), HTTPS, Match.NO),
        (rule(ports=(0, 65535)), HTTPS, Match.YES),
        (rule(ports=(443, 443)), Packet(6, "10.0.0.1", (400, 500)), Match.PERHAPS),
        (rule(networks=("0.0.0.0/0",)), HTTPS, Match.YES),
        (rule(networks=("::/0",)), HTTPS, Match.NO),
        (rule(networks=("::/0",)), Packet(6, "2001:db8::7", (443, 443)), Match.YES),
        (rule(networks=("0.0.0.0/0",)), Packet(6, "2001:db8::7", (443, 443)), Match.NO),
        (rule(networks=("192.0.2.0/24", "10.0.0.1")), HTTPS, Match.YES),
        (rule(networks=()), HTTPS, Match.NO),
        (rule(networks=None), HTTPS, Match.PERHAPS),
        (rule("udp", networks=None), HTTPS, Match.NO),
        (rule("icmp", (-1, -1)), PING, Match.YES),
        (rule("icmp", (8, 0)), PING, Match.PERHAPS),
        (rule("icmpv6", (-1, -1)), Packet(58, "10.0.0.1", (0, 0)), Match.YES),
        (rule("icmp", (-1, -1)), Packet(58, "10.0.0.1", (0, 0)), Match.NO),
        (rule("50", (None, None)), Packet(50, "10.0.0.1", (0, 0)), Match.YES),
        (rule("nonsense"), HTTPS, Match.NO),
        (rule(networks=("no network",)), HTTPS, Match.NO),
    ],
)
def test_a_group_rule(one: GroupRule, packet: Packet, expected: Match) -> None:
    """Protocol by name, number and -1; ports; IPv4 and IPv6; lists and groups; ICMP types."""
    assert group_match(one, packet) is expected


def test_only_rules_of_the_direction_count() -> None:
    """An outbound rule lets nothing in."""
    found = matching([rule(is_egress=True)], HTTPS, is_egress=False)
    assert found == {Match.YES: [], Match.NO: [], Match.PERHAPS: []}


def entry(
    number: int,
    is_allowed: bool,
    protocol: str = "6",
    network: str = "0.0.0.0/0",
    ports: tuple[int | None, int | None] = (None, None),
    *,
    is_egress: bool = False,
) -> AclEntry:
    """An entry of an ACL."""
    return AclEntry(number, is_egress, is_allowed, protocol, network, *ports)


LAST = entry(32767, False, "-1")


def told(entries: list[AclEntry], packet: Packet, **others: Any) -> list[tuple[Any, ...]]:
    """Ports, number, allowed, sure."""
    return [
        (o.ports, o.entry.number if o.entry else None, o.is_allowed, o.is_sure)
        for o in acl_outcomes(entries, packet, others.get("is_egress", False))
    ]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([entry(100, True), LAST], [((443, 443), 100, True, True)]),
        ([entry(100, True), entry(90, False)], [((443, 443), 90, False, True)]),
        ([entry(90, False, ports=(80, 80)), entry(100, True)], [((443, 443), 100, True, True)]),
        ([entry(90, False, "17"), entry(100, True, "-1")], [((443, 443), 100, True, True)]),
        ([entry(90, True, network="192.0.2.0/24"), LAST], [((443, 443), 32767, False, True)]),
        ([entry(90, True, network="::/0"), LAST], [((443, 443), 32767, False, True)]),
        ([entry(90, True, is_egress=True)], [((443, 443), None, False, True)]),
        ([], [((443, 443), None, False, True)]),
    ],
    ids=["one", "by number", "port", "protocol", "network", "family", "direction", "none"],
)
def test_the_first_entry_by_number_decides(
    entries: list[AclEntry], expected: list[tuple[Any, ...]]
) -> None:
    """Whatever the order they came in; what matches none is denied."""
    assert told(entries, HTTPS) == expected


def test_ephemeral_ports_are_told_apart() -> None:
    """A range of client ports of which an ACL lets a part through."""
    entries = [entry(90, False, ports=(2049, 2049)), entry(100, True, ports=(1024, 40000)), LAST]
    packet = Packet(6, "10.0.0.1", (2000, 50000))
    assert told(entries, packet) == [
        ((2000, 2048), 100, True, True),
        ((2049, 2049), 90, False, True),
        ((2050, 40000), 100, True, True),
        ((40001, 50000), 32767, False, True),
    ]


def test_icmp_types_are_not_logged() -> None:
    """An entry for one type may or may not be about a ping: both fates are told, as unsure."""
    entries = [entry(90, True, "1", ports=(8, 0)), LAST]
    assert told(entries, PING) == [((0, 0), 90, True, False), ((0, 0), 32767, False, False)]
    assert told([entry(90, True, "1", ports=(-1, -1)), LAST], PING) == [((0, 0), 90, True, True)]


ports = st.integers(0, 65535)
spans = st.tuples(ports, ports).map(lambda pair: (min(pair), max(pair)))
entries = st.lists(
    st.builds(
        AclEntry,
        number=st.integers(1, 32766),
        is_egress=st.just(False),
        is_allowed=st.booleans(),
        protocol=st.sampled_from(["6", "17", "-1", "1", "tcp"]),
        network=st.sampled_from(["0.0.0.0/0", "10.0.0.0/8", "10.0.0.1/32", "192.0.2.0/24", "::/0"]),
        from_port=st.just(0), to_port=ports,
    ).flatmap(lambda e: spans.map(lambda s: AclEntry(
        e.number, False, e.is_allowed, e.protocol, e.network, *s))),
    max_size=6, unique_by=lambda e: e.number,
)  # fmt: skip


def first_match(listed: list[AclEntry], address: str, port: int) -> AclEntry | None:
    """The plainest reading of the rule."""
    for one in sorted(listed, key=lambda e: e.number):
        network = ip_network(one.network)
        host = ip_address(address)
        is_there = network.version == host.version and host in network
        assert one.from_port is not None
        assert one.to_port is not None
        is_port = one.protocol == "-1" or one.from_port <= port <= one.to_port
        if is_there and one.protocol in ("6", "tcp", "-1") and is_port:
            return one
    return None


@given(entries, st.sampled_from(["10.0.0.1", "203.0.113.9", "2001:db8::7"]), spans, st.data())
def test_ranges_and_single_ports_agree(
    listed: list[AclEntry], address: str, span: tuple[int, int], data: st.DataObject
) -> None:
    """Outcomes cover the range without gap or overlap, and each port's is its first match."""
    outcomes = acl_outcomes(listed, Packet(6, address, span), is_egress=False)
    assert outcomes[0].ports[0] == span[0]
    assert outcomes[-1].ports[1] == span[1]
    for before, after in pairwise(outcomes):
        assert before.ports[1] + 1 == after.ports[0]
    port = data.draw(st.integers(*span))
    (one,) = [o for o in outcomes if o.ports[0] <= port <= o.ports[1]]
    assert one.is_sure
    assert one.entry == first_match(listed, address, port)


@given(entries, st.randoms())
def test_the_order_they_came_in_does_not_matter(listed: list[AclEntry], random: Any) -> None:
    """Only numbers do."""
    shuffled = list(listed)
    random.shuffle(shuffled)
    packet = Packet(6, "10.0.0.1", (0, 65535))
    assert acl_outcomes(listed, packet, False) == acl_outcomes(shuffled, packet, False)


ALL = (entry(100, True, "-1"), entry(100, True, "-1", is_egress=True), LAST)
RULES = InterfaceRules(
    "eni-server", (SERVER,), "subnet-1", ("sg-1",), (rule(networks=("10.9.0.0/16",)),), "acl-1", ALL
)


def test_what_rules_do_with_a_talk() -> None:
    """Server: inbound request by group and ACL, outbound response by ACL."""
    said = talk(request(action="REJECT"), response())
    group, asked, answered = rule_on(said, (RULES,))
    assert "eni-server (server), security groups, inbound: REJECTED, no rule of sg-1 matches" in (
        group.sentence
    )
    assert "network ACL acl-1, request inbound: ALLOWED by rule 100 ALLOW all traffic" in (
        asked.sentence
    )
    assert "response outbound: ALLOWED for ports 40000-40009 by rule 100" in answered.sentence


def test_the_clients_interface_is_asked_the_other_way() -> None:
    """Client: outbound request, inbound response."""
    own = InterfaceRules(
        "eni-client", (CLIENT,), "subnet-2", ("sg-1",), (rule(is_egress=True),), "acl-1", ALL
    )
    found = rule_on(talk(at_client(request())), (own,))
    text = " ".join(verdict.sentence for verdict in found)
    assert "security groups, outbound: ALLOWED by sgr-1 of sg-1: TCP 443 to 10.0.0.0/8" in text
    assert "request outbound" in text
    assert "response inbound" in text


def test_what_cannot_be_told_is_not() -> None:
    """Unknown members, no groups, another address, a missing permission, one subnet."""
    said = talk(request())
    unknown = InterfaceRules("eni-server", (SERVER,), "", ("sg-1",), (rule(networks=None),))
    (perhaps,) = rule_on(said, (unknown,))
    assert perhaps.certainty is Certainty.OPEN
    assert "perhaps allowed" in perhaps.sentence
    (bare,) = rule_on(said, (InterfaceRules("eni-server", (SERVER,), group_rules=()),))
    assert "has no security groups" in bare.sentence
    (between,) = rule_on(said, (InterfaceRules("eni-server", ("10.5.5.5",), group_rules=()),))
    assert "stands in between" in between.sentence
    (trouble,) = rule_on(said, (InterfaceRules("eni-server", troubles=("denied",)),))
    assert trouble.certainty is Certainty.OPEN
    neighbour = InterfaceRules("eni-client", (CLIENT,), "subnet-1")
    found = rule_on(said, (RULES, neighbour))
    assert any("not asked within one subnet" in verdict.sentence for verdict in found)
    assert rule_on(said, (InterfaceRules("eni-other", (SERVER,)),)) == ()
