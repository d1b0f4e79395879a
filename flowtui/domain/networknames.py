"""Names of networks, looked up by address: the narrowest network that holds it wins."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address

from flowtui.domain.addresses import Network


class NetworkNames:
    """Networks with names; a later name of the same network takes the place of an earlier one."""

    __slots__ = ("_lengths", "_names")

    def __init__(self, names: Iterable[tuple[Network, str]] = ()) -> None:
        # One table for each length of prefix: there are few lengths, however many networks.
        self._names: dict[tuple[int, int], dict[int, str]] = {}
        for network, name in names:
            table = self._names.setdefault((network.version, network.prefixlen), {})
            table[int(network[0]) >> (network.max_prefixlen - network.prefixlen)] = name
        self._lengths = {
            version: sorted((n for v, n in self._names if v == version), reverse=True)
            for version in (4, 6)
        }

    def __len__(self) -> int:
        return sum(map(len, self._names.values()))

    def get(self, text: str) -> str:
        """The name of the narrowest network around an address; empty where there is none."""
        try:
            address = ip_address(text)
        except ValueError:
            return ""
        number, bits = int(address), address.max_prefixlen
        for length in self._lengths[address.version]:
            name = self._names[address.version, length].get(number >> (bits - length))
            if name is not None:
                return name
        return ""
