"""A source of flow log files: what is in it, its records, and their faster copy in the cache."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flowtui.domain.executions import LeftOut, Progress, SourceFacts
from flowtui.domain.times import TimeRange
from flowtui.engines.local.caches import directory_of
from flowtui.engines.local.columns import arrow_schema
from flowtui.engines.local.discover import list_files
from flowtui.engines.local.header import ordered, parse_format
from flowtui.engines.local.indexed import CacheError, Part, Snapshot
from flowtui.engines.local.ledger import Ledger
from flowtui.engines.local.logfile import LogFile, UnreadableError, read_tables
from flowtui.engines.local.looking import NOT_A_LOG, look_at_files
from flowtui.engines.local.problems import Problems
from flowtui.engines.local.store import Store
from flowtui.errors import ConnectError

if TYPE_CHECKING:
    import pyarrow

_LAST_SECOND = 253_402_300_798
"""End of the year 9999, where Python's calendar ends."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a question has to read; each record is in exactly one of them."""

    parquet: tuple[Path, ...]
    """Converted records, under canonical names; types are the same in all."""
    raw: tuple[LogFile, ...]
    """Log files that are not converted; to be given to `FlowLogFiles.read`."""
    layouts: tuple[tuple[tuple[str, ...], tuple[Path, ...]], ...] = ()
    """The Parquet files by the columns that they have: select NULL for the others."""


