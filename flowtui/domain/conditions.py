"""The keys and values of a condition as text: what may be typed for a field, and how it reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from flowtui.domain.addresses import network_text, parse_network
from flowtui.domain.codes import (
    ACTIONS,
    LOG_STATUSES,
    PROTOCOLS,
    flags_number,
    flags_text,
    protocol_names,
    protocol_number,
)
from flowtui.domain.fields import FIELD, Kind, canonical
from flowtui.domain.filters import NumberRange, Value
from flowtui.domain.ports import PORT_SETS, parse_port, port_names
from flowtui.domain.values import parse_size

_SHORT_KEYS: Final[dict[str, str]] = {
    "ip": "ip",
    "addr": "ip",
    "host": "ip",
    "port": "port",
    "interface": "interface_id",
    "direction": "flow_direction",
    "flags": "tcp_flags",
    "status": "log_status",
    "vpc": "vpc_id",
    "subnet": "subnet_id",
    "instance": "instance_id",
    "az": "az_id",
    "path": "traffic_path",
    "reason": "reject_reason",
    "encryption": "encryption_status",
}
_WORDS: Final[dict[str, dict[str, str]]] = {
    "action": {
        **{action.lower(): action for action in ACTIONS},
        "accepted": "ACCEPT",
        "rejected": "REJECT",
    },
    "log_status": {status.lower(): status for status in LOG_STATUSES},
    "flow_direction": {"ingress": "ingress", "egress": "egress", "in": "ingress", "out": "egress"},
    "type": {"ipv4": "IPv4", "ipv6": "IPv6", "efa": "EFA"},
    "reject_reason": {"bpa": "BPA", "ec": "EC"},
}
"""Fields with few values: what may be typed, lower case, to what the log writes."""
_CLOSED: Final = ("action", "log_status", "flow_direction")
"""Of these, the fields whose values are all known: another word is a slip."""

_LIMITS: Final = {Kind.PROTOCOL: 255, Kind.FLAGS: 255}
_MAX_NUMBER: Final = 2**63 - 1
_NUMBER: Final = re.compile(r"\d{1,19}", re.ASCII)
_RANGE: Final = re.compile(r"(\d{1,19})-(\d{1,19})", re.ASCII)
_MILLISECONDS: Final = 10**11

ReadInstant = Callable[[str], datetime]


def kind_of(key: str) -> Kind:
    """What the values of a key are; text for columns that we do not know."""
    if key == "ip":
        return Kind.ADDRESS
    if key == "port":
        return Kind.PORT
    return FIELD[key].kind if key in FIELD else Kind.TEXT


class KeyNames:
    """The keys that a line may use.

    Args:
        extra: Columns of the source that are no canonical fields.
    """

    def __init__(self, extra: Collection[str] = ()) -> None:
        self._extra = tuple(extra)

    def find(self, text: str, is_exact: bool = False) -> str | None:
        """The key that was meant, aliases and any case allowed unless exact; None for none."""
        if text in FIELD or text in ("ip", "port") or text in self._extra:
            return text
        if is_exact:
            return None
        lower = text.lower().replace("-", "_")
        by_case = (name for name in self._extra if name.lower() == text.lower())
        return _SHORT_KEYS.get(lower) or canonical(text) or next(by_case, None)

    def nearest(self, text: str) -> str | None:
        """The name that was probably meant; None where nothing is near."""
        names = (*FIELD, *_SHORT_KEYS, "src", "dst", "proto", "last", "from", "to", *self._extra)
        found = _closest(text, names, 0.7)
        return found[0] if found else None

    def is_number(self, key: str) -> bool:
        """True where `>` and `<` make sense."""
        return kind_of(key).is_number


def _closest(text: str, names: Sequence[str], least: float = 0.6) -> list[str]:
    from difflib import get_close_matches  # only for what was typed wrongly

    return get_close_matches(text.lower(), names, 1, least)


def parse_value(key: str, text: str, is_quoted: bool, instant: ReadInstant) -> tuple[Value, ...]:
    """The typed values that one word means for a key; several for a set of ports.

    Raises:
        ValueError: What is wrong; after a line break, what to write instead.
    """
    if text == "-" and not is_quoted:
        return (None,)
    kind = kind_of(key)
    if kind is Kind.ADDRESS:
        return (_address(text, is_quoted),)
    if kind is Kind.PORT:
        return _ports(text)
    if kind is Kind.TIME:
        return (_time(text, is_quoted, instant),)
    if kind.is_number:
        return (_number(kind, text),)
    return (text if is_quoted else _word(key, text),)


def _address(text: str, is_quoted: bool) -> Value:
    try:
        return parse_network(text)
    except ValueError:
        # What a broken log holds instead of an address can be asked for, in quotes.
        if is_quoted:
            return text
        raise


def _ports(text: str) -> tuple[Value, ...]:
    try:
        return parse_port(text)
    except ValueError as error:
        near = _closest(text, port_names())
        raise ValueError(f"{error}\ndid you mean {near[0]}?" if near else str(error)) from None


def _word(key: str, text: str) -> str:
    words = _WORDS.get(key)
    if words is None:
        return text
    if text.lower() in words:
        return words[text.lower()]
    if key in _CLOSED:
        known = list(dict.fromkeys(words.values()))
        raise ValueError(f"no value of {key}\nit is {', '.join(known[:-1])} or {known[-1]}")
    return text


def _time(text: str, is_quoted: bool, instant: ReadInstant) -> Value:
    if found := _RANGE.fullmatch(text):
        return _range(Kind.TIME, *found.groups())
    if _NUMBER.fullmatch(text) and (is_quoted or int(text) < _MILLISECONDS):
        return _limited(Kind.TIME, text)
    return int(instant(text).timestamp())


def _number(kind: Kind, text: str) -> Value:
    if kind is Kind.PROTOCOL and (number := protocol_number(text)) is not None:
        return number
    if found := _RANGE.fullmatch(text):
        return _range(kind, *found.groups())
    if _NUMBER.fullmatch(text):
        return _limited(kind, text)
    if kind is Kind.BYTES:
        return parse_size(text)
    if kind is Kind.FLAGS and (flags := flags_number(text)) is not None:
        return flags
    raise ValueError(_what_numbers(kind, text))


def _what_numbers(kind: Kind, text: str) -> str:
    if kind is Kind.PROTOCOL:
        near = _closest(text, protocol_names())
        hint = f"\ndid you mean {near[0]}?" if near else ""
        return f"not a protocol: a number or a name such as tcp, udp, icmp{hint}"
    if kind is Kind.FLAGS:
        return "not TCP flags: a number, or letters of S A F R; . for none"
    return "not a whole number or a range such as 10-20"


def _limited(kind: Kind, text: str) -> int:
    limit = _LIMITS.get(kind, _MAX_NUMBER)
    if int(text) > limit:
        raise ValueError(f"at most {limit}")
    return int(text)


def _range(kind: Kind, first: str, last: str) -> NumberRange:
    if int(first) > int(last):
        raise ValueError("the range ends before it begins")
    return NumberRange(int(first), _limited(kind, last))


def format_values(key: str, values: tuple[Value, ...]) -> str:
    """The values of a condition, between commas, so that they read back equal."""
    if kind_of(key) is Kind.PORT:
        for name, ports in PORT_SETS.items():
            if values == ports:
                return f"@{name}"
    return ",".join(_value_text(key, value) for value in values)


def _value_text(key: str, value: Value) -> str:
    match value:
        case None:
            return "-"
        case NumberRange(first=first, last=last):
            return f"{first}-{last}"
        case IPv4Network() | IPv6Network():
            return network_text(value)
        case int():
            return _number_text(kind_of(key), value)
        case _:
            if kind_of(key) is not Kind.TEXT and kind_of(key) not in (Kind.ACTION, Kind.STATUS):
                return quoted(value)
            is_changed = _WORDS.get(key, {}).get(value.lower(), value) != value
            is_slip = key in _CLOSED and value.lower() not in _WORDS[key]
            return value if is_plain(value) and not (is_changed or is_slip) else quoted(value)


def _number_text(kind: Kind, number: int) -> str:
    if kind is Kind.PROTOCOL and number in PROTOCOLS:
        return PROTOCOLS[number].lower()
    if kind is Kind.FLAGS and flags_number(flags_text(number)) == number:
        return flags_text(number)
    if kind is Kind.TIME and number >= _MILLISECONDS:
        return quoted(str(number))
    return str(number)


def is_plain(text: str) -> bool:
    """True for text that needs no quotes in a filter line."""
    return bool(text) and text != "-" and text.isprintable() and not set(text) & set(' ,"\\')


def quoted(text: str) -> str:
    """The text in quotes, with whatever would break a line or hide on the screen escaped."""
    letters = []
    for letter in text:
        if letter in '"\\':
            letters.append("\\" + letter)
        elif letter == " " or letter.isprintable():
            letters.append(letter)
        else:
            letters.append(f"\\u{ord(letter):06x}")
    return '"' + "".join(letters) + '"'
