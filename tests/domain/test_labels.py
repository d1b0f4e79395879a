"""Names of networks and ranges: the narrowest wins, and some are known without any file."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.addresses import Network, is_private
from flowtui.domain.networknames import NetworkNames
from flowtui.domain.ranges import odd_range_name, range_name


@pytest.mark.parametrize(
    ("address", "name", "odd"),
    [
        ("10.0.1.20", "private", ""),
        ("172.31.255.255", "private", ""),
        ("172.32.0.0", "", ""),
        ("100.64.0.1", "shared (CGNAT)", "shared (CGNAT)"),
        ("127.0.0.1", "loopback", "loopback"),
        ("169.254.1.1", "link-local", "link-local"),
        ("169.254.169.254", "instance metadata", "instance metadata"),
        ("224.0.0.251", "multicast", "multicast"),
        ("255.255.255.255", "broadcast", "broadcast"),
        ("203.0.113.9", "documentation", ""),
        ("8.8.8.8", "", ""),
        ("fd00:ec2::253", "VPC resolver", "VPC resolver"),
        ("fd12::1", "unique local", ""),
        ("FE80::1", "link-local", "link-local"),
        ("ff02::1", "multicast", "multicast"),
        ("2001:db8::1", "documentation", ""),
        ("2600::1", "", ""),
        ("-", "", ""),
        ("no address", "", ""),
    ],
)
def test_ranges_are_named_without_any_file(address: str, name: str, odd: str) -> None:
    """What a range is for; beside a value only where one does not expect it there."""
    assert (range_name(address), odd_range_name(address)) == (name, odd)


@given(st.ip_addresses().map(str))
def test_what_is_private_has_a_name(address: str) -> None:
    """No address that the internet does not route goes without one."""
    if is_private(address):
        assert range_name(address)


def _network(number: int, version: int, length: int) -> Network:
    bits = 32 if version == 4 else 128
    kind = IPv4Network if version == 4 else IPv6Network
    length = min(length, bits)
    return kind((number % (1 << bits) >> (bits - length) << (bits - length), length))


_NETWORKS = st.builds(
    _network, st.integers(0, 2**128 - 1), st.sampled_from([4, 6]), st.integers(0, 128)
)


@given(st.lists(_NETWORKS, max_size=12), st.ip_addresses())
def test_the_narrowest_network_wins(networks: list[Network], address: object) -> None:
    """As one finds it by looking at each network in turn."""
    names = NetworkNames((network, str(network)) for network in networks)
    around = [n for n in networks if ip_address(str(address)) in n]
    expected = str(max(around, key=lambda n: n.prefixlen)) if around else ""
    assert names.get(str(address)) == expected
    assert len(names) == len(set(networks))


def test_a_later_name_wins() -> None:
    """The same network named twice goes by its last name."""
    network = ip_network("10.0.0.0/8")
    assert NetworkNames([(network, "old"), (network, "new")]).get("10.1.2.3") == "new"
