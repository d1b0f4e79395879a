"""What happens in the demo, to the minute: the generator plays it, and tests hold queries to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from flowtui.demo.network import (
    APP,
    BASTION,
    DATABASE,
    DNS,
    IDLE,
    LOAD_BALANCERS,
    MONITOR,
    NAT,
    NODES,
    PARTNER,
    PODS,
    PUBLIC,
    REPORTS,
    WEB,
    End,
)
from flowtui.domain.times import TimeRange

DAY: Final = int(datetime(2026, 11, 23, tzinfo=UTC).timestamp())
"""First second of the day; unix time."""
MINUTES: Final = 24 * 60


def at(clock: str) -> int:
    """Unix time of a time of that day, `HH:MM`."""
    hours, minutes = clock.split(":")
    return DAY + int(hours) * 3600 + int(minutes) * 60


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open, whole minutes, unix time."""

    since: int
    until: int

    @property
    def minutes(self) -> int:
        """Length."""
        return (self.until - self.since) // 60

    def __contains__(self, instant: int) -> bool:
        return self.since <= instant < self.until


SCANNER: Final = End("198.51.100.23")
SCAN: Final = Span(at("01:10"), at("01:26"))
PORTS_A_MINUTE: Final = 64

BRUTE: Final = End("203.0.113.66")
BRUTE_REFUSED: Final = Span(at("01:40"), at("02:12"))
REFUSED_A_MINUTE: Final = 12
BRUTE_TRIES: Final = Span(at("02:12"), at("02:41"))
TRIES_A_MINUTE: Final = 8
BRUTE_SESSION: Final = Span(at("02:41"), at("05:45"))

LATERAL: Final = Span(at("02:50"), at("03:04"))
LATERAL_PORTS: Final = (22, 3389)
LATERAL_REACHED: Final = APP
LATERAL_REFUSED: Final = (*NODES, REPORTS, DATABASE, DNS, MONITOR)
FOOTHOLD: Final = APP[2]
FOOTHOLD_SESSION: Final = Span(at("03:02"), at("05:40"))

DROP: Final = End("192.0.2.200")
EXFIL: Final = Span(at("03:05"), at("05:35"))
EXFIL_BYTES_A_MINUTE: Final = 6_200_000

SWEEPER: Final = End("192.0.2.77")
SWEEP: Final = Span(at("06:12"), at("06:16"))
SWEEP_PORT: Final = 3389

SKIP: Final = Span(at("10:20"), at("10:25"))
CUT_OFF: Final = Span(at("14:05"), at("24:00"))
ACL: Final = Span(at("16:20"), at("17:50"))
ACL_CLIENTS: Final = APP[:2]
PARTNER_PORT: Final = 8443
RESOLVER: Final = End("192.0.2.53")
RESOLVER_CLIENT: Final = NODES[1]
RESOLVER_EVERY_S: Final = 600


@dataclass(frozen=True, slots=True)
class DemoTruth:
    """What the demo's logs hold, known from the script and by no query; times in unix seconds."""

    time: TimeRange
    records: int
    """Lines, those of NODATA and SKIPDATA among them."""
    scanner: str
    scan_target: str
    scan_ports: int
    """Ports tried, each once and in vain: as many records."""
    scan: Span
    sweeper: str
    sweep_port: int
    sweep_targets: tuple[str, ...]
    sweep: Span
    brute_source: str
    brute_target: str
    brute_rejected: int
    """Records of the time in which the security group still held."""
    brute_openers: int
    """Connections let in: the tries that followed, and the session at the end."""
    brute_let_in: int
    brute_session: Span
    lateral_source: str
    lateral_reached: tuple[str, ...]
    lateral_refused: tuple[str, ...]
    lateral: Span
    exfil_source: str
    exfil_gateway: str
    """The NAT gateway, which logs the same bytes once more as its own."""
    exfil_destination: str
    exfil_bytes: int
    exfil: Span
    database_client: str
    database: str
    cut_off: int
    cut_off_rejects: int
    acl_interface: str
    acl_server: str
    acl_port: int
    acl_clients: tuple[str, ...]
    acl: Span
    acl_rejects: int
    """Responses rejected, one record a minute and client."""
    skip_interface: str
    skip: Span
    skip_records: int
    idle_interfaces: tuple[str, ...]
    idle_records: int
    resolver: str
    resolver_client: str
    resolver_records: int
    """Questions as the client's own interface logs them."""
    pods: tuple[str, ...]
    nodes: tuple[str, ...]
    dns: str
    load_balancers: tuple[str, ...]
    web: tuple[str, ...]


RECORDS: Final = 318_441
"""Counted once; a test counts again."""


def demo_truth() -> DemoTruth:
    """The facts of the story, for tests and for whoever wants to check an answer."""
    return DemoTruth(
        time=TimeRange(
            datetime.fromtimestamp(DAY, UTC), datetime.fromtimestamp(DAY + MINUTES * 60, UTC)
        ),
        records=RECORDS,
        scanner=SCANNER.address,
        scan_target=BASTION.address,
        scan_ports=SCAN.minutes * PORTS_A_MINUTE,
        scan=SCAN,
        sweeper=SWEEPER.address,
        sweep_port=SWEEP_PORT,
        sweep_targets=_addresses(PUBLIC),
        sweep=SWEEP,
        brute_source=BRUTE.address,
        brute_target=BASTION.address,
        brute_rejected=BRUTE_REFUSED.minutes * REFUSED_A_MINUTE,
        brute_openers=BRUTE_TRIES.minutes * TRIES_A_MINUTE + 1,
        brute_let_in=BRUTE_TRIES.since,
        brute_session=BRUTE_SESSION,
        lateral_source=BASTION.address,
        lateral_reached=_addresses(LATERAL_REACHED),
        lateral_refused=_addresses(LATERAL_REFUSED),
        lateral=LATERAL,
        exfil_source=FOOTHOLD.address,
        exfil_gateway=NAT.address,
        exfil_destination=DROP.address,
        exfil_bytes=EXFIL.minutes * EXFIL_BYTES_A_MINUTE,
        exfil=EXFIL,
        database_client=REPORTS.address,
        database=DATABASE.address,
        cut_off=CUT_OFF.since,
        cut_off_rejects=CUT_OFF.minutes,
        acl_interface=_id(PARTNER),
        acl_server=PARTNER.address,
        acl_port=PARTNER_PORT,
        acl_clients=_addresses(ACL_CLIENTS),
        acl=ACL,
        acl_rejects=ACL.minutes * len(ACL_CLIENTS),
        skip_interface=_id(LOAD_BALANCERS[0]),
        skip=SKIP,
        skip_records=SKIP.minutes,
        idle_interfaces=tuple(map(_id, IDLE)),
        idle_records=MINUTES * len(IDLE),
        resolver=RESOLVER.address,
        resolver_client=RESOLVER_CLIENT.address,
        resolver_records=MINUTES * 60 // RESOLVER_EVERY_S,
        pods=_addresses(PODS),
        nodes=_addresses(NODES),
        dns=DNS.address,
        load_balancers=_addresses(LOAD_BALANCERS),
        web=_addresses(WEB),
    )


def _addresses(ends: tuple[End, ...]) -> tuple[str, ...]:
    return tuple(end.address for end in ends)


def _id(end: End) -> str:
    assert end.interface is not None
    return end.interface.id
