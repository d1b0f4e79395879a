"""One statement on Athena, from start to its rows; started once, stopped once.

The execution has two names. `token` is ours: it exists before Athena has answered, and as
ClientRequestToken it makes sure that a start which had to be repeated starts one query only.
`query_id` is Athena's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flowtui.domain.executions import QueryExecution, QueryState, Statement
from flowtui.domain.money import DEFAULT_PRICE
from flowtui.engines.athena.board import Details, StatusBoard
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.details import told_by
from flowtui.engines.athena.faults import ExpiredError, is_transient, translating
from flowtui.engines.athena.patience import patiently
from flowtui.errors import ConnectError, EngineError, FlowtuiError


@dataclass(frozen=True, slots=True)
class StartRequest:
    """What StartQueryExecution is asked, but for SQL and token."""

    database: str
    catalog: str
    workgroup: str
    output_location: str = ""
    """Empty: the work group's."""
    reuse_minutes: int = 60
    """Age at which an earlier result still answers for nothing; 0: never. 0-10,080."""

    def arguments(self, sql: str, token: str) -> dict[str, Any]:
        """Keyword arguments of the call."""
        arguments: dict[str, Any] = {
            "QueryString": sql,
            "ClientRequestToken": token,
            "QueryExecutionContext": {"Database": self.database, "Catalog": self.catalog},
            "WorkGroup": self.workgroup,
        }
        if self.output_location:
            arguments["ResultConfiguration"] = {"OutputLocation": self.output_location}
        if self.reuse_minutes:
            arguments["ResultReuseConfiguration"] = {
                "ResultReuseByAgeConfiguration": {
                    "Enabled": True,
                    "MaxAgeInMinutes": self.reuse_minutes,
                }
            }
        return arguments


