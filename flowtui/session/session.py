"""One sitting over one source: from a view to its rows.

The screen and the command line both stand on this, so that neither knows an engine and both behave
alike. Everything here blocks or is pure; threads belong to the caller.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final

from flowtui.domain.executions import Estimate, QueryExecution, QueryState, Statement
from flowtui.domain.views import View
from flowtui.engines.base import Engine, Results
from flowtui.session.budget import Budget, Check

_DEFAULT_BUDGET: Final = Budget()

class Session:
    """One sitting.

    Args:
        engine: Runs the statements; `open` connects it.
        clock: Now, aware; a parameter so that tests hold it still.
        budget: What may be spent without asking.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        budget: Budget = _DEFAULT_BUDGET,
    ) -> None:
        self.engine = engine
        self.clock = clock
        self.budget = budget
        self._held: dict[str, QueryExecution] = {}

    def open(self) -> None:
        """Connect to the source. Blocks; worker threads only."""
        self.engine.connect()

    def compile(self, view: View) -> Statement:
        """The finished SQL of a view. Pure but for the clock; imports sqlglot on first use."""
        from flowtui.sql import compile_view  # sqlglot: 0.13 s, not before the first paint

        return compile_view(view, self.engine.schema, self.clock())

    def check(self, statement: Statement, estimate: Estimate | None) -> Check:
        """Whether it may run without asking. Local sources cost nothing."""
        return self.budget.check(statement, estimate, self.engine.schema)

    def held(self, statement: Statement) -> QueryExecution | None:
        """A finished execution of the same text in this sitting, whose rows are still here."""
        return self._held.get(statement.sql)

    def run(
        self, statement: Statement, cancelled: threading.Event, timeout_s: float | None = None
    ) -> Iterator[QueryExecution]:
        """Submit and watch; yields each change, the last one terminal and complete.

        When `cancelled` is set, or the time is over, it is cancelled on the engine, once.
        """
        id = self.engine.submit(statement)
        started = self.clock()
        is_cancel_sent = False
        last: QueryExecution | None = None
        while True:
            is_late = timeout_s is not None and (
                (self.clock() - started).total_seconds() > timeout_s
            )
            if (cancelled.is_set() or is_late) and not is_cancel_sent:
                is_cancel_sent = True
                execution = self.engine.cancel(id)
            else:
                execution = self.engine.wait(id, 0.1)
            if execution != last:
                last = execution
                yield execution
            if execution.state.is_terminal and (
                execution.state is not QueryState.SUCCEEDED or execution.is_complete
            ):
                break
        if execution.state is QueryState.SUCCEEDED:
            self._held[statement.sql] = execution

    def results(self, execution: QueryExecution) -> Results:
        """The rows of an execution."""
        return self.engine.results(execution.id)

    def close(self) -> None:
        """Cancel what runs and let go of everything."""
        self.engine.close()
