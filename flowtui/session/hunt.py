"""A hunt: every detection asked of a source, one after the other, and what they found.

One that fails stops no other. Each state of the hunt is a value of its own, so that a screen can
draw it and a command line can wait for the last.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Final

from flowtui.domain.executions import QueryExecution, QueryState
from flowtui.domain.huntfindings import Finding, findings_of, ranked
from flowtui.domain.values import format_size
from flowtui.errors import FlowtuiError
from flowtui.session.emptiness import lost_windows
from flowtui.session.huntplan import Plan, Step
from flowtui.session.session import Session

MOST_ROWS: Final = 1000
"""Rows of one detection that are read; each has a limit of its own, 100 unless told otherwise."""


class Outcome(Enum):
    """How a detection stands."""

    WAITING = "waiting"
    RUNNING = "running"
    FOUND = "found"
    NOTHING = "found nothing"
    FAILED = "failed"
    CANCELLED = "not run"
    IMPOSSIBLE = "cannot be asked here"

    @property
    def is_over(self) -> bool:
        """True where nothing more will come."""
        return self not in (Outcome.WAITING, Outcome.RUNNING)


@dataclass(frozen=True, slots=True)
class Report:
    """A detection and what came of it."""

    step: Step
    outcome: Outcome = Outcome.WAITING
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    """Why it failed, or was not asked."""
    execution: QueryExecution | None = None
    is_cut: bool = False
    """True where its limit was reached: there may be more rows."""


@dataclass(frozen=True, slots=True)
class Hunt:
    """All detections as they stand now."""

    plan: Plan
    reports: tuple[Report, ...]
    lost_windows: int | None = None
    """SKIPDATA windows in its time: totals are floors. None: not known (yet)."""
    doing: str = ""
    """What is done beside the detections: reading the records, counting lost windows."""
    execution: QueryExecution | None = None
    """Of what runs now."""
    spent: Decimal = Decimal(0)
    """US dollars."""
    is_over: bool = False

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The gravest first."""
        return ranked(finding for report in self.reports for finding in report.findings)

    @property
    def done(self) -> int:
        """Detections that are over."""
        return sum(report.outcome.is_over for report in self.reports)

    def of(self, *outcomes: Outcome) -> tuple[Report, ...]:
        """The reports with one of these outcomes."""
        return tuple(report for report in self.reports if report.outcome in outcomes)

    @property
    def is_complete(self) -> bool:
        """True where every detection that can be asked of this source was answered."""
        missing = self.of(Outcome.FAILED, Outcome.CANCELLED, Outcome.WAITING, Outcome.RUNNING)
        return self.is_over and not missing


def now_text(hunt: Hunt) -> str:
    """`3 of 17 · Port scans RUNNING 1.2 s · 1.2 GB`: what is done now."""
    running = hunt.of(Outcome.RUNNING)
    doing = hunt.doing or (running[0].step.query.title if running else "")
    parts = [f"{hunt.done} of {len(hunt.reports)}"]
    if hunt.execution is not None and not hunt.execution.state.is_terminal:
        read = hunt.execution.scanned_bytes
        doing += f" {hunt.execution.state.value} {hunt.execution.elapsed_ms / 1000:.1f} s"
        doing += f" · {format_size(read)}" if read else ""
    return " · ".join(filter(None, [*parts, doing]))


def begin(plan: Plan) -> Hunt:
    """Nothing has run yet; what cannot be asked is over."""
    reports = tuple(map(_first_report, plan.steps))
    return Hunt(plan, reports)


def _first_report(step: Step) -> Report:
    if not step.problem:
        return Report(step)
    outcome = Outcome.IMPOSSIBLE if step.is_missing else Outcome.FAILED
    return Report(step, outcome, reason=step.problem)


def hunt(session: Session, plan: Plan, cancelled: threading.Event) -> Iterator[Hunt]:
    """Ask everything of a plan; yields the hunt at each change, the last one over.

    When `cancelled` is set, what runs is cancelled on the engine, and the rest is not run.
    """
    yield from _Hunter(session, begin(plan), cancelled).all()


