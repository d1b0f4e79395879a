"""The demo's VPC: its interfaces, and the ends that talk.

Every outside address is from ranges that are reserved for documentation or benchmarks (RFC 5737,
RFC 2544, RFC 3849), so that none belongs to anybody.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

ACCOUNT: Final = "123456789010"
REGION: Final = "eu-west-1"


def resource_id(prefix: str, name: str) -> str:
    """An id as AWS writes them, the same for the same name in every run."""
    return f"{prefix}-0{hashlib.sha256(name.encode()).hexdigest()[:16]}"


VPC: Final = resource_id("vpc", "demo")
FLOW_LOG: Final = resource_id("fl", "demo")


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface that keeps a flow log; the constant parts of its lines."""

    id: str
    is_edge: bool
    """True in public subnets; decides which file its records go to."""
    before: str
    """Line up to the interface id."""
    middle: str
    """VPC, subnet and instance."""
    after: str
    """Region to sublocation."""


@dataclass(frozen=True, slots=True)
class End:
    """One end of a conversation."""

    address: str
    """As the packet holds it."""
    interface: Interface | None = None
    """None outside of the VPC."""
    primary: str = ""
    """What its own interface writes for it: the primary address; empty: the same."""
    service: str = "-"
    """AWS service that owns the address."""

    @property
    def own(self) -> str:
        """The address as its own interface logs it."""
        return self.primary or self.address


def _host(name: str, address: str, *, is_managed: bool = False, is_edge: bool = False) -> End:
    third = int(address.split(".")[2])
    subnet = resource_id("subnet", f"10.20.{third}.0/24")
    instance = "-" if is_managed else resource_id("i", name)
    interface = Interface(
        id=resource_id("eni", name),
        is_edge=is_edge,
        before=f"5 {ACCOUNT} {resource_id('eni', name)} ",
        middle=f"{VPC} {subnet} {instance} ",
        after=f" {REGION} euw1-az{1 + third % 2} - - ",
    )
    return End(address, interface)


def _second(end: End, address: str) -> End:
    return End(address, end.interface, end.address if "." in address else "")


LOAD_BALANCERS: Final = (
    _host("lb-a", "10.20.0.11", is_managed=True, is_edge=True),
    _host("lb-b", "10.20.1.11", is_managed=True, is_edge=True),
)
LOAD_BALANCERS_V6: Final = (
    _second(LOAD_BALANCERS[0], "2001:db8:20::11"),
    _second(LOAD_BALANCERS[1], "2001:db8:20:1::11"),
)
NAT: Final = _host("nat", "10.20.0.5", is_managed=True, is_edge=True)
BASTION: Final = _host("bastion", "10.20.0.22", is_edge=True)
WEB: Final = tuple(
    _host(f"web-{az}{n}", f"10.20.{az}.{30 + n}", is_edge=True)
    for az in (0, 1)
    for n in range(1, 5)
)
WEB_V6: Final = tuple(
    _second(end, f"2001:db8:20{':1' if '.1.' in end.address else ''}::{end.address.split('.')[3]}")
    for end in WEB
)
VPN: Final = _host("vpn", "10.20.1.40", is_edge=True)
MAIL: Final = _host("mail", "10.20.1.25", is_edge=True)
PUBLIC: Final = (*LOAD_BALANCERS, NAT, BASTION, *WEB, VPN, MAIL)
"""Everything that the internet can send packets to."""

APP: Final = tuple(
    _host(f"app-{az}{n}", f"10.20.{az}.{50 + n}") for az in (10, 11) for n in range(1, 3)
)
NODES: Final = (_host("node-1", "10.20.12.61"), _host("node-2", "10.20.12.62"))
PODS: Final = tuple(
    _second(node, f"10.20.12.{128 + 16 * i + n}") for i, node in enumerate(NODES) for n in range(4)
)
REPORTS: Final = _host("reports", "10.20.12.77")
DATABASE: Final = _host("db", "10.20.20.100", is_managed=True)
DNS: Final = _host("dns", "10.20.2.53")
MONITOR: Final = _host("monitor", "10.20.2.90")
PARTNER: Final = _host("partner-api", "10.20.30.80")
IDLE: Final = (
    _host("idle-1", "10.20.31.11", is_managed=True),
    _host("idle-2", "10.20.31.12", is_managed=True),
    _host("idle-3", "10.20.31.13"),
)
INSIDE: Final = (*APP, *NODES, REPORTS, DATABASE, DNS, MONITOR, PARTNER)
