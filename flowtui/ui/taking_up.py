"""Having back, in a thread, what filled a table in an earlier sitting; nothing is scanned unasked.

As in `work`, each function blocks, and ends in messages.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

from flowtui.domain.executions import QueryExecution, QueryState
from flowtui.domain.views import View
from flowtui.session.budget import Check, Verdict
from flowtui.session.session import Session
from flowtui.session.sittings import Place
from flowtui.ui.messages import ExecutionChanged, FactsLearned, RunHeldBack, StatementBuilt
from flowtui.ui.runner import Post
from flowtui.ui.work import Run


@dataclass(frozen=True, slots=True)
class TakeUp:
    """Has back the rows of a view: by id from Athena, or by asking anew where that is free."""

    number: int
    view: View
    place: Place
    way: tuple[tuple[View, Place], ...] = ()
    """The views before it, the nearest first, whose records may hold the answer."""

    def __call__(self, session: Session, post: Post, cancelled: threading.Event) -> None:
        """Tell each change, as a run does."""
        if session.service is None:
            Run(self.number, self.view)(session, post, cancelled)
            return
        if self.place.query_id:
            statement, executions = session.take_up(self.view, self.place, cancelled)
            post(StatementBuilt(self.number, statement))
            self._follow(executions, session, post)
        else:
            self._from_records(session, post, cancelled)
        post(FactsLearned(session.engine.facts()))

    def _follow(self, executions: Iterator[QueryExecution], session: Session, post: Post) -> None:
        results = None
        for execution in executions:
            is_whole = execution.state is QueryState.SUCCEEDED and execution.is_complete
            if results is None and (execution.rows_ready or is_whole):
                results = session.results(execution)
            post(ExecutionChanged(self.number, execution, results))

    def _from_records(self, session: Session, post: Post, cancelled: threading.Event) -> None:
        """What was answered from records held then: those are had back first."""
        for view, place in self.way:
            if view.query.is_records and place.query_id:
                for _ in session.take_up(view, place, cancelled)[1]:
                    pass
        time = self.place.time or self.view.filter.time
        fixed = replace(self.view, filter=replace(self.view.filter, time=time))
        statement = session.compile(fixed)
        post(StatementBuilt(self.number, statement))
        here = session.answer_here(fixed, statement, cancelled)
        if here is not None:
            self._follow(here, session, post)
            return
        estimate = session.estimate(statement, cancelled)
        check = session.check(statement, estimate)
        if check.verdict is not Verdict.REFUSE:
            check = Check(Verdict.ASK, "Its rows are not held any more; asking again scans.")
        post(RunHeldBack(self.number, check, estimate))
