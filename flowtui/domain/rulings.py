"""What the rules that an interface has now would do with the traffic of a talk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flowtui.domain.evidence import ICMP, Talk
from flowtui.domain.rules import (
    AclEntry,
    AclOutcome,
    GroupRule,
    Match,
    Packet,
    acl_outcomes,
    matching,
)
from flowtui.domain.verdicts import Certainty, Verdict


@dataclass(frozen=True, slots=True)
class InterfaceRules:
    """What AWS says now of one interface."""

    interface_id: str
    addresses: tuple[str, ...] = ()
    subnet_id: str = ""
    groups: tuple[str, ...] = ()
    group_rules: tuple[GroupRule, ...] | None = None
    """None: could not be asked."""
    acl_id: str = ""
    acl_entries: tuple[AclEntry, ...] | None = None
    """None: could not be asked."""
    troubles: tuple[str, ...] = ()
    """What could not be asked, and which permission is missing."""


def rule_on(talk: Talk, known: Sequence[InterfaceRules]) -> tuple[Verdict, ...]:
    """What the rules of each interface of a talk do with request and response, as they are now."""
    of_talk = [rules for rules in known if rules.interface_id in talk.interfaces]
    return tuple(verdict for rules in of_talk for verdict in _rulings(talk, rules, known))


def _rulings(
    talk: Talk, rules: InterfaceRules, known: Sequence[InterfaceRules]
) -> Iterator[Verdict]:
    for trouble in rules.troubles:
        yield Verdict("rules-unknown", Certainty.OPEN, f"{rules.interface_id}: {trouble}")
    if talk.server in rules.addresses:
        yield from _of_end(talk, rules, known, is_server=True)
    if talk.client in rules.addresses:
        yield from _of_end(talk, rules, known, is_server=False)
    if not {talk.server, talk.client} & set(rules.addresses) and rules.addresses:
        yield Verdict(
            "rules-between",
            Certainty.OPEN,
            f"{rules.interface_id} has neither address of its own: it stands in between, and its "
            "rules are about other addresses than these.",
        )


def _of_end(
    talk: Talk, rules: InterfaceRules, known: Sequence[InterfaceRules], *, is_server: bool
) -> Iterator[Verdict]:
    peer = talk.client if is_server else talk.server
    request = Packet(talk.protocol, peer, (talk.service, talk.service))
    response = Packet(talk.protocol, peer, _client_ports(talk))
    end = "server" if is_server else "client"
    name = f"{rules.interface_id} ({end})"
    if rules.group_rules is not None:
        yield _group_ruling(name, rules, request, is_egress=not is_server)
    if rules.acl_entries is None:
        return
    neighbours = {other.subnet_id for other in known if peer in other.addresses and other.subnet_id}
    if rules.subnet_id and rules.subnet_id in neighbours:
        yield Verdict(
            "rules-acl",
            Certainty.SAID,
            f"{name}: both addresses are in {rules.subnet_id}; a network ACL is not asked within "
            "one subnet.",
        )
        return
    for what, packet, is_egress in (
        ("request", request, not is_server),
        ("response", response, is_server),
    ):
        yield _acl_ruling(name, rules, what, packet, is_egress=is_egress)


def _group_ruling(name: str, rules: InterfaceRules, packet: Packet, *, is_egress: bool) -> Verdict:
    found = matching(rules.group_rules or (), packet, is_egress)
    way = "outbound" if is_egress else "inbound"
    if not rules.groups:
        return Verdict(
            "rules-group",
            Certainty.SAID,
            f"{name} has no security groups: none lets through or rejects.",
        )
    groups = ", ".join(rules.groups)
    if found[Match.YES]:
        titles = _titles(found[Match.YES])
        return Verdict(
            "rules-group",
            Certainty.SAID,
            f"{name}, security groups, {way}: ALLOWED by {titles}. The response passes with it.",
        )
    if found[Match.PERHAPS]:
        titles = _titles(found[Match.PERHAPS])
        return Verdict(
            "rules-group",
            Certainty.OPEN,
            f"{name}, security groups, {way}: perhaps allowed, by {titles}: what its peer, its "
            "ICMP type or its ports mean for these packets cannot be told.",
        )
    return Verdict(
        "rules-group",
        Certainty.SAID,
        f"{name}, security groups, {way}: REJECTED, no rule of {groups} matches.",
    )


def _titles(rules: Iterable[GroupRule]) -> str:
    return "; ".join(rule.title for rule in rules)


def _acl_ruling(
    name: str, rules: InterfaceRules, what: str, packet: Packet, *, is_egress: bool
) -> Verdict:
    outcomes = acl_outcomes(rules.acl_entries or (), packet, is_egress)
    way = "outbound" if is_egress else "inbound"
    told = "; ".join(_outcome(outcome, packet) for outcome in outcomes)
    certainty = Certainty.SAID if all(o.is_sure for o in outcomes) else Certainty.OPEN
    return Verdict(
        "rules-acl",
        certainty,
        f"{name}, network ACL {rules.acl_id}, {what} {way}: {told}.",
    )


def _outcome(outcome: AclOutcome, packet: Packet) -> str:
    verdict = "ALLOWED" if outcome.is_allowed else "REJECTED"
    if not outcome.is_sure:
        verdict = f"perhaps {verdict.lower()}"
    by = outcome.entry.title if outcome.entry else "the end of the list: no rule matches"
    low, high = outcome.ports
    if packet.protocol in ICMP or outcome.ports == packet.ports:
        ports = "" if packet.protocol in ICMP or low == high else f" for ports {low}-{high}"
    else:
        ports = f" for port {low}" if low == high else f" for ports {low}-{high}"
    return f"{verdict}{ports} by {by}"


def _client_ports(talk: Talk) -> tuple[int, int]:
    low = min(row.client_ports[0] for row in talk.rows)
    high = max(row.client_ports[1] for row in talk.rows)
    return low, high
