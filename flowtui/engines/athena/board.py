"""Asks Athena how executions stand: one call for however many are watched.

Quotas of GetQueryExecution and BatchGetQueryExecution are the account's, shared with everybody, so
each execution is asked for after 0.25 s and then ever more rarely, down to every 2 s. See "Service
quotas", Athena User Guide.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.faults import ExpiredError, is_transient, translating
from flowtui.errors import EngineError

FIRST_WAIT_S: Final = 0.25
LONGEST_WAIT_S: Final = 2.0
_GROWTH: Final = 1.5
_TROUBLE_WAIT_S: Final = 2.0
_BATCH: Final = 50
"""Ids in one BatchGetQueryExecution at most."""
_COMPANY_S: Final = 0.2
"""An execution that is due this soon is asked for along with one that is due now."""

Details = dict[str, Any]
"""A QueryExecution structure as the API gives it."""


@dataclass(slots=True)
class _Watched:
    on_details: Callable[[Details], None]
    on_trouble: Callable[[EngineError], None]
    wait_s: float = FIRST_WAIT_S
    due: float = field(default_factory=lambda: time.monotonic() + FIRST_WAIT_S)


class StatusBoard:
    """Polls the executions that are watched, from one thread that lives while there are any."""

    def __init__(self, clients: AwsClients) -> None:
        self._clients = clients
        self._changed = threading.Condition()
        self._watched: dict[str, _Watched] = {}
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def watch(
        self,
        query_id: str,
        on_details: Callable[[Details], None],
        on_trouble: Callable[[EngineError], None],
    ) -> None:
        """Report how it stands until `forget`; both callbacks come from the board's thread."""
        with self._changed:
            if self._is_closed:
                return
            self._watched[query_id] = _Watched(on_details, on_trouble)
            if self._thread is None:
                self._thread = threading.Thread(target=self._poll, name="athena-poll", daemon=True)
                self._thread.start()
            self._changed.notify()

    def hurry(self, query_id: str) -> None:
        """Ask for it now and often again: something was just done to it."""
        with self._changed:
            if watched := self._watched.get(query_id):
                watched.wait_s, watched.due = FIRST_WAIT_S, time.monotonic()
                self._changed.notify()

    def forget(self, query_id: str) -> None:
        """Stop asking for it."""
        with self._changed:
            self._watched.pop(query_id, None)
            self._changed.notify()

    def close(self) -> None:
        """Stop asking for anything."""
        with self._changed:
            self._is_closed = True
            self._watched.clear()
            self._changed.notify()

    def _poll(self) -> None:
        while ids := self._next_due():
            try:
                with translating("asking how the query stands", self._clients.settings.profile):
                    found = self._ask(ids)
            except EngineError as error:
                self._report_trouble(ids, error)
            else:
                self._report(ids, found)

    def _next_due(self) -> list[str]:
        """Ids to ask for together; blocks until some are due. Empty: nothing is watched."""
        with self._changed:
            while self._watched:
                now = time.monotonic()
                first = min(watched.due for watched in self._watched.values())
                if first <= now:
                    due = [i for i, w in self._watched.items() if w.due <= now + _COMPANY_S]
                    return due[:_BATCH]
                self._changed.wait(first - now)
            self._thread = None
            return []

    def _ask(self, ids: list[str]) -> dict[str, Details]:
        athena = self._clients.client("athena")
        if len(ids) == 1:
            found = [athena.get_query_execution(QueryExecutionId=ids[0])["QueryExecution"]]
        else:
            found = athena.batch_get_query_execution(QueryExecutionIds=ids)["QueryExecutions"]
        return {details["QueryExecutionId"]: details for details in found}

    def _report(self, ids: list[str], found: dict[str, Details]) -> None:
        for query_id in ids:
            watched = self._put_off(query_id)
            if watched and (details := found.get(query_id)):
                watched.on_details(details)

    def _put_off(self, query_id: str) -> _Watched | None:
        with self._changed:
            watched = self._watched.get(query_id)
            if watched:
                watched.wait_s = min(LONGEST_WAIT_S, watched.wait_s * _GROWTH)
                watched.due = time.monotonic() + watched.wait_s
            return watched

    def _report_trouble(self, ids: list[str], error: EngineError) -> None:
        if isinstance(error, ExpiredError):
            # Only a new session sees what a login elsewhere has written.
            self._clients.renew()
        lasting = not (is_transient(error) or isinstance(error, ExpiredError))
        for query_id in ids:
            with self._changed:
                watched = self._watched.get(query_id)
                if watched:
                    watched.due = time.monotonic() + _TROUBLE_WAIT_S
                    if lasting:
                        del self._watched[query_id]
            if watched:
                watched.on_trouble(error)
