"""Has Athena check SQL that a person typed, for nothing: EXPLAIN scans no data."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable
from typing import Final

from flowtui.domain.executions import QueryState, Statement
from flowtui.engines.athena.board import StatusBoard
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.run import AthenaRun, StartRequest
from flowtui.errors import EngineError, QueryFailedError

_QUERY: Final = re.compile(r"\s*(SELECT|WITH|VALUES|TABLE|\()", re.IGNORECASE)
_LINE: Final = re.compile(r"\bline (\d+):(\d+)")
_PREFIX: Final = "EXPLAIN\n"
"""On a line of its own: the places that Athena names are then one line too low, and no more."""


def check_sql(
    clients: AwsClients,
    board: StatusBoard,
    request: StartRequest,
    statement: Statement,
    cancelled: threading.Event,
) -> None:
    """Return where Athena takes the SQL; blocks until it has said so, or `cancelled` is set.

    Raises:
        QueryFailedError: It does not; the place is that in the statement.
    """
    if not _QUERY.match(statement.sql):
        return
    changed = threading.Event()
    run = AthenaRun(
        clients, board, request, Statement(_PREFIX + statement.sql), uuid.uuid4().hex,
        changed.set, _no_rows,
    )  # fmt: skip
    run.start()
    _see_through(run, changed, cancelled)
    execution = run.execution
    if execution.state is QueryState.FAILED:
        error = execution.error or QueryFailedError(execution.reason)
        raise _in_place(error) if isinstance(error, QueryFailedError) else error


def _no_rows(_run: AthenaRun) -> None:
    """The plan is not wanted."""


def _see_through(run: AthenaRun, changed: threading.Event, cancelled: threading.Event) -> None:
    while not run.execution.state.is_terminal:
        changed.wait(0.1)
        changed.clear()
        if cancelled.is_set() and not run.cancelled.is_set():
            run.cancel()


def _in_place(error: QueryFailedError) -> EngineError:
    shifted: Callable[[re.Match[str]], str] = lambda m: f"line {int(m[1]) - 1}:{m[2]}"  # noqa: E731
    position = error.position
    return QueryFailedError(
        _LINE.sub(shifted, error.message),
        error.hint,
        category=error.category,
        is_retryable=error.is_retryable,
        position=(position[0] - 1, position[1]) if position and position[0] > 1 else None,
    )
