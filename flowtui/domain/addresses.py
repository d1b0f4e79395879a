"""Addresses and networks, IPv4 and IPv6, as filters compare them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

Network = IPv4Network | IPv6Network

_LONGEST: Final = 49
"""Letters of an IPv6 address that ends as an IPv4 one, with its prefix."""

PRIVATE_NETWORKS: Final[tuple[Network, ...]] = (
    IPv4Network("0.0.0.0/8"),
    IPv4Network("10.0.0.0/8"),
    IPv4Network("100.64.0.0/10"),
    IPv4Network("127.0.0.0/8"),
    IPv4Network("169.254.0.0/16"),
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv6Network("::/127"),
    IPv6Network("fc00::/7"),
    IPv6Network("fe80::/10"),
)
"""What the internet does not route: RFC 1918, 6598, 3927, 4193, link-local, loopback, this host."""


def parse_network(text: str) -> Network:
    """The network of a CIDR, its host bits cleared, or of one address.

    Raises:
        ValueError: It is neither; the message says what is wrong, without the text.
    """
    address, slash, prefix = text.partition("/")
    if "%" in text:
        raise ValueError("zone ids are not recorded in flow logs")
    # ipaddress also reads netmasks after the slash, which nobody can tell from hostmasks.
    if slash and not (prefix.isascii() and prefix.isdigit()):
        raise ValueError("after / comes the number of network bits")
    try:
        bits = ip_address(address).max_prefixlen
    except ValueError:
        raise ValueError("not an IPv4 or IPv6 address") from None
    if slash and (len(prefix) > 3 or int(prefix) > bits):
        raise ValueError(f"a network has at most {bits} bits")
    return ip_network(text, strict=False)


def networks_in(values: Iterable[object]) -> Iterator[Network]:
    """What of some values is the text of an address or a network, in order."""
    for value in values:
        # Most texts that are none are told apart without the cost of an exception.
        if not isinstance(value, str) or len(value) > _LONGEST:
            continue
        if value[:1].isalnum() or value.startswith("::"):
            with suppress(ValueError):
                yield parse_network(value)


def network_text(network: Network) -> str:
    """`10.0.0.0/8`; a network of one address without its slash."""
    return str(network[0]) if network.num_addresses == 1 else str(network)


def is_private(text: str) -> bool | None:
    """True for an address that the internet does not route; None for what is no address."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return any(address in net for net in PRIVATE_NETWORKS if net.version == address.version)
