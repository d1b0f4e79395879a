"""Rows of a result as a file of the person's: its name, its format, and never over another."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from flowtui.domain.executions import Refinement
from flowtui.engines.base import Results
from flowtui.errors import EngineError

FORMATS: Final = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".ndjson": "ndjson",
    ".md": "markdown",
    ".parquet": "parquet",
}
"""The format that the ending of a name means."""


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
    is_over: bool,
    cancelled: threading.Event,
    on_rows: Callable[[int], None],
) -> int:
    """Write rows to a file, whole or not at all; returns how many.

    Args:
        results: Their rows are written, those still arriving too.
        path: Its ending says the format.
        refinement: Which rows, in which order.
        is_over: True where a file of that name may be replaced.
        cancelled: Ends it without a file.
        on_rows: Called with how many have been written.

    Raises:
        FileIsThereError: There is one, be it made meanwhile; it is as it was.
        EngineError: It cannot be written, or was cancelled.
    """
    format = FORMATS[path.suffix.lower()]
    if is_over:
        return results.export(path, format, refinement, cancelled, on_rows)
    if os.path.lexists(path):
        raise _is_there(path)
    finished = path.with_name(f".{path.stem}.{os.getpid()}-{threading.get_ident()}{path.suffix}")
    try:
        written = results.export(finished, format, refinement, cancelled, on_rows)
        _name_it(finished, path)
    finally:
        with suppress(OSError):
            finished.unlink()
    return written


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
