"""Rows of a result as a file of the person's: its name, its format, and never over another."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from flowtui.domain.executions import Refinement, Row
from flowtui.engines.base import Results
from flowtui.engines.export import ExportCancelledError, write_rows
from flowtui.errors import EngineError

FORMATS: Final = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".ndjson": "ndjson",
    ".md": "markdown",
    ".txt": "addresses",
    ".parquet": "parquet",
}
"""The format that the ending of a name means."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How rows are written."""

    is_csv_safe: bool = False
    """True: no text in CSV is a formula to a spreadsheet."""
    is_anonymised: bool = False
    is_over: bool = False
    """True where a file of that name may be replaced."""


_PAGE_ROWS: Final = 10_000
_WAIT_S: Final = 0.1
"""Between two looks for rows that are still arriving."""


class FileIsThereError(EngineError):
    """There is a file of that name, and nobody has said that it may go."""


def default_name(slug: str, now: datetime) -> str:
    """`rejected-pairs-20261124T104200Z.csv`: what was asked, and when in UTC."""
    words = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-") or "rows"
    return f"{words[:60]}-{now:%Y%m%dT%H%M%SZ}.csv"


def file_of(text: str) -> Path:
    """The file that a text names, `~` being home.

    Raises:
        EngineError: It names none that rows can be written to.
    """
    if not text.strip() or not text.isprintable():
        raise EngineError("This is no name of a file.", "")
    try:
        path = Path(text.strip()).expanduser().absolute()
        is_directory, has_place = path.is_dir(), path.parent.is_dir()
    except (OSError, RuntimeError, ValueError) as e:
        raise EngineError(f"This is no name of a file: {e}.", "") from e
    if is_directory:
        raise EngineError(f"{path} is a directory.", "Name a file in it.")
    if path.suffix.lower() not in FORMATS:
        raise EngineError("Its ending names no format.", f"Name one in {' '.join(FORMATS)}.")
    if not has_place:
        raise EngineError(f"There is no directory {path.parent}.", "")
    return path


def write_file(
    results: Results,
    path: Path,
    refinement: Refinement,
    manner: Manner,
    cancelled: threading.Event,
    on_rows: Callable[[int], None],
) -> int:
    """Write rows to a file, whole or not at all; returns how many.

    Args:
        results: Their rows are written, those still arriving too.
        path: Its ending says the format.
        refinement: Which rows, in which order.
        manner: What is done to them on the way.
        cancelled: Ends it without a file.
        on_rows: Called with how many have been written.

    Raises:
        FileIsThereError: There is one, be it made meanwhile; it is as it was.
        EngineError: It cannot be written, or was cancelled.
    """
    format = FORMATS[path.suffix.lower()]
    if manner.is_csv_safe and format == "csv":
        format = "csv-safe"
    export = partial(results.export, refinement=refinement)
    if manner.is_anonymised:
        export = partial(_export_hidden, results, refinement)
    if manner.is_over:
        return export(path, format, cancelled=cancelled, on_rows=on_rows)
    if os.path.lexists(path):
        raise _is_there(path)
    finished = path.with_name(f".{path.stem}.{os.getpid()}-{threading.get_ident()}{path.suffix}")
    try:
        written = export(finished, format, cancelled=cancelled, on_rows=on_rows)
        _name_it(finished, path)
    finally:
        with suppress(OSError):
            finished.unlink()
    return written


def _export_hidden(
    results: Results,
    refinement: Refinement,
    path: Path,
    format: str,
    cancelled: threading.Event,
    on_rows: Callable[[int], None],
) -> int:
    """As `Results.export`, with whoever is told in the rows hidden."""
    from flowtui.session.anonymisekey import anonymiser

    if format == "parquet":
        raise EngineError("Parquet is not written anonymised.", "Choose another ending.")
    hiding = anonymiser()

    def pages() -> Iterator[Sequence[Row]]:
        offset = 0
        while True:
            page = results.page(offset, _PAGE_ROWS, refinement)
            if page.rows:
                yield [hiding.row(page.columns, row) for row in page.rows]
                offset += len(page.rows)
            elif page.is_complete:
                return
            elif cancelled.wait(_WAIT_S):
                raise ExportCancelledError("The export was cancelled.", "No file was written.")

    return write_rows(path, format, results.columns, pages(), cancelled, on_rows)


def _name_it(finished: Path, path: Path) -> None:
    """Give it its name, unless there is a file of that name by now."""
    try:
        os.link(finished, path)
    except FileExistsError as e:
        raise _is_there(path) from e
    except OSError:  # a disk without hard links
        if os.path.lexists(path):
            raise _is_there(path) from None
        finished.rename(path)


def _is_there(path: Path) -> FileIsThereError:
    return FileIsThereError(f"{path} is there already.", "Nothing was written.")
