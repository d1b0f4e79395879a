"""An execution followed to its end, and cancelled on the engine where that is wanted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime

from flowtui.domain.executions import QueryExecution, QueryState
from flowtui.engines.base import Engine


def follow(
    engine: Engine,
    id: str,
    clock: Callable[[], datetime],
    cancelled: threading.Event,
    *,
    timeout_s: float | None,
    is_let_go: Callable[[], bool],
) -> Iterator[QueryExecution]:
    """Yield each change of an execution, the last one terminal and complete.

    Args:
        engine: Runs it.
        id: Its id on the engine.
        clock: Now, for the time-out.
        cancelled: When it is set, the execution is cancelled, once.
        timeout_s: So is what takes longer than this; None: nothing does.
        is_let_go: Asked again and again; where true, it is not followed any further.
    """
    started = clock()
    is_cancel_sent = False
    last: QueryExecution | None = None
    while not is_let_go():
        is_late = timeout_s is not None and (clock() - started).total_seconds() > timeout_s
        if (cancelled.is_set() or is_late) and not is_cancel_sent:
            is_cancel_sent = True
            execution = engine.cancel(id)
        else:
            execution = engine.wait(id, 0.1)
        if execution != last:
            last = execution
            yield execution
        if execution.state.is_terminal and (
            execution.state is not QueryState.SUCCEEDED or execution.is_complete
        ):
            return
