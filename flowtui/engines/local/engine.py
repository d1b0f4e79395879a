"""The local engine: SQL over flow log files, by the DuckDB inside this process."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flowtui.domain.executions import Estimate, Progress, QueryExecution, SourceFacts, Statement
from flowtui.domain.fields import FIELD
from flowtui.domain.schema import PhysicalColumn, TableSchema
from flowtui.engines.base import Results
from flowtui.errors import EngineError

if TYPE_CHECKING:
    from flowtui.engines.local.duck import Limits
    from flowtui.engines.local.files import FlowLogFiles
    from flowtui.engines.local.run import LocalRun, Source
    from flowtui.engines.scratch import ScratchDirectory

_RESULTS_AT_HAND: Final = 16
"""Results whose first rows stay in memory."""


class LocalEngine:
    """Runs statements over flow log files.

    Args:
        location: A file, directory or glob.
        name: What the screen calls the source.
        cache_root: Where converted files and results are kept; None: files are read as they are,
            and results go to the system's temporary place.
        format: Canonical fields of files without a header line.
        cache_limit_bytes: What the converted files of all sources may take together.
        limits: Threads and memory of DuckDB; default: by the machine.
    """

    def __init__(
        self,
        location: str,
        *,
        name: str,
        cache_root: Path | None,
        format: tuple[str, ...] | None = None,
        cache_limit_bytes: int = 20 * 10**9,
        limits: Limits | None = None,
    ) -> None:
        self.schema = TableSchema("vpc_flow_logs", (), is_local=True)
        self._location = location
        self._name = name
        self._cache_root = cache_root
        self._format = format
        self._cache_limit_bytes = cache_limit_bytes
        self._limits = limits
        self._changed = threading.Condition()
        self._runs: dict[str, LocalRun] = {}
        self._scratch: ScratchDirectory | None = None
        self._source: Source | None = None
        self._is_closed = False

    def connect(self) -> None:
        """List the files, learn their fields and start DuckDB.

        Raises:
            ConnectError: There are no flow logs, or they or the cache cannot be used.
        """
        from flowtui.engines.local.files import FlowLogFiles

        files = FlowLogFiles(
            self._location,
            cache_root=self._cache_root,
            format=self._format,
            cache_limit_bytes=self._cache_limit_bytes,
        )
        # DuckDB's threads must end before the interpreter does, or they take the process down.
        atexit.register(self.close)
        self._source = self._open_source(files)
        files.open()
        self._learn_fields(files)

    def refresh(self) -> None:
        """Look for files that came, changed or went since; running queries are not touched."""
        files = self._opened.files
        files.open()
        self._learn_fields(files)

    def facts(self) -> SourceFacts:
        """Files, records, times and what was left out, as far as they are known now."""
        return replace(self._opened.files.facts(), name=self._name)

    def prepare(self, cancelled: threading.Event, on_progress: Callable[[Progress], None]) -> None:
        """Convert what is new into the cache; questions may run meanwhile."""
        self._opened.files.convert(cancelled, on_progress)
        # Long results need it: a tenth of a second that the first of them need not wait for.
        import pyarrow  # noqa: F401

    def estimate(self, statement: Statement) -> Estimate:
        """Bytes of the files that it will read; local files cost nothing."""
        files = self._opened.files
        inputs = files.inputs(statement.span)
        count = len(inputs.parquet) + len(inputs.raw)
        basis = f"size of {count:,} {'file' if count == 1 else 'files'}"
        return Estimate(files.bytes_of(inputs), basis, objects=count, is_upper_bound=True)

    def submit(self, statement: Statement) -> str:
        """Start it in a thread; its id.

        Raises:
            GuardError: It would do more than read.
            QueryError: It is no SQL.
        """
        from flowtui.engines.local.run import LocalRun
        from flowtui.sql import check_reads_only

        check_reads_only(statement.sql, is_local=True)
        source = self._opened
        # History keeps the executions of all processes side by side.
        id = f"local-{os.urandom(8).hex()}"
        run = LocalRun(source, statement, id, self._tell)
        self._runs[id] = run
        run.start()
        self._put_away()
        return id

    def poll(self, id: str) -> QueryExecution:
        """The execution as it stands."""
        return self._runs[id].execution

    def wait(self, id: str, timeout_s: float) -> QueryExecution:
        """As `poll`, as soon as something changed since it was last waited for."""
        run = self._runs[id]
        with self._changed:
            self._changed.wait_for(run.has_changed, timeout_s)
        return run.latest()

    def results(self, id: str) -> Results:
        """Its rows.

        Raises:
            EngineError: There are none yet, or it failed before there were any.
        """
        results = self._runs[id].results
        if results is None:
            raise EngineError("There are no rows yet.", "Wait until the query has begun.")
        return results

    def cancel(self, id: str) -> QueryExecution:
        """Stop it, its readers too."""
        run = self._runs[id]
        run.cancel()
        return run.execution

    def close(self) -> None:
        """Stop what runs, close DuckDB and delete the results."""
        self._is_closed = True
        runs = tuple(self._runs.values())
        for run in runs:
            run.stop()
        for run in runs:
            run.cancel()
        if self._source is not None:
            self._source.shelf.close()
            self._source.duckdb.close()
            self._source.files.close()
        if self._scratch is not None:
            self._scratch.close()
        atexit.unregister(self.close)

    def _learn_fields(self, files: FlowLogFiles) -> None:
        columns = tuple(map(_physical, files.fields))
        self.schema = replace(self.schema, columns=columns)

    def _open_source(self, files: FlowLogFiles) -> Source:
        from flowtui.engines.local.duck import Limits, LockedDuckDB
        from flowtui.engines.local.run import Source
        from flowtui.engines.scratch import ScratchDirectory
        from flowtui.engines.shelf import ResultShelf
        from flowtui.sql import duckdb_setup

        limits = self._limits or Limits.of_machine()
        readable = [files.directory] if files.directory else []
        self._scratch = ScratchDirectory(self._cache_root / "results" if self._cache_root else None)
        duckdb = LockedDuckDB(readable, self._scratch.path / "spill", limits, duckdb_setup())
        return Source(duckdb, files, ResultShelf(self._scratch.path), limits.threads)

    def _put_away(self) -> None:
        """Keep the memory flat over a long sitting: old results wait on the disk."""
        for run in tuple(self._runs.values())[-_RESULTS_AT_HAND - 2 : -_RESULTS_AT_HAND]:
            if run.results is not None and run.results.is_complete:
                run.results.put_away()

    @property
    def _opened(self) -> Source:
        if self._source is None or self._is_closed:
            raise EngineError("The source is not open.", "Open it again.")
        return self._source

    def _tell(self) -> None:
        with self._changed:
            self._changed.notify_all()


def _physical(field: str) -> PhysicalColumn:
    known = FIELD.get(field)
    return PhysicalColumn(field, known.athena_type if known else "string", field)
