"""Rules about what became of requests that nobody rejected, and about who else is in between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from flowtui.domain.addresses import is_private
from flowtui.domain.evidence import NOT_LATE, TCP, Case, Evidence, Talk
from flowtui.domain.rejections import Rule
from flowtui.domain.verdicts import Certainty, Verdict, counted, interfaces_of, quotes


def refused(talk: Talk, case: Case, zone: tzinfo) -> Verdict | None:
    """The host itself answered a SYN with RST: nothing listens on the port."""
    rows = [row for row in talk.responses if row.is_refused and row.action == "ACCEPT"]
    if not rows:
        return None
    return Verdict(
        "refused",
        Certainty.FOLLOWS,
        f"{talk.server} answers the SYN with RST ({counted(rows)}) and never with SYN-ACK: the "
        "packets pass both ways, and nothing listens on the port, or it turns the client away.",
        quotes(rows, zone),
        f"Look on {talk.server} at what listens on port {talk.service}.",
    )


def no_answer(talk: Talk, case: Case, zone: tzinfo) -> Verdict | None:
    """A request was let through and nothing came back."""
    asked = [row for row in talk.requests if row.action == "ACCEPT" and _begins(row, talk)]
    silent = [row for row in asked if not row.is_answered and not row.is_rejected]
    if not silent:
        return None
    share = "" if len(silent) == len(asked) else f" of {counted(asked)}"
    arrived = [row for row in silent if row.flow_direction == "ingress"]
    sentence = f"{counted(silent)}{share} let a request through, and no interface logged an answer."
    if talk.protocol != TCP:
        kind = "An answer is not needed with this protocol."
        certainty = Certainty.OPEN
    else:
        kind, certainty = _silence(silent, arrived, talk)
    if case.lost:
        kind += " Records were lost in this time (SKIPDATA): an answer may be among them."
    return Verdict(
        "no-answer",
        certainty,
        f"{sentence} {kind}",
        quotes(silent, zone),
        f"Look on {talk.server} whether port {talk.service} listens, and at its own firewall.",
    )


def _begins(row: Evidence, talk: Talk) -> bool:
    """True where the row may stand for the beginning of a conversation."""
    return talk.protocol != TCP or row.has_syn is not False


def _silence(
    silent: Sequence[Evidence], arrived: Sequence[Evidence], talk: Talk
) -> tuple[str, Certainty]:
    if all(row.has_syn is None for row in silent):
        return (
            "tcp_flags is not in these records: whether they began anything cannot be told.",
            Certainty.OPEN,
        )
    gateways = [row for row in arrived if row.interface_type == "nat_gateway"]
    if gateways:
        return (
            f"{interfaces_of(gateways)} is a NAT gateway: it drops what nobody inside asked for, "
            "and ACCEPT says no more than that the network ACL let it arrive there.",
            Certainty.FOLLOWS,
        )
    if not arrived:
        return (
            f"It left {interfaces_of(silent)}; whether it arrived anywhere is not in the log.",
            Certainty.OPEN,
        )
    managed = ""
    if is_private(talk.client) is False and all(row.instance_id is None for row in arrived):
        managed = (
            " No instance_id is told: if this is an interface of a NAT gateway, the gateway drops "
            "what nobody inside asked for, ACCEPT or not."
        )
    return (
        f"It arrived at {interfaces_of(arrived)} and was let in: nobody listens there and the "
        "host drops what it does not want, or the answer takes another way. A port that is merely "
        f"closed would answer with RST.{managed}",
        Certainty.OPEN if managed else Certainty.LIKELY,
    )


def let_through(talk: Talk, case: Case, zone: tzinfo) -> Verdict | None:
    """Request and response were both let through, and nothing was rejected."""
    asked = [row for row in talk.requests if row.action == "ACCEPT"]
    answered = [row for row in talk.responses if row.action == "ACCEPT"]
    is_rejected = any(row.action == "REJECT" and row.late == NOT_LATE for row in talk.rows)
    if is_rejected or not asked or not answered or any(row.is_refused for row in answered):
        return None
    return Verdict(
        "let-through",
        Certainty.SAID,
        f"Request and response are let through in both directions by {interfaces_of(talk.rows)}: "
        "security groups and network ACLs are not the trouble in this time.",
        quotes([*asked, *answered], zone),
    )


def in_between(talk: Talk, case: Case, zone: tzinfo) -> Verdict | None:
    """An interface writes its own address for that of the packet: NAT, balancer, second address."""
    rows = [row for row in talk.rows if row.is_translated]
    if not rows:
        return None
    through = [row for row in rows if _hides_outside(row)]
    names = interfaces_of(rows)
    if through:
        sentence = (
            f"{interfaces_of(through)} stands in between: it writes its own address where the "
            "packet has one outside, as a NAT gateway does. ACCEPT there says that the packet "
            "passed the rules of that interface, not that it reached the other leg; on the other "
            "leg the client bears the gateway's address, and is not among these rows."
        )
        certainty = Certainty.FOLLOWS
    else:
        sentence = (
            f"{names} writes another address than the packet has: the primary address for a "
            "second one or for a pod, or a load balancer or transit gateway in between. Which of "
            "these cannot be told; ACCEPT holds for that interface alone."
        )
        certainty = Certainty.OPEN
    return Verdict("in-between", certainty, sentence, quotes(rows, zone))


def _hides_outside(row: Evidence) -> bool:
    pairs = ((row.srcaddr, row.source), (row.dstaddr, row.target))
    return any(own != packet and is_private(packet) is False for own, packet in pairs)


def one_side(talk: Talk, case: Case, zone: tzinfo) -> Verdict | None:
    """Only one interface logged any of it."""
    if len(talk.interfaces) != 1:
        return None
    name = interfaces_of(talk.rows)
    end = _end_of(talk)
    other = {"client": talk.server, "server": talk.client}.get(end, "")
    if not other:
        return Verdict(
            "one-side",
            Certainty.OPEN,
            f"Only {name} logged this, and at which end it stands is not told: flow_direction is "
            "not in these records.",
            quotes(talk.rows, zone),
        )
    if is_private(other) is False:
        return Verdict(
            "one-side",
            Certainty.SAID,
            f"Only {name} logged this, on the side of the {end}. {other} is a public address: "
            "what happens beyond is in no flow log of this source.",
            quotes(talk.rows, zone),
        )
    return Verdict(
        "one-side",
        Certainty.OPEN,
        f"Only {name} logged this, on the side of the {end}. {other} is private: its interface "
        "has no flow log, or its log is in another table or account, or it was never reached.",
        quotes(talk.rows, zone),
        "What the other interface decided cannot be told from here.",
    )


def _end_of(talk: Talk) -> str:
    """`client` or `server`; empty where flow_direction does not tell, or tells both."""
    leaving = {("egress", True): "client", ("ingress", False): "client"}
    ends = {
        leaving.get((row.flow_direction, row.is_request), "server") if row.flow_direction else ""
        for row in talk.rows
    }
    return ends.pop() if len(ends) == 1 else ""


RULES: Final[tuple[Rule, ...]] = (refused, no_answer, let_through, in_between, one_side)
"""In the order in which they are told."""
