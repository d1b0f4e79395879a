"""Flow logs in S3, answered by the embedded engine once the objects of a time are here.

For small windows this costs next to nothing and needs no table.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flowtui.domain.executions import (
    Estimate,
    LeftOut,
    Progress,
    QueryExecution,
    SourceFacts,
    Statement,
)
from flowtui.domain.interfaces import InterfaceName
from flowtui.domain.schema import TableSchema
from flowtui.domain.times import TimeRange
from flowtui.engines.athena.clients import AwsClients, AwsSettings
from flowtui.engines.athena.interfaces import named_interfaces
from flowtui.engines.athena.rules import rules_of
from flowtui.engines.base import Results
from flowtui.engines.local.engine import LocalEngine
from flowtui.engines.s3.downloads import Downloads
from flowtui.engines.s3.listing import S3Object, list_objects, newest, parse_location
from flowtui.engines.s3.run import S3Run
from flowtui.errors import EngineError

if TYPE_CHECKING:
    from flowtui.domain.rulings import InterfaceRules

_JOIN_S = 2.0


class S3Engine:
    """Runs statements over flow logs under an S3 prefix.

    Args:
        location: `s3://bucket/prefix`.
        settings: Who we are to AWS.
        name: What the screen calls the source.
        time: What is looked at first; None: all there is.
        downloads_root: Where fetched objects are kept.
        cache_root: Where the local engine keeps converted records; None: nowhere.
        format: Canonical fields of files without a header line.
        cache_limit_bytes: What the converted files of all sources may take together.
    """

    def __init__(
        self,
        location: str,
        settings: AwsSettings,
        *,
        name: str,
        time: TimeRange | None,
        downloads_root: Path,
        cache_root: Path | None,
        format: tuple[str, ...] | None = None,
        cache_limit_bytes: int = 20 * 10**9,
    ) -> None:
        self._location = location
        self._bucket, self._prefix = parse_location(location)
        self._clients = AwsClients(settings)
        self._downloads = Downloads(self._clients, downloads_root)
        self._time = time
        place = downloads_root / self._bucket / self._prefix
        self._local = LocalEngine(
            str(place),
            name=name,
            cache_root=cache_root,
            format=format,
            cache_limit_bytes=cache_limit_bytes,
        )
        self._changed = threading.Condition()
        self._runs: dict[str, S3Run] = {}
        self._listed: dict[TimeRange | None, list[S3Object]] = {}
        self._failures: dict[str, LeftOut] = {}

    @property
    def schema(self) -> TableSchema:
        """The fields of the files that are here."""
        return self._local.schema

    def connect(self) -> None:
        """List the time looked at first and fetch its newest object, which tells the fields.

        Raises:
            ConnectError: No such bucket, or no logs of that time.
            CredentialsError: Listing or reading is not allowed.
        """
        latest = newest(self._objects(self._time), self._location)
        for _, error in self._downloads.fetch([latest], threading.Event()):
            raise error
        self._local.connect()

    def facts(self) -> SourceFacts:
        """What the local engine knows of the objects that are here, and what could not be had."""
        facts = self._local.facts()
        return replace(
            facts,
            left_out=(*facts.left_out, *self._failures.values()),
            location=f"s3://{self._bucket}/{self._prefix}",
        )

    def prepare(self, cancelled: threading.Event, on_progress: Callable[[Progress], None]) -> None:
        """Fetch the time looked at first, then convert it."""
        self._bring(self._time, cancelled, on_progress)
        if not cancelled.is_set():
            self._local.prepare(cancelled, on_progress)

    def estimate(self, statement: Statement) -> Estimate:
        """What is still to be fetched for it. Lists, fetches nothing."""
        objects = self._objects(statement.span)
        missing = self._downloads.missing(objects)
        return Estimate(
            sum(item.size for item in missing),
            f"{len(missing):,} of {len(objects):,} objects to download",
            objects=len(missing),
            is_download=True,
        )

    def submit(self, statement: Statement) -> str:
        """Fetch what it needs and run it, in the background; its id."""
        from flowtui.sql import check_reads_only

        check_reads_only(statement.sql, is_local=True)
        id = f"s3-{os.urandom(8).hex()}"
        run = S3Run(self._local, self._bring_for, statement, id, self._tell)
        self._runs[id] = run
        run.start()
        return id

    def poll(self, id: str) -> QueryExecution:
        """The execution as it stands."""
        return self._runs[id].execution

    def wait(self, id: str, timeout_s: float) -> QueryExecution:
        """As `poll`, as soon as something changes or after `timeout_s`."""
        run = self._runs[id]
        if run.local_id:
            return run.wait(timeout_s)
        with self._changed:
            if not run.local_id and not run.execution.state.is_terminal:
                self._changed.wait(timeout_s)
        return run.execution

    def results(self, id: str) -> Results:
        """Its rows.

        Raises:
            EngineError: There are none yet.
        """
        local_id = self._runs[id].local_id
        if not local_id:
            raise EngineError("There are no rows yet.", "Wait until the objects have arrived.")
        return self._local.results(local_id)

    def cancel(self, id: str) -> QueryExecution:
        """Stop fetching, or the query."""
        run = self._runs[id]
        run.cancel()
        return run.execution

    def rules_of(self, interface_ids: Sequence[str]) -> tuple[InterfaceRules, ...]:
        """Security groups and network ACLs of interfaces, as they are now; nothing is billed.

        Raises:
            CredentialsError: ec2:DescribeNetworkInterfaces is not allowed.
        """
        return rules_of(self._clients, interface_ids)

    def names(
        self, place: Callable[[str], Path], now: datetime
    ) -> Iterator[dict[str, InterfaceName]]:
        """What interfaces and addresses of the account belong to: as kept, then as AWS says.

        Raises:
            CredentialsError: That is not allowed.
        """
        return named_interfaces(self._clients, place, now)

    def close(self) -> None:
        """Stop what runs; what was fetched stays in the cache."""
        for run in self._runs.values():
            run.cancel()
        for run in self._runs.values():
            run.join(_JOIN_S)
        self._local.close()

    def _bring_for(
        self,
        statement: Statement,
        cancelled: threading.Event,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self._bring(statement.span, cancelled, on_progress)

    def _bring(
        self,
        time: TimeRange | None,
        cancelled: threading.Event,
        on_progress: Callable[[Progress], None],
    ) -> None:
        objects = self._objects(time)
        failures = self._downloads.fetch(objects, cancelled, on_progress)
        if failures and len(failures) == len(objects):
            raise failures[0][1]
        for item, error in failures:
            path = f"s3://{item.bucket}/{item.key}"
            self._failures[path] = LeftOut(path, error.message, 0)
        self._local.refresh()

    def _objects(self, time: TimeRange | None) -> list[S3Object]:
        """Listed once a sitting for each time: identical questions see identical logs."""
        if time not in self._listed:
            self._listed[time] = list_objects(self._clients, self._bucket, self._prefix, time)
        return self._listed[time]

    def _tell(self) -> None:
        with self._changed:
            self._changed.notify_all()
