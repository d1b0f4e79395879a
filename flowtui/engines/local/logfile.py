"""One log file: what is known of it, and its records as tables of canonical columns."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowtui.engines.local.header import Layout, Refusal, recognise
from flowtui.engines.local.inflate import Buffer, TextFile, first_text
from flowtui.engines.local.naming import Span
from flowtui.engines.local.parse import FormatChangedError, TextParser
from flowtui.engines.local.problems import Problems, cannot_read

if TYPE_CHECKING:
    import pyarrow

PARQUET_MAGIC = b"PAR1"
_HEADER_BYTES = 16 << 10


class UnreadableError(Exception):
    """A file is gone, or may not be read.

    Attributes:
        reason: In words for the user.
    """

    def __init__(self, error: OSError) -> None:
        is_gone = isinstance(error, FileNotFoundError)
        self.reason = "gone since it was listed" if is_gone else cannot_read(error)
        super().__init__(self.reason)


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file with flow logs, as it was when it was listed."""

    path: str
    size: int
    mtime_ns: int
    fields: tuple[str, ...]
    """Its columns: canonical names in documentation order, then unknown ones."""
    named: Span | None = None
    """Times that its records may have, by its name or folders; None: not known."""


def look_into(path: str, format: tuple[str, ...] | None) -> Layout | Refusal | None:
    """The layout by the first lines of a file, text or Parquet; None where it holds nothing.

    Raises:
        OSError: The file cannot be opened or read.
    """
    start = first_text(path, _HEADER_BYTES)
    if start.startswith(PARQUET_MAGIC):
        from flowtui.engines.local.awsparquet import parquet_layout

        return parquet_layout(path)
    layout = recognise_text(start, format)
    if layout is not None:
        return layout
    text = TextFile(path)
    for block in text.blocks():
        layout = recognise_text(block.lstrip(), format)
        if layout is not None:
            return layout
    return Refusal(text.trouble) if text.trouble else None


def read_tables(
    path: str,
    wanted: Sequence[str],
    problems: Problems,
    format: tuple[str, ...] | None = None,
    is_strict: bool = False,
    cancelled: threading.Event | None = None,
) -> Iterator[pyarrow.Table]:
    """The records of a file, in file order, in tables of exactly the wanted columns.

    A file that breaks off gives what stands before the break; `problems` tells.

    Raises:
        UnreadableError: The file is gone, or may not be read.
        FormatChangedError: `is_strict`, and the file has columns that are not wanted.
    """
    try:
        with open(path, "rb") as file:
            is_parquet = file.read(4) == PARQUET_MAGIC
    except OSError as error:
        raise UnreadableError(error) from error
    try:
        if is_parquet:
            from flowtui.engines.local.awsparquet import parquet_tables

            yield from parquet_tables(path, wanted, problems, cancelled)
        else:
            yield from _text_tables(path, wanted, problems, format, is_strict, cancelled)
    except OSError as error:
        problems.add(f"reading stopped: {error.strerror or error}")


def _text_tables(
    path: str,
    wanted: Sequence[str],
    problems: Problems,
    format: tuple[str, ...] | None,
    is_strict: bool,
    cancelled: threading.Event | None,
) -> Iterator[pyarrow.Table]:
    text, parser = TextFile(path), None
    for block in text.blocks():
        if cancelled is not None and cancelled.is_set():
            return
        if parser is None:
            layout = recognise_text(block, format) or recognise_text(block.lstrip(), format)
            if layout is None:
                continue
            if isinstance(layout, Refusal):
                problems.add(layout.reason)
                return
            if is_strict and not set(layout.columns) <= set(wanted):
                raise FormatChangedError(layout.columns)
            parser = TextParser(layout, wanted, problems, is_strict)
        yield from parser.tables(block)
    if text.trouble:
        problems.add(text.trouble)


def recognise_text(start: Buffer, format: tuple[str, ...] | None) -> Layout | Refusal | None:
    """The layout of a text that begins so; its first 16 kB decide."""
    text = bytes(start[:_HEADER_BYTES]).removeprefix(b"\xef\xbb\xbf")
    lines = text.splitlines()
    # The last line may be cut, unless it is all there is.
    return recognise(lines[:-1] if len(start) >= _HEADER_BYTES else lines, format)
