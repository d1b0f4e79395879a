"""Names that a person gives: to addresses, networks, ports, interfaces, accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flowtui.domain.networknames import NetworkNames


@dataclass(frozen=True, slots=True)
class LabelFile:
    """A file of names, and what of it could not be used."""

    path: str
    names: int
    left_out: int = 0
    """Lines that are not used."""
    first_wrong: str = ""
    """`line 4: not an address, network, port or id`; empty where all is used."""


@dataclass(frozen=True, slots=True)
class Labels:
    """All names of a person's files."""

    networks: NetworkNames = field(default_factory=NetworkNames)
    """Addresses too, as networks of one."""
    ports: Mapping[int, str] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    """Interfaces, instances, subnets, VPCs, accounts."""
    aws: NetworkNames = field(default_factory=NetworkNames)
    """AWS's published ranges: service and region."""
    files: tuple[LabelFile, ...] = ()

    def __bool__(self) -> bool:
        return bool(len(self.networks) or self.ports or self.ids or len(self.aws))

    def own(self, value: str) -> str:
        """What the person calls an address or id; empty where they do not."""
        return self.ids.get(value) or self.networks.get(value)


NO_LABELS = Labels()
