"""What the numbers and short words in flow log records mean.

Source: "Flow log records", Amazon VPC User Guide; protocol numbers: IANA.
"""

from __future__ import annotations

from typing import Final

PROTOCOLS: Final[dict[int, str]] = {
    0: "HOPOPT", 1: "ICMP", 2: "IGMP", 4: "IPv4", 6: "TCP", 8: "EGP", 17: "UDP", 27: "RDP-RELIABLE",
    41: "IPv6", 47: "GRE", 50: "ESP", 51: "AH", 58: "ICMPv6", 88: "EIGRP", 89: "OSPF", 103: "PIM",
    112: "VRRP", 115: "L2TP", 132: "SCTP", 136: "UDPLite",
}  # fmt: skip
"""IANA protocol number to name; the number itself stands for those without one."""

_PROTOCOL_NUMBERS: Final = {name.lower(): number for number, name in PROTOCOLS.items()}

TRAFFIC_PATHS: Final[dict[int, str]] = {
    1: "same VPC",
    2: "internet gateway or gateway endpoint",
    3: "virtual private gateway",
    4: "VPC peering, same region",
    5: "VPC peering, other region",
    6: "Local Zone or Wavelength Zone",
    7: "gateway VPC endpoint",
    8: "internet gateway",
}
"""Traffic path code to where egress traffic goes."""

ENCRYPTION_STATUSES: Final[dict[int, str]] = {
    0: "not encrypted",
    1: "encrypted by Nitro",
    2: "encrypted by the application",
    3: "encrypted by Nitro and the application",
}
"""Encryption status code to its meaning."""

REJECT_REASONS: Final[dict[str, str]] = {
    "BPA": "blocked by VPC Block Public Access",
    "EC": "rejected by a VPC endpoint because of Encryption Controls",
}
"""Reject reason to its meaning."""

LOG_STATUSES: Final[dict[str, str]] = {
    "OK": "recorded normally",
    "NODATA": "no traffic on the interface in this window",
    "SKIPDATA": "some records of this window were lost: totals are floors",
}
"""Log status to its meaning."""

ACTIONS: Final = ("ACCEPT", "REJECT")
"""What security group and network ACL together decided."""

FIN: Final = 1
SYN: Final = 2
RST: Final = 4
ACK: Final = 16
"""Reported only together with SYN; ACK alone reads as 0."""

_FLAG_LETTERS: Final = ((SYN, "S"), (FIN, "F"), (RST, "R"), (8, "P"), (32, "U"), (ACK, "A"))
_FLAG_BITS: Final = {letter: bit for bit, letter in _FLAG_LETTERS}


def protocol_name(number: int) -> str:
    """`TCP` for 6; the number as text where it has no name here."""
    return PROTOCOLS.get(number, str(number))


def protocol_number(name: str) -> int | None:
    """6 for `tcp`, in any case; None for a name we do not know."""
    return _PROTOCOL_NUMBERS.get(name.lower())


def protocol_names() -> tuple[str, ...]:
    """Every protocol name that can be typed, lower case."""
    return tuple(_PROTOCOL_NUMBERS)


def flags_text(flags: int) -> str:
    """`S`, `SA`, `F`, `SF`, `R` …; `.` for 0, which is every segment without SYN, FIN or RST."""
    return "".join(letter for bit, letter in _FLAG_LETTERS if flags & bit) or "."


def flags_number(text: str) -> int | None:
    """18 for `SA`, 0 for `.`; None where a letter is no flag or comes twice."""
    if text == ".":
        return 0
    letters = text.upper()
    if not letters or len(set(letters)) != len(letters) or not set(letters) <= set(_FLAG_BITS):
        return None
    return sum(_FLAG_BITS[letter] for letter in letters)


def is_opener(flags: int) -> bool:
    """True where the record shows who began: SYN and no SYN-ACK in its window."""
    return flags & (SYN | ACK) == SYN
