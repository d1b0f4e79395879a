"""What a statement will read and cost, before it runs.

Athena has no dry run. What a query reads is at most the objects under its partitions, whose sizes
S3 lists for next to nothing; for Parquet that is an upper bound, since only some columns are read.
Where listing is denied, the last run's bytes by time serve; else the answer is that nobody knows.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from typing import Any, Final

from flowtui.domain.executions import Estimate, Statement
from flowtui.domain.money import cost
from flowtui.domain.partitions import units, value_at
from flowtui.domain.schema import PartitionKey, TableSchema
from flowtui.domain.times import TimeRange
from flowtui.engines.athena.address import TableAddress
from flowtui.engines.athena.catalog import TableMetadata
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.faults import translating
from flowtui.errors import CredentialsError, EngineError
from flowtui.sql.pruning import time_partitions

_MOST_LISTINGS: Final = 200
"""Calls of ListObjectsV2 for one estimate; about a cent buys 2,000."""
_FRESH_S: Final = 600.0
_PAGE: Final = 1000


class Estimator:
    """Estimates over one table; sizes are remembered for ten minutes."""

    def __init__(
        self,
        clients: AwsClients,
        address: TableAddress,
        table: TableMetadata,
        schema: TableSchema,
        price_per_tb: Decimal,
        bytes_per_second: Callable[[], float | None],
    ) -> None:
        self._clients = clients
        self._address = address
        self._table = table
        self._schema = schema
        self._price = price_per_tb
        self._bytes_per_second = bytes_per_second
        self._sizes: dict[str, tuple[float, int, int]] = {}

    def estimate(self, statement: Statement, cancelled: threading.Event) -> Estimate:
        """Bytes, money and on what they rest; unknown rather than wrong, or once cancelled."""
        if self._table.is_view:
            return self._by_last_run(statement, "a view hides what it reads")
        try:
            return self._by_sizes(self._locations(statement), cancelled)
        except CredentialsError as error:
            return self._by_last_run(statement, error.message)
        except EngineError as error:
            return Estimate(None, f"unknown: {error.message}")

    def _by_sizes(self, locations: list[str], cancelled: threading.Event) -> Estimate:
        total = objects = listings = 0
        # The common part of partitions stands for them where they cannot be told one by one.
        is_whole = len(locations) == 1 and self._is_common(locations[0])
        for location in locations:
            for size, count in self._size(location):
                total, objects, listings = total + size, objects + count, listings + 1
                if cancelled.is_set():
                    return Estimate(None, "unknown: stopped")
                if listings > _MOST_LISTINGS:
                    return Estimate(
                        total, f"listing stopped after {objects:,} objects",
                        cost(total, self._price), objects=objects, is_lower_bound=True,
                    )  # fmt: skip
        return Estimate(
            total,
            f"sizes of {objects:,} objects",
            cost(total, self._price),
            partitions=None if is_whole else len(locations),
            objects=objects,
            is_upper_bound=not self._table.is_text or (is_whole and self._has_keys),
        )

    def _by_last_run(self, statement: Statement, why: str) -> Estimate:
        rate = self._bytes_per_second()
        spans = [window.duration for window in statement.windows]
        if rate is None or not spans or None in spans:
            return Estimate(None, f"unknown: {why}")
        expected = int(rate * sum(span.total_seconds() for span in spans if span))
        return Estimate(expected, f"by the last run ({why})", cost(expected, self._price))

    def _size(self, location: str) -> Iterator[tuple[int, int]]:
        """Bytes and objects under a location, a listed page at a time."""
        known = self._sizes.get(location)
        if known and known[0] > time.monotonic() - _FRESH_S:
            yield known[1:]
            return
        total = objects = 0
        for page in self._pages(location):
            sizes = [item["Size"] for item in page.get("Contents", []) if _is_data(item["Key"])]
            total, objects = total + sum(sizes), objects + len(sizes)
            yield sum(sizes), len(sizes)
        self._sizes[location] = (time.monotonic(), total, objects)

    def _pages(self, location: str) -> Iterator[dict[str, Any]]:
        bucket, _, prefix = location.removeprefix("s3://").partition("/")
        prefix = prefix if not prefix or prefix.endswith("/") else prefix + "/"
        paginator = self._clients.client("s3").get_paginator("list_objects_v2")
        with translating("listing the logs in S3", self._clients.settings.profile):
            yield from paginator.paginate(
                Bucket=bucket, Prefix=prefix, PaginationConfig={"PageSize": _PAGE}
            )

    def _locations(self, statement: Statement) -> list[str]:
        """Where the partitions that it reads lie; not all, where they are too many to list."""
        keys = self._schema.partition_keys
        if not keys:
            return [self._table.location]
        chosen = dict(statement.partition_values)
        windows = statement.windows or (None,)
        found = (self._locations_of(keys, chosen, window) for window in windows)
        return list(dict.fromkeys(place for places in found for place in places))

    def _locations_of(
        self,
        keys: tuple[PartitionKey, ...],
        chosen: Mapping[str, tuple[str, ...]],
        time: TimeRange | None,
    ) -> list[str]:
        if time is not None and time_partitions(keys, time) is None:
            time = None
        if self._table.is_projected:
            return self._projected(keys, chosen, time)
        return self._registered(keys, chosen, time)

    def _projected(
        self,
        keys: tuple[PartitionKey, ...],
        chosen: Mapping[str, tuple[str, ...]],
        time: TimeRange | None,
    ) -> list[str]:
        if time is None or time.since is None or any(_is_open(key, chosen) for key in keys):
            return [self._common_part()]
        places = []
        for moment in units(keys, time, datetime.now(UTC)):
            choices = [_choices(key, chosen, moment) for key in keys]
            for values in product(*choices):
                place = self._template(keys)
                for key, value in zip(keys, values, strict=True):
                    place = place.replace("${" + key.name + "}", value)
                places.append(place)
                if len(places) > _MOST_LISTINGS:
                    return places
        return places

    @property
    def _has_keys(self) -> bool:
        return bool(self._schema.partition_keys)

    def _is_common(self, location: str) -> bool:
        return not self._has_keys or (self._table.is_projected and location == self._common_part())

    def _common_part(self) -> str:
        """What holds all partitions of a projected table."""
        template = self._template(self._schema.partition_keys)
        return template.partition("${")[0].rpartition("/")[0] + "/"

    def _template(self, keys: Iterable[PartitionKey]) -> str:
        base = self._table.location.rstrip("/")
        hive = base + "".join(f"/{key.name}=${{{key.name}}}" for key in keys)
        return self._table.parameters.get("storage.location.template", hive).rstrip("/") + "/"

    def _registered(
        self,
        keys: tuple[PartitionKey, ...],
        chosen: Mapping[str, tuple[str, ...]],
        time: TimeRange | None,
    ) -> list[str]:
        wanted = None
        if time is not None and time.since is not None:
            wanted = {
                tuple(value_at(key, moment) for key in keys)
                for moment in units(keys, time, datetime.now(UTC))
            }
        places: list[str] = []
        paginator = self._clients.client("glue").get_paginator("get_partitions")
        with translating("reading partitions", self._clients.settings.profile):
            for page in paginator.paginate(
                DatabaseName=self._address.database,
                TableName=self._address.table,
                ExcludeColumnSchema=True,
            ):
                places += [
                    partition["StorageDescriptor"]["Location"]
                    for partition in page["Partitions"]
                    if _is_chosen(keys, partition["Values"], chosen)
                    and (wanted is None or _is_wanted(partition["Values"], wanted))
                ]
        return places


def _is_chosen(
    keys: Iterable[PartitionKey], values: Iterable[str], chosen: Mapping[str, tuple[str, ...]]
) -> bool:
    return all(
        value in chosen.get(key.name, (value,)) for key, value in zip(keys, values, strict=False)
    )


def _choices(
    key: PartitionKey, chosen: Mapping[str, tuple[str, ...]], moment: datetime
) -> list[str]:
    by_time = value_at(key, moment)
    return [by_time] if by_time is not None else list(chosen.get(key.name, key.values))


def _is_open(key: PartitionKey, chosen: Mapping[str, tuple[str, ...]]) -> bool:
    """True for a key of which neither time, nor filter, nor catalogue says the values."""
    is_by_time = value_at(key, datetime.now(UTC)) is not None
    return not (is_by_time or key.values or chosen.get(key.name))


def _is_wanted(values: list[str], wanted: set[tuple[str | None, ...]]) -> bool:
    return any(
        all(w is None or v == w for v, w in zip(values, unit, strict=False)) for unit in wanted
    )


def _is_data(key: str) -> bool:
    # Athena passes over objects whose names begin so.
    return not key.rsplit("/", 1)[-1].startswith(("_", "."))
