"""How new the newest data of a table is, by listing the newest folders in S3."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

from flowtui.domain.values import format_instant
from flowtui.engines.athena.address import TableAddress
from flowtui.engines.athena.catalog import TableMetadata
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.faults import translating
from flowtui.engines.checks import Check, failing, good, poor
from flowtui.engines.s3.listing import parse_location
from flowtui.engines.s3.place import LogObject, newest_object, owners
from flowtui.errors import ConfigError, EngineError

_MOST_OWNERS: Final = 20
"""Accounts and regions whose newest folder is listed."""
_MOST_PARTITIONS: Final = 20_000
_LATE: Final = timedelta(hours=2)
"""AWS delivers within some ten minutes; after this something has stopped."""


def newest_data(
    clients: AwsClients, address: TableAddress, table: TableMetadata
) -> Iterator[Check]:
    """The file that was delivered last, and whether the table sees it."""
    try:
        newest = _newest(clients, table.location)
    except (EngineError, ConfigError) as error:
        text = f"{error.message} {error.hint}".rstrip()
        yield poor("newest data", text)
        return
    if newest is None:
        yield poor("newest data", f"no log file is under {table.location}")
        return
    age = datetime.now(UTC) - newest.modified
    text = f"{newest.uri}, delivered {format_instant(newest.modified)}"
    if age > _LATE:
        late = f"{age.total_seconds() / 3600:,.0f} hours ago: is the flow log still there?"
        yield poor("newest data", f"{text}, {late}")
    else:
        yield good("newest data", text)
    if table.partition_columns and not table.is_projected:
        yield _about_partitions(clients, address, newest)


def _newest(clients: AwsClients, location: str) -> LogObject | None:
    bucket, prefix = parse_location(location)
    places = [prefix]
    if prefix.endswith("AWSLogs/"):
        found = islice(owners(clients, bucket, prefix), _MOST_OWNERS)
        places = [place for _, _, place in found] or places
    each = [newest_object(clients, bucket, place) for place in places]
    return max((o for o in each if o), key=lambda o: o.modified, default=None)


def _about_partitions(clients: AwsClients, address: TableAddress, newest: LogObject) -> Check:
    count = 0
    try:
        for location in _partition_locations(clients, address):
            count += 1
            if newest.uri.startswith(location.rstrip("/") + "/"):
                return good("partitions", "the newest file lies in a registered one")
            if count >= _MOST_PARTITIONS:
                return poor("partitions", f"over {count:,}: they were not all looked through")
    except EngineError as error:
        return failing("partitions", error)
    return poor(
        "partitions",
        f"the newest file lies in none of the {count:,} registered ones, so no query sees it: "
        "MSCK REPAIR TABLE (Hive keys) or ALTER TABLE … ADD PARTITION registers it",
    )


def _partition_locations(clients: AwsClients, address: TableAddress) -> Iterator[str]:
    paginator = clients.client("glue").get_paginator("get_partitions")
    with translating("reading partitions", clients.settings.profile):
        for page in paginator.paginate(
            DatabaseName=address.database, TableName=address.table, ExcludeColumnSchema=True
        ):
            for partition in page["Partitions"]:
                yield partition["StorageDescriptor"]["Location"]
