"""Saved queries: SQL over the logical table `flows`, with parameters and drill-down keys."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from flowtui.domain.detections import Detection
from flowtui.domain.filters import Value

TYPED: Final = "user"
"""`SavedQuery.source` of SQL that a person typed: Athena checks it before it runs."""


class ParameterType(Enum):
    """What may be typed for a parameter; the value is the word in the file."""

    COUNT = "count"
    """A whole number, 0 or more."""
    PORT = "port"
    """A port, 0-65535."""
    PORTS = "ports"
    """A list of ports, ranges and sets, as in a filter: `22,3389`, `@admin`."""
    ADDRESS = "address"
    CIDR = "cidr"
    """A network; a single address is a network of one."""
    CIDRS = "cidrs"
    """A list of networks."""
    DURATION = "duration"
    """`90s`, `15m`, `2h`, `7d`; reaches SQL as whole seconds."""
    BYTES = "bytes"
    """`500MB`, `1GiB` or a number; reaches SQL as bytes."""
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a saved query asks for, written `:name` in its SQL."""

    name: str
    type: ParameterType
    default: str
    """As it would be typed; empty: must be asked."""
    help: str = ""


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A `.sql` file of ours or the user's.

    Ours and the user's share one shape, so everything in the program that runs is one of these,
    edited SQL too.
    """

    slug: str
    """File name without `.sql`; unique in a library."""
    title: str
    sql: str
    """Athena SQL over `flows` or over a physical flow log table, without the leading comment."""
    description: str = ""
    group: str = "Mine"
    """Heading in the list."""
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    source: str = ""
    """Where the idea comes from, or `TYPED`."""
    trap: str = ""
    """The mistake in published versions that this one avoids."""
    technique: str = ""
    """MITRE ATT&CK technique, where there is one: its id, and after it a name of one's own."""
    detection: Detection | None = None
    """What its rows mean, where they are findings."""
    drill: tuple[tuple[str, str], ...] = ()
    """Result column to filter key (`peer` -> `ip`, `minute` -> `time:60`).

    Given where SQL alone cannot say.
    """
    is_records: bool = False
    """True for queries whose rows are records themselves, which Enter opens."""
    wants_health: bool = False
    """True for queries that must see NODATA and SKIPDATA rows."""
    against: str = ""
    """The window that its time is compared with, as `comparing.read_against` keeps it.

    Empty: none; the query is asked of its time alone.
    """
    named_id: str = ""
    """Athena's NamedQueryId, for named queries; empty for files."""

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name."""
        return next((p for p in self.parameters if p.name == name), None)


Argument = int | str | tuple[Value, ...]
"""A parameter's value once parsed."""
