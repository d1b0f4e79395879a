"""Accounts, addresses and ids as others may see them: stable, and subnets stay together.

An address is changed bit by bit, each bit turned or not by a keyed hash of the bits before it (the
construction of Crypto-PAn; J. Xu et al., "Prefix-preserving IP address anonymization", 2002): two
addresses share exactly as many leading bits afterwards as before. Bits that lead to a special range
(private, loopback, link-local, multicast, NAT64) are not turned, so that private stays private and
public public; what lies close to such a range therefore keeps more of its leading bits.

Whoever knows some pairs learns the prefixes of others: this is for tickets, not against a study.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final

from flowtui.domain.addresses import PRIVATE_NETWORKS, Network
from flowtui.domain.executions import Cell, Column, Row
from flowtui.domain.fields import canonical

LABEL: Final = (
    "Addresses, accounts and AWS ids are anonymised, prefixes kept; names of buckets, tables, "
    "profiles and tags are as they are."
)
_CACHED: Final = 100_000
"""Texts whose change is remembered."""

_KEPT: Final = tuple(
    ip_network(text)
    for text in ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4",
                 "::/127", "ff00::/8")
)  # fmt: skip
"""Whoever is in these is the same everywhere: they are left as they are."""
_SPECIAL: Final[tuple[Network, ...]] = (
    *PRIVATE_NETWORKS,
    *_KEPT,
    IPv6Network("2000::/3"),
    IPv6Network("64:ff9b::/96"),
    IPv6Network("::ffff:0:0/96"),
)
"""Ranges that an address neither leaves nor enters."""

_IDS: Final = frozenset(
    {
        "interface_id", "vpc_id", "subnet_id", "instance_id", "resource_id",
        "next_hop_interface_id", "next_hop_subnet_id", "next_hop_vpc_id",
        "ecs_container_instance_id", "ecs_container_id", "ecs_second_container_id", "ecs_task_id",
    }
)  # fmt: skip
_IN_TEXT: Final = re.compile(
    r"(?P<four>(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d))"
    r"|(?P<six>(?:(?<![\w:])|(?<=[A-Za-z_]:))[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(?!\w))"
    r"|(?P<id>(?<![\w-])(?:[a-z]+-)+(?:[0-9a-f]{17}|[0-9a-f]{8})(?![\w-]))"
    r"|(?P<account>(?<![\w.])\d{12}(?![\w.]))"
)
_ID: Final = re.compile(r"[\w-]+", re.ASCII)
_SLASH: Final = re.compile(r"/\d{1,3}")


class Anonymiser:
    """Changes what tells who somebody is; the same key, the same changes.

    Args:
        key: 32 random bytes.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._address = lru_cache(_CACHED)(self._changed)
        self._text = lru_cache(_CACHED)(self._hidden)  # the same few words stand in most cells

    def row(self, columns: Sequence[Column], row: Row) -> Row:
        """A row of a result."""
        return tuple(map(self.cell, row, columns))

    def cell(self, cell: Cell, column: Column) -> Cell:
        """A value; numbers stay, but for that of an account."""
        field = canonical(column.name)
        if field == "account_id" and isinstance(cell, int):
            return int(self.account(str(cell)))
        if not isinstance(cell, str):
            return cell
        # Of several ids in one text, each is found by itself.
        return self.id(cell) if field in _IDS and _ID.fullmatch(cell) else self.text(cell)

    def text(self, text: str) -> str:
        """A text, with every address, account and id in it changed."""
        return self._text(text)

    def _hidden(self, text: str) -> str:
        return _IN_TEXT.sub(self._found, text)

    def _found(self, match: re.Match[str]) -> str:
        word = match[0]
        match match.lastgroup:
            case "account":
                return self.account(word)
            case "id":
                return self.id(word)
        prefix = _SLASH.match(match.string, match.end())
        if prefix:
            return self._network(word, int(prefix[0][1:]))
        mark = ":" if word.endswith(":") and not word.endswith("::") else ""  # of a sentence
        try:
            return str(self._address(ip_address(word.removesuffix(mark)))) + mark
        except ValueError:
            return word

    def _network(self, word: str, bits: int) -> str:
        """The address of a network: bits that the network leaves open stay 0."""
        try:
            address = ip_address(word)
            network = ip_network((self._address(address), bits), strict=False)
        except ValueError:
            return word
        is_network = int(address) & int(network.hostmask) == 0
        return str(network.network_address if is_network else self._address(address))

    def account(self, text: str) -> str:
        """Another account, of twelve digits."""
        number = int.from_bytes(self._hash(b"account", text.encode(), 16)) % 10**12
        return f"{number:012}"

    def id(self, text: str) -> str:
        """Another id of the same kind and length; what is none is left as it is."""
        kind, dash, rest = text.rpartition("-")
        if not rest.isalnum():
            return text
        return kind + dash + self._hash(b"id", text.encode(), 32).hex()[: len(rest)]

    def _changed(self, address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
        if any(address.version == net.version and address in net for net in _KEPT):
            return address
        value, bits, changed = int(address), address.max_prefixlen, 0
        straight = _STRAIGHT[address.version]
        for depth in range(bits):
            prefix = value >> (bits - depth)
            bit = value >> (bits - 1 - depth) & 1
            if (depth, prefix) not in straight:
                bit ^= self._turn(address.version, depth, prefix)
            changed = changed << 1 | bit
        return type(address)(changed)

    def _turn(self, version: int, depth: int, prefix: int) -> int:
        data = bytes((version, depth)) + prefix.to_bytes(16)
        return self._hash(b"address", data, 1)[0] & 1

    def _hash(self, what: bytes, data: bytes, size: int) -> bytes:
        return blake2b(data, key=self._key, digest_size=size, person=what).digest()


def _ways_to(networks: Sequence[Network]) -> frozenset[tuple[int, int]]:
    """Depths and prefixes at which the way to a network goes on."""
    return frozenset(
        (depth, int(net.network_address) >> (net.max_prefixlen - depth))
        for net in networks
        for depth in range(net.prefixlen)
    )


_STRAIGHT: Final = {
    4: _ways_to([net for net in _SPECIAL if isinstance(net, IPv4Network)]),
    6: _ways_to([net for net in _SPECIAL if isinstance(net, IPv6Network)]),
}
