"""Values as text to copy: plain, so that pasting them anywhere does nothing but insert them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from flowtui.domain.executions import Cell, Column
from flowtui.domain.fields import Kind

_UNSAFE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 without tab and newline, DEL, C1
    "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"  # line separators, and what reverses text
    "\ud800-\udfff]"  # lone surrogates: no UTF-8
)
_BREAKS: Final = str.maketrans({"\t": " ", "\n": " "})


def plain(text: str) -> str:
    r"""The text with every control character but tab and newline written out, as `\x1b`."""
    return _UNSAFE.sub(_written_out, text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """As `plain`, on one line and without tabs: what fits a table's cell."""
    return plain(text).translate(_BREAKS)


def escaped(json: str) -> str:
    """JSON in which every such character is an escape, so that it reads back as it was."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", json)


def _written_out(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def cell_text(cell: Cell, column: Column) -> str:
    """A value in full, on one line: NULL empty, times in ISO 8601 UTC, numbers exact."""
    if cell is None:
        return ""
    if column.kind is Kind.TIME and isinstance(cell, int) and not isinstance(cell, bool):
        return _epoch_text(cell)
    match cell:
        case bool():
            return "true" if cell else "false"
        case datetime():
            return cell.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case _:
            return one_line(written(cell))


def written(cell: Cell) -> str:
    """A value as Python writes it; a number beyond all meaning in hexadecimal."""
    # Python refuses to write whole numbers of more than 4,300 digits, except so.
    if isinstance(cell, int) and cell.bit_length() > 128:
        return hex(cell)
    return str(cell)


def _epoch_text(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError, OSError):  # a year that no calendar has
        return written(seconds)


def counted(number: int, thing: str) -> str:
    """`1 row`, `1 204 rows`, `2 addresses`."""
    plural = "" if number == 1 else "es" if thing.endswith("s") else "s"
    return f"{number:,} {thing}{plural}".replace(",", " ")
