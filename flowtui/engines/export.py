"""Rows as text files: csv, tsv, json, ndjson, markdown, lists of addresses; each whole or not."""

from __future__ import annotations

import csv
import json
import math
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final, Protocol, TextIO

from flowtui.domain.addresses import Network, network_text, networks_in
from flowtui.domain.executions import Cell, Column, Row
from flowtui.errors import EngineError

TEXT_FORMATS: Final = ("csv", "csv-safe", "tsv", "json", "ndjson", "markdown", "addresses")
FORMATS: Final = (*TEXT_FORMATS, "parquet")
"""Every format that results can be written in."""

ADDRESS_LIMIT: Final = 500_000
"""Addresses that one list holds at most: so many are kept in memory, to write each once."""
_FORMULA_STARTS: Final = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_CHUNK: Final = 1000
_ONE_LINE: Final = str.maketrans({"\t": " ", "\n": " ", "\r": " "})
_MARKDOWN: Final = str.maketrans({c: "\\" + c for c in "\\`*_[]<>|&~$"})


class ExportCancelledError(EngineError):
    """The export was stopped; no file was left behind."""


def cell_text(cell: Cell) -> str:
    """A value as exported text: NULL empty, times in ISO 8601 UTC, numbers in full."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case datetime():
            return cell.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case _:
            return str(cell)


def write_rows(
    path: Path,
    format: str,
    columns: tuple[Column, ...],
    batches: Iterable[Sequence[Row]],
    cancelled: threading.Event | None = None,
    on_rows: Callable[[int], None] | None = None,
) -> int:
    """Write rows in a text format; returns how many.

    Raises:
        EngineError: The format is unknown, the file cannot be written, or it was cancelled.
    """
    with replacing(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as file:
        return stream_rows(file, format, columns, batches, cancelled, on_rows)


def stream_rows(
    file: TextIO,
    format: str,
    columns: tuple[Column, ...],
    batches: Iterable[Sequence[Row]],
    cancelled: threading.Event | None = None,
    on_rows: Callable[[int], None] | None = None,
) -> int:
    """As `write_rows`, into an open file; what was written stays when it is cancelled."""
    if format not in _WRITERS:
        raise EngineError(
            f"Rows cannot be written as {format!r}.", f"Formats: {', '.join(TEXT_FORMATS)}."
        )
    writer = _WRITERS[format](file, tuple(column.name for column in columns))
    written = 0
    for rows in _chunks(batches):
        if cancelled is not None and cancelled.is_set():
            raise ExportCancelledError("The export was cancelled.", "No file was written.")
        writer.add(rows)
        written += len(rows)
        if on_rows is not None:
            on_rows(written)
    writer.end()
    return written


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary name beside `path` that becomes it when the block ends well."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        yield unfinished
        os.replace(unfinished, path)
    except OSError as e:
        raise EngineError(
            f"{path} cannot be written: {e.strerror or e}.",
            "Choose another place, or make room on the disk.",
        ) from e
    finally:
        with suppress(OSError):
            unfinished.unlink()


def _chunks(batches: Iterable[Sequence[Row]]) -> Iterator[Sequence[Row]]:
    for batch in batches:
        for first in range(0, len(batch), _CHUNK):
            yield batch[first : first + _CHUNK]


class _Writer(Protocol):
    def add(self, rows: Sequence[Row]) -> None: ...

    def end(self) -> None: ...


class _Csv:
    def __init__(self, file: TextIO, names: tuple[str, ...]) -> None:
        self._writer = csv.writer(_UnixLines(file), lineterminator="\r\n")
        self._writer.writerow(names)

    def add(self, rows: Sequence[Row]) -> None:
        self._writer.writerows([map(cell_text, row) for row in rows])

    def end(self) -> None:
        """A CSV file has no foot."""


class _UnixLines:
    """Ends lines as the other formats do.

    Before Python 3.13 `csv` quotes only what is in the line end it writes: with a plain one, a
    carriage return in a cell would break the row.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, line: str) -> int:
        return self._file.write(line.removesuffix("\r\n") + "\n")


