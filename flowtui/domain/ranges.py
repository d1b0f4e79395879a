"""What a range of addresses is for, known without any file.

Source: IANA special-purpose address registries (RFC 6890 and its updates); the addresses of AWS's
own services inside a VPC: "Instance metadata", "Amazon Time Sync", "DNS attributes", User Guides.
"""

from __future__ import annotations

from typing import Final

from flowtui.domain.addresses import parse_network
from flowtui.domain.networknames import NetworkNames

_RANGES: Final = {
    "0.0.0.0/8": "this network", "10.0.0.0/8": "private", "172.16.0.0/12": "private",
    "192.168.0.0/16": "private", "100.64.0.0/10": "shared (CGNAT)", "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link-local", "192.0.0.0/24": "protocol assignments",
    "192.0.2.0/24": "documentation", "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation", "198.18.0.0/15": "benchmarking",
    "192.88.99.0/24": "6to4 relay", "224.0.0.0/4": "multicast", "240.0.0.0/4": "reserved",
    "255.255.255.255": "broadcast",
    "::": "unspecified", "::1": "loopback", "::ffff:0:0/96": "IPv4-mapped",
    "64:ff9b::/96": "NAT64", "64:ff9b:1::/48": "NAT64", "100::/64": "discard",
    "2001:db8::/32": "documentation", "3fff::/20": "documentation", "2001:2::/48": "benchmarking",
    "2002::/16": "6to4", "fc00::/7": "unique local", "fe80::/10": "link-local",
    "ff00::/8": "multicast",
    "169.254.169.254": "instance metadata", "169.254.169.253": "VPC resolver",
    "169.254.169.123": "Amazon time sync", "169.254.169.250": "Windows activation",
    "169.254.169.251": "Windows activation", "169.254.170.2": "ECS task metadata",
    "169.254.170.23": "EKS Pod Identity", "fd00:ec2::254": "instance metadata",
    "fd00:ec2::253": "VPC resolver", "fd00:ec2::123": "Amazon time sync",
    "fd00:ec2::23": "EKS Pod Identity",
}  # fmt: skip

_NAMES: Final = NetworkNames((parse_network(text), name) for text, name in _RANGES.items())
_USUAL: Final = frozenset({"private", "unique local", "documentation", ""})


def range_name(address: str) -> str:
    """`private`, `loopback`, `shared (CGNAT)`, `instance metadata` …; empty: the public internet.

    Empty too for what is no address.
    """
    return _NAMES.get(address)


def odd_range_name(address: str) -> str:
    """The name of a range that one does not expect in a flow log; empty for private and public."""
    name = range_name(address)
    return "" if name in _USUAL else name
