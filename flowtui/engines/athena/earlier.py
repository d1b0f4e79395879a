"""What ran in a work group before, by anybody: kept by Athena for 45 days."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from flowtui.domain.executions import QueryExecution, QueryState, Statement
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.details import told_by
from flowtui.engines.athena.faults import translating
from flowtui.errors import ConfigError, ConnectError, EngineError

_BATCH: Final = 50
"""Ids in one ListQueryExecutions and BatchGetQueryExecution at most."""
_ID: Final = re.compile(r"[A-Za-z0-9-]{1,128}")


def latest(
    clients: AwsClients, workgroup: str, price_per_tb: Decimal
) -> tuple[QueryExecution, ...]:
    """The last fifty executions, the latest first. Two calls.

    Raises:
        CredentialsError: athena:ListQueryExecutions or athena:BatchGetQueryExecution is missing.
    """
    athena = clients.client("athena")
    with translating("listing what ran before", clients.settings.profile):
        ids = athena.list_query_executions(WorkGroup=workgroup, MaxResults=_BATCH)
        ids = ids["QueryExecutionIds"]
        if not ids:
            return ()
        found = athena.batch_get_query_execution(QueryExecutionIds=ids)["QueryExecutions"]
    executions = [execution_of(details, price_per_tb) for details in found]
    return tuple(sorted(executions, key=lambda one: one.submitted, reverse=True))


def earlier(clients: AwsClients, query_id: str, price_per_tb: Decimal) -> QueryExecution:
    """One execution by its id. One call.

    Raises:
        ConfigError: That is no id of an execution.
        ConnectError: Athena does not know it, or no longer.
    """
    if not _ID.fullmatch(query_id):
        raise ConfigError(f"{query_id!r} is no id of an execution.", "flowtui history lists them.")
    athena = clients.client("athena")
    try:
        with translating(f"looking for the execution {query_id}", clients.settings.profile):
            details = athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
    except EngineError as error:
        if "not found" not in error.message:
            raise
        raise ConnectError(
            f"Athena does not know the execution {query_id}.",
            "It keeps them for 45 days, in the account and region where they ran.",
        ) from error
    return execution_of(details, price_per_tb)


def execution_of(details: dict[str, Any], price_per_tb: Decimal) -> QueryExecution:
    """A QueryExecution structure of the API as one of ours; its rows are not here."""
    query_id, statement = str(details["QueryExecutionId"]), Statement(str(details.get("Query", "")))
    unknown = QueryExecution(
        query_id, statement, QueryState.QUEUED, datetime.fromtimestamp(0, UTC), query_id=query_id
    )
    return replace(unknown, **told_by(details, price_per_tb))
