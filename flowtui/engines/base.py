"""The one seam between flowtui and whatever runs its SQL.

Calls block, and are made from worker threads only. Every driver exception is translated at the call
into one of `flowtui.errors`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from flowtui.domain.executions import (
    Cell,
    Column,
    Estimate,
    Progress,
    QueryExecution,
    Refinement,
    ResultPage,
    SourceFacts,
    Statement,
)
from flowtui.domain.interfaces import InterfaceName
from flowtui.domain.queries import SavedQuery
from flowtui.domain.schema import TableSchema
from flowtui.domain.spans import Spans

if TYPE_CHECKING:
    from flowtui.domain.rulings import InterfaceRules


class Results(Protocol):
    """The rows of one execution, held here: paging, sorting and search ask no engine again."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns in result order; set even when there is no row."""

    def page(self, offset: int, limit: int, refinement: Refinement = ...) -> ResultPage:
        """Rows `offset` to `offset + limit`; fewer where the result ends or is still arriving."""

    def find(
        self, text: str, start: int, is_backward: bool = False, refinement: Refinement = ...
    ) -> int | None:
        """Index of the next row from `start` on with a cell that holds `text`, ignoring case."""

    def top_values(
        self, column: str, limit: int, refinement: Refinement = ..., measure: str = ""
    ) -> list[tuple[Cell, int]]:
        """The commonest values of a column and how many rows hold each.

        By the sum of `measure`, a column of numbers, where one is named.
        """

    def total(self, measure: str, refinement: Refinement = ...) -> int:
        """The sum of a column of numbers; what is no number adds nothing."""

    def numbers(self, places: Spans, refinement: Refinement = ...) -> Spans:
        """The rows at some places of the refined result, numbered as the engine gave them."""

    def places(self, numbers: Spans, refinement: Refinement = ...) -> Spans:
        """Where rows, numbered as the engine gave them, stand in the refined result.

        Those that the refinement does not keep stand nowhere.
        """

    def export(
        self,
        path: Path,
        format: str,
        refinement: Refinement = ...,
        cancelled: threading.Event | None = None,
        on_rows: Callable[[int], None] | None = None,
    ) -> int:
        """Write all rows to a file, atomically; returns the number written.

        Formats: csv, tsv, json, ndjson, markdown, parquet.
        """


class Engine(Protocol):
    """Runs statements over one source."""

    @property
    def schema(self) -> TableSchema:
        """What SQL is built on; empty before `connect`."""

    def connect(self) -> None:
        """Reach the source and learn its schema; raises ConnectError or CredentialsError."""

    def facts(self) -> SourceFacts:
        """What is known of the source now; cheap, never scans for money."""

    def prepare(self, cancelled: threading.Event, on_progress: Callable[[Progress], None]) -> None:
        """Make later questions faster (convert, download); questions may run meanwhile."""

    def estimate(self, statement: Statement) -> Estimate:
        """What running it will read and cost."""

    def submit(self, statement: Statement) -> str:
        """Start it; the execution's id. Never starts twice, however often it has to retry."""

    def poll(self, id: str) -> QueryExecution:
        """The execution as it stands."""

    def wait(self, id: str, timeout_s: float) -> QueryExecution:
        """As `poll`, but returns as soon as something changed, or after `timeout_s`."""

    def results(self, id: str) -> Results:
        """Its rows; usable once `rows_ready` > 0 or the state is SUCCEEDED."""

    def cancel(self, id: str) -> QueryExecution:
        """Stop it where it runs; harmless on one that has ended."""

    def close(self) -> None:
        """Stop everything that runs and let go of every resource."""


@runtime_checkable
class Naming(Protocol):
    """An engine that can tell what interfaces and addresses belong to."""

    def names(
        self, place: Callable[[str], Path], now: datetime
    ) -> Iterator[Mapping[str, InterfaceName]]:
        """By interface id and address: what is kept in `place(account-region)`, then what is new.

        Raises CredentialsError where that is not allowed.
        """


@runtime_checkable
class RuleBook(Protocol):
    """An engine that can tell which rules interfaces have now."""

    def rules_of(self, interface_ids: Sequence[str]) -> tuple[InterfaceRules, ...]:
        """Security groups and network ACLs, as they are now; free, some requests.

        Raises CredentialsError where not even interfaces may be described.
        """


class NamedQueryStore(Protocol):
    """The queries that a service keeps for everybody who uses it."""

    def all(self, cancelled: threading.Event) -> tuple[SavedQuery, ...]:
        """All of them by name; asked for once in a sitting."""

    def create(self, title: str, description: str, sql: str) -> None:
        """Keep a new one."""

    def update(self, named_id: str, title: str, description: str, sql: str) -> None:
        """Put another text in the place of one."""

    def delete(self, named_id: str) -> None:
        """Delete one."""


@runtime_checkable
class Service(Engine, Protocol):
    """An engine that is billed, shared with others, and keeps what ran: Athena."""

    named: NamedQueryStore

    def estimate(self, statement: Statement, cancelled: threading.Event | None = None) -> Estimate:
        """What running it will read and cost; unknown once `cancelled` is set."""

    def explain(self, statement: Statement, cancelled: threading.Event) -> None:
        """Have SQL checked for nothing; raises QueryFailedError where it is wrong."""

    def latest(self) -> tuple[QueryExecution, ...]:
        """What ran there last, whoever ran it, the latest first."""

    def earlier(self, query_id: str) -> QueryExecution:
        """An execution as it stands, by the service's own id."""

    def why_empty(
        self, statement: Statement, now: datetime, cancelled: threading.Event
    ) -> tuple[str, ...]:
        """Why the table may hold nothing of it, by catalogue and files; nothing is scanned."""

    def attach(self, query_id: str, statement: Statement, is_ours: bool = False) -> str:
        """Take up an execution that was started earlier; our id for it. Scans nothing.

        Only one of ours is stopped by `cancel` and `close`.
        """

    def detach(self, id: str) -> None:
        """Let it run on when this engine closes; `attach` finds it again."""
