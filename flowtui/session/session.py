"""One sitting over one source: from a view to its rows.

The screen and the command line both stand on this, so that neither knows an engine and both behave
alike. Everything here blocks or is pure; threads belong to the caller.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from flowtui.domain.executions import Estimate, QueryExecution, QueryState, Statement
from flowtui.domain.views import View
from flowtui.engines.base import Engine, Results, Service
from flowtui.errors import ConfigError, QueryError
from flowtui.session.budget import GO, Budget, Check
from flowtui.session.following import follow
from flowtui.session.history import History, facts_of
from flowtui.session.nearby import NearbyRecords
from flowtui.session.sittings import UNTOLD, Reach

if TYPE_CHECKING:
    from flowtui.session.sittings import Place

_DEFAULT_BUDGET: Final = Budget()
_FRESH: Final = timedelta(minutes=10)
"""How long an estimate serves."""


class Session:
    """One sitting.

    Args:
        engine: Runs the statements; `open` connects it.
        clock: Now, aware; a parameter so that tests hold it still.
        budget: What may be spent without asking.
        history: Where executions are written down; None: nowhere.
        source: How history names the source.
        reach: How it is reached, for history.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        budget: Budget = _DEFAULT_BUDGET,
        history: History | None = None,
        source: str = "",
        reach: Reach = UNTOLD,
    ) -> None:
        self.engine = engine
        self.clock = clock
        self.budget = budget
        self.history = history
        self.source = source
        self.reach = reach
        self.spent = Decimal(0)
        """US dollars of this sitting."""
        self._agreed_span = timedelta(0)
        """The longest time that was asked about at a cost that nobody could say."""
        self._estimates: dict[str, tuple[datetime, Estimate]] = {}
        self._held: dict[str, QueryExecution] = {}
        self._nearby = NearbyRecords()
        self._engines: dict[str, Engine] = {}
        self._left: set[str] = set()

    def open(self) -> None:
        """Connect to the source. Blocks; worker threads only."""
        self.engine.connect()

    def compile(self, view: View) -> Statement:
        """The finished SQL of a view. Pure but for the clock; imports sqlglot on first use."""
        from flowtui.sql import compile_view  # sqlglot: 0.13 s, not before the first paint

        return compile_view(view, self.engine.schema, self.clock())

    def check(self, statement: Statement, estimate: Estimate | None) -> Check:
        """Whether it may run without asking. Local sources cost nothing.

        Where nobody can say what a question costs, yes is said once for a span of time.
        """
        check = self.budget.check(statement, estimate, self.engine.schema)
        span = statement.read_span
        if check.is_cost_unknown and span is not None and span <= self._agreed_span:
            return GO
        return check

    def agree(self, statement: Statement, check: Check) -> None:
        """Take a yes: what is as unknown, and no longer, is not asked about again."""
        span = statement.read_span
        if check.is_cost_unknown and span is not None:
            self._agreed_span = max(span, self._agreed_span)

    @property
    def is_checked(self) -> bool:
        """True where a question may cost money or a long download: the guard looks at it."""
        return not self.engine.schema.is_local or self.source.startswith("s3://")

    @property
    def service(self) -> Service | None:
        """The engine, where it is billed and shared: Athena. None elsewhere."""
        return self.engine if isinstance(self.engine, Service) else None

    def estimate(self, statement: Statement, cancelled: threading.Event | None = None) -> Estimate:
        """What running it will read and cost; lists, scans nothing. Kept for ten minutes."""
        known = self._estimates.get(statement.sql)
        if known is not None and self.clock() - known[0] < _FRESH:
            return known[1]
        service = self.service
        found = (
            service.estimate(statement, cancelled) if service else self.engine.estimate(statement)
        )
        if found.bytes is not None:
            self._estimates[statement.sql] = (self.clock(), found)
        return found

    def spent_today(self) -> Decimal:
        """US dollars since midnight UTC, of every sitting. Blocks on the disk."""
        if self.history is None:
            return self.spent
        midnight = self.clock().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        try:
            return self.history.spent(midnight)
        except (OSError, sqlite3.Error) as error:
            logging.getLogger("flowtui").warning("history was not read: %s", error)
            return self.spent

    def held(self, statement: Statement) -> QueryExecution | None:
        """A finished execution of the same text in this sitting, whose rows are still here."""
        return self._held.get(statement.sql)

    def run(
        self,
        statement: Statement,
        cancelled: threading.Event,
        timeout_s: float | None = None,
        view: View | None = None,
    ) -> Iterator[QueryExecution]:
        """Submit and watch; yields each change, the last one terminal and complete.

        When `cancelled` is set, or the time is over, it is cancelled on the engine, once. `view`
        tells history what the question was.
        """
        watched = self._watch(self.engine, statement, cancelled, timeout_s)
        for execution in self._holding(watched, view, statement):
            yield execution
        self._write_down(execution, view)

    def _holding(
        self, executions: Iterator[QueryExecution], view: View | None, statement: Statement
    ) -> Iterator[QueryExecution]:
        """Holds what is finished before that is told: whoever hears it may ask about its rows."""
        for execution in executions:
            if execution.state is QueryState.SUCCEEDED and execution.is_complete:
                self._hold(view, statement, execution)
            yield execution

    def _hold(self, view: View | None, statement: Statement, execution: QueryExecution) -> None:
        self._held[statement.sql] = execution
        if view is not None and not self.engine.schema.is_local:
            self._nearby.keep(view, statement, execution, self.results(execution))

    def leave_running(self, execution: QueryExecution) -> None:
        """Let it run on when this sitting ends; by its query id it is found again."""
        self._left.add(execution.id)

    def take_up(
        self, view: View, place: Place, cancelled: threading.Event
    ) -> tuple[Statement, Iterator[QueryExecution]]:
        """The statement and the execution that filled a place in an earlier sitting; no scan.

        Raises:
            ConfigError: The source keeps no executions.
        """
        service = self.service
        if service is None:
            raise ConfigError("Only Athena keeps executions.", "Ask the question again.")
        fixed = replace(view, filter=replace(view.filter, time=place.time or view.filter.time))
        try:
            compiled = self.compile(fixed)
        except QueryError:
            compiled = Statement("")  # SQL of others, which we cannot read, has rows all the same
        statement = replace(compiled, sql=place.sql, time=place.time)
        return statement, self._taken_up(service, fixed, place, statement, cancelled)

    def _taken_up(
        self,
        service: Service,
        view: View,
        place: Place,
        statement: Statement,
        cancelled: threading.Event,
    ) -> Iterator[QueryExecution]:
        id = service.attach(place.query_id, statement, is_ours=True)
        followed = self._follow(service, id, cancelled, None)
        for execution in self._holding(followed, view, statement):
            yield execution
        if place.left_running:
            self._write_down(replace(execution, id=place.left_running), view)

    def attach(
        self, query_id: str, statement: Statement, cancelled: threading.Event
    ) -> Iterator[QueryExecution]:
        """As `run`, of an execution that was started earlier: nothing is scanned or written down.

        Raises:
            ConfigError: The source keeps no executions.
        """
        service = self.service
        if service is None:
            raise ConfigError("Only Athena keeps executions.", "Ask the question again.")
        yield from self._follow(service, service.attach(query_id, statement), cancelled, None)

    def answer_here(
        self, view: View, statement: Statement, cancelled: threading.Event
    ) -> Iterator[QueryExecution] | None:
        """As `run`, from records that are already here; None where they do not hold all of it.

        Args:
            view: The question.
            statement: As it would run on the engine.
            cancelled: Ends it.
        """
        engine = self._nearby.engine_for(view, statement)
        if engine is None:
            return None
        # The bounds that were compared are those that are asked for: now has moved on.
        fixed = replace(view, filter=replace(view.filter, time=statement.time))
        return self._run_here(engine, fixed, cancelled)

    def _run_here(
        self, engine: Engine, view: View, cancelled: threading.Event
    ) -> Iterator[QueryExecution]:
        from flowtui.sql import compile_view

        statement = compile_view(view, engine.schema, self.clock())
        for execution in self._watch(engine, statement, cancelled, None):
            yield replace(execution, is_from_store=True)

    def _watch(
        self,
        engine: Engine,
        statement: Statement,
        cancelled: threading.Event,
        timeout_s: float | None,
    ) -> Iterator[QueryExecution]:
        yield from self._follow(engine, engine.submit(statement), cancelled, timeout_s)

    def _follow(
        self, engine: Engine, id: str, cancelled: threading.Event, timeout_s: float | None
    ) -> Iterator[QueryExecution]:
        self._engines[id] = engine
        return follow(
            engine, id, self.clock, cancelled, timeout_s=timeout_s,
            is_let_go=lambda: self._let_go(id),
        )  # fmt: skip

    def _let_go(self, id: str) -> bool:
        """Have it run on where that is wanted; True where it does."""
        if id not in self._left or self.service is None:
            return False
        self.service.detach(id)
        return True

    def _write_down(self, execution: QueryExecution, view: View | None) -> None:
        self.spent += execution.cost or 0
        if self.history is None or (view is None and not execution.cost):
            return  # what flowtui itself counted for nothing is no question of a person
        asked = facts_of(view, execution.statement) if view else {"title": "", "filter": ""}
        try:
            self.history.record(
                execution, source=self.source, cost=execution.cost, reach=self.reach, **asked
            )
        except (OSError, sqlite3.Error) as error:
            # A full disk or a read-only home must not cost the answer itself.
            logging.getLogger("flowtui").warning("history was not written: %s", error)

    def results(self, execution: QueryExecution) -> Results:
        """The rows of an execution."""
        return self._engines.get(execution.id, self.engine).results(execution.id)

    def close(self) -> None:
        """Cancel what runs and let go of everything."""
        self._nearby.close()
        self.engine.close()
