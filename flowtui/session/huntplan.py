"""What a hunt will ask, and what that costs, before anything runs."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from flowtui.domain.executions import Estimate, Statement
from flowtui.domain.filters import FlowFilter
from flowtui.domain.money import dollars
from flowtui.domain.queries import SavedQuery
from flowtui.domain.times import TimeRange, resolve
from flowtui.domain.values import format_size
from flowtui.domain.views import View
from flowtui.errors import FlowtuiError, MissingFieldError
from flowtui.session.budget import GO, Check, Verdict
from flowtui.session.emptiness import LOST_WINDOWS
from flowtui.session.session import Session

GATHERED_BYTES: Final = 100_000_000
"""Records are read once and kept for all detections where they are no more than this."""


@dataclass(frozen=True, slots=True)
class Step:
    """One detection of a hunt."""

    query: SavedQuery
    view: View
    statement: Statement | None = None
    estimate: Estimate | None = None
    """None where it costs nothing, or cannot be asked."""
    problem: str = ""
    """Why it cannot be asked of this source, or may not."""
    is_missing: bool = False
    """True where the source lacks a field that it is about."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be asked, in order, and for how much."""

    steps: tuple[Step, ...]
    time: TimeRange | None
    gathering: Step | None = None
    """The records, read once, that answer every step; None: each step is asked by itself."""
    health: Step | None = None
    """Counts lost windows, where that has a price."""
    check: Check = GO
    is_paid: bool = False

    @property
    def paid_steps(self) -> tuple[Step, ...]:
        """What runs on the engine for money or for long."""
        asked = (self.gathering,) if self.gathering else self.steps
        return tuple(s for s in (*asked, self.health) if s is not None and s.estimate is not None)

    @property
    def bytes(self) -> int:
        """To be read, as far as that is known."""
        sizes = [step.estimate.bytes or 0 for step in self.paid_steps if step.estimate]
        is_same = any(step.estimate and step.estimate.is_download for step in self.paid_steps)
        return max(sizes, default=0) if is_same else sum(sizes)

    @property
    def cost(self) -> Decimal:
        """US dollars, as far as they are known."""
        costs = (step.estimate.cost for step in self.paid_steps if step.estimate)
        return sum((cost for cost in costs if cost is not None), Decimal(0))

    @property
    def is_known(self) -> bool:
        """True where the sum holds everything."""
        estimates = [step.estimate for step in self.paid_steps if step.estimate]
        return all(e.bytes is not None and not e.is_lower_bound for e in estimates)

    @property
    def price(self) -> str:
        """`up to 1.2 GB, $0.006 in 15 queries`; empty where it costs nothing."""
        if not self.paid_steps or (not self.is_paid and not self.bytes):
            return ""
        about = "up to" if self.is_known else "at least"
        size = f"{about} {format_size(self.bytes)}"
        if not self.is_paid:
            return f"{size} to fetch"
        count = len(self.paid_steps)
        queries = f"{count} {'query' if count == 1 else 'queries'}"
        return f"{size}, {dollars(self.cost)} in {queries}"


def plan_hunt(
    session: Session,
    queries: Iterable[SavedQuery],
    records: SavedQuery,
    filter: FlowFilter,
    cancelled: threading.Event,
) -> Plan:
    """Build every statement and ask for its price; scans nothing. Blocks.

    Args:
        session: The sitting.
        queries: Those that are detections are asked.
        records: The query of all records.
        filter: What they are asked under; its time is fixed now, for all alike.
        cancelled: Ends it early; what it gives then is of no use.
    """
    time = resolve(filter.time, session.clock())
    fixed = replace(filter, time=time)
    steps = tuple(
        _step(session, View(query, fixed, query.detection.arguments), cancelled)
        for query in queries
        if query.detection is not None and not cancelled.is_set()
    )
    plan = Plan(steps, time, is_paid=session.service is not None)
    if plan.is_paid and plan.paid_steps:
        plan = replace(
            plan,
            gathering=_gathering(session, plan, View(records, fixed), cancelled),
            health=_priced(
                session, _step(session, View(LOST_WINDOWS, FlowFilter(time=time)), cancelled)
            ),
        )
    return replace(plan, check=_check(session, plan))


def _priced(session: Session, step: Step) -> Step | None:
    return None if step.problem or step.statement is None else step


def _step(session: Session, view: View, cancelled: threading.Event) -> Step:
    step = Step(view.query, view)
    try:
        statement = session.compile(view)
        step = replace(step, statement=statement)
        if not session.is_checked or _is_here(session, view, statement, cancelled):
            return step
        estimate = session.estimate(statement, cancelled)
    except FlowtuiError as error:
        is_missing = isinstance(error, MissingFieldError)
        return replace(step, problem=error.message, is_missing=is_missing)
    check = session.check(statement, estimate)
    problem = check.reason if check.verdict is Verdict.REFUSE else ""
    return replace(step, estimate=None if problem else estimate, problem=problem)


def _is_here(
    session: Session, view: View, statement: Statement, cancelled: threading.Event
) -> bool:
    if session.held(statement) is not None:
        return True
    return session.answer_here(view, statement, cancelled) is not None


def _gathering(session: Session, plan: Plan, view: View, cancelled: threading.Event) -> Step | None:
    """The records of all, where reading them once is small and cheaper than asking each."""
    if any(condition.key == "log_status" for condition in view.filter):
        return None
    step = _step(session, view, cancelled)
    size = step.estimate.bytes if step.estimate else None
    is_known = step.estimate is not None and not step.estimate.is_lower_bound
    if step.problem or size is None or not is_known:
        return None
    return step if size <= GATHERED_BYTES and size < plan.bytes else None


def _check(session: Session, plan: Plan) -> Check:
    """Whether the whole may run unasked: by the sum, and by every step of it."""
    for step in plan.paid_steps:
        assert step.statement is not None
        check = session.check(step.statement, step.estimate)
        if check.verdict is not Verdict.GO:
            return check
    if plan.is_paid and not plan.is_known:
        # A yes to one question of unknown cost is none to a dozen of them.
        return Check(Verdict.ASK, "What it would cost in all is not known.")
    if plan.is_paid and plan.cost > session.budget.ask_above:
        return Check(Verdict.ASK, f"It would cost up to {dollars(plan.cost)} in all.")
    return GO