class _SafeCsv(_Csv):
    """CSV whose texts no spreadsheet reads as a formula; numbers stay numbers."""

    def __init__(self, file: TextIO, names: tuple[str, ...]) -> None:
        super().__init__(file, tuple(map(formula_free, names)))

    def add(self, rows: Sequence[Row]) -> None:
        super().add([tuple(map(_formula_free_cell, row)) for row in rows])


def _formula_free_cell(cell: Cell) -> Cell:
    return formula_free(cell) if isinstance(cell, str) else cell


def formula_free(text: str) -> str:
    """A text with an apostrophe before it where a spreadsheet would take it for a formula.

    See "CSV Injection", OWASP.
    """
    is_formula = text[:1] in _FORMULA_STARTS and not _NUMBER.fullmatch(text)
    return f"'{text}" if text and is_formula else text


class _Lines:
    """TSV and Markdown: a row is a line, so line breaks inside a cell become spaces."""

    def __init__(self, file: TextIO, names: tuple[str, ...]) -> None:
        self._file = file
        self._write(names)

    def add(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._write(map(cell_text, row))

    def end(self) -> None:
        """No foot."""

    def _write(self, cells: Iterable[str]) -> None:
        self._file.write("\t".join(cell.translate(_ONE_LINE) for cell in cells) + "\n")


class _Markdown(_Lines):
    def __init__(self, file: TextIO, names: tuple[str, ...]) -> None:
        super().__init__(file, names)
        file.write("|" + " --- |" * len(names) + "\n")

    def _write(self, cells: Iterable[str]) -> None:
        shown = map(markdown_text, cells)
        self._file.write("| " + " | ".join(shown) + " |\n")


def markdown_text(text: str) -> str:
    """A text in a line of Markdown that shows as it is, whatever it holds."""
    return text.translate(_ONE_LINE).translate(_MARKDOWN)


class _NdJson:
    def __init__(self, file: TextIO, names: tuple[str, ...]) -> None:
        self._file = file
        self._names = distinct_names(names)

    def add(self, rows: Sequence[Row]) -> None:
        self._file.writelines(self._object(row) + "\n" for row in rows)

    def end(self) -> None:
        """No foot."""

    def _object(self, row: Row) -> str:
        pairs = zip(self._names, map(_json_cell, row), strict=True)
        return json.dumps(dict(pairs), ensure_ascii=False)


class _Json(_NdJson):
    _before_next = "[\n"

    def add(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._file.write(self._before_next + self._object(row))
            self._before_next = ",\n"

    def end(self) -> None:
        self._file.write("[]\n" if self._before_next == "[\n" else "\n]\n")


def _json_cell(cell: Cell) -> str | int | float | bool | None:
    """JSON knows no NaN, no infinity, no decimals and no times."""
    if isinstance(cell, float):
        return cell if math.isfinite(cell) else None
    return cell_text(cell) if isinstance(cell, datetime | Decimal) else cell


def distinct_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names as object keys: a second `bytes` becomes `bytes_2`, so that no column is lost."""
    distinct: list[str] = []
    for name in names:
        candidate, number = name, 1
        while candidate in distinct:
            number += 1
            candidate = f"{name}_{number}"
        distinct.append(candidate)
    return tuple(distinct)


class _Addresses:
    """The addresses and networks of all cells, one a line, each once."""

    def __init__(self, file: TextIO, names: tuple[str, ...]) -> None:
        self._file = file
        self._seen: set[Network] = set()

    def add(self, rows: Sequence[Row]) -> None:
        for network in networks_in(cell for row in rows for cell in row):
            if network not in self._seen:
                self._seen.add(network)
                self._file.write(f"{network_text(network)}\n")
        if len(self._seen) > ADDRESS_LIMIT:
            raise EngineError(
                f"These rows hold over {ADDRESS_LIMIT:,} addresses.", "Narrow the rows first."
            )

    def end(self) -> None:
        """No foot."""


_WRITERS: Final[dict[str, Callable[[TextIO, tuple[str, ...]], _Writer]]] = {
    "csv": _Csv,
    "csv-safe": _SafeCsv,
    "addresses": _Addresses,
    "tsv": _Lines,
    "markdown": _Markdown,
    "json": _Json,
    "ndjson": _NdJson,
}
