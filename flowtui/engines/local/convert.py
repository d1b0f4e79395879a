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
from typing import TYPE_CHECKING

from flowtui.domain.executions import LeftOut
from flowtui.engines.local.bundle import bundles, read_bundle
from flowtui.engines.local.header import ordered
from flowtui.engines.local.indexed import Known, Part
from flowtui.engines.local.logfile import LogFile, UnreadableError, read_tables
from flowtui.engines.local.parse import FormatChangedError
from flowtui.engines.local.problems import Problems
from flowtui.engines.local.writing import PartWriter

if TYPE_CHECKING:
    import pyarrow

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
    making = _Making(batch.fields, directory, format, stopped, counts)
    try:
        for files in bundles(batch.files):
            making.add(files)
            if stopped.is_set():
                making.abandon()
                return None
        return making.finish()
    except BaseException:
        making.abandon()
        raise


class _Making:
    """A part in the making, and what it holds of which file."""

    def __init__(
        self,
        fields: tuple[str, ...],
        directory: Path,
        format: tuple[str, ...] | None,
        stopped: threading.Event,
        counts: Counts,
    ) -> None:
        self._fields = fields
        self._format = format
        self._stopped = stopped
        self._writer = PartWriter(directory, fields)
        self._counters = (counts, Counts())
        self._files: dict[str, Known] = {}
        self._unreadable: list[Problems] = []

    def add(self, files: tuple[LogFile, ...]) -> None:
        """Take the records of some files, together where that can be."""
        bundle = read_bundle(files, self._fields, self._format) if len(files) > 1 else None
        if bundle is None:
            for file in files:
                self._add_file(file)
            return
        self._writer.add(bundle.table)
        skipdata = _skipdata(bundle.table)
        begin = 0
        for file, records in zip(files, bundle.records, strict=True):
            skipped = _skipdata(bundle.table.slice(begin, records)) if skipdata else 0
            begin += records
            self._count(records=records)
            self._enter(file, records, skipped, ())

    def finish(self) -> Converted:
        """Put the part in place."""
        return Converted(self._writer.finish(), self._files, tuple(self._unreadable))

    def abandon(self) -> None:
        """Delete what is written, and take back what was counted."""
        self._writer.abandon()
        counts, done = self._counters
        counts.add(-done.files, -done.records, -done.bytes)

    def _add_file(self, file: LogFile) -> None:
        problems = Problems(file.path)
        records = skipdata = 0
        try:
            for table in read_tables(
                file.path, self._fields, problems, self._format, True, self._stopped
            ):
                self._writer.add(table)
                records += table.num_rows
                skipdata += _skipdata(table)
                self._count(records=table.num_rows)
        except FormatChangedError as error:
            fields = ordered({*self._fields, *error.columns})
            raise FieldsFoundError(file.path, fields) from error
        except UnreadableError as error:
            problems.add(error.reason)
            self._unreadable.append(problems)
            return
        self._enter(file, records, skipdata, problems.left_out())

    def _enter(
        self, file: LogFile, records: int, skipdata: int, left_out: tuple[LeftOut, ...]
    ) -> None:
        self._count(files=1, bytes=file.size)
        self._files[file.path] = Known(
            file.size,
            file.mtime_ns,
            self._fields,
            records=records,
            skipdata=skipdata,
            left_out=left_out,
        )

    def _count(self, files: int = 0, records: int = 0, bytes: int = 0) -> None:
        for counts in self._counters:
            counts.add(files, records, bytes)


def _skipdata(table: pyarrow.Table) -> int:
    import pyarrow.compute

    if "log_status" not in table.column_names:
        return 0
    is_skipped = pyarrow.compute.equal(table["log_status"], "SKIPDATA")
    return pyarrow.compute.sum(is_skipped).as_py() or 0


def _weight(file: LogFile) -> int:
    is_compressed = file.path.lower().endswith((".gz", ".parquet"))
    return file.size if is_compressed else file.size // _TEXT_RATIO
