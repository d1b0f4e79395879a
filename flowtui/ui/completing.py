"""What a filter line could go on with, at the cursor. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from flowtui.domain.codes import ACTIONS, LOG_STATUSES, protocol_names
from flowtui.domain.conditions import KeyNames, kind_of
from flowtui.domain.fields import FIELD, Kind
from flowtui.domain.ports import port_names

_FIRST: Final = (
    "action", "ip", "port", "src", "dst", "srcport", "dstport", "protocol", "bytes", "packets",
    "last", "from", "to", "interface", "direction", "flags", "status", "once",
)  # fmt: skip
"""Keys offered before all others, the commonest first."""
_VALUES: Final = {
    "action": ACTIONS,
    "log_status": tuple(LOG_STATUSES),
    "flow_direction": ("ingress", "egress"),
    "type": ("IPv4", "IPv6", "EFA"),
    "last": ("15m", "1h", "6h", "24h", "7d"),
    "once": ("on", "off"),
}
_KEY_ENDS: Final = ":><="


def completions(before: str, fields: Collection[str]) -> tuple[str, ...]:
    """Words that may stand where the text before the cursor ends, each as its missing rest.

    Args:
        before: The line up to the cursor.
        fields: What the source has; its own columns too.
    """
    word = before.rpartition(" ")[2].removeprefix("-")
    ends = [at for at, letter in enumerate(word) if letter in _KEY_ENDS]
    if not ends:
        return _rests(word, (f"{key}:" for key in dict.fromkeys((*_FIRST, *fields, *FIELD))))
    key, value = word[: ends[0]], word[ends[0] + 1 :].rpartition(",")[2]
    found = key if key in ("last", "once") else KeyNames(fields).find(key)
    return _rests(value, _values(found)) if found else ()


def _values(key: str) -> Iterable[str]:
    if key in _VALUES:
        return _VALUES[key]
    kind = kind_of(key)
    if kind is Kind.PORT:
        return port_names()
    return protocol_names() if kind is Kind.PROTOCOL else ()


def _rests(begun: str, words: Iterable[str]) -> tuple[str, ...]:
    lower = begun.lower()
    return tuple(
        word[len(begun) :]
        for word in words
        if len(word) > len(begun) and word.lower().startswith(lower)
    )
