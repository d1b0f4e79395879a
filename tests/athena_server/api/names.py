"""Named queries and prepared statements."""

from __future__ import annotations

import time
import uuid
from typing import Any, Final

from tests.athena_server.api import Operation
from tests.athena_server.api.workgroups import WorkGroups
from tests.athena_server.errors import RefusedError
from tests.athena_server.paging import page

_BATCH: Final = 50


def require_batch(name: str, ids: list[str]) -> None:
    """Refuse more ids than one call may hold.

    Raises:
        RefusedError: There are more than 50.
    """
    if len(ids) > _BATCH:
        raise RefusedError(
            f"1 validation error detected: Value at '{name}' failed to satisfy constraint: "
            f"Member must have length less than or equal to {_BATCH}"
        )


class NamedQueries:
    """All named queries."""

    def __init__(self, workgroups: WorkGroups) -> None:
        self._workgroups = workgroups
        self._queries: dict[str, dict[str, Any]] = {}

    def operations(self) -> dict[str, Operation]:
        """By name."""
        return {
            "CreateNamedQuery": self._create,
            "GetNamedQuery": lambda request: {"NamedQuery": self._get(request)},
            "BatchGetNamedQuery": self._batch,
            "ListNamedQueries": self._list,
            "UpdateNamedQuery": self._update,
            "DeleteNamedQuery": self._delete,
        }

    def _create(self, request: dict[str, Any]) -> dict[str, Any]:
        group = self._workgroups.get(request.get("WorkGroup", "primary")).name
        query_id = str(uuid.uuid4())
        kept = ("Name", "Description", "Database", "QueryString")
        values = {key: request[key] for key in kept if key in request}
        self._queries[query_id] = {**values, "NamedQueryId": query_id, "WorkGroup": group}
        return {"NamedQueryId": query_id}

    def _get(self, request: dict[str, Any]) -> dict[str, Any]:
        query_id = request["NamedQueryId"]
        if query_id not in self._queries:
            raise RefusedError(f"NamedQuery {query_id} was not found", "NAMED_QUERY_NOT_FOUND")
        return self._queries[query_id]

    def _batch(self, request: dict[str, Any]) -> dict[str, Any]:
        ids = request["NamedQueryIds"]
        require_batch("namedQueryIds", ids)
        missing = [
            {"NamedQueryId": i, "ErrorCode": "NAMED_QUERY_NOT_FOUND", "ErrorMessage": "not found"}
            for i in ids
            if i not in self._queries
        ]
        found = [self._queries[i] for i in ids if i in self._queries]
        return {"NamedQueries": found, "UnprocessedNamedQueryIds": missing}

    def _list(self, request: dict[str, Any]) -> dict[str, Any]:
        group = self._workgroups.get(request.get("WorkGroup", "primary")).name
        ids = [i for i, query in self._queries.items() if query["WorkGroup"] == group]
        return page(request, ids, "NamedQueryIds", _BATCH)

    def _update(self, request: dict[str, Any]) -> dict[str, Any]:
        query = self._get(request)
        query.update(
            {k: request[k] for k in ("Name", "Description", "QueryString") if k in request}
        )
        return {}

    def _delete(self, request: dict[str, Any]) -> dict[str, Any]:
        self._queries.pop(self._get(request)["NamedQueryId"])
        return {}


class PreparedStatements:
    """All prepared statements, by work group and name."""

    def __init__(self, workgroups: WorkGroups) -> None:
        self._workgroups = workgroups
        self._statements: dict[tuple[str, str], dict[str, Any]] = {}

    def operations(self) -> dict[str, Operation]:
        """By name."""
        return {
            "CreatePreparedStatement": self._create,
            "GetPreparedStatement": lambda request: {
                "PreparedStatement": self.get(request["WorkGroup"], request["StatementName"])
            },
            "ListPreparedStatements": self._list,
            "UpdatePreparedStatement": self._update,
            "DeletePreparedStatement": self._delete,
        }

    def get(self, workgroup: str, name: str) -> dict[str, Any]:
        """The prepared statement.

        Raises:
            RefusedError: There is none of this name.
        """
        if (workgroup, name) not in self._statements:
            raise RefusedError(
                f"PreparedStatement {name} was not found in workGroup {workgroup}",
                type="ResourceNotFoundException",
            )
        return self._statements[workgroup, name]

    def _create(self, request: dict[str, Any]) -> dict[str, Any]:
        group, name = self._workgroups.get(request["WorkGroup"]).name, request["StatementName"]
        if (group, name) in self._statements:
            raise RefusedError(f"PreparedStatement {name} already exists in workGroup {group}")
        self._statements[group, name] = {
            "StatementName": name,
            "QueryStatement": request["QueryStatement"],
            "WorkGroupName": group,
            "Description": request.get("Description", ""),
            "LastModifiedTime": time.time(),
        }
        return {}

    def _list(self, request: dict[str, Any]) -> dict[str, Any]:
        found = [
            {key: statement[key] for key in ("StatementName", "LastModifiedTime")}
            for (group, _), statement in self._statements.items()
            if group == request["WorkGroup"]
        ]
        return page(request, found, "PreparedStatements", _BATCH)

    def _update(self, request: dict[str, Any]) -> dict[str, Any]:
        statement = self.get(request["WorkGroup"], request["StatementName"])
        kept = ("QueryStatement", "Description")
        statement.update({key: request[key] for key in kept if key in request})
        statement["LastModifiedTime"] = time.time()
        return {}

    def _delete(self, request: dict[str, Any]) -> dict[str, Any]:
        statement = self.get(request["WorkGroup"], request["StatementName"])
        self._statements.pop((statement["WorkGroupName"], statement["StatementName"]))
        return {}
