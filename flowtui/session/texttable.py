"""Rows as an aligned table of plain text.

Our own, in place of Rich's: importing that costs as much as click itself, and it lays out the whole
result before it prints the first row.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, TextIO

from flowtui.domain.codes import protocol_name
from flowtui.domain.executions import Cell, Column, Row
from flowtui.domain.fields import Kind
from flowtui.session.copytext import cell_text, one_line

_MOST_CELLS: Final = 60
"""A wider cell is cut, marked with an ellipsis."""
Tell = Callable[[Cell, Column], str]
_GROUPED: Final = (Kind.COUNT, Kind.BYTES)


def write_table(
    file: TextIO,
    columns: tuple[Column, ...],
    batches: Iterable[Sequence[Row]],
    tell: Tell | None = None,
) -> int:
    """Write the rows under a heading, batch by batch; returns how many.

    Widths are those of the first batch, and grow where a later one needs more.

    Args:
        file: Gets the lines.
        columns: Give the heading.
        batches: The rows.
        tell: A value as text on one line; by default as a person reads it, and cut where long.
    """
    tell = tell or shown
    heads = [one_line(column.name) for column in columns]
    widths = [_width(head) for head in heads]
    rights = [_is_right(column) for column in columns]
    written = 0
    for rows in batches:
        texts = [
            [tell(cell, column) for cell, column in zip(row, columns, strict=True)] for row in rows
        ]
        for row in texts:
            widths = [max(width, _width(text)) for width, text in zip(widths, row, strict=True)]
        if not written:
            _write_head(file, heads, widths, rights)
        file.writelines(_line(row, widths, rights) for row in texts)
        written += len(rows)
    if not written:
        _write_head(file, heads, widths, rights)
    return written


def shown(cell: Cell, column: Column) -> str:
    """A value as a person reads it: NULL as `-`, thousands apart, protocols by name."""
    match cell:
        case None:
            return "-"
        case bool() | str():
            text = cell_text(cell, column)
        case int():
            text = _number(cell, column)
        case float():
            text = f"{cell:,.6g}" if abs(cell) < 1e6 else f"{cell:,.0f}"
        case datetime():
            text = cell.astimezone(UTC).isoformat(sep=" ").replace("+00:00", "Z")
        case _:
            text = cell_text(cell, column)
    return text if _width(text) <= _MOST_CELLS else text[: _MOST_CELLS - 1] + "…"


def _number(number: int, column: Column) -> str:
    if column.kind is Kind.PROTOCOL:
        return protocol_name(number)
    if column.kind is Kind.TIME:
        return cell_text(number, column).replace("T", " ")
    if column.kind in _GROUPED or column.kind is None:
        return f"{number:,}"
    return str(number)


def _is_right(column: Column) -> bool:
    return column.is_number and column.kind not in (Kind.TIME, Kind.PROTOCOL)


def _write_head(file: TextIO, heads: list[str], widths: list[int], rights: list[bool]) -> None:
    file.write(_line(heads, widths, rights))
    file.write("  ".join("─" * width for width in widths) + "\n")


def _line(texts: list[str], widths: list[int], rights: list[bool]) -> str:
    padded = [
        " " * (width - _width(text)) + text if right else text + " " * (width - _width(text))
        for text, width, right in zip(texts, widths, rights, strict=True)
    ]
    return "  ".join(padded).rstrip() + "\n"


def _width(text: str) -> int:
    """Terminal cells; East Asian wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(_cells(letter) for letter in text)


def _cells(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Cf", "Me", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1
