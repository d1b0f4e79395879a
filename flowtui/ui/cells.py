"""How a value reads in a table cell, and how the same value is copied.

Pure functions. What comes out is safe to draw: one line, no control characters, no escape
sequences, no text that turns or hides its neighbours, and every character with a width.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple, Protocol

from rich.cells import cell_len, set_cell_size

from flowtui.domain.codes import (
    ENCRYPTION_STATUSES,
    TRAFFIC_PATHS,
    flags_text,
    protocol_name,
)
from flowtui.domain.executions import Cell, Column, Row
from flowtui.domain.fields import Kind
from flowtui.domain.ports import service_name
from flowtui.domain.values import format_size

LONGEST_SHOWN: Final = 200
"""Characters of a value that are looked at; a cell may hold megabytes."""


class CellText(NamedTuple):
    """What stands in a cell."""

    text: str
    style: str = ""
    """`null`, `accept`, `reject`, `warning`, or nothing special."""
    note: str = ""
    """Said after it, dim, where there is room."""


NULL: Final = CellText("-", "null")
NOTHING: Final = CellText("")


class Namer(Protocol):
    """Knows what values are called; what it gives is short and harmless."""

    def get(self, value: str, /) -> str | None:
        """The name of an address or id."""

    def port(self, number: int, /) -> str | None:
        """The name of a port, over that of its usual service."""


class _Nobody:
    """Knows no name."""

    def get(self, _value: str, /) -> None:
        return None

    def port(self, _number: int, /) -> None:
        return None


NO_NAMES: Final[Namer] = _Nobody()


def text(column: Column, value: Cell, zone: tzinfo, raw: bool = False) -> CellText:
    """A value as the table shows it; never fails, whatever the value.

    Args:
        column: Says what the value means.
        value: As the result holds it.
        zone: For times.
        raw: Codes and exact figures in place of names and rounded ones.
    """
    if value is None:
        return NULL
    if isinstance(value, datetime):
        return CellText(_clock_time(value, zone) or str(value))
    kind = column.kind
    if kind is None or kind is Kind.TEXT or kind is Kind.ADDRESS:
        return _plain(value)
    if kind is Kind.ACTION or kind is Kind.STATUS:
        return CellText(harmless(_written(value)), _STYLES.get(_written(value), ""))
    if kind is Kind.BYTES and not raw:
        return _bytes(value)
    number = _integer(value)
    if number is None or number.bit_length() > 128:
        return _plain(value)
    if kind is Kind.TIME:
        return CellText(_unix_time(number, zone) or str(number))
    if kind is Kind.COUNT or kind is Kind.BYTES:
        return CellText(grouped(number))
    coded = None if raw else _CODES.get(kind)
    return coded(number) if coded else CellText(str(number))


def row_texts(
    columns: tuple[Column, ...],
    row: Row,
    zone: tzinfo,
    raw: bool = False,
    names: Namer = NO_NAMES,
) -> tuple[CellText, ...]:
    """A row as the table shows it; ICMP has no ports, so its zeros are not shown as ports.

    Args:
        columns: Of the result.
        row: As the result holds it.
        zone: For times.
        raw: Codes and exact figures in place of names and rounded ones.
        names: Says what addresses, ports and ids are called; told after them.
    """
    texts = [text(*pair, zone, raw) for pair in zip(columns, row, strict=False)]
    if not raw and any(
        column.kind is Kind.PROTOCOL and _integer(value) in _PORTLESS
        for column, value in zip(columns, row, strict=False)
    ):
        for index, column in enumerate(columns):
            if column.kind is Kind.PORT and row[index] is not None:
                texts[index] = NOTHING
    if names is not NO_NAMES and not raw:
        for index, column in enumerate(columns):
            if name := _name(column, row[index], names):
                texts[index] = texts[index]._replace(note=name)
    return tuple(texts)


def _name(column: Column, value: Cell, names: Namer) -> str | None:
    if is_named(column):
        return names.get(str(value))
    if column.kind is Kind.PORT and (number := _integer(value)) is not None:
        return names.port(number)
    return None


def is_named(column: Column) -> bool:
    """True where names are said after the values, whatever else must make room."""
    return column.kind is Kind.ADDRESS or column.name in _NAMED_IDS


def plain_text(column: Column, value: Cell, zone: tzinfo) -> str:
    r"""A value as it is copied: exact, times in ISO 8601, NULL empty, one line.

    Control and formatting characters, tabs and line ends are written as Python writes them
    (`\t`, `\n`, `\x1b`, `\u202e`), so that no copied text can act on the terminal it is pasted in.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return _iso(value, zone)
    if column.kind is Kind.TIME and (number := _integer(value)) is not None:
        try:
            return _iso(datetime.fromtimestamp(number, UTC), zone)
        except (ValueError, OverflowError, OSError):
            return _written(number)
    return "".join(map(_escaped, _written(value)))


def is_right_aligned(column: Column) -> bool:
    """True for figures; codes, which read as names, stand on the left."""
    if column.kind in (Kind.COUNT, Kind.BYTES, Kind.PORT, Kind.INTEGER):
        return True
    return column.kind is None and (column.is_number or column.type.startswith("decimal"))


