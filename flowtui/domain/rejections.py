"""Rules about what was rejected: request, response, late packets, and what AWS names itself.

Both the security group (stateful) and the network ACL (stateless) decide. See "Flow log record
examples", VPC User Guide: an accepted request whose response is rejected points to the ACL.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import Final

from flowtui.domain.codes import REJECT_REASONS
from flowtui.domain.evidence import (
    AFTER_ACCEPT,
    AFTER_CLOSE,
    ICMP,
    NOT_LATE,
    PERHAPS_LATE,
    TCP,
    Case,
    Evidence,
    Talk,
    clock,
)
from flowtui.domain.verdicts import (
    Certainty,
    Verdict,
    counted,
    interfaces_of,
    quotes,
    ways_of,
)

_NEAR_S: Final = 60
"""Starts and ends may be a minute off. See "start", flow log records, VPC User Guide."""
_NO_REASON: Final = (None, "Accepted")
"""`Accepted` is undocumented, and stands in a sample of AWS's own."""
_ASK_RULES: Final = "AWS tells which rules match now (R, or --rules); they may have changed since."


def _rejected(rows: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """What was rejected for no stated reason, and not after the end of its conversation."""
    return tuple(
        row
        for row in rows
        if row.action == "REJECT" and row.reject_reason in _NO_REASON and row.late == NOT_LATE
    )


def _accepted(rows: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(row for row in rows if row.action == "ACCEPT")


def endpoint_block(talk: Talk, case: Case, zone: tzinfo) -> Verdict | None:
    """AWS itself names why: Block Public Access, or a VPC endpoint's encryption controls."""
    rows = [row for row in talk.rows if row.action == "REJECT"]
    rows = [row for row in rows if row.reject_reason not in _NO_REASON]
    if not rows:
        return None
    reasons = sorted({str(row.reject_reason) for row in rows})
    told = "; ".join(f"{r}: {REJECT_REASONS.get(r, 'not documented')}" for r in reasons)
    bytes_note = " Records of BPA carry no bytes." if "BPA" in reasons else ""
    return Verdict(
        "endpoint-block",
        Certainty.SAID,
        f"{counted(rows)} rejected for the reason that reject_reason names: {told}.{bytes_note}",
        quotes(rows, zone),
        "No security group or network ACL lets this through: the setting named is what to change.",
    )


def request_rejected(talk: Talk, case: Case, zone: tzinfo) -> Verdict | None:
    """A request was rejected: security group or network ACL, which cannot be told apart."""
    rows = _rejected(talk.requests)
    if not rows:
        return None
    where = _where(rows, _accepted(talk.requests))
    certainty, caveat = Certainty.SAID, ""
    if talk.protocol == TCP and not any(row.has_syn for row in rows):
        certainty = Certainty.LIKELY
        caveat = (
            " tcp_flags is not in these records: late packets of a connection from before would "
            "look the same."
            if all(row.has_syn is None for row in rows)
            else " None of these records has a SYN: it may be the rest of a connection that "
            "began before the time looked at."
        )
    return Verdict(
        "request-rejected",
        certainty,
        f"The request is rejected ({counted(rows)}) {where} Which of the two cannot be told "
        f"from flow logs.{caveat}",
        quotes(rows, zone),
        _ASK_RULES if certainty is Certainty.SAID else f"Look at an earlier time. {_ASK_RULES}",
    )


def _where(rows: Sequence[Evidence], accepted: Sequence[Evidence]) -> str:
    names = interfaces_of(rows)
    ways = ways_of(rows)
    if ways == {"ingress"}:
        return f"where it arrives, at {names}: by its security groups or its subnet's inbound ACL."
    if ways == {"egress"}:
        return f"where it leaves, at {names}: by its security groups or its subnet's outbound ACL."
    others = [row for row in accepted if row.interface_id not in {r.interface_id for r in rows}]
    unknown = "flow_direction does not tell at which end"
    if None in ways and others:
        return (
            f"at {names}: by its security groups or its subnet's ACL. {unknown}; since "
            f"{interfaces_of(others)} accepts requests of this kind, it is taken for the sender's "
            "and the other for the receiver's."
        )
    if None in ways:
        return f"at {names}: by its security groups or its subnet's ACL; {unknown}."
    return f"at {names}, leaving and arriving: by security groups or network ACLs."


def request_changed(talk: Talk, case: Case, zone: tzinfo) -> Verdict | None:
    """The same interface accepts such requests at one time and rejects them at another."""
    return _changed("request", talk.requests, zone)


def response_changed(talk: Talk, case: Case, zone: tzinfo) -> Verdict | None:
    """The same interface accepts such responses at one time and rejects them at another."""
    return _changed("response", talk.responses, zone)


def _changed(what: str, rows: Sequence[Evidence], zone: tzinfo) -> Verdict | None:
    rejected, accepted = _rejected(rows), _accepted(rows)
    shared = {r.interface_id for r in rejected} & {r.interface_id for r in accepted}
    no = [row for row in rejected if row.interface_id in shared]
    yes = [row for row in accepted if row.interface_id in shared]
    if not no or not yes:
        return None
    since, until = min(row.first for row in no), max(row.last for row in no)
    before = [row for row in yes if row.last <= since + _NEAR_S and row.first <= since]
    after = [row for row in yes if row.first >= until - _NEAR_S and row not in before]
    names = interfaces_of(no)
    mixed = [row for row in yes if row not in before and row not in after]
    if mixed:
        return Verdict(
            f"{what}-changed",
            Certainty.SAID,
            f"{names} both accepts ({counted(mixed)}) and rejects ({counted(no)}) such {what}s in "
            "the same time: no single change explains that, and no rule that looks at these "
            "addresses and this port alone.",
            quotes([*mixed, *no], zone),
            "Open both kinds of rows and compare ports and times.",
        )
    told = [f"rejects such {what}s from {clock(since, zone)} to {clock(until, zone)}"]
    if before:
        told.append(f"accepted them up to {clock(max(row.last for row in before), zone)} before")
    if after:
        told.append(f"accepts them from {clock(min(row.first for row in after), zone)} on")
    return Verdict(
        f"{what}-changed",
        Certainty.SAID,
        f"{names} {', '.join(told)}: something changed in between, in the rules or in what they "
        "are attached to.",
        quotes([*before, *no, *after], zone),
        "Look in CloudTrail for a change at that time: AuthorizeSecurityGroup…, "
        "RevokeSecurityGroup…, …NetworkAclEntry, ModifyNetworkInterfaceAttribute.",
    )


def response_rejected(talk: Talk, case: Case, zone: tzinfo) -> Verdict | None:
    """The request was accepted and its response rejected: a network ACL."""
    rows = _rejected(talk.responses)
    asked = [row for row in _accepted(talk.requests) if _is_near(row, rows)]
    if not rows or not asked:
        return None
    here = [row for row in asked if row.interface_id in {r.interface_id for r in rows}]
    ports = _client_ports(rows, talk)
    names = interfaces_of(rows)
    ways = ways_of(rows)
    if ways == {"egress"}:
        rules = "outbound rules"
    elif ways == {"ingress"}:
        rules = "inbound rules"
    else:
        rules = "rules (flow_direction does not tell whether inbound or outbound)"
    reason = (
        "Security groups are stateful and let the answer of what they accepted pass: it is the "
        f"network ACL of its subnet, in its {rules}{ports}."
    )
    certainty = Certainty.FOLLOWS if here else Certainty.LIKELY
    if not here:
        reason += f" The accepted request is seen at {interfaces_of(asked)} only."
    if talk.protocol == TCP and not any(row.has_syn for row in rows):
        certainty = Certainty.LIKELY
        reason += (
            " Or the connection had been idle so long that the security group no longer knew it: "
            "no SYN is seen in what was rejected."
        )
    return Verdict(
        "response-rejected",
        certainty,
        f"The request is accepted, its response rejected ({counted(rows)}) at {names}. {reason}",
        quotes([*(here or asked), *rows], zone),
        f"Let the ACL pass answers to the client's ports. {_ASK_RULES}",
    )


def response_alone(talk: Talk, case: Case, zone: tzinfo) -> Verdict | None:
    """A response was rejected, and its request is not in the records."""
    rows = _rejected(talk.responses)
    if not rows or any(_is_near(row, rows) for row in talk.requests):
        return None
    return Verdict(
        "response-alone",
        Certainty.OPEN,
        f"A response is rejected ({counted(rows)}) at {interfaces_of(rows)}, and no request is in "
        "the records of that time: it began before, took another way, or the flow log keeps "
        "REJECT only (its traffic type).",
        quotes(rows, zone),
        "Look at an earlier time; check the traffic type of the flow log.",
    )


def late_packets(talk: Talk, case: Case, zone: tzinfo) -> Verdict | None:
    """Packets that came after the end of an accepted connection were rejected: noise."""
    rows = [row for row in talk.rows if row.action == "REJECT" and row.late != NOT_LATE]
    if not rows:
        return None
    closed = [row for row in rows if row.late == AFTER_CLOSE]
    after = [row for row in rows if row.late == AFTER_ACCEPT]
    unknown = [row for row in rows if row.late == PERHAPS_LATE]
    parts = []
    if closed:
        parts.append(f"{counted(closed)} came after FIN or RST")
    if after:
        parts.append(
            f"{counted(after)} came after the last accepted record, of which no FIN or RST is "
            "seen: an idle time-out, or rules that changed under a connection"
        )
    if unknown:
        parts.append(
            f"{counted(unknown)} came after the last accepted record; whether with a SYN cannot "
            "be told, for tcp_flags is not in these records"
        )
    certainty = Certainty.LIKELY if closed and not after and not unknown else Certainty.OPEN
    return Verdict(
        "late-packets",
        certainty,
        f"Rejected without SYN, after the same connection was accepted: {'; '.join(parts)}. "
        "Packets after the end of a connection are rejected as a matter of course.",
        quotes(rows, zone),
        "" if certainty is Certainty.LIKELY else "Compare with the accepted records of that port.",
    )


def _is_near(row: Evidence, rows: Sequence[Evidence]) -> bool:
    return any(
        row.first <= other.last + _NEAR_S and row.last >= other.first - _NEAR_S for other in rows
    )


def _client_ports(rows: Sequence[Evidence], talk: Talk) -> str:
    if talk.protocol in ICMP:
        return ""
    low = min(row.client_ports[0] for row in rows)
    high = max(row.client_ports[1] for row in rows)
    return f", for port {low}" if low == high else f", for ports {low} to {high}"


Rule = Callable[[Talk, Case, tzinfo], Verdict | None]
RULES: Final[tuple[Rule, ...]] = (
    endpoint_block,
    request_rejected,
    request_changed,
    response_rejected,
    response_changed,
    response_alone,
    late_packets,
)
"""In the order in which they are told."""