class _Hunter:
    def __init__(self, session: Session, state: Hunt, cancelled: threading.Event) -> None:
        self.session = session
        self.state = state
        self.cancelled = cancelled

    def all(self) -> Iterator[Hunt]:
        before = self.session.spent
        trouble = ""
        if self.state.plan.gathering is not None:
            trouble = yield from self._gather(self.state.plan.gathering)
        for index, report in enumerate(self.state.reports):
            if not report.outcome.is_over:
                yield from self._ask(index, trouble)
        yield from self._count_lost()
        spent = self.session.spent - before
        self.state = replace(self.state, is_over=True, doing="", execution=None, spent=spent)
        yield self.state

    def _gather(self, step: Step) -> Generator[Hunt, None, str]:
        """Read the records once; returns why that failed."""
        self.state = replace(self.state, doing="Reading the records once")
        try:
            return _trouble((yield from self._run(step)))
        except FlowtuiError as error:
            return error.message

    def _ask(self, index: int, trouble: str) -> Iterator[Hunt]:
        report = self.state.reports[index]
        if self.cancelled.is_set():
            self._put(index, replace(report, outcome=Outcome.CANCELLED))
            return
        if trouble:
            self._put(index, replace(report, outcome=Outcome.FAILED, reason=trouble))
            return
        self._put(index, replace(report, outcome=Outcome.RUNNING))
        yield self.state
        try:
            last = yield from self._answer(report.step)
            found = self._taken(report, last)
        except FlowtuiError as error:
            found = replace(report, outcome=Outcome.FAILED, reason=error.message)
        self._put(index, found)
        yield self.state

    def _answer(self, step: Step) -> Generator[Hunt, None, QueryExecution]:
        """Ask a detection where it costs least."""
        assert step.statement is not None
        here = self.session.answer_here(step.view, step.statement, self.cancelled)
        if here is None and self.state.plan.gathering is not None:
            if (held := self.session.held(step.statement)) is not None:
                return held
            # Nobody has agreed to pay for each detection by itself.
            raise FlowtuiError("The records that were read do not answer it.")
        return (yield from self._run(step, here))

    def _run(
        self, step: Step, runs: Iterator[QueryExecution] | None = None
    ) -> Generator[Hunt, None, QueryExecution]:
        """See a step through; what ran before in this sitting does not run again."""
        assert step.statement is not None
        last = None if runs else self.session.held(step.statement)
        if last is not None:
            return last
        for last in runs or self.session.run(step.statement, self.cancelled, view=step.view):
            self.state = replace(self.state, execution=last)
            yield self.state
        assert last is not None
        return last

    def _taken(self, report: Report, last: QueryExecution) -> Report:
        if last.state is QueryState.CANCELLED:
            return replace(report, outcome=Outcome.CANCELLED, reason=last.reason, execution=last)
        if trouble := _trouble(last):
            return replace(report, outcome=Outcome.FAILED, reason=trouble, execution=last)
        results = self.session.results(last)
        rows = results.page(0, MOST_ROWS).rows
        is_cut = len(rows) >= _limit(report.step)
        found = findings_of(report.step.query, report.step.view.arguments, results.columns, rows)
        outcome = Outcome.FOUND if found else Outcome.NOTHING
        return replace(report, outcome=outcome, findings=found, execution=last, is_cut=is_cut)

    def _count_lost(self) -> Generator[Hunt, None, None]:
        if self.cancelled.is_set():
            return
        self.state = replace(self.state, doing="Counting lost windows")
        health = self.state.plan.health
        try:
            if health is not None:
                windows = _first_number(self.session, (yield from self._run(health)))
            elif self.session.service is not None:
                return
            else:
                time = self.state.plan.time
                windows = lost_windows(self.session, (time,) if time else (), self.cancelled)
        except FlowtuiError:
            return  # stays unknown, which the report says
        self.state = replace(self.state, lost_windows=windows)

    def _put(self, index: int, report: Report) -> None:
        reports = (*self.state.reports[:index], report, *self.state.reports[index + 1 :])
        self.state = replace(self.state, reports=reports, doing="", execution=report.execution)


def _limit(step: Step) -> int:
    """The rows that a detection gives at most."""
    most = step.view.most_rows
    return MOST_ROWS if most is None else min(MOST_ROWS, most)


def _trouble(last: QueryExecution) -> str:
    if last.state is QueryState.SUCCEEDED:
        return ""
    if isinstance(last.error, FlowtuiError):
        return last.error.message
    return last.reason or "The query failed."


def _first_number(session: Session, last: QueryExecution) -> int | None:
    if last.state is not QueryState.SUCCEEDED:
        return None
    rows = session.results(last).page(0, 1).rows
    return int(str(rows[0][0])) if rows else None
