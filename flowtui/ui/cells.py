"""How a value reads in a table cell.

Pure functions. What comes out is safe to draw: see `safe`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Final, NamedTuple, Protocol

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
from flowtui.session.copytext import written
from flowtui.ui.figures import fraction, grouped, is_finite, whole
from flowtui.ui.safe import harmless


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
        return CellText(harmless(written(value)), _STYLES.get(written(value), ""))
    if kind is Kind.BYTES and not raw:
        return _bytes(value)
    number = whole(value)
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
        column.kind is Kind.PROTOCOL and whole(value) in _PORTLESS
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
    if column.kind is Kind.PORT and (number := whole(value)) is not None:
        return names.port(number)
    return None


def is_named(column: Column) -> bool:
    """True where names are said after the values, whatever else must make room."""
    return column.kind is Kind.ADDRESS or column.name in _NAMED_IDS


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


def _plain(value: str | int | float | bool | Decimal) -> CellText:
    if isinstance(value, str):
        return CellText(harmless(value))
    if isinstance(value, bool):
        return CellText("true" if value else "false")
    if isinstance(value, int):
        return CellText(harmless(grouped(value)))
    return CellText(harmless(fraction(value)))


def _bytes(value: str | int | float | bool | Decimal) -> CellText:
    if isinstance(value, float | Decimal) and is_finite(value) and abs(float(value)) < 1e30:
        value = round(value)
    number = whole(value)
    if number is None or number.bit_length() > 128:
        return _plain(value)
    return CellText(format_size(number))


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
