"""Amazon Athena as an engine: flow logs of any size, billed by the byte."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flowtui.domain.executions import (
    Estimate,
    Progress,
    QueryExecution,
    QueryState,
    SourceFacts,
    Statement,
)
from flowtui.domain.interfaces import InterfaceName
from flowtui.domain.money import DEFAULT_PRICE
from flowtui.domain.schema import TableSchema
from flowtui.engines.athena.address import TableAddress
from flowtui.engines.athena.board import StatusBoard
from flowtui.engines.athena.catalog import TableMetadata, table_schema
from flowtui.engines.athena.clients import AwsClients, AwsSettings
from flowtui.engines.athena.earlier import earlier, latest
from flowtui.engines.athena.emptiness import EmptyPlace
from flowtui.engines.athena.estimate import Estimator
from flowtui.engines.athena.explain import check_sql
from flowtui.engines.athena.fetch import RowFetcher
from flowtui.engines.athena.interfaces import named_interfaces
from flowtui.engines.athena.named import NamedQueries
from flowtui.engines.athena.rules import rules_of
from flowtui.engines.athena.run import AthenaRun, StartRequest
from flowtui.engines.athena.sample import column_warning, header_of
from flowtui.engines.athena.tables import read_table, registered_values
from flowtui.engines.athena.workgroup import WorkGroup, read_workgroup
from flowtui.engines.base import Results
from flowtui.errors import FlowtuiError

if TYPE_CHECKING:
    from flowtui.domain.rulings import InterfaceRules

_JOIN_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class AthenaOptions:
    """How queries are run and paid."""

    output_location: str = ""
    """Where results go; empty: as the work group says."""
    reuse_minutes: int = 60
    """Age at which an earlier result still answers for nothing; 0: never."""
    price_per_tb: Decimal = DEFAULT_PRICE


class AthenaEngine:
    """Runs statements over one Athena table.

    Args:
        address: The table.
        settings: Who we are to AWS.
        results_root: Directory under which rows are kept while the engine lives.
        options: Output location, result reuse, price.
        bytes_per_second: What the last run over this table scanned for each second of its range;
            serves the estimate where S3 may not be listed.
    """

    def __init__(
        self,
        address: TableAddress,
        settings: AwsSettings,
        *,
        results_root: Path,
        options: AthenaOptions = AthenaOptions(),
        bytes_per_second: Callable[[], float | None] = lambda: None,
    ) -> None:
        self.address = address
        self.options = options
        self.clients = AwsClients(settings)
        self.schema = TableSchema(address.table, (), database=address.database)
        self.named = NamedQueries(self.clients, address)
        self.workgroup = WorkGroup(address.workgroup)
        self.table: TableMetadata | None = None
        self._bytes_per_second = bytes_per_second
        self._estimator: Estimator | None = None
        self._board = StatusBoard(self.clients)
        self._fetcher = RowFetcher(self.clients, results_root)
        self._changed = threading.Condition()
        self._runs: dict[str, AthenaRun] = {}

    def connect(self) -> None:
        """Read the table and the work group; a few calls, none of which scans.

        Raises:
            ConnectError: No such table or work group, or nowhere to write results.
            CredentialsError: Who we are, or what we may, does not suffice.
        """
        self.workgroup = read_workgroup(self.clients, self.address.workgroup)
        self.workgroup.output_for(self.options.output_location)
        table = read_table(self.clients, self.address)
        values = registered_values(self.clients, self.address, table)
        schema = table_schema(table, self.address, values)
        self.table, self.schema = table, _checked(self.clients, table, schema)
        self._estimator = Estimator(
            self.clients, self.address, table, schema, self.options.price_per_tb,
            self._bytes_per_second,
        )  # fmt: skip

    def facts(self) -> SourceFacts:
        """The table's name and what is odd about it; nothing is asked."""
        location = self.table.location if self.table else ""
        return SourceFacts(str(self.address), notes=self.schema.warnings, location=location)

    def prepare(self, cancelled: threading.Event, on_progress: Callable[[Progress], None]) -> None:
        """Nothing to prepare: the table is there."""

    def estimate(self, statement: Statement, cancelled: threading.Event | None = None) -> Estimate:
        """Bytes under the partitions that it reads, and their price. Lists S3, scans nothing.

        Unknown where `cancelled` is set before the listing has ended.
        """
        if self._estimator is None:
            return Estimate(None, "unknown: not connected")
        return self._estimator.estimate(statement, cancelled or threading.Event())

    def explain(self, statement: Statement, cancelled: threading.Event) -> None:
        """Have Athena check SQL that a person typed; scans nothing and is free.

        Raises:
            QueryFailedError: It would fail; says where.
        """
        request = replace(self._request(), reuse_minutes=0)
        check_sql(self.clients, self._board, request, statement, cancelled)

    def why_empty(
        self, statement: Statement, now: datetime, cancelled: threading.Event
    ) -> tuple[str, ...]:
        """Why the table may hold nothing of it: partitions and files are looked at, none is read.

        Raises:
            EngineError: Neither catalogue nor S3 tells.
        """
        if self.table is None or self.table.is_view:
            return ()
        place = EmptyPlace(self.clients, self.address, self.table, self.schema, self.estimate)
        return tuple(place.reasons(statement, now, cancelled))

    def latest(self) -> tuple[QueryExecution, ...]:
        """The work group's last fifty executions, whoever ran them, the latest first. Two calls.

        Raises:
            CredentialsError: We may not list them.
        """
        return latest(self.clients, self.address.workgroup, self.options.price_per_tb)

    def earlier(self, query_id: str) -> QueryExecution:
        """An execution of the last 45 days as it stands, by Athena's id. One call.

        Raises:
            ConnectError: Athena does not know it.
        """
        return earlier(self.clients, query_id, self.options.price_per_tb)

    def submit(self, statement: Statement) -> str:
        """Start it in the background; our id for it. Never starts a second query."""
        run = self._new_run(statement, self._request())
        run.start()
        return run.execution.id

    def attach(self, query_id: str, statement: Statement, is_ours: bool = False) -> str:
        """Take up an execution started earlier, here or elsewhere, within 45 days; our id for it.

        Nothing is scanned, and the table need not be known. `cancel` and `close` stop it only where
        it is ours.
        """
        address = self.address
        nothing_to_start = StartRequest(address.database, address.catalog, address.workgroup)
        run = self._new_run(statement, nothing_to_start)
        run.attach(query_id, is_ours)
        return run.execution.id

    def poll(self, id: str) -> QueryExecution:
        """The execution as it was last heard of; no call is made."""
        return self._runs[id].execution

    def wait(self, id: str, timeout_s: float) -> QueryExecution:
        """As `poll`, as soon as something changes or after `timeout_s`."""
        with self._changed:
            run = self._runs[id]
            if not _is_over(run.execution):
                self._changed.wait(timeout_s)
        return run.execution

    def results(self, id: str) -> Results:
        """Its rows, held here."""
        return self._fetcher.results(id)

    def cancel(self, id: str) -> QueryExecution:
        """Have it stopped, once; returns at once. What was scanned is billed."""
        run = self._runs[id]
        run.cancel()
        return run.execution

    def detach(self, id: str) -> None:
        """Let it run on Athena when this engine closes; `attach` finds it again."""
        if run := self._runs.pop(id, None):
            run.let_go()

    def rules_of(self, interface_ids: Sequence[str]) -> tuple[InterfaceRules, ...]:
        """Security groups and network ACLs of interfaces, as they are now; nothing is billed.

        Raises:
            CredentialsError: ec2:DescribeNetworkInterfaces is not allowed.
        """
        return rules_of(self.clients, interface_ids)

    def names(
        self, place: Callable[[str], Path], now: datetime
    ) -> Iterator[dict[str, InterfaceName]]:
        """What interfaces and addresses of the account belong to: as kept, then as AWS says.

        Raises:
            CredentialsError: That is not allowed.
        """
        return named_interfaces(self.clients, place, now)

    def close(self) -> None:
        """Stop whatever runs on Athena and delete the rows held here."""
        runs = list(self._runs.values())
        for run in runs:
            run.cancel()
        # Leaving must not hang on a dead network.
        deadline = time.monotonic() + _JOIN_S
        for run in runs:
            run.join(deadline - time.monotonic())
        self._board.close()
        self._fetcher.close()

    def _request(self) -> StartRequest:
        return StartRequest(
            self.address.database,
            self.address.catalog,
            self.address.workgroup,
            self.workgroup.output_for(self.options.output_location),
            0 if self.workgroup.is_managed else self.options.reuse_minutes,
        )

    def _new_run(self, statement: Statement, request: StartRequest) -> AthenaRun:
        run = AthenaRun(
            self.clients, self._board, request, statement, uuid.uuid4().hex,
            self._tell, self._fetcher.fetch, self.options.price_per_tb,
        )  # fmt: skip
        with self._changed:
            self._runs[run.execution.id] = run
        return run

    def _tell(self) -> None:
        with self._changed:
            self._changed.notify_all()


def _is_over(execution: QueryExecution) -> bool:
    return execution.state.is_terminal and (
        execution.state is not QueryState.SUCCEEDED or execution.is_complete
    )


def _checked(clients: AwsClients, table: TableMetadata, schema: TableSchema) -> TableSchema:
    """The schema, with a warning where its columns do not stand as in the files."""
    if table.is_view or not table.location:
        return schema
    try:
        header = header_of(clients, (table.location,))
    except FlowtuiError:
        # Looking into the files is a courtesy; it needs rights that queries do not need.
        return schema
    warning = column_warning(table, header) if header else ""
    return replace(schema, warnings=(*schema.warnings, warning)) if warning else schema