def least_width(column: Column, raw: bool = False) -> int:
    """Cells to keep for a column's values, so that a page more does not move its neighbours."""
    if column.kind is Kind.BYTES and raw:
        return 0
    return _LEAST_WIDTHS.get(column.kind, 0)


def clipped(text: str, width: int) -> str:
    """The text in at most `width` cells, ending in `…` where some is missing."""
    if (len(text) if text.isascii() else cell_len(text)) <= width:
        return text
    return set_cell_size(text, width - 1) + "…" if width > 0 else ""


def harmless(text: str) -> str:
    """The text on one line, every character visible and of known width; cut at `LONGEST_SHOWN`."""
    if len(text) > LONGEST_SHOWN:
        text = text[:LONGEST_SHOWN] + "…"
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, unicodedata.normalize("NFC", text)))


def grouped(number: int) -> str:
    """Thousands apart: `1 204`."""
    return f"{number:,}".replace(",", " ") if number.bit_length() <= 128 else _written(number)


def _written(value: Cell) -> str:
    # Python refuses to write whole numbers of more than 4,300 digits, except in hexadecimal.
    if isinstance(value, int) and value.bit_length() > 128:
        return hex(value)
    return str(value)


@lru_cache(4096)
def _visible(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    is_sound = character.isprintable() or unicodedata.category(character) == "Zs"
    return character if is_sound and cell_len(character) > 0 else "\ufffd"


@lru_cache(4096)
def _escaped(character: str) -> str:
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")


def _plain(value: str | int | float | bool | Decimal) -> CellText:
    if isinstance(value, str):
        return CellText(harmless(value))
    if isinstance(value, bool):
        return CellText("true" if value else "false")
    if isinstance(value, int):
        return CellText(harmless(grouped(value)))
    return CellText(harmless(_fraction(value)))


def _fraction(value: float | Decimal) -> str:
    size = abs(float(value)) if _is_finite(value) else 0.0
    if not 0.01 <= size < 1e15:
        return "0.00" if size == 0 and _is_finite(value) else f"{value:.3g}"
    return f"{value:,.2f}".replace(",", " ")


def _is_finite(value: float | Decimal) -> bool:
    return value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)


def _bytes(value: str | int | float | bool | Decimal) -> CellText:
    if isinstance(value, float | Decimal) and _is_finite(value) and abs(float(value)) < 1e30:
        value = round(value)
    number = _integer(value)
    if number is None or number.bit_length() > 128:
        return _plain(value)
    return CellText(format_size(number))


def _integer(value: Cell) -> int | None:
    """The whole number that a value holds, as number or as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        return int(value) if len(value) <= 38 and value.isascii() and value.isdigit() else None
    if isinstance(value, float | Decimal) and _is_finite(value) and abs(float(value)) < 1e38:
        return int(value) if value == int(value) else None
    return None


def _unix_time(seconds: int, zone: tzinfo) -> str | None:
    try:
        return _clock_time(datetime.fromtimestamp(seconds, UTC), zone)
    except (ValueError, OverflowError, OSError):
        return None


def _clock_time(instant: datetime, zone: tzinfo) -> str | None:
    try:
        shown = instant.astimezone(zone)
    except (ValueError, OverflowError):
        return None
    return f"{shown.month:02}-{shown.day:02} {shown.hour:02}:{shown.minute:02}:{shown.second:02}"


def _iso(instant: datetime, zone: tzinfo) -> str:
    try:
        return instant.astimezone(zone).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError):
        return instant.isoformat()


_NAMED_IDS: Final = frozenset(
    {"account_id", "interface_id", "instance_id", "resource_id", "subnet_id", "vpc_id"}
)
_PORTLESS: Final = frozenset({1, 58})
"""ICMP and ICMPv6: the log writes 0 for both ports."""
_STYLES: Final = {"ACCEPT": "accept", "REJECT": "reject", "SKIPDATA": "warning"}
_LEAST_WIDTHS: Final[dict[Kind | None, int]] = {
    Kind.TIME: 14,
    Kind.BYTES: 8,
    Kind.COUNT: 7,
    Kind.PORT: 5,
    Kind.ADDRESS: 15,
    Kind.ACTION: 6,
}


def _port(number: int) -> CellText:
    return CellText(str(number), note=service_name(number) or "")


def _protocol(number: int) -> CellText:
    return CellText(protocol_name(number).lower())


def _flags(number: int) -> CellText:
    return CellText(flags_text(number) if 0 <= number < 64 else str(number))


def _path(number: int) -> CellText:
    return CellText(TRAFFIC_PATHS.get(number, str(number)))


def _encryption(number: int) -> CellText:
    return CellText(ENCRYPTION_STATUSES.get(number, str(number)))


_CODES: Final[dict[Kind, Callable[[int], CellText]]] = {
    Kind.PORT: _port,
    Kind.PROTOCOL: _protocol,
    Kind.FLAGS: _flags,
    Kind.PATH: _path,
    Kind.ENCRYPTION: _encryption,
}