class FlowLogFiles:
    """The flow logs of a file, a directory or a glob; may be used by several threads at once.

    Args:
        location: As the user wrote it.
        cache_root: Directory of all caches; None reads straight from the files.
        format: Columns, by any name, of files without a header line that are not in the default
            format.
        cache_limit_bytes: What the caches of all sources may take together.
    """

    def __init__(
        self,
        location: str,
        *,
        cache_root: Path | None,
        format: tuple[str, ...] | None = None,
        cache_limit_bytes: int = 20 * 10**9,
    ) -> None:
        self.location = location
        self._cache_root = cache_root
        self._format = parse_format(" ".join(format)) if format else None
        self._cache_limit_bytes = cache_limit_bytes
        self._directory = directory_of(cache_root, location, self._format) if cache_root else Path()
        self._ledger = Ledger()
        self._lock = threading.Lock()
        self._unlisted: tuple[LeftOut, ...] = ()
        self._met: dict[str, tuple[LeftOut, ...]] = {}
        self._notes: dict[str, None] = {}

    def open(self) -> None:
        """List the files and read the first lines of those that are new; again: look for news.

        Raises:
            ConnectError: There is no such place, or no flow log in it.
        """
        listing = list_files(os.path.abspath(os.path.expanduser(self.location)))
        if self._ledger.store is None and self._cache_root is not None:
            self._open_store()
        indexed = self._indexed()
        look = look_at_files(listing, indexed.files, self._format)
        self._unlisted = (*listing.left_out, *look.unreadable)
        try:
            self._ledger.enter(look, indexed)
        except CacheError as error:
            self._give_up_cache(error)
            self._ledger.enter(look, Snapshot({}, {}))
        if not self._ledger.files():
            raise self._nothing()

    def close(self) -> None:
        """Let go of the cache; `read` still works."""
        if self._ledger.store is not None:
            self._ledger.store.close()
            self._ledger.store = None

    @property
    def directory(self) -> Path | None:
        """Where its converted files are; None: nothing is cached."""
        return self._directory if self._cache_root else None

    @property
    def fields(self) -> tuple[str, ...]:
        """Every column of any file: canonical fields in documentation order, then unknown ones."""
        layouts = {file.fields for file in self._ledger.files()}
        return ordered(column for layout in layouts for column in layout)

    def inputs(self, time: TimeRange | None) -> Inputs:
        """What holds the records of a time range; None: all.

        Files and parts that cannot hold any are skipped by name, folder or known bounds, unopened.
        """
        parts, raw = self._ledger.split()
        layouts: dict[tuple[str, ...], list[Path]] = {}
        for part in parts:
            if _may_overlap((part.min_start, part.max_end), time):
                layouts.setdefault(part.fields, []).append(self._path_of(part))
        return Inputs(
            tuple(path for paths in layouts.values() for path in paths),
            tuple(file for file in raw if _may_overlap(file.named or (None, None), time)),
            tuple((fields, tuple(paths)) for fields, paths in layouts.items()),
        )

    def read(
        self, file: LogFile, fields: Collection[str], cancelled: threading.Event | None = None
    ) -> pyarrow.Table:
        """The records of a log file with exactly these columns; NULL where the file lacks one."""
        import pyarrow

        tables = list(self.read_tables(file, fields, cancelled))
        return pyarrow.concat_tables(tables or [arrow_schema(tuple(fields)).empty_table()])

    def read_tables(
        self, file: LogFile, fields: Collection[str], cancelled: threading.Event | None = None
    ) -> Iterator[pyarrow.Table]:
        """As `read`, in tables of a few MB of text each, so that a large file fits in memory."""
        problems = Problems(file.path)
        try:
            yield from read_tables(
                file.path, tuple(fields), problems, self._format, cancelled=cancelled
            )
        except UnreadableError as error:
            problems.add(error.reason)
        self._meet(problems)

    def convert(self, cancelled: threading.Event, on_progress: Callable[[Progress], None]) -> None:
        """Convert what is not converted yet, and merge small parts; returns early if cancelled.

        `inputs` gives each part as soon as it is whole. Trouble with the cache ends the conversion
        and becomes a note in `facts`; the files can still be read.
        """
        store = self._ledger.store
        if store is None:
            return
        from flowtui.engines.local.conversion import Conversion  # not for a question

        conversion = Conversion(
            self._ledger, store, self._format, self._cache_limit_bytes, cancelled, on_progress
        )
        try:
            conversion.run()
        except CacheError as error:
            self._note(f"Not everything is in the cache: {error}")
        for problems in conversion.unreadable:
            self._meet(problems)

    def left_out(self) -> tuple[LeftOut, ...]:
        """What could not be used, as far as it has been read, in the order of the files."""
        with self._lock:
            by_file = dict(self._met)
        for path, known in self._ledger.known().items():
            if known.refusal:
                is_log = known.refusal != NOT_A_LOG
                by_file[path] = (LeftOut(path, known.refusal, 0),) if is_log else ()
            elif known.part:
                by_file[path] = known.left_out
        found = [each for left_out in by_file.values() for each in left_out]
        return tuple(sorted((*self._unlisted, *found), key=lambda each: each.path))

    def facts(self) -> SourceFacts:
        """What is known of the records; counts are None until all are converted."""
        parts, raw = self._ledger.split()
        known = self._ledger.known()
        read = [known[file.path] for file in self._ledger.files()]
        is_whole = not raw
        return SourceFacts(
            name=self.location,
            files=len(read),
            records=sum(each.records for each in read) if is_whole else None,
            time=_time_of(parts) if is_whole else None,
            skipped_windows=sum(each.skipdata for each in read) if is_whole else None,
            left_out=self.left_out(),
            notes=tuple(self._notes),
        )

    def bytes_of(self, inputs: Inputs) -> int:
        """How much there is to read on disk."""
        sizes = {self._path_of(part): part.bytes for part in self._ledger.split()[0]}
        converted = sum(sizes.get(path, 0) for path in inputs.parquet)
        return converted + sum(file.size for file in inputs.raw)

    def _open_store(self) -> None:
        store = Store(self._directory, self.location)
        try:
            store.open()
        except CacheError as error:
            self._note(f"Reading without a cache: {error}")
        else:
            self._ledger.store = store

    def _indexed(self) -> Snapshot:
        if self._ledger.store is not None:
            try:
                return self._ledger.store.read()
            except CacheError as error:
                self._give_up_cache(error)
        return Snapshot({} if self._cache_root else self._ledger.known(), {})

    def _give_up_cache(self, error: CacheError) -> None:
        self.close()
        self._note(f"Reading without a cache: {error}")

    def _note(self, text: str) -> None:
        self._notes[text] = None

    def _path_of(self, part: Part) -> Path:
        return self._directory / part.name

    def _meet(self, problems: Problems) -> None:
        """Add what a reading found; one that needs fewer columns finds less."""
        with self._lock:
            found = {each.reason: each for each in self._met.get(problems.path, ())}
            found.update((each.reason, each) for each in problems.left_out())
            self._met[problems.path] = tuple(found.values())

    def _nothing(self) -> ConnectError:
        left_out = self.left_out()
        if not left_out:
            return ConnectError(
                f"There are no flow logs in {self.location}",
                "Log files end in .log, .log.gz, .gz or .parquet; directories are searched to the"
                " bottom.",
            )
        first = left_out[0]
        count = f"{len(left_out)} files" if len(left_out) > 1 else "The file"
        return ConnectError(
            f"No flow logs could be read in {self.location}",
            f"{count} left out; first {first.path}: {first.reason}",
        )


def _may_overlap(span: tuple[int | None, int | None], time: TimeRange | None) -> bool:
    """False where no record between these times lies in the range; unknown bounds may."""
    if time is None:
        return True
    earliest, latest = span
    is_before = time.since is not None and latest is not None and latest < time.since.timestamp()
    is_after = (
        time.until is not None and earliest is not None and earliest >= time.until.timestamp()
    )
    return not (is_before or is_after)


def _time_of(parts: list[Part]) -> TimeRange | None:
    earliest = min((p.min_start for p in parts if p.min_start is not None), default=None)
    latest = max((p.max_end for p in parts if p.max_end is not None), default=None)
    if earliest is None or latest is None or not 0 <= earliest <= latest <= _LAST_SECOND:
        return None
    return TimeRange(datetime.fromtimestamp(earliest, UTC), datetime.fromtimestamp(latest + 1, UTC))
