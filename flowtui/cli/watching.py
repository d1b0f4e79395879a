"""An execution seen through to its end: its rows, its failure, or why it was cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from flowtui.cli.interrupts import Interrupts, caught
from flowtui.cli.opening import stop_if_interrupted
from flowtui.cli.progress import ProgressLine
from flowtui.cli.spending import say_bill
from flowtui.cli.talk import STOPPED, say
from flowtui.domain.executions import QueryExecution, QueryState
from flowtui.domain.values import format_size
from flowtui.errors import FlowtuiError, QueryFailedError

if TYPE_CHECKING:
    from flowtui.cli.output import Destination
    from flowtui.session.session import Session


def write_rows_of(
    session: Session,
    run: Callable[[threading.Event], Iterator[QueryExecution]],
    to: Destination,
    timeout_s: float | None,
) -> int:
    """See an execution through to its end, and write its rows; the exit code."""
    with caught() as interrupts:
        with ProgressLine() as shown:
            for execution in run(interrupts.cancelled):
                shown.running(execution)
        say_bill(execution)
        match execution.state:
            case QueryState.FAILED:
                raise _failure(execution)
            case QueryState.CANCELLED:
                return stopped(execution, interrupts, timeout_s)
        to.write(session.results(execution), interrupts.cancelled)
        stop_if_interrupted(interrupts)
    return 0


def _failure(execution: QueryExecution) -> FlowtuiError:
    if isinstance(execution.error, FlowtuiError):
        return execution.error
    return QueryFailedError(execution.reason or "The query failed.")


def stopped(execution: QueryExecution, interrupts: Interrupts, timeout_s: float | None) -> int:
    """Say why a query was cancelled; the exit code."""
    read = execution.scanned_bytes
    told = f" after reading {format_size(read)}" if read else ""
    if interrupts.number:
        say(f"flowtui: Interrupted; the query was cancelled{told}.")
        return interrupts.exit_code
    if timeout_s is not None and interrupts.seconds >= timeout_s:
        say(f"flowtui: Timed out after {timeout_s:g} s; the query was cancelled{told}.")
        return STOPPED
    say(f"flowtui: The query was cancelled{told}. {execution.reason}".rstrip())
    return STOPPED
