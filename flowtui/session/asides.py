"""Questions that a feature asks beside the view on the screen, under the same guard as that.

Records held here answer where they can; an execution of the same text in this sitting is not run
again; and where asking costs money, or a long download, nothing runs before somebody agrees.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flowtui.domain.executions import Estimate, QueryExecution, QueryState, Row, Statement
from flowtui.domain.views import View
from flowtui.errors import FlowtuiError, QueryFailedError
from flowtui.session.budget import Check, Verdict
from flowtui.session.session import Session

MOST_ROWS = 20_000
"""Rows taken in; a question that may give more says how it is cut."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The answer of a question beside."""

    statement: Statement
    execution: QueryExecution
    rows: tuple[Row, ...]
    is_cut: bool = False
    """True where there are more rows than were taken in."""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Nothing ran: what it would cost, and why somebody must agree first."""

    statement: Statement
    estimate: Estimate
    check: Check


def ask_aside(
    session: Session,
    view: View,
    cancelled: threading.Event,
    *,
    is_agreed: bool = False,
    must_agree: bool = False,
    tell: Callable[[QueryExecution], None] = lambda _: None,
) -> Asked | HeldBack | None:
    """The rows of a view; None where it was cancelled. Blocks.

    Args:
        session: The sitting.
        view: The question.
        cancelled: Ends it, on the engine too.
        is_agreed: Somebody has said yes to what it costs.
        must_agree: Whatever it costs, it is not asked before somebody says yes.
        tell: Hears each change of the execution.

    Raises:
        FlowtuiError: It failed, or the guard refuses it.
    """
    statement = session.compile(view)
    if (held := session.held(statement)) is not None:
        return _taken(session, statement, held)
    executions = session.answer_here(view, statement, cancelled)
    if executions is None:
        if session.is_checked:
            held_back = _guard(session, statement, cancelled, is_agreed, must_agree)
            if held_back is not None or cancelled.is_set():
                return held_back
        executions = session.run(statement, cancelled, view=view if session.service else None)
    return _seen_through(session, statement, executions, tell)


def ask_here(session: Session, view: View, cancelled: threading.Event) -> Asked | None:
    """The rows of a view from records held here; None where they do not hold all of it."""
    statement = session.compile(view)
    executions = session.answer_here(view, statement, cancelled)
    return None if executions is None else _seen_through(session, statement, executions)


def _seen_through(
    session: Session,
    statement: Statement,
    executions: Iterator[QueryExecution],
    tell: Callable[[QueryExecution], None] = lambda _: None,
) -> Asked | None:
    last: QueryExecution | None = None
    for last in executions:
        tell(last)
    assert last is not None
    match last.state:
        case QueryState.FAILED if isinstance(last.error, FlowtuiError):
            raise last.error
        case QueryState.FAILED:
            raise QueryFailedError(last.reason or "The query failed.")
        case QueryState.SUCCEEDED:
            return _taken(session, statement, last)
        case _:
            return None


def _guard(
    session: Session,
    statement: Statement,
    cancelled: threading.Event,
    is_agreed: bool,
    must_agree: bool,
) -> HeldBack | None:
    estimate = session.estimate(statement, cancelled)
    check = session.check(statement, estimate)
    is_free = session.service is None
    if check.verdict is Verdict.GO and (is_agreed or is_free or not must_agree):
        return None
    if check.verdict is Verdict.ASK and is_agreed:
        return None
    return HeldBack(statement, estimate, check)


def _taken(session: Session, statement: Statement, execution: QueryExecution) -> Asked:
    page = session.results(execution).page(0, MOST_ROWS)
    return Asked(statement, execution, page.rows, page.total_rows > MOST_ROWS)
