"""Athena's text of a value as the value. See "Data types in Amazon Athena", Athena User Guide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from flowtui.domain.executions import Cell

_INTEGERS: Final = ("tinyint", "smallint", "integer", "int", "bigint")


def reader(athena_type: str) -> Callable[[str], Cell]:
    """What turns text of this type into a cell; text that does not fit stays text."""
    return _READERS.get(athena_type, str)


def _instant(text: str) -> Cell:
    """`2026-11-24 10:00:00.000 UTC`, or without a zone, which is UTC here."""
    day, _, rest = text.partition(" ")
    clock, _, zone = rest.partition(" ")
    try:
        moment = datetime.fromisoformat(f"{day} {clock}" if clock else day)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
        return moment.astimezone(UTC)
    except (ValueError, KeyError, OverflowError, OSError):
        # Year 10000 and zones that this machine does not know are shown as Athena wrote them.
        return text


def _or_text(read: Callable[[str], Cell]) -> Callable[[str], Cell]:
    def tolerant(text: str) -> Cell:
        try:
            return read(text)
        except (ValueError, ArithmeticError):
            return text

    return tolerant


_READERS: Final[dict[str, Callable[[str], Cell]]] = {
    **{name: _or_text(int) for name in _INTEGERS},
    **{name: _or_text(float) for name in ("real", "float", "double")},
    "decimal": _or_text(Decimal),
    "boolean": lambda text: text == "true",
    "timestamp": _instant,
    "timestamp with time zone": _instant,
}
