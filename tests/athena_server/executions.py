"""Query executions: their states, from QUEUED to the end."""

from __future__ import annotations

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

import duckdb

from tests.athena_server.engine import SqlEngine
from tests.athena_server.errors import SYSTEM, QueryFailedError
from tests.athena_server.results import Result
from tests.athena_server.statements import Statement
from tests.athena_server.storage import split_uri

TERMINAL: Final = ("SUCCEEDED", "FAILED", "CANCELLED")


@dataclass(slots=True)
class Execution:
    """One query execution."""

    id: str
    statement: Statement
    request: dict[str, Any]
    """As StartQueryExecution got it."""
    database: str
    workgroup: str
    output: str = ""
    """URI of the result's file; empty with managed results."""
    cutoff_bytes: int = 0
    state: str = "QUEUED"
    reason: str = ""
    error: QueryFailedError | None = None
    submitted: float = field(default_factory=time.time)
    started: float = 0.0
    completed: float = 0.0
    planned_bytes: int = 0
    result: Result | None = None
    connection: duckdb.DuckDBPyConnection | None = None
    is_reused: bool = False
    done: threading.Event = field(default_factory=threading.Event)
    """Set once the state is one of the last ones."""
    left: threading.Event = field(default_factory=threading.Event)
    """Set once nothing computes for it any more."""

    @property
    def is_over(self) -> bool:
        """Whether the state is one of the last ones."""
        return self.state in TERMINAL


class Gate:
    """Closed by `clear`, it holds executions in a state until `set`; stopping them still works."""

    def __init__(self, changed: threading.Condition) -> None:
        self._changed = changed
        self.is_open = True

    def clear(self) -> None:
        """Hold executions that come by."""
        self.is_open = False

    def set(self) -> None:
        """Let all go on."""
        with self._changed:
            self.is_open = True
            self._changed.notify_all()


