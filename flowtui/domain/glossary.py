"""Words, fields and codes, and what flow logs do not record: what a reader of them must know.

Source: "Flow log records", "Flow log limitations" and "Flow logs basics", Amazon VPC User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from flowtui.domain.codes import (
    ENCRYPTION_STATUSES,
    LOG_STATUSES,
    PROTOCOLS,
    REJECT_REASONS,
    TRAFFIC_PATHS,
    flags_text,
)
from flowtui.domain.fields import FIELDS, Field
from flowtui.domain.ports import PORT_SETS


@dataclass(frozen=True, slots=True)
class Entry:
    """A term and what it means."""

    term: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """Terms that belong together."""

    title: str
    entries: tuple[Entry, ...]
    about: str = ""
    """A sentence that holds for all of them."""


WORDS: Final = Chapter(
    "Words",
    (
        Entry("record", "one line of a log: packets of a 5-tuple at an interface, in a window"),
        Entry("window", "the aggregation interval of a record: 60 s on Nitro, else up to 600 s"),
        Entry("5-tuple", "addresses, ports, protocol; the answer is another one, turned round"),
        Entry("opener", "a record with SYN and without SYN-ACK: its source began the connection"),
        Entry("ACCEPT", "security groups and network ACL let it through; not that it was answered"),
        Entry("REJECT", "one of them stopped it; which of them, a record does not say"),
        Entry("floor", "a total over time in which records were lost: at least so much"),
        Entry("count once", "of records that two interfaces wrote of the same traffic, one counts"),
        Entry("execution", "one run of a statement; Athena keeps it for 45 days under its id"),
        Entry("scanned", "bytes that Athena read, and bills: 10 MB at least for each execution"),
        Entry("partition", "a folder that a question leaves alone when its time does not touch it"),
        Entry("page", "the rows of a result that are fetched together"),
        Entry("trail", "the views on the way to this one; q goes back through them"),
    ),
)  # fmt: skip

NOT_RECORDED: Final = Chapter(
    "What flow logs do not record",
    (
        Entry("DNS of AWS", "queries to the VPC's own resolver (.2, 169.254.169.253); others show. "
              "Tunnels through it cannot be seen here: its query logs have them"),
        Entry("metadata service", "169.254.169.254: its abuse cannot be found here; CloudTrail "
              "shows what the stolen credentials did"),
        Entry("time sync", "169.254.169.123 (and fd00:ec2::123)"),
        Entry("DHCP, ARP", "and anything else below IP"),
        Entry("default router", "traffic to the reserved address of the VPC router"),
        Entry("Windows licences", "activation against the AWS licence server"),
        Entry("mirrored traffic", "at the source of a mirror session"),
        Entry("endpoint to NLB", "from a VPC endpoint's interface to a Network Load Balancer's"),
        Entry("packets", "no payload, no names, no URLs, no users: sums over a window"),
        Entry("ACK alone", "flags hold SYN, FIN, RST, SYN-ACK; the midst of a connection says 0"),
        Entry("order", "nothing says what came first in a window; times are up to a minute off"),
        Entry("who decided", "security group or network ACL: the log says REJECT for both"),
        Entry("ICMP type", "type and code are left out; both ports are 0"),
        Entry("behind NAT", "beyond a NAT gateway or load balancer the client is gone, unless the "
              "log has pkt_srcaddr, and there on the near side only"),
        Entry("other accounts", "a peered VPC of another account has its own logs, or none"),
        Entry("lost records", "SKIPDATA: AWS dropped them; NODATA: there was no traffic"),
        Entry("the newest", "records come 10 to 20 minutes late: an empty end proves nothing"),
        Entry("once", "between two logged interfaces everything is written twice; overlapping flow "
              "logs write it again"),
    ),
    "No record is no proof that nothing happened. What AWS leaves out, always:",
)  # fmt: skip


def fields_chapter() -> Chapter:
    """The fields of the log, in the order of the documentation."""
    return Chapter(
        "Fields",
        tuple(Entry(field.name, _told(field)) for field in FIELDS),
        "Each is a key of the filter line. v3: from record version 3 on, custom format only.",
    )


def _told(field: Field) -> str:
    since = f"v{field.version}: " if field.version > 2 else ""
    return f"{since}{field.help}"


def code_chapters() -> Iterator[Chapter]:
    """Numbers and short words, with what they mean."""
    yield Chapter("tcp_flags, a sum over the window", tuple(_flags()))
    yield _codes("protocol", PROTOCOLS)
    yield _codes("traffic_path, of egress only", TRAFFIC_PATHS)
    yield _codes("log_status", LOG_STATUSES)
    yield _codes("reject_reason", REJECT_REASONS)
    yield _codes("encryption_status", ENCRYPTION_STATUSES)
    yield Chapter(
        "Sets of ports",
        tuple(Entry(f"@{name}", " ".join(map(str, ports))) for name, ports in PORT_SETS.items()),
        "In a filter: dstport:@admin",
    )


def _codes(title: str, meanings: Mapping[int, str] | Mapping[str, str]) -> Chapter:
    return Chapter(title, tuple(Entry(str(code), text) for code, text in meanings.items()))


def _flags() -> Iterator[Entry]:
    words = {
        0: "neither SYN nor FIN nor RST in the window: the midst of a connection",
        1: "an end", 2: "an opening that nobody answered in this window",
        3: "an opening and an end: a short connection", 4: "a reset: refused, or broken off",
        6: "an opening and a reset", 18: "the answer to an opening: this side listens",
        19: "an answer to an opening, and an end: the server's side of a short connection",
        22: "an answer to an opening, and a reset",
    }  # fmt: skip
    for number, meaning in words.items():
        yield Entry(f"{number} {flags_text(number)}", meaning)
