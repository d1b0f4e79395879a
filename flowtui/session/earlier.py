"""What ran before, here and in the work group, and how to have it again."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from flowtui.domain.executions import QueryExecution, QueryState, Statement
from flowtui.domain.filterline import parse_filter
from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import View
from flowtui.engines.base import Service
from flowtui.errors import FlowtuiError
from flowtui.library import Library
from flowtui.session.history import Past
from flowtui.session.reproducing import source_words, stdin_line
from flowtui.session.session import Session
from flowtui.session.sittings import Reach

KEPT: Final = timedelta(days=45)
"""How long Athena keeps an execution. See "Working with query results", Athena User Guide."""
GROUP: Final = "History"
_CHECK: Final = "EXPLAIN\n"


def with_theirs(ours: Sequence[Past], service: Service, source: str, reach: Reach) -> list[Past]:
    """Our executions and the work group's last fifty, each once, the latest first.

    Raises:
        EngineError: The work group's cannot be listed.
    """
    known = {past.query_id for past in ours}
    theirs = [
        _past(execution, source, reach)
        for execution in service.latest()
        # Our own checks of typed SQL answer nothing.
        if execution.query_id not in known and not execution.statement.sql.startswith(_CHECK)
    ]
    return sorted((*ours, *theirs), key=lambda past: past.submitted, reverse=True)


def _past(execution: QueryExecution, source: str, reach: Reach) -> Past:
    return Past(
        execution.id, execution.query_id, source, "", "", execution.statement.sql,
        execution.state, execution.submitted, execution.elapsed_ms, execution.scanned_bytes,
        execution.cost, execution.rows_ready, execution.reason, reach=reach,
    )  # fmt: skip


def is_attachable(past: Past, now: datetime) -> bool:
    """True where Athena still has its rows, or will have them."""
    return is_kept(past, now)


def is_kept(run: Past | QueryExecution, now: datetime) -> bool:
    """True where Athena still has the rows of a run, or will have them."""
    ended_badly = run.state in (QueryState.FAILED, QueryState.CANCELLED)
    return bool(run.query_id) and not ended_badly and now - run.submitted < KEPT


def question_of(past: Past, session: Session, library: Library) -> tuple[View, Statement]:
    """The question that an execution answered, and its statement, with the SQL that ran.

    It is the saved query under its filter, with fixed bounds of time, where that still gives the
    same SQL; else the SQL as it stands.
    """
    try:
        view = _saved_view(past, session, library)
        statement = session.compile(view)
        if statement.sql == past.sql:
            return view, statement
    except FlowtuiError:
        pass  # the saved query is gone, or no longer what it was
    view = View(SavedQuery(f"history:{past.id}", heading(past), past.sql, group=GROUP))
    try:
        return view, replace(session.compile(view), sql=past.sql)
    except FlowtuiError:
        return view, Statement(past.sql)


def _saved_view(past: Past, session: Session, library: Library) -> View:
    query = library.get(past.slug)
    extra = [c.name for c in session.engine.schema.columns if c.field is None]
    filter = parse_filter(past.exact_filter, now=session.clock(), extra_fields=extra)
    label = past.title if past.title != query.title else ""
    return View(query, filter, past.arguments, label)


def heading(past: Past) -> str:
    """Its title, or the first line of its SQL that says something."""
    lines = (line.strip() for line in past.sql.splitlines())
    return past.title or next((line for line in lines if line), "")


def command_line(past: Past, slugs: Sequence[str], now: datetime) -> str:
    """What to type in a shell to have the same rows: without a scan where Athena has them."""
    source = source_words(past.source, past.reach)
    if is_attachable(past, now):
        return shlex.join(["flowtui", "query", "--attach", past.query_id, *source])
    if past.slug in slugs:
        words = ["flowtui", "query", past.slug, *source]
        words += ["--filter", past.exact_filter] if past.exact_filter else []
        words += [word for pair in past.arguments for word in ("--param", "=".join(pair))]
        return shlex.join(words)
    return stdin_line(past.sql, source)


def money(pasts: Sequence[Past]) -> Decimal:
    """US dollars of some executions."""
    return sum((past.cost for past in pasts if past.cost is not None), Decimal(0))
