"""One statement over S3: the objects of its time are fetched, then the local engine runs it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flowtui.domain.executions import Progress, QueryExecution, QueryState, Statement
from flowtui.engines.base import Engine
from flowtui.errors import EngineError, FlowtuiError

Bring = Callable[[Statement, threading.Event, Callable[[Progress], None]], None]
"""Makes the statement's objects local; raises where none could be had."""


class S3Run:
    """QUEUED while objects arrive; then as the local engine's own execution.

    Args:
        local: Runs the statement once its objects are here.
        bring: Fetches them.
        statement: What runs.
        id: Names it.
        on_change: Called, from any thread, after each change.
    """

    def __init__(
        self,
        local: Engine,
        bring: Bring,
        statement: Statement,
        id: str,
        on_change: Callable[[], None],
    ) -> None:
        self.local_id = ""
        self._local = local
        self._bring = bring
        self._on_change = on_change
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._execution = QueryExecution(id, statement, QueryState.QUEUED, datetime.now(UTC))
        self._thread = threading.Thread(target=self._run, name=f"run-{id}", daemon=True)

    @property
    def execution(self) -> QueryExecution:
        """As it stands."""
        with self._lock:
            now, local_id = self._execution, self.local_id
        if local_id:
            return self._named(self._local.poll(local_id))
        if now.state.is_terminal:
            return now
        elapsed = datetime.now(UTC) - now.submitted
        return replace(now, elapsed_ms=int(elapsed.total_seconds() * 1000))

    def wait(self, timeout_s: float) -> QueryExecution:
        """As it stands once the local engine has news, or after the time."""
        return self._named(self._local.wait(self.local_id, timeout_s))

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def cancel(self) -> None:
        """Stop fetching, or the local execution."""
        self._cancelled.set()
        if self.local_id:
            self._local.cancel(self.local_id)

    def join(self, timeout_s: float) -> None:
        """Wait for the fetching to end."""
        self._thread.join(timeout_s)

    def _named(self, local: QueryExecution) -> QueryExecution:
        mine = self._execution
        waited_ms = local.submitted - mine.submitted
        elapsed_ms = local.elapsed_ms + int(waited_ms.total_seconds() * 1000)
        return replace(local, id=mine.id, submitted=mine.submitted, elapsed_ms=elapsed_ms)

    def _run(self) -> None:
        statement = self._execution.statement
        try:
            self._bring(statement, self._cancelled, self._tell)
            if self._cancelled.is_set():
                self._change(
                    state=QueryState.CANCELLED,
                    reason="Cancelled while downloading; what is here is kept.",
                )
                return
            local_id = self._local.submit(statement)
        except FlowtuiError as error:
            self._fail(error)
            return
        except BaseException:
            # Nobody would learn that this thread has died of a mistake of ours.
            self._fail(EngineError("The download failed in itself.", "See the log file."))
            raise
        with self._lock:
            self.local_id = local_id
        self._on_change()
        if self._cancelled.is_set():
            self._local.cancel(local_id)

    def _fail(self, error: FlowtuiError) -> None:
        self._change(state=QueryState.FAILED, error=error, reason=error.message)

    def _tell(self, progress: Progress) -> None:
        self._change(
            scanned_bytes=progress.bytes_done,
            scanned_total=progress.bytes_total,
            reason=f"Downloading {progress.files_done:,} of {progress.files_total:,} objects",
        )

    def _change(self, **changes: Any) -> None:
        with self._lock:
            self._execution = replace(self._execution, **changes)
        self._on_change()
