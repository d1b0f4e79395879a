"""What the catalogue holds: work groups, databases, tables, and a table's partitions."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any, Final

from flowtui.engines.athena.address import TableAddress
from flowtui.engines.athena.catalog import TableMetadata
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.faults import translating
from flowtui.errors import EngineError

_SOME_PARTITIONS: Final = 50
_VIEW: Final = "VIRTUAL_VIEW"


def read_table(clients: AwsClients, address: TableAddress) -> TableMetadata:
    """A table's columns, keys and properties, by Athena or, where that is throttled, by Glue.

    Raises:
        ConnectError: There is no such table.
    """
    # pyathena writes a traceback to its log for each refusal; the error itself is shown.
    logging.getLogger("pyathena").setLevel(logging.CRITICAL)
    with translating(f"reading the table {address.table}", clients.settings.profile):
        cursor = clients.connection().cursor()
        found = cursor.get_table_metadata(
            address.table, catalog_name=address.catalog, schema_name=address.database
        )
    return _metadata(found)


def list_workgroups(clients: AwsClients) -> list[str]:
    """Names of the enabled work groups."""
    with translating("listing work groups", clients.settings.profile):
        return [
            group["Name"]
            for page in _pages(clients, "list_work_groups")
            for group in page["WorkGroups"]
            if group.get("State") != "DISABLED"
        ]


def list_databases(clients: AwsClients, catalog: str) -> list[str]:
    """Names of a catalogue's databases."""
    with translating("listing databases", clients.settings.profile):
        return [
            database["Name"]
            for page in _pages(clients, "list_databases", CatalogName=catalog)
            for database in page["DatabaseList"]
        ]


def list_tables(clients: AwsClients, catalog: str, database: str) -> list[TableMetadata]:
    """A database's tables with their columns; a page of 50 a call."""
    logging.getLogger("pyathena").setLevel(logging.CRITICAL)
    with translating("listing tables", clients.settings.profile):
        cursor = clients.connection().cursor()
        found = cursor.list_table_metadata(catalog_name=catalog, schema_name=database)
    return [_metadata(table) for table in found]


def registered_values(
    clients: AwsClients, address: TableAddress, table: TableMetadata
) -> list[tuple[str, ...]]:
    """Values of some registered partitions; empty where there are none or Glue does not tell."""
    if not table.partition_columns or table.is_projected:
        return []
    try:
        with translating("reading partitions", clients.settings.profile):
            answer = clients.client("glue").get_partitions(
                DatabaseName=address.database,
                TableName=address.table,
                MaxResults=_SOME_PARTITIONS,
                ExcludeColumnSchema=True,
            )
    except EngineError:
        # Only the forms of the values are wanted; names must do where glue:GetPartitions is denied.
        return []
    values = [tuple(p["Values"]) for p in answer["Partitions"][:_SOME_PARTITIONS]]
    return sorted(values, reverse=True)


def _pages(clients: AwsClients, operation: str, **arguments: Any) -> Iterator[dict[str, Any]]:
    athena = clients.client("athena")
    token: str | None = None
    while True:
        extra = {"NextToken": token} if token else {}
        page: dict[str, Any] = getattr(athena, operation)(MaxResults=50, **arguments, **extra)
        yield page
        token = page.get("NextToken")
        if not token:
            return


def _metadata(found: Any) -> TableMetadata:
    parameters = dict(found.parameters)
    return TableMetadata(
        found.name,
        tuple((column.name, column.type) for column in found.columns),
        tuple((key.name, key.type) for key in found.partition_keys),
        parameters,
        location=found.location or "",
        is_view=found.table_type == _VIEW,
    )
