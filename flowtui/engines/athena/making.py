"""Makes a table: DDL costs nothing, and is run like any query, through the work group."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Sequence

from flowtui.domain.executions import QueryState, Statement
from flowtui.engines.athena.address import TableAddress
from flowtui.engines.athena.board import StatusBoard
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.run import AthenaRun, StartRequest
from flowtui.engines.athena.tables import read_table
from flowtui.engines.athena.workgroup import read_workgroup
from flowtui.errors import ConfigError, ConnectError, QueryFailedError


def make_table(
    clients: AwsClients,
    address: TableAddress,
    statements: Sequence[str],
    output_location: str,
    cancelled: threading.Event,
) -> None:
    """Run the statements that make a table, one after the other. Blocks until they are done.

    Args:
        clients: Calls go through these.
        address: The table to be made; its work group decides where the (empty) results go.
        statements: DDL.
        output_location: For a work group that names none.
        cancelled: Stops what runs on Athena.

    Raises:
        ConfigError: There is a table of that name already.
        QueryFailedError: Athena refused one.
        EngineError: It could not be asked.
    """
    _must_be_new(clients, address)
    group = read_workgroup(clients, address.workgroup)
    request = StartRequest(
        address.database, address.catalog, address.workgroup, group.output_for(output_location), 0
    )
    board = StatusBoard(clients)
    try:
        for statement in statements:
            changed = threading.Event()
            run = AthenaRun(
                clients, board, request, Statement(statement.rstrip(";")), uuid.uuid4().hex,
                changed.set, _no_rows,
            )  # fmt: skip
            _see_through(run, changed, cancelled)
    finally:
        board.close()


def _must_be_new(clients: AwsClients, address: TableAddress) -> None:
    # CREATE … IF NOT EXISTS would say nothing, and leave the old table as it is.
    try:
        read_table(clients, address)
    except ConnectError:
        return
    raise ConfigError(
        f"There is a table {address.database}.{address.table} already.",
        "Give another name: --table NAME.",
    )


def _no_rows(_run: AthenaRun) -> None:
    """DDL gives none."""


def _see_through(run: AthenaRun, changed: threading.Event, cancelled: threading.Event) -> None:
    run.start()
    while not run.execution.state.is_terminal:
        changed.wait(0.1)
        changed.clear()
        if cancelled.is_set() and not run.cancelled.is_set():
            run.cancel()
    execution = run.execution
    if execution.state is QueryState.CANCELLED:
        raise QueryFailedError("The statement was cancelled.", "The table may be there or not.")
    if execution.state is QueryState.FAILED:
        raise execution.error or QueryFailedError(execution.reason)
