"""The timeline of a filter: what time it covers, and where its counts come from.

Files on this machine are asked at once. What would be billed, or fetched from S3, is answered from
records that are already here; where they do not hold the answer, nothing runs until that is agreed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from flowtui.domain.executions import Estimate, QueryExecution, QueryState
from flowtui.domain.filters import FlowFilter
from flowtui.domain.timelines import Grid, Timeline
from flowtui.domain.times import TimeRange
from flowtui.domain.views import View
from flowtui.errors import FlowtuiError, QueryFailedError
from flowtui.session.budget import Check
from flowtui.session.session import Session

_OLDEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NEWEST: Final = datetime(9999, 1, 1, tzinfo=UTC)
_MOST_ROWS: Final = 10_000
"""More than any grid has buckets, each by four verdicts."""


def time_in_view(asked: TimeRange | None, data: TimeRange | None) -> TimeRange | None:
    """What a filter asks for, an open side closed by what the data covers; None: nobody knows.

    Where the data lies wholly beside an open side, there is nothing in view either.
    """
    since = (asked.since if asked else None) or (data.since if data else None)
    until = (asked.until if asked else None) or (data.until if data else None)
    if since is None or until is None:
        return None
    # No record is older than its clock, and no zone can show the last of years.
    since, until = max(since, _OLDEST), min(until, _NEWEST)
    return TimeRange(since, until) if since < until else None


def timeline_of(
    session: Session,
    filter: FlowFilter,
    grid: Grid,
    cancelled: threading.Event,
    *,
    is_agreed: bool = False,
) -> Timeline | None:
    """The timeline of the records of a filter. Blocks.

    Args:
        session: What is open.
        filter: Its time has fixed bounds.
        grid: The buckets.
        cancelled: Ends it.
        is_agreed: The person has agreed to what it costs.

    Returns:
        None where it would cost money or a download, or was cancelled.

    Raises:
        FlowtuiError: It cannot be had.
    """
    from flowtui.sql.timeline import timeline_view

    view = timeline_view(filter, grid)
    statement = session.compile(view)
    has_status = session.engine.schema.column("log_status") is not None
    held = session.held(statement)
    if held is not None:
        return _read(session, grid, held, has_status)
    here = session.answer_here(view, statement, cancelled)
    if here is not None:
        # Records that are held here were asked for without the windows that were lost.
        return _last(session, grid, here, False)
    if not is_agreed and not _is_free(session, view, cancelled):
        return None
    told = view if session.service is not None else None
    return _last(session, grid, session.run(statement, cancelled, view=told), has_status)


def price_of(
    session: Session, filter: FlowFilter, grid: Grid, cancelled: threading.Event
) -> tuple[Check, Estimate]:
    """What the timeline would read and cost, and what the guard says. Lists, scans nothing."""
    from flowtui.sql.timeline import timeline_view

    statement = session.compile(timeline_view(filter, grid))
    estimate = session.estimate(statement, cancelled)
    return session.check(statement, estimate), estimate


def _is_free(session: Session, view: View, cancelled: threading.Event) -> bool:
    if not session.is_checked:
        return True
    if session.service is not None:
        return False
    estimate = session.estimate(session.compile(view), cancelled)
    return estimate.bytes == 0


def _last(
    session: Session, grid: Grid, executions: Iterator[QueryExecution], is_loss_known: bool
) -> Timeline | None:
    *_, last = executions
    if last.state is QueryState.CANCELLED:
        return None
    if last.state is not QueryState.SUCCEEDED:
        error = last.error
        raise error if isinstance(error, FlowtuiError) else QueryFailedError(last.reason)
    return _read(session, grid, last, is_loss_known)


def _read(session: Session, grid: Grid, execution: QueryExecution, is_loss_known: bool) -> Timeline:
    rows = session.results(execution).page(0, _MOST_ROWS).rows
    return replace(Timeline.of_rows(grid, rows), is_loss_known=is_loss_known)
