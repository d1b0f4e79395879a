"""Athena's named queries of a work group, as saved queries beside ours.

Each of their calls may be made five times a second in an account, so the list is read once in a
sitting: one call for fifty names, one for their texts. See "Service quotas", Athena User Guide.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from flowtui.domain.queries import SavedQuery
from flowtui.engines.athena.address import TableAddress
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.faults import translating
from flowtui.engines.athena.patience import patiently
from flowtui.engines.athena.published import known_faults, template_of
from flowtui.errors import EngineError

GROUP: Final = "Athena"
_BATCH: Final = 50
"""Ids in one ListNamedQueries and BatchGetNamedQuery at most."""
_MOST_PAGES: Final = 20

T = TypeVar("T")


class NamedQueries:
    """The named queries of one work group; blocks, worker threads only.

    Args:
        clients: Calls go through these.
        address: Its work group; new queries are written for its database.
    """

    def __init__(self, clients: AwsClients, address: TableAddress) -> None:
        self._clients = clients
        self._address = address
        self._known: dict[str, SavedQuery] | None = None

    def all(self, cancelled: threading.Event) -> tuple[SavedQuery, ...]:
        """All of them by name; asked for once.

        Raises:
            CredentialsError: athena:ListNamedQueries or athena:BatchGetNamedQuery is not allowed.
        """
        if self._known is None:
            found = [self._saved(details) for details in self._read(cancelled)]
            if cancelled.is_set():
                return ()
            self._known = {query.named_id: query for query in found}
        return tuple(sorted(self._known.values(), key=lambda q: (q.title.casefold(), q.named_id)))

    def create(self, title: str, description: str, sql: str) -> None:
        """Keep a query in the work group. One call.

        Raises:
            EngineError: Athena does not take it.
        """
        answer = self._call(
            "saving the named query", "create_named_query", Name=title, QueryString=sql,
            Database=self._address.database, WorkGroup=self._address.workgroup,
            **_described(description),
        )  # fmt: skip
        self._keep(str(answer["NamedQueryId"]), title, description, sql)

    def update(self, named_id: str, title: str, description: str, sql: str) -> None:
        """Put another text in the place of a named query's. One call.

        Raises:
            EngineError: Athena does not take it.
        """
        self._call(
            "changing the named query", "update_named_query", NamedQueryId=named_id, Name=title,
            QueryString=sql, **_described(description),
        )  # fmt: skip
        self._keep(named_id, title, description, sql)

    def delete(self, named_id: str) -> None:
        """Delete a named query, for everybody who uses the work group. One call.

        Raises:
            EngineError: It may not be deleted, or is gone.
        """
        self._call("deleting the named query", "delete_named_query", NamedQueryId=named_id)
        if self._known is not None:
            self._known.pop(named_id, None)

    def _keep(self, named_id: str, title: str, description: str, sql: str) -> None:
        if self._known is not None:
            self._known[named_id] = self._saved(
                {"NamedQueryId": named_id, "Name": title, "Description": description,
                 "QueryString": sql, "Database": self._address.database}
            )  # fmt: skip

    def _read(self, cancelled: threading.Event) -> Iterator[dict[str, Any]]:
        token: str | None = None
        for _ in range(_MOST_PAGES):
            more = {"NextToken": token} if token else {}
            listed = self._ask(
                "listing the named queries", "list_named_queries", cancelled,
                WorkGroup=self._address.workgroup, MaxResults=_BATCH, **more,
            )  # fmt: skip
            ids = listed.get("NamedQueryIds", [])
            if ids:
                answer = self._ask(
                    "reading the named queries", "batch_get_named_query", cancelled,
                    NamedQueryIds=ids,
                )  # fmt: skip
                yield from answer.get("NamedQueries", [])
            token = listed.get("NextToken")
            if not token:
                return

    def _ask(
        self, doing: str, operation: str, cancelled: threading.Event, **request: Any
    ) -> dict[str, Any]:
        """A call that only reads, made again where that helps; empty once cancelled."""
        call: Callable[[], dict[str, Any]] = lambda: self._call(doing, operation, **request)  # noqa: E731
        return patiently(call, self._clients, cancelled, self._give_up_waiting) or {}

    def _give_up_waiting(self, error: EngineError) -> None:
        from flowtui.engines.athena.faults import ExpiredError

        # The list is a courtesy: it does not wait for a login, as a query does.
        if isinstance(error, ExpiredError):
            raise error

    def _call(self, doing: str, operation: str, **request: Any) -> dict[str, Any]:
        with translating(doing, self._clients.settings.profile):
            answer: dict[str, Any] = getattr(self._clients.client("athena"), operation)(**request)
        return answer

    def _saved(self, details: dict[str, Any]) -> SavedQuery:
        named_id, name = str(details["NamedQueryId"]), str(details["Name"])
        sql, database = str(details["QueryString"]), str(details.get("Database", ""))
        about = str(details.get("Description", ""))
        if database.lower() != self._address.database.lower():
            about = f"{about}\nWritten for the database {database}.".strip()
        return SavedQuery(
            slug=f"athena:{named_id}",
            title=name,
            sql=sql,
            description=about,
            group=GROUP,
            source="Generated by AWS" if template_of(name) else "Athena named query",
            trap=known_faults(name, sql),
            named_id=named_id,
        )


def _described(description: str) -> dict[str, str]:
    # Athena takes no empty one; a description can be changed and not be taken away.
    return {"Description": description} if description else {}
