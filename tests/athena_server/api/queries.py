"""Query executions and their results."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any, Final

from tests.athena_server.api import Operation
from tests.athena_server.api.names import PreparedStatements, require_batch
from tests.athena_server.api.workgroups import WorkGroup, WorkGroups
from tests.athena_server.engine import read_query
from tests.athena_server.errors import RefusedError
from tests.athena_server.executions import Execution, Executions
from tests.athena_server.paging import page, page_size, position_of, token_for
from tests.athena_server.reports import describe, runtime_statistics
from tests.athena_server.statements import Statement, fill_parameters, read_statement

_LONGEST: Final = 262_144
"""Bytes of a query. See "Service quotas", Athena User Guide."""
_UNFINISHED: Final = "INVALID_QUERY_EXECUTION_STATE"


class QueryApi:
    """Starting, watching, stopping and reading queries."""

    def __init__(
        self,
        executions: Executions,
        workgroups: WorkGroups,
        prepared: PreparedStatements,
        max_active: int,
    ) -> None:
        self._executions, self._workgroups, self._prepared = executions, workgroups, prepared
        self.max_active = max_active
        self._tokens: dict[str, str] = {}

    def operations(self) -> dict[str, Operation]:
        """By name."""
        return {
            "StartQueryExecution": self._start,
            "GetQueryExecution": self._get,
            "BatchGetQueryExecution": self._batch,
            "ListQueryExecutions": self._list,
            "StopQueryExecution": self._stop,
            "GetQueryResults": self._results,
            "GetQueryRuntimeStatistics": self._statistics,
        }

    def find(self, request: dict[str, Any]) -> Execution:
        """The execution that the request names.

        Raises:
            RefusedError: There is none.
        """
        query_id = request["QueryExecutionId"]
        if query_id not in self._executions.by_id:
            raise RefusedError(
                f"QueryExecution {query_id} was not found", "QUERY_EXECUTION_NOT_FOUND"
            )
        return self._executions.by_id[query_id]

    def _start(self, request: dict[str, Any]) -> dict[str, Any]:
        token = request.get("ClientRequestToken", "")
        if known := self._tokens.get(token):
            if self._executions.by_id[known].request != request:
                raise RefusedError("Idempotent parameters do not match")
            return {"QueryExecutionId": known}
        execution = self._planned(request)
        if self._executions.active() >= self.max_active:
            raise RefusedError(
                "You have exceeded the limit for the number of queries you can run concurrently. "
                "Please reduce the number of concurrent queries submitted by this account.",
                "",
                "TooManyRequestsException",
            )
        if token:
            self._tokens[token] = execution.id
        self._executions.submit(execution)
        return {"QueryExecutionId": execution.id}

    def _planned(self, request: dict[str, Any]) -> Execution:
        sql = request["QueryString"]
        if not 1 <= len(sql.encode()) <= _LONGEST:
            raise RefusedError("The query string is too long or empty")
        group = self._workgroups.get(request.get("WorkGroup") or "primary")
        if group.state != "ENABLED":
            raise RefusedError(f"WorkGroup {group.name} is disabled.")
        place = _output_location(request, group)
        values = tuple(request.get("ExecutionParameters") or ())
        statement = read_statement(fill_parameters(sql, values) if values else sql)
        if statement.verb == "EXECUTE":
            statement = self._prepared_query(statement, group.name)
        query_id = str(uuid.uuid4())
        context = request.get("QueryExecutionContext") or {}
        return Execution(
            query_id,
            statement,
            request,
            context.get("Database", "default").lower(),
            group.name,
            f"{place.rstrip('/')}/{query_id}.{statement.suffix}" if place else "",
            group.cutoff_bytes,
        )

    def _prepared_query(self, statement: Statement, group: str) -> Statement:
        sql = self._prepared.get(group, statement.target)["QueryStatement"]
        return replace(read_query(fill_parameters(sql, statement.arguments)), verb="SELECT")

    def _get(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"QueryExecution": describe(self.find(request), self._executions)}

    def _batch(self, request: dict[str, Any]) -> dict[str, Any]:
        ids = request["QueryExecutionIds"]
        require_batch("queryExecutionIds", ids)
        known = self._executions.by_id
        missing = [
            {
                "QueryExecutionId": i,
                "ErrorCode": "QUERY_EXECUTION_NOT_FOUND",
                "ErrorMessage": f"QueryExecution {i} was not found",
            }
            for i in ids
            if i not in known
        ]
        found = [describe(known[i], self._executions) for i in ids if i in known]
        return {"QueryExecutions": found, "UnprocessedQueryExecutionIds": missing}

    def _list(self, request: dict[str, Any]) -> dict[str, Any]:
        group = self._workgroups.get(request.get("WorkGroup") or "primary").name
        ids = [e.id for e in reversed(self._executions.by_id.values()) if e.workgroup == group]
        return page(request, ids, "QueryExecutionIds", 50)

    def _stop(self, request: dict[str, Any]) -> dict[str, Any]:
        self._executions.stop(self.find(request))
        return {}

    def _statistics(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"QueryRuntimeStatistics": runtime_statistics(self.find(request), self._executions)}

    def _results(self, request: dict[str, Any]) -> dict[str, Any]:
        execution = self.find(request)
        result = execution.result
        if execution.state == "CANCELLED":
            raise RefusedError("Could not find results", "RESULT_NOT_FOUND")
        if execution.state == "FAILED":
            raise RefusedError(
                "Query did not finish successfully. Final query state: FAILED", _UNFINISHED
            )
        if result is None:
            raise RefusedError(
                f"Query has not yet finished. Current state: {execution.state}", _UNFINISHED
            )
        size, start = page_size(request, 1000), position_of(request.get("NextToken"))
        # The header is the first row of the first page, and counts as one.
        header = 1 if result.has_header and result.columns else 0
        rows: list[tuple[str | None, ...]] = []
        if header and start == 0:
            rows.append(tuple(column.name for column in result.columns))
        rows += result.page(max(0, start - header), size - len(rows))
        shown = [{"Data": [_cell(value) for value in row]} for row in rows]
        metadata = {"ColumnInfo": [column.info() for column in result.columns]}
        answer: dict[str, Any] = {
            "UpdateCount": result.update_count,
            "ResultSet": {"Rows": shown, "ResultSetMetadata": metadata},
        }
        # A full page always carries a token, so that the last page may be empty.
        if len(rows) == size:
            answer["NextToken"] = token_for(start + size)
        return answer


def _cell(value: str | None) -> dict[str, str]:
    return {} if value is None else {"VarCharValue": value}


def _output_location(request: dict[str, Any], group: WorkGroup) -> str:
    """Where the result goes; empty where Athena keeps it."""
    wanted = (request.get("ResultConfiguration") or {}).get("OutputLocation", "")
    if group.is_managed:
        if wanted and not group.is_enforced:
            raise RefusedError(
                "ResultConfiguration.OutputLocation can not be set when managed query results "
                "are enabled in the work group"
            )
        return ""
    place = group.output_location if group.is_enforced else wanted or group.output_location
    place = str(place or (wanted if not group.output_location else ""))
    if not place:
        raise RefusedError(
            "No output location provided. An output location is required either through the "
            "Workgroup result configuration setting or as an API input."
        )
    if not place.startswith("s3://"):
        raise RefusedError("outputLocation is not a valid S3 path.")
    return place
