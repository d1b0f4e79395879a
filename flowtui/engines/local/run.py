"""One statement on local files, from start to its rows, in a thread of its own."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from flowtui.domain.executions import QueryExecution, QueryState, Statement
from flowtui.engines.faults import translating
from flowtui.engines.local import duck
from flowtui.engines.local.fetching import FEW_ROWS, fetch_rows
from flowtui.engines.results import ResultStore
from flowtui.errors import EngineError, FlowtuiError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from flowtui.engines.local.duck import LockedDuckDB
    from flowtui.engines.local.files import FlowLogFiles, Inputs
    from flowtui.engines.local.raw import RawRecords
    from flowtui.engines.shelf import ResultShelf

_LIMIT: Final = re.compile(r"\bLIMIT\s+(\d{1,9})\s*;?\s*$", re.IGNORECASE | re.ASCII)
_STOP_S: Final = 0.5
_CANCELLED: Final = "Cancelled; the rows that had arrived stay."


@dataclass(frozen=True, slots=True)
class Source:
    """What a run works with; owned by the engine."""

    duckdb: LockedDuckDB
    files: FlowLogFiles
    shelf: ResultShelf
    readers: int


class LocalRun:
    """A running or finished execution.

    Args:
        source: What it reads, and where its rows go.
        statement: What runs.
        id: Names it.
        on_change: Called, from any thread, after each change.
    """

    def __init__(
        self, source: Source, statement: Statement, id: str, on_change: Callable[[], None]
    ) -> None:
        self.results: ResultStore | None = None
        self._changes, self._changes_seen = 0, 0
        self._source = source
        self._statement = statement
        self._on_change = on_change
        self._cancelled = threading.Event()
        self._lock = threading.RLock()
        self._cursor: DuckDBPyConnection | None = None
        self._began = time.monotonic()
        self._raw_done = 0
        self._raw_total = 0
        self._parquet_total = 0
        self._execution = QueryExecution(id, statement, QueryState.QUEUED, datetime.now(UTC))
        self._thread = threading.Thread(target=self._run, name=f"run-{id}", daemon=True)

    @property
    def execution(self) -> QueryExecution:
        """As it stands; time and progress are brought up to now."""
        with self._lock:
            now = self._execution
            if now.state.is_terminal:
                return now
            return replace(now, elapsed_ms=self._elapsed_ms(), scanned_bytes=self._scanned())

    def has_changed(self) -> bool:
        """True where something happened since `latest`, or nothing more will."""
        with self._lock:
            return self._changes != self._changes_seen or self._execution.state.is_terminal

    def latest(self) -> QueryExecution:
        """As `execution`; takes note that its changes were seen."""
        with self._lock:
            self._changes_seen = self._changes
            return self.execution

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def cancel(self) -> None:
        """Stop it; returns when it has stopped, or after half a second."""
        self._cancelled.set()
        until = time.monotonic() + _STOP_S
        # An interrupt that comes before the query has begun is lost, so one is not enough.
        while self._thread.is_alive() and time.monotonic() < until:
            self._interrupt()
            self._thread.join(0.005)
        self._end(QueryState.CANCELLED, reason=_CANCELLED)

    def stop(self) -> None:
        """Ask it to stop, without waiting."""
        self._cancelled.set()
        self._interrupt()

    def _interrupt(self) -> None:
        with self._lock:
            if self._cursor is not None:
                self._cursor.interrupt()

    def _run(self) -> None:
        try:
            with translating(self._statement.sql):
                self._execute()
        except FlowtuiError as error:
            if self._cancelled.is_set():
                self._end(QueryState.CANCELLED, reason=_CANCELLED)
            self._end(QueryState.FAILED, error=error, reason=error.message)
        finally:
            # Nobody would learn that this thread has died of a mistake of ours.
            self._end(
                QueryState.FAILED,
                error=EngineError("The local engine failed in itself.", "See the log file."),
                reason="The local engine failed in itself.",
            )

    def _execute(self) -> None:
        from flowtui.sql import to_duckdb

        sql = to_duckdb(self._statement.sql)
        inputs = self._source.files.inputs(self._statement.span)
        self._measure(inputs)
        with closing(self._source.duckdb.cursor()) as cursor:
            self._use(cursor)
            self._change(state=QueryState.RUNNING, queue_ms=self._elapsed_ms())
            raw = self._raw_records(inputs)
            try:
                duck.refuse_writing(cursor, sql)
                duck.create_table(cursor, self._source.files.fields, inputs, raw)
                duck.begin_reading(cursor)
                fetch_rows(
                    cursor, sql, self._source.shelf, _is_short(self._statement.sql),
                    self._cancelled, self._show,
                )  # fmt: skip
            except Exception as error:
                if raw is not None and raw.error is not None:
                    raise raw.error from error
                raise
            finally:
                self._use(None)
        is_stopped = self._cancelled.is_set()
        self._end(QueryState.CANCELLED if is_stopped else QueryState.SUCCEEDED)

    def _raw_records(self, inputs: Inputs) -> RawRecords | None:
        if not inputs.raw:
            return None
        from flowtui.engines.local.raw import RawRecords  # pyarrow, only for files not converted

        files = self._source.files
        known = set(files.fields)
        fields = [name for name in self._statement.fields if name in known]
        return RawRecords(
            inputs.raw,
            fields or files.fields,
            files.read_tables,
            self._cancelled,
            self._count_raw,
            self._source.readers,
        )

    def _show(self, results: ResultStore) -> None:
        self.results = results
        self._change()

    def _measure(self, inputs: Inputs) -> None:
        self._raw_total = sum(file.size for file in inputs.raw)
        total = self._source.files.bytes_of(inputs)
        self._parquet_total = max(0, total - self._raw_total)
        self._change(scanned_total=total)

    def _count_raw(self, size: int) -> None:
        # Called by several readers; a stream that is opened twice reads twice.
        with self._lock:
            self._raw_done = min(self._raw_done + size, self._raw_total)

    def _scanned(self) -> int | None:
        """Bytes read so far; needs `_lock`."""
        if self._execution.state is QueryState.QUEUED:
            return None
        share = 0.0
        if self._cursor is not None and self._parquet_total:
            share = min(max(self._cursor.query_progress(), 0.0), 100.0) / 100
        return self._raw_done + int(self._parquet_total * share)

    def _elapsed_ms(self) -> int:
        return int((time.monotonic() - self._began) * 1000)

    def _use(self, cursor: DuckDBPyConnection | None) -> None:
        with self._lock:
            self._cursor = cursor

    def _change(self, **changes: Any) -> None:
        with self._lock:
            self._set(**changes)
        self._on_change()

    def _set(self, **changes: Any) -> None:
        """Enter changes, unless it has ended; needs `_lock`."""
        if not self._execution.state.is_terminal:
            rows = self.results.rows_ready if self.results else 0
            self._execution = replace(self._execution, rows_ready=rows, **changes)
            self._changes += 1

    def _end(self, state: QueryState, **changes: Any) -> None:
        """Enter the last state, once; whatever comes after it changes nothing."""
        with self._lock:
            if self._execution.state.is_terminal:
                return
            if self.results is not None:
                self.results.finish()
            elapsed = self._elapsed_ms()
            is_whole = state is QueryState.SUCCEEDED
            scanned = self._raw_done + self._parquet_total if is_whole else self._scanned()
            self._set(
                completed=datetime.now(UTC),
                elapsed_ms=elapsed,
                engine_ms=elapsed - (self._execution.queue_ms or 0),
                scanned_bytes=scanned,
                is_complete=is_whole,
                state=state,
                **changes,
            )
        # Not under the lock: whoever is told holds one of their own while they ask how it stands.
        self._on_change()


def _is_short(sql: str) -> bool:
    limit = _LIMIT.search(sql)
    return limit is not None and int(limit[1]) <= FEW_ROWS
