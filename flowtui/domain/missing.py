"""Rules about the evidence itself: what is not in it, and how exact it can be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta, tzinfo
from typing import Final

from flowtui.domain.evidence import Case, clock_span
from flowtui.domain.verdicts import Verdict

_WINDOW_S: Final = 60
"""Windows of the shorter aggregation interval. See "Flow logs basics", VPC User Guide."""
_DELIVERY: Final = timedelta(minutes=20)
_WANTED: Final = {
    "interface_id": "which interface decided",
    "flow_direction": "at which end an interface stands, so whether rules are inbound or outbound",
    "tcp_flags": "who began, and whether a REJECT is the rest of an old connection",
    "pkt_srcaddr": "addresses behind NAT gateways, load balancers and second addresses",
    "reject_reason": "rejections by Block Public Access and encryption controls",
}
"""Fields, and what cannot be told without them."""


def nothing_found(case: Case, zone: tzinfo) -> Verdict | None:
    """There is no record of the pair at all."""
    if case.talks:
        return None
    ports = f" and port {case.ports}" if case.ports else ""
    return Verdict(
        "nothing-found",
        None,
        f"No record of {case.a} and {case.b}{ports}, in either direction, in the time looked at: "
        "nothing was sent, neither interface has a flow log here, or the packets never reached an "
        "interface that has one.",
        next="Look at a wider time; leave out the port; check with o Log health.",
    )


def cut(case: Case, zone: tzinfo) -> Verdict | None:
    """There was more than was taken in."""
    if not case.is_cut:
        return None
    return Verdict(
        "cut",
        None,
        "There is more than is shown: these are the rows with the most records, and what is said "
        "of the others is nothing.",
        next="Name a port, or a shorter time.",
    )


def lost_records(case: Case, zone: tzinfo) -> Verdict | None:
    """Records of the time were lost: what is missing may have been there."""
    if not case.knows_loss:
        return Verdict(
            "lost-records",
            None,
            "Whether records were lost in this time (SKIPDATA) is not known: only records held "
            "here were looked at.",
        )
    if not case.lost:
        return None
    ours = {name for talk in case.talks for name in talk.interfaces}
    hit = [one for one in case.lost if one.interface_id in ours]
    windows = sum(one.windows for one in case.lost)
    first, last = min(one.first for one in case.lost), max(one.last for one in case.lost)
    span = clock_span(first, last, zone)
    if hit:
        names = ", ".join(str(one.interface_id) for one in hit)
        told = f"of {names}, which is among these: evidence may be missing, and counts are floors"
    else:
        told = "of interfaces that are not among these; were one of them meant, it would not show"
    plural = "window was" if windows == 1 else "windows were"
    return Verdict(
        "lost-records",
        None,
        f"{windows} {plural} lost (SKIPDATA) {span}, {told}.",
    )


def missing_fields(case: Case, zone: tzinfo) -> Verdict | None:
    """The flow log leaves out fields that would tell more."""
    absent = [name for name in _WANTED if name not in case.fields]
    if not absent:
        return None
    told = "; ".join(f"{name}: {_WANTED[name]}" for name in absent)
    return Verdict(
        "missing-fields",
        None,
        f"Not in these logs, and so not told: {told}.",
        next="A flow log cannot be changed: make another whose format names them.",
    )


def exactness(case: Case, zone: tzinfo) -> Verdict | None:
    """How exact the times are."""
    if not case.talks:
        return None
    longest = max(row.longest_s for talk in case.talks for row in talk.rows)
    window = "10 minutes" if longest > _WINDOW_S else "1 minute"
    return Verdict(
        "exactness",
        None,
        f"Times are as exact as the windows: records here span up to {longest} s (an aggregation "
        f"interval of {window}), and starts and ends may be a minute off. Two events within one "
        "window cannot be put in order.",
    )


def on_its_way(case: Case, zone: tzinfo) -> Verdict | None:
    """Records of the last minutes may not have been delivered."""
    until = case.time.until if case.time else None
    if case.asked is None or until is None or until <= case.asked - _DELIVERY:
        return None
    return Verdict(
        "on-its-way",
        None,
        "Records come ten to twenty minutes after their traffic: those of the last minutes may be "
        "missing still.",
        next="Ask again in a while.",
    )


CaseRule = Callable[[Case, tzinfo], Verdict | None]
RULES: Final[tuple[CaseRule, ...]] = (
    nothing_found,
    cut,
    lost_records,
    on_its_way,
    missing_fields,
    exactness,
)
"""In the order in which they are told."""