class Executions:
    """Runs executions and holds their history."""

    def __init__(self, engine: SqlEngine, workers: int, is_shuffled: bool) -> None:
        self.by_id: dict[str, Execution] = {}
        self._changed = threading.Condition()
        self.queued_gate = Gate(self._changed)
        self.running_gate = Gate(self._changed)
        self.progress = 1.0
        """Share of its bytes that an execution reports as scanned while it runs."""
        self.failures: list[tuple[re.Pattern[str], QueryFailedError]] = []
        self._engine = engine
        self._is_shuffled = is_shuffled
        self._workers = workers
        self._pool = self._new_pool()

    def submit(self, execution: Execution) -> None:
        """Begin."""
        self.by_id[execution.id] = execution
        self._pool.submit(self._run, execution)

    def active(self) -> int:
        """How many are not over."""
        return sum(not execution.is_over for execution in list(self.by_id.values()))

    def stop(self, execution: Execution, reason: str = "Query cancelled by user") -> None:
        """Cancel it; nothing happens to one that is over."""
        with self._changed:
            if execution.is_over:
                return
            execution.state, execution.reason = "CANCELLED", reason
            execution.completed = time.time()
            self._changed.notify_all()
        execution.done.set()
        threading.Thread(target=_interrupt, args=(execution,), daemon=True).start()

    def _new_pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._workers, thread_name_prefix="athena-query")

    def clear(self) -> None:
        """Stop all, wait for them, and forget them."""
        self.queued_gate.set()
        self.running_gate.set()
        for execution in list(self.by_id.values()):
            self.stop(execution)
        self._pool.shutdown(wait=True)
        self._pool = self._new_pool()
        self.by_id.clear()
        self.failures.clear()
        self.progress = 1.0

    def close(self) -> None:
        """Stop all and take no more."""
        self.clear()
        self._pool.shutdown()

    def scanned_bytes(self, execution: Execution) -> int:
        """What the statistics say now."""
        if execution.is_reused:
            return 0
        if execution.result:
            return execution.result.scanned_bytes
        return int(execution.planned_bytes * self.progress)

    def _run(self, execution: Execution) -> None:
        try:
            self._pass(self.queued_gate, execution)
            with self._changed:
                if execution.is_over:
                    return
                execution.state, execution.started = "RUNNING", time.time()
            self._run_statement(execution)
        except duckdb.InterruptException:
            self.stop(execution)
        except QueryFailedError as error:
            self._end(execution, "FAILED", error)
        except Exception as error:  # noqa: BLE001 - a fault of this server must show in the test
            reason = f"BUG_OF_THE_TEST_SERVER: {type(error).__name__}: {error}"
            self._end(execution, "FAILED", QueryFailedError(reason, SYSTEM, 9999))
        finally:
            execution.left.set()

    def _pass(self, gate: Gate, execution: Execution) -> None:
        with self._changed:
            self._changed.wait_for(lambda: execution.is_over or gate.is_open)

    def _run_statement(self, execution: Execution) -> None:
        for pattern, failure in self.failures:
            if pattern.search(execution.request["QueryString"]):
                self._pass(self.running_gate, execution)
                raise failure
        if earlier := self._earlier(execution):
            execution.result, execution.output = earlier.result, earlier.output
            execution.is_reused = True
            self._end(execution, "SUCCEEDED")
            return

        def on_plan(connection: duckdb.DuckDBPyConnection, planned_bytes: int) -> None:
            execution.connection, execution.planned_bytes = connection, planned_bytes
            if 0 < execution.cutoff_bytes < planned_bytes:
                execution.planned_bytes = execution.cutoff_bytes
                self.stop(execution, "Bytes scanned limit was exceeded")
            self._pass(self.running_gate, execution)
            if execution.is_over:
                raise duckdb.InterruptException("stopped")

        result = self._engine.run(
            execution.statement, execution.database, on_plan, self._is_shuffled
        )
        if result.connection is None:
            self._pass(self.running_gate, execution)
        if not execution.is_over:
            self._store(execution, result)
            execution.result = result
            self._end(execution, "SUCCEEDED")

    def _end(self, execution: Execution, state: str, error: QueryFailedError | None = None) -> None:
        with self._changed:
            if execution.is_over:
                return
            execution.state, execution.completed, execution.error = state, time.time(), error
            execution.reason = error.reason if error else ""
        execution.done.set()

    def _earlier(self, execution: Execution) -> Execution | None:
        """A result that may be used again."""
        reuse = execution.request.get("ResultReuseConfiguration", {})
        by_age = reuse.get("ResultReuseByAgeConfiguration", {})
        if not by_age.get("Enabled") or execution.statement.verb != "SELECT":
            return None
        oldest = time.time() - 60 * by_age.get("MaxAgeInMinutes", 60)
        for other in reversed(list(self.by_id.values())):
            is_same = (
                other.request["QueryString"] == execution.request["QueryString"]
                and other.database == execution.database
                and other.workgroup == execution.workgroup
            )
            is_good = other.state == "SUCCEEDED" and other.completed > oldest and other.output
            if is_same and is_good and self._engine.storage.holds(other.output):
                return other
        return None

    def _store(self, execution: Execution, result: Result) -> None:
        if not execution.output:
            return
        bucket, _ = split_uri(execution.output)
        storage = self._engine.storage
        if not storage.has_bucket(bucket):
            raise QueryFailedError(f"Unable to verify/create output bucket {bucket}", 2, 1306)
        if result.manifest:
            storage.put(manifest_uri(execution.output), result.manifest)
        else:
            storage.put(execution.output, result.file(storage.directory))
        # AWS writes a binary description here; no client of ours reads it.
        storage.put(f"{execution.output}.metadata", b"\x08\x01")


def _interrupt(execution: Execution) -> None:
    """Interrupt until it is heard: DuckDB forgets an interrupt that comes before the query."""
    while True:
        if execution.connection is not None:
            execution.connection.interrupt()
        if execution.left.wait(0.02):
            return


def manifest_uri(output: str) -> str:
    """Where UNLOAD lists the files that it wrote."""
    return f"{output.removesuffix('.csv')}-manifest.csv"