class AthenaRun:
    """A running or finished execution.

    Args:
        clients: Calls go through these.
        board: Tells how it stands.
        request: Where and how it runs.
        statement: What runs.
        token: Our id for it, 32-128 characters.
        on_change: Called, from any thread, after each change.
        fetch: Called once in the run's own thread when it has succeeded; brings the rows in.
        price_per_tb: US dollars.
    """

    def __init__(
        self,
        clients: AwsClients,
        board: StatusBoard,
        request: StartRequest,
        statement: Statement,
        token: str,
        on_change: Callable[[], None],
        fetch: Callable[[AthenaRun], None],
        price_per_tb: Decimal = DEFAULT_PRICE,
    ) -> None:
        self.cancelled = threading.Event()
        self._clients = clients
        self._board = board
        self._request = request
        self._on_change = on_change
        self._fetch = fetch
        self._price_per_tb = price_per_tb
        self._lock = threading.RLock()
        self._news = threading.Event()
        """Set when the run's thread has something to do: it ended, was cancelled, or is lost."""
        self._lost: EngineError | None = None
        """Why Athena does not tell any more how it stands."""
        self._is_in_doubt = False
        """True once a start went out whose answer did not come back."""
        self._is_foreign = False
        self._execution = QueryExecution(
            token, statement, QueryState.QUEUED, submitted=datetime.now(UTC)
        )
        self._thread = threading.Thread(target=self._run, name="athena-run", daemon=True)

    @property
    def execution(self) -> QueryExecution:
        """As it stands; the elapsed time is brought up to now."""
        with self._lock:
            now = self._execution
        if now.state.is_terminal:
            return now
        elapsed = datetime.now(UTC) - now.submitted
        return replace(now, elapsed_ms=int(elapsed.total_seconds() * 1000))

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def attach(self, query_id: str, is_ours: bool = False) -> None:
        """Begin with an execution that was started earlier; returns at once."""
        self._is_foreign = not is_ours
        self.change(query_id=query_id, is_attached=True)
        self._thread.start()

    def change(self, **changes: Any) -> None:
        """Set fields of the execution and tell."""
        with self._lock:
            self._execution = replace(self._execution, **changes)
        self._on_change()

    def cancel(self) -> None:
        """Have it stopped on Athena, once; returns at once, the execution tells how that goes.

        What was scanned is billed. One that was started elsewhere is not ours to stop: it is no
        longer followed.
        """
        self.cancelled.set()
        self._news.set()

    def let_go(self) -> None:
        """Follow it no longer; it goes on, on Athena."""
        self._is_foreign = True
        self.cancel()

    def join(self, timeout_s: float) -> None:
        """Wait for the run's thread."""
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(max(0.0, timeout_s))

    def _run(self) -> None:
        try:
            query_id = self._execution.query_id or self._start()
            if query_id:
                self._see_through(query_id)
            if self._execution.state is QueryState.SUCCEEDED:
                self._fetch(self)
        except FlowtuiError as error:
            self._fail(error)
        except BaseException:
            # Nobody would learn that this thread has died of a mistake of ours.
            self._fail(EngineError("The Athena engine failed in itself.", "See the log file."))
            raise

    def _start(self) -> str:
        """Start it; Athena's id, or empty where it was cancelled first.

        Raises:
            EngineError: It could not be started.
        """
        try:
            query_id = patiently(self._start_once, self._clients, self.cancelled, self._doubt)
            if query_id is None and self._is_in_doubt:
                # The same token finds the query that an unheard start began, so that it is stopped.
                query_id = self._start_once()
        except EngineError as error:
            if self._is_in_doubt:
                error.hint = f"Athena may have started it: flowtui history tells. {error.hint}"
            raise
        if query_id is None:
            self.change(
                state=QueryState.CANCELLED,
                reason="Cancelled before it started; nothing was scanned.",
                error=None,
            )
        return query_id or ""

    def _doubt(self, error: EngineError) -> None:
        self._is_in_doubt |= isinstance(error, ConnectError)
        self.wait_out(error)

    def wait_out(self, error: EngineError) -> None:
        """Tell of trouble that passes, or that the person may mend: the login has expired."""
        self.change(reason=error.message, error=error)

    def _start_once(self) -> str:
        execution = self._execution
        with translating("starting the query", self._clients.settings.profile):
            answer = self._clients.client("athena").start_query_execution(
                **self._request.arguments(execution.statement.sql, execution.id)
            )
        query_id = str(answer["QueryExecutionId"])
        self.change(query_id=query_id, reason="", error=None)
        return query_id

    def _see_through(self, query_id: str) -> None:
        """Follow it to its end; stop it when it is cancelled, or lost sight of.

        Raises:
            EngineError: It could not be stopped, or Athena does not tell how it stands.
        """
        self._board.watch(query_id, self._take, self._worry)
        try:
            self._news.wait()
            if self._execution.state.is_terminal:
                return
            if self._is_foreign:
                self._leave()
                return
            self._news.clear()
            self._stop(query_id)
            self._board.hurry(query_id)
            while not (self._execution.state.is_terminal or self._lost):
                self._news.wait()
                self._news.clear()
            if self._lost:
                raise self._lost
        finally:
            self._board.forget(query_id)

    def _leave(self) -> None:
        if self._lost:
            raise self._lost
        self.change(
            state=QueryState.CANCELLED, reason="Not followed any more; it goes on, on Athena."
        )

    def _take(self, details: Details) -> None:
        self.change(**told_by(details, self._price_per_tb))
        if self._execution.state.is_terminal:
            self._news.set()

    def _worry(self, error: EngineError) -> None:
        """The query runs on; only we do not hear of it."""
        if is_transient(error) or isinstance(error, ExpiredError):
            self.wait_out(error)
        else:
            self._lost = error
            self._news.set()

    def _stop(self, query_id: str) -> None:
        def stop() -> None:
            with translating("stopping the query", self._clients.settings.profile):
                self._clients.client("athena").stop_query_execution(QueryExecutionId=query_id)

        try:
            # Nothing cuts this short: a query that is not stopped goes on costing.
            patiently(stop, self._clients, threading.Event(), self.wait_out)
        except EngineError as error:
            raise type(error)(
                f"Could not stop it, it may go on and be billed: {error.message}", error.hint
            ) from error

    def _fail(self, error: FlowtuiError) -> None:
        self.change(
            state=QueryState.FAILED, reason=error.message, error=error, completed=datetime.now(UTC)
        )
