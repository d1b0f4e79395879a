"""What a network interface or an address is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class InterfaceName:
    """What an interface id or an address belonged to, and when that was seen."""

    key: str
    """Interface id, or IPv4 or IPv6 address."""
    interface_id: str
    name: str
    """`web-1`, `ALB front`, `NAT nat-0a…`."""
    kind: str
    """`instance`, `load balancer`, `NAT gateway` …"""
    first_seen: datetime
    last_seen: datetime
