"""What makes a saved query a detection: how bad its rows are, and how to read and follow them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Final

from flowtui.domain.executions import Cell, Column
from flowtui.domain.fields import Kind
from flowtui.domain.ports import service_name
from flowtui.domain.values import format_instant, format_size


class Severity(Enum):
    """How much a row of a detection should worry; the value is the word in the file."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for info to 4 for critical."""
        return tuple(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Detection:
    """The `[detection]` table of a query's file."""

    severity: Severity
    evidence: str
    """A sentence with `{column}`, `{:parameter}`, and `{span}` from first_seen to last_seen."""
    who: tuple[str, ...]
    """The columns that tell whom a row is about."""
    strength: str = ""
    """The column by which rows rank: the more, the stronger."""
    threshold: str = ""
    """The parameter that `strength` has to pass; strengths are told as multiples of it."""
    true_positive: str = ""
    """What it looks like when it is an attack."""
    false_positive: str = ""
    """What it looks like when it is none."""
    next: str = ""
    """Name of the query to ask next."""
    next_words: str = ""
    """What to do next."""
    arguments: tuple[tuple[str, str], ...] = ()
    """Parameter to value, where a hunt asks otherwise than the default."""


TECHNIQUES: Final[Mapping[str, str]] = {
    "T1018": "Remote System Discovery",
    "T1021": "Remote Services",
    "T1021.001": "Remote Desktop Protocol",
    "T1021.002": "SMB/Windows Admin Shares",
    "T1021.004": "SSH",
    "T1029": "Scheduled Transfer",
    "T1030": "Data Transfer Size Limits",
    "T1041": "Exfiltration Over C2 Channel",
    "T1046": "Network Service Discovery",
    "T1048": "Exfiltration Over Alternative Protocol",
    "T1071": "Application Layer Protocol",
    "T1071.001": "Web Protocols",
    "T1071.004": "DNS",
    "T1078": "Valid Accounts",
    "T1090": "Proxy",
    "T1095": "Non-Application Layer Protocol",
    "T1105": "Ingress Tool Transfer",
    "T1110": "Brute Force",
    "T1110.001": "Password Guessing",
    "T1133": "External Remote Services",
    "T1190": "Exploit Public-Facing Application",
    "T1498": "Network Denial of Service",
    "T1498.001": "Direct Network Flood",
    "T1498.002": "Reflection Amplification",
    "T1499.001": "OS Exhaustion Flood",
    "T1562.007": "Disable or Modify Cloud Firewall",
    "T1567": "Exfiltration Over Web Service",
    "T1571": "Non-Standard Port",
    "T1572": "Protocol Tunneling",
    "T1595": "Active Scanning",
    "T1595.001": "Scanning IP Blocks",
}
"""MITRE ATT&CK techniques that flow logs can show something of."""
_TECHNIQUE: Final = re.compile(r"T\d{4}(?:\.\d{3})?(?: \S.*)?")
_HOLE: Final = re.compile(r"\{(:?[A-Za-z_][A-Za-z0-9_]*)\}")
SPAN: Final = "span"


def is_technique(text: str) -> bool:
    """True for `T1046`, `T1021.004`, and either with its name after it."""
    return _TECHNIQUE.fullmatch(text) is not None


def technique_text(technique: str) -> str:
    """`T1046 Network Service Discovery`, where the name is known or was given."""
    return f"{technique} {TECHNIQUES.get(technique, '')}".rstrip()


def meaning(detection: Detection | None) -> tuple[tuple[str, str], ...]:
    """How to read a detection's rows, as labels and sentences; empty where it says nothing."""
    if detection is None:
        return ()
    next = f"{detection.next_words} ({detection.next})" if detection.next else detection.next_words
    return (
        ("Severity: ", detection.severity.value),
        ("An attack looks like this: ", detection.true_positive),
        ("Everyday traffic looks like this: ", detection.false_positive),
        ("Next: ", next.strip()),
    )


def holes(evidence: str) -> tuple[str, ...]:
    """What stands in braces, in order: columns, and parameters with their colon."""
    return tuple(_HOLE.findall(evidence))


def evidence_text(
    evidence: str, cells: Mapping[str, tuple[Column, Cell]], parameters: Mapping[str, str]
) -> str:
    """The sentence of a row: `1,024 ports of 10.20.0.22 in 16 min`; `?` for what is not there."""

    def filled(match: re.Match[str]) -> str:
        name = match[1]
        if name.startswith(":"):
            return parameters.get(name[1:], "?")
        if name in cells:
            return cell_words(*cells[name])
        return _span(cells) if name == SPAN else "?"

    return _HOLE.sub(filled, evidence)


def cell_words(column: Column, cell: Cell) -> str:
    """A value in a sentence: thousands apart, bytes human, ports with their service."""
    if cell is None:
        return "?"
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return str(cell)
    if column.kind is Kind.BYTES:
        return format_size(int(cell))
    if column.kind is Kind.TIME:
        return _instant_words(int(cell))
    if column.kind is Kind.PORT:
        name = service_name(int(cell))
        return f"{cell} ({name})" if name else str(cell)
    return f"{cell:,}"


def _instant_words(seconds: int) -> str:
    try:
        return format_instant(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):  # a year that no calendar has
        return str(seconds)


def _span(cells: Mapping[str, tuple[Column, Cell]]) -> str:
    ends = [cells[name][1] for name in ("first_seen", "last_seen") if name in cells]
    first, last = ends if len(ends) == 2 else (None, None)
    if not isinstance(first, int) or not isinstance(last, int) or last < first:
        return "an unknown time"
    return duration_words(last - first)


def duration_words(seconds: int) -> str:
    """`40 s`, `16 min`, `3.1 h`, `2.5 d`: rounded, for a sentence."""
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 2 * 3600:
        return f"{round(seconds / 60)} min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86400:.1f} d"
