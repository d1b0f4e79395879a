"""Evidence made by hand, for rules to judge."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from flowtui.domain.evidence import Case, Evidence, Lost, Talk
from flowtui.domain.judging import judge, judge_evidence
from flowtui.domain.times import TimeRange
from flowtui.domain.verdicts import Verdict

T0: Final = int(datetime(2026, 11, 24, 10, tzinfo=UTC).timestamp())
CLIENT, SERVER, OUTSIDE = "10.0.0.1", "10.0.1.2", "203.0.113.9"
FIELDS: Final = frozenset(
    {"interface_id", "flow_direction", "tcp_flags", "pkt_srcaddr", "reject_reason", "log_status"}
)


def row(**others: Any) -> Evidence:
    """A request that the server's interface lets in, with SYN, answered."""
    is_request = others.get("is_request", True)
    ends = (CLIENT, SERVER) if is_request else (SERVER, CLIENT)
    made: dict[str, Any] = {
        "interface_id": "eni-server", "srcaddr": ends[0], "dstaddr": ends[1],
        "service": 443, "protocol": 6, "is_request": is_request, "action": "ACCEPT",
        "flow_direction": "ingress" if is_request else "egress", "reject_reason": None,
        "slot": T0, "has_syn": True, "has_reset": False, "late": 0, "is_answered": True,
        "is_rejected": False, "is_refused": False, "interface_type": None, "instance_id": "i-1",
        "records": 3, "packets": 9, "bytes": 900, "first": T0 + 5, "last": T0 + 55,
        "longest_s": 50, "client_ports": (40000, 40009), **others,
    }  # fmt: skip
    made.setdefault("source", made["srcaddr"])
    made.setdefault("target", made["dstaddr"])
    return Evidence(**made)


def request(**others: Any) -> Evidence:
    """From the client."""
    return row(is_request=True, **others)


def response(**others: Any) -> Evidence:
    """From the server."""
    return row(is_request=False, **others)


def at_client(one: Evidence) -> Evidence:
    """The same, as the client's interface logs it."""
    from dataclasses import replace

    way = "egress" if one.is_request else "ingress"
    return replace(one, interface_id="eni-client", flow_direction=way)


def talk(*rows: Evidence, client: str = CLIENT, server: str = SERVER) -> Talk:
    """What was said."""
    protocol = rows[0].protocol if rows else 6
    return Talk(client, server, 443, protocol, rows)


def case(*talks: Talk, **others: Any) -> Case:
    """Over the hour from `T0`, with every field."""
    made: dict[str, Any] = {
        "a": CLIENT, "b": SERVER, "ports": "443", "width_s": 60, "fields": FIELDS,
        "time": TimeRange(
            datetime.fromtimestamp(T0, UTC), datetime.fromtimestamp(T0 + 3600, UTC)
        ),
        **others,
    }  # fmt: skip
    return Case(talks=talks, **made)


def verdicts(
    *rows: Evidence, lost: tuple[Lost, ...] = (), client: str = CLIENT, server: str = SERVER
) -> dict[str, Verdict]:
    """What the rules say of these rows, by code."""
    said = talk(*rows, client=client, server=server)
    return {verdict.code: verdict for verdict in judge(said, case(said, lost=lost))}


def remarks(*talks: Talk, **others: Any) -> dict[str, Verdict]:
    """What is said of the evidence, by code."""
    return {verdict.code: verdict for verdict in judge_evidence(case(*talks, **others))}
