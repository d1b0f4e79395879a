"""What a scripted engine answers to "why rejected" and "count once"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from flowtui.domain.executions import Column, Row, Statement
from tests.scripted import Answer
from tests.ui.harness import usual

T0: Final = int(datetime(2026, 11, 23, tzinfo=UTC).timestamp())
_ENDS: Final = ("203.0.113.9", "10.0.1.20")
_INTERFACES: Final = (
    ("eni-0a1b2c3d4e5f60718", "ingress", "egress"),
    ("eni-0918f7e6d5c4b3a29", "egress", "ingress"),
)
"""Id, and the ways of requests and responses there: of the server and of the client."""
_CUT: Final = 12
"""Hour from which requests are rejected."""


def judged(statement: Statement) -> Answer:
    """Evidence of a pair cut off at noon, and what is logged twice; else as usual."""
    if "once_why" in statement.sql:
        rows = (
            ("copy", 1204, 9000, 700_000, T0, T0),
            ("kept", 202_941, 8_000_000, 5 * 10**9, T0, T0),
            ("seen", 111_174, 5_356_987, 3 * 10**9, T0, T0),
        )
        return Answer((Column("once_why", "varchar"),) * 6, rows)
    if "closed_before" in statement.sql:
        return Answer((Column("status", "varchar"),) * 29, tuple(_evidence()))
    return usual(statement)


def _evidence() -> Iterator[Row]:
    """Two interfaces, a row an hour: let in until noon, then rejected at the server's."""
    for hour in range(24):
        slot = T0 + hour * 3600
        sums = (60, 180, 10_800, slot + 5, slot + 3571, 26, 40_000, 40_059)
        for name, way, back in _INTERFACES:
            is_cut = int(hour >= _CUT)
            action = "REJECT" if is_cut and way == "ingress" else "ACCEPT"
            asked = (22, 6, 1, action, way, None, slot, 1, 0, 0, 1 - is_cut, is_cut, 0)
            yield "OK", name, *_ENDS, *_ENDS, *asked, None, "i-1", *sums
            if not is_cut:
                answered = (22, 6, 0, "ACCEPT", back, None, slot, 1, 0, 0, 1, 0, 0)
                yield "OK", name, *_ENDS[::-1], *_ENDS[::-1], *answered, None, "i-1", *sums
