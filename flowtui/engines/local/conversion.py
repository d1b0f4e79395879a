"""One conversion of a source: whose turn it is, two batches at a time, and what may go wrong."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial

from flowtui.domain.executions import Progress
from flowtui.engines.local.caches import list_caches, prune
from flowtui.engines.local.convert import (
    Batch,
    Converted,
    Counts,
    FieldsFoundError,
    batches,
    convert_batch,
)
from flowtui.engines.local.indexed import CacheError
from flowtui.engines.local.ledger import Ledger
from flowtui.engines.local.logfile import LogFile
from flowtui.engines.local.merging import merge, merges
from flowtui.engines.local.problems import Problems
from flowtui.engines.local.store import Store

_THREADS = 2
_TURN_S = 0.1
_TRIES = 3


class Conversion:
    """Converts what a ledger says is not converted; run it once, from one thread.

    Attributes:
        unreadable: Files that could not be opened.
    """

    def __init__(
        self,
        ledger: Ledger,
        store: Store,
        format: tuple[str, ...] | None,
        cache_limit_bytes: int,
        cancelled: threading.Event,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self.unreadable: list[Problems] = []
        self._ledger = ledger
        self._store = store
        self._format = format
        self._limit_bytes = cache_limit_bytes
        self._cancelled = cancelled
        self._on_progress = on_progress
        self._counts = Counts()
        self._began = time.monotonic()
        self._tries: dict[str, int] = {}
        self._files_total = self._bytes_total = 0

    def run(self) -> None:
        """Convert and merge until nothing is left to do, or it is cancelled.

        Raises:
            CacheError: The cache is full, or broken.
        """
        self._ledger.refresh()
        has_merged = False
        while not self._cancelled.is_set():
            if not self._pending() and (has_merged or not self._has_merges()):
                return
            if not self._store.begin_converting():
                self._await_turn()
                continue
            try:
                self._ledger.refresh()
                self._make_room()
                self._convert(self._pending())
                self._merge()
                has_merged = True
            finally:
                self._store.end_converting()
            self._ledger.refresh()

    def _pending(self) -> list[LogFile]:
        raw = self._ledger.split()[1]
        return [file for file in raw if self._tries.get(file.path, 0) < _TRIES]

    def _has_merges(self) -> bool:
        return next(merges(self._ledger.split()[0]), None) is not None

    def _await_turn(self) -> None:
        stamp = self._store.stamp()
        self._show("Another flowtui converts these flow logs")
        self._cancelled.wait(_TURN_S)
        if self._store.stamp() != stamp:
            self._ledger.refresh()

    def _convert(self, pending: list[LogFile]) -> None:
        self._files_total = self._counts.files + len(pending)
        self._bytes_total = self._counts.bytes + sum(file.size for file in pending)
        for file in pending:
            self._tries[file.path] = self._tries.get(file.path, 0) + 1
        running: dict[Future[Converted | None], Batch] = {}
        stopped = threading.Event()
        try:
            with ThreadPoolExecutor(_THREADS, "convert") as pool:
                try:
                    self._keep_running(pool, running, batches(pending), stopped)
                finally:
                    stopped.set()
        finally:
            for future in running:
                self._discard(future)
        self._show()

    def _keep_running(
        self,
        pool: ThreadPoolExecutor,
        running: dict[Future[Converted | None], Batch],
        work: Iterator[Batch],
        stopped: threading.Event,
    ) -> None:
        directory = self._store.directory
        while True:
            if self._cancelled.is_set():
                stopped.set()
            while len(running) < _THREADS and not stopped.is_set() and (batch := next(work, None)):
                task = partial(convert_batch, batch, directory, self._format, stopped, self._counts)
                running[pool.submit(task)] = batch
            if not running:
                return
            done, _ = wait(running, _TURN_S, FIRST_COMPLETED)
            for future in done:
                del running[future]
                self._enter(future)
            self._show()

    def _discard(self, future: Future[Converted | None]) -> None:
        """Delete what a batch wrote after another had failed."""
        converted = None if future.exception() else future.result()
        if converted is not None:
            (self._store.directory / converted.part.name).unlink(missing_ok=True)

    def _enter(self, future: Future[Converted | None]) -> None:
        try:
            converted = future.result()
        except FieldsFoundError as found:
            self._ledger.widen(found.path, found.fields)
            return
        except OSError as error:
            raise _trouble(error) from error
        if converted is None:
            return
        self.unreadable.extend(converted.unreadable)
        if converted.files and self._store.add_part(converted.part, converted.files):
            self._ledger.learn(converted)
            self._make_room()
        else:
            (self._store.directory / converted.part.name).unlink(missing_ok=True)

    def _merge(self) -> None:
        for group in list(merges(self._ledger.split()[0])):
            try:
                merged = merge(group, self._store.directory, self._cancelled)
            except OSError as error:
                raise _trouble(error) from error
            if merged is None:
                return
            if not self._store.merge_parts(merged, [part.name for part in group]):
                (self._store.directory / merged.name).unlink(missing_ok=True)

    def _make_room(self) -> None:
        root = self._store.directory.parent
        prune(root, self._limit_bytes)
        if sum(entry.bytes for entry in list_caches(root)) > self._limit_bytes:
            raise CacheError("it has reached its size limit; see `flowtui cache`")

    def _show(self, phase: str = "Converting flow logs") -> None:
        counts = self._counts
        self._on_progress(
            Progress(
                counts.files,
                self._files_total,
                counts.records,
                counts.bytes,
                self._bytes_total,
                time.monotonic() - self._began,
                phase,
            )
        )


def _trouble(error: OSError) -> CacheError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CacheError("the disk is full")
    return CacheError(f"it cannot be written: {error.strerror or error}")
