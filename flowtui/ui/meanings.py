"""What a value of a record means, in words. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Final

from flowtui.domain.addresses import is_private
from flowtui.domain.codes import (
    ACK,
    ENCRYPTION_STATUSES,
    FIN,
    LOG_STATUSES,
    PROTOCOLS,
    REJECT_REASONS,
    RST,
    SYN,
    TRAFFIC_PATHS,
)
from flowtui.domain.executions import Cell, Column
from flowtui.domain.fields import FIELD, Kind
from flowtui.domain.ports import service_name
from flowtui.domain.ranges import range_name
from flowtui.domain.values import format_size

_ACTIONS: Final = {
    "ACCEPT": "let through",
    "REJECT": "stopped by security group or network ACL",
}
_DIRECTIONS: Final = {
    "ingress": "into the interface",
    "egress": "out of the interface",
}
_FLAGS: Final = (
    (SYN, "SYN"), (ACK, "ACK"), (FIN, "FIN"), (RST, "RST"), (8, "PSH"), (32, "URG"),
)  # fmt: skip


def meaning(column: Column, value: Cell, zone: tzinfo) -> str:
    """What a value says, beyond how it reads; empty where it speaks for itself."""
    if value is None:
        return "left out of the log"
    match column.kind:
        case Kind.ADDRESS:
            name = range_name(str(value))
            return name or ("no address" if is_private(str(value)) is None else "public")
        case Kind.ACTION:
            return _ACTIONS.get(str(value), "")
        case Kind.STATUS:
            return LOG_STATUSES.get(str(value), "")
        case Kind.TEXT | None:
            words = {"flow_direction": _DIRECTIONS, "reject_reason": REJECT_REASONS}
            return words.get(column.name, {}).get(str(value), "")
        case _:
            number = _whole(value)
            return _of_number(column.kind, number, zone) if number is not None else ""


def help_for(column: Column) -> str:
    """What a column holds; empty for one that is no field of the log."""
    field = FIELD.get(column.name)
    return field.help if field else ""


def _of_number(kind: Kind, number: int, zone: tzinfo) -> str:
    match kind:
        case Kind.PROTOCOL:
            return PROTOCOLS.get(number, "")
        case Kind.PORT:
            return service_name(number) or ""
        case Kind.TIME:
            return _instant(number, zone)
        case Kind.BYTES:
            return format_size(number) if number >= 1000 else ""
        case Kind.FLAGS:
            names = [name for bit, name in _FLAGS if number & bit]
            return " ".join(names) or "no SYN, FIN or RST in the window"
        case Kind.PATH:
            return TRAFFIC_PATHS.get(number, "")
        case Kind.ENCRYPTION:
            return ENCRYPTION_STATUSES.get(number, "")
        case _:
            return ""


def _whole(value: Cell) -> int | None:
    try:
        number = int(str(value))
    except ValueError:
        return None
    return number if abs(number) < 1 << 63 else None


def _instant(seconds: int, zone: tzinfo) -> str:
    try:
        at = datetime.fromtimestamp(seconds, UTC).astimezone(zone)
    except (ValueError, OverflowError, OSError):
        return "no time in any calendar"
    return f"{at:%a %Y-%m-%d %H:%M:%S %Z}"
