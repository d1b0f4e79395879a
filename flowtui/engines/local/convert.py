"""Converting log files, once, into the Parquet parts of the cache.

Files are taken in the order of time in batches of about a million records; each batch becomes one
part. So a directory of 100,000 five-minute files needs no more parts than one of 300, memory does
not grow with the number of records, and a file that changes voids little.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flowtui.engines.local.header import ordered
from flowtui.engines.local.logfile import LogFile, read_tables
from flowtui.engines.local.parse import FormatChangedError
from flowtui.engines.local.problems import Problems
from flowtui.engines.local.store import Known, Part
from flowtui.engines.local.writing import PartWriter

BATCH_BYTES = 16 << 20
"""Compressed text per part: roughly 600,000 records."""
_BATCH_FILES = 4096
_TEXT_RATIO = 6


@dataclass(frozen=True, slots=True)
class Batch:
    """Files of the same columns that become one part."""

    fields: tuple[str, ...]
    files: tuple[LogFile, ...]


@dataclass(slots=True)
class Counts:
    """What a running conversion has done; written by its threads, read by who shows it."""

    files: int = 0
    records: int = 0
    bytes: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, files: int = 0, records: int = 0, bytes: int = 0) -> None:
        """Count something, or take it back."""
        with self.lock:
            self.files += files
            self.records += records
            self.bytes += bytes


@dataclass(frozen=True, slots=True)
class Converted:
    """A part that is in place but not yet entered in the index, and the files it stands for."""

    part: Part
    files: dict[str, Known]
    unreadable: tuple[Problems, ...] = ()
    """Files that could not be opened: not in the part."""


class FieldsFoundError(Exception):
    """A file has more columns than were known of it; it must be converted with all of them."""

    def __init__(self, path: str, fields: tuple[str, ...]) -> None:
        super().__init__(path)
        self.path = path
        self.fields = fields


def batches(files: Iterable[LogFile]) -> Iterator[Batch]:
    """Files by their columns and in the order of time, in batches that fill a part."""
    waiting: dict[tuple[str, ...], list[LogFile]] = {}
    weights: dict[tuple[str, ...], int] = {}
    for file in sorted(files, key=lambda each: (each.named or (0, 0), each.path)):
        held = waiting.setdefault(file.fields, [])
        held.append(file)
        weight = weights.get(file.fields, 0) + _weight(file)
        weights[file.fields] = weight
        if weight >= BATCH_BYTES or len(held) >= _BATCH_FILES:
            yield Batch(file.fields, tuple(waiting.pop(file.fields)))
            del weights[file.fields]
    for fields, held in waiting.items():
        yield Batch(fields, tuple(held))


def convert_batch(
    batch: Batch,
    directory: Path,
    format: tuple[str, ...] | None,
    stopped: threading.Event,
    counts: Counts,
) -> Converted | None:
    """Write the part of a batch; None where it was stopped before it was whole.

    Raises:
        FieldsFoundError: A file has more columns than the batch.
        OSError: The part cannot be written.
    """
    done = Counts()
    writer = PartWriter(directory, batch.fields)
    try:
        files: dict[str, Known] = {}
        unreadable: list[Problems] = []
        for file in batch.files:
            problems = Problems(file.path)
            known = _convert_file(file, writer, problems, format, stopped, (counts, done))
            if stopped.is_set():
                writer.abandon()
                counts.add(-done.files, -done.records, -done.bytes)
                return None
            if known is None:
                unreadable.append(problems)
            else:
                files[file.path] = known
        return Converted(writer.finish(), files, tuple(unreadable))
    except BaseException:
        writer.abandon()
        counts.add(-done.files, -done.records, -done.bytes)
        raise


def _convert_file(
    file: LogFile,
    writer: PartWriter,
    problems: Problems,
    format: tuple[str, ...] | None,
    stopped: threading.Event,
    counters: tuple[Counts, ...],
) -> Known | None:
    records = skipdata = 0
    tables = read_tables(file.path, file.fields, problems, format, True, stopped)
    while True:
        try:
            table = next(tables, None)
        except FormatChangedError as error:
            fields = ordered({*file.fields, *error.columns})
            raise FieldsFoundError(file.path, fields) from error
        except OSError as error:
            problems.add(f"cannot be read: {error.strerror or error}")
            return None
        if table is None:
            break
        writer.add(table)
        records += table.num_rows
        skipdata += _skipdata(table)
        for counts in counters:
            counts.add(records=table.num_rows)
    for counts in counters:
        counts.add(files=1, bytes=file.size)
    return Known(
        file.size,
        file.mtime_ns,
        file.fields,
        records=records,
        skipdata=skipdata,
        left_out=problems.left_out(),
    )


def _skipdata(table) -> int:  # type: ignore[no-untyped-def]
    import pyarrow.compute

    if "log_status" not in table.column_names:
        return 0
    is_skipped = pyarrow.compute.equal(table["log_status"], "SKIPDATA")
    return pyarrow.compute.sum(is_skipped).as_py() or 0


def _weight(file: LogFile) -> int:
    is_compressed = file.path.lower().endswith((".gz", ".parquet"))
    return file.size if is_compressed else file.size // _TEXT_RATIO
