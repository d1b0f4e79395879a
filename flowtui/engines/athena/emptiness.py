"""Why a table may hold nothing of what a statement asked for: catalogue and S3 are looked at.

Athena answers with no rows, and no error, where a partition is not registered, lies outside the
projected range, or leads to a folder that is not there. See "Partition projection" and
"Troubleshooting: zero records", Athena User Guide. Nothing here scans.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

from flowtui.domain.executions import Estimate, Statement
from flowtui.domain.schema import PartitionKey, PartitionRole, TableSchema
from flowtui.domain.times import TimeRange
from flowtui.domain.values import format_size
from flowtui.engines.athena.address import TableAddress
from flowtui.engines.athena.catalog import TableMetadata
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.faults import translating
from flowtui.errors import FlowtuiError

_MOST_PAGES: Final = 20
_SHOWN: Final = 5
_RELATIVE: Final = re.compile(r"NOW(?:\s*([+-])\s*(\d+)\s*(YEAR|MONTH|WEEK|DAY|HOUR|MINUTE)S?)?")
_DAYS: Final = {"YEAR": 366.0, "MONTH": 31.0, "WEEK": 7.0, "DAY": 1.0, "HOUR": 1 / 24,
                "MINUTE": 1 / 1440}  # fmt: skip
_JAVA: Final = (("yyyy", "%Y"), ("MM", "%m"), ("dd", "%d"), ("HH", "%H"), ("mm", "%M"),
                ("ss", "%S"), ("'", ""))  # fmt: skip


class EmptyPlace:
    """Looks for the reasons in one table.

    Args:
        clients: Calls go through these.
        address: The table.
        table: Its properties.
        schema: Its partition keys.
        estimate: What a statement reads: partitions and objects.
    """

    def __init__(
        self,
        clients: AwsClients,
        address: TableAddress,
        table: TableMetadata,
        schema: TableSchema,
        estimate: Callable[[Statement, threading.Event], Estimate],
    ) -> None:
        self._clients = clients
        self._address = address
        self._table = table
        self._schema = schema
        self._estimate = estimate

    def reasons(
        self, statement: Statement, now: datetime, cancelled: threading.Event
    ) -> Iterator[str]:
        """Sentences, the likeliest first; none where partitions and files are as they should be."""
        found = [*self._unknown_values(statement), *self._outside(statement.time, now)]
        yield from found
        if not found:
            yield from self._missing(statement, cancelled)

    def _unknown_values(self, statement: Statement) -> Iterator[str]:
        keys = {key.name: key for key in self._schema.partition_keys}
        for name, wanted in statement.partition_values:
            key = keys.get(name)
            if key is None or not key.values or set(wanted) & set(key.values):
                continue
            known = ", ".join(key.values[:_SHOWN]) + (" …" if len(key.values) > _SHOWN else "")
            yield (
                f"The table's partitions know {known} as {name}, and not {', '.join(wanted)}: "
                "press f to mend the filter."
            )

    def _outside(self, time: TimeRange | None, now: datetime) -> Iterator[str]:
        if time is None or not self._table.is_projected:
            return
        for key in self._schema.partition_keys:
            setting = f"projection.{key.name}.range"
            text = self._table.parameters.get(setting, "")
            since, until = projected_range(key, text, now)
            is_early = since is not None and time.until is not None and time.until <= since
            is_late = until is not None and time.since is not None and time.since > until
            if is_early or is_late:
                side = "before" if is_early else "after"
                yield (
                    f"The time asked for lies {side} the range of partitions that the table "
                    f"projects, {text} ({setting}): nothing outside of it is ever read. "
                    "ALTER TABLE … SET TBLPROPERTIES widens it; t changes the time."
                )

    def _missing(self, statement: Statement, cancelled: threading.Event) -> Iterator[str]:
        estimate = self._estimate(statement, cancelled)
        if estimate.partitions == 0:
            yield self._none_registered()
        elif estimate.objects == 0:
            count = estimate.partitions or 0
            folders = f"the {count:,} folders" if count > 1 else "the folder"
            yield (
                f"No log file lies in {folders} that it reads, below {self._table.location}: "
                "nothing was delivered there, or the table looks for it elsewhere "
                "(flowtui doctor says where the newest file lies)."
            )
        elif estimate.objects and estimate.bytes is not None:
            plural = "file" if estimate.objects == 1 else "files"
            size = format_size(estimate.bytes)
            yield (
                f"The logs are there ({estimate.objects:,} {plural}, {size}); no record in them "
                "meets the query and its filters."
            )

    def _none_registered(self) -> str:
        newest = self._newest()
        last = f"the newest has {newest}" if newest else "it has none at all"
        return (
            f"No partition of the time asked for is registered; {last}. "
            "MSCK REPAIR TABLE (Hive folders) or ALTER TABLE … ADD PARTITION registers what S3 "
            "holds; flowtui ddl prints a table that needs neither."
        )

    def _newest(self) -> str:
        """Keys and values of the newest registered partition; empty where there is none."""
        names = [key.name for key in self._schema.partition_keys]
        by_time = [
            index
            for index, key in enumerate(self._schema.partition_keys)
            if key.role not in (PartitionRole.REGION, PartitionRole.ACCOUNT, PartitionRole.OTHER)
        ]
        try:
            found = [
                partition["Values"]
                for page in islice(self._pages(), _MOST_PAGES)
                for partition in page["Partitions"]
            ]
        except FlowtuiError:
            return ""
        if not found:
            return ""
        newest = max(found, key=lambda values: [values[index].zfill(4) for index in by_time])
        return ", ".join(f"{names[index]} {newest[index]}" for index in by_time)

    def _pages(self) -> Iterator[dict[str, list[dict[str, list[str]]]]]:
        paginator = self._clients.client("glue").get_paginator("get_partitions")
        with translating("reading partitions", self._clients.settings.profile):
            yield from paginator.paginate(
                DatabaseName=self._address.database,
                TableName=self._address.table,
                ExcludeColumnSchema=True,
            )


def projected_range(
    key: PartitionKey, text: str, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """First and last instant of a projected range of time; None where it says none.

    Args:
        key: Whose range it is.
        text: `2026/01/01,NOW`, `NOW-3YEARS,NOW`, `2020,2030`.
        now: Aware.
    """
    first, comma, last = (part.strip() for part in text.partition(","))
    if not comma or key.role not in (PartitionRole.DATE, PartitionRole.YEAR):
        return None, None
    since, until = (_bound(key, part, now) for part in (first, last))
    if until is None:
        return since, None
    if key.role is PartitionRole.YEAR:
        return since, until.replace(year=until.year + 1) - timedelta(seconds=1)
    unit = timedelta(hours=1) if "HH" in key.format else timedelta(days=1)
    return since, until + unit


def _bound(key: PartitionKey, text: str, now: datetime) -> datetime | None:
    if relative := _RELATIVE.fullmatch(text.upper()):
        sign, count, unit = relative.groups()
        if not sign:
            return now
        by = timedelta(days=int(count) * _DAYS[unit])
        return now + by if sign == "+" else now - by
    form = "%Y" if key.role is PartitionRole.YEAR else key.format or "yyyy-MM-dd"
    for java, python in _JAVA:
        form = form.replace(java, python)
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
