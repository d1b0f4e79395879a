"""Flow log tables as they are found in the wild, as schemas and as DuckDB tables of the records."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import duckdb

from flowtui.domain.fields import FIELD
from flowtui.domain.partitions import value_at
from flowtui.domain.schema import PartitionKey, PartitionRole, PhysicalColumn, TableSchema
from flowtui.sql import DUCKDB_SETUP
from tests.sql.records import V5, records

R = PartitionRole


def _columns(*pairs: tuple[str, str]) -> tuple[PhysicalColumn, ...]:
    return tuple(PhysicalColumn.of(name, type) for name, type in pairs)


def _docs(*left_out: str) -> tuple[PhysicalColumn, ...]:
    types = {"protocol": "bigint"}
    names = [name for name in V5 if name not in left_out]
    return _columns(*((name, types.get(name, FIELD[name].athena_type)) for name in names))


LOCAL = TableSchema(
    "vpc_flow_logs",
    tuple(PhysicalColumn(name, FIELD[name].athena_type, name) for name in V5),
    is_local=True,
)
LOCAL_V2 = replace(LOCAL, columns=LOCAL.columns[:14])
CLASSIC = TableSchema(
    "vpc_flow_logs",
    _columns(
        ("version", "int"), ("account", "string"), ("interfaceid", "string"),
        ("sourceaddress", "string"), ("destinationaddress", "string"), ("sourceport", "int"),
        ("destinationport", "int"), ("protocol", "int"), ("numpackets", "int"),
        ("numbytes", "bigint"), ("starttime", "int"), ("endtime", "int"), ("action", "string"),
        ("logstatus", "string"), ("vpcid", "string"), ("subnetid", "string"),
        ("instanceid", "string"), ("tcpflags", "int"), ("type", "string"),
        ("pktsrcaddr", "string"), ("pktdstaddr", "string"), ("region", "string"),
        ("azid", "string"), ("sublocationtype", "string"), ("sublocationid", "string"),
        ("pktsrcawsservice", "string"), ("pktdstawsservice", "string"),
        ("flowdirection", "string"), ("trafficpath", "string"),
    ),
    database="logs",
)  # fmt: skip
DOCS = TableSchema(
    "vpc_flow_logs", _docs(), (PartitionKey("date", "date", R.DATE),), database="default"
)
PROJECTION = TableSchema(
    "test_table_vpclogs",
    _docs("region"),
    (
        PartitionKey("accid", "string", R.ACCOUNT, values=("012345678901",)),
        PartitionKey("region", "string", R.REGION, values=("eu-central-1",)),
        PartitionKey("day", "string", R.DATE, format="yyyy/MM/dd"),
    ),
    database="logs",
)
HOURLY = TableSchema(
    "test_table_vpclogs_parquet",
    _docs("region"),
    (
        PartitionKey("region", "string", R.REGION),
        PartitionKey("date", "string", R.DATE, format="yyyy/MM/dd"),
        PartitionKey("hour", "string", R.HOUR),
    ),
    database="logs",
)
HYPHENS = TableSchema(
    "vpc-flow-logs",
    tuple(PhysicalColumn.of(name.replace("_", "-"), FIELD[name].athena_type) for name in V5),
    (
        PartitionKey("aws-account-id", "string", R.ACCOUNT),
        PartitionKey("aws-service", "string", R.OTHER),
        PartitionKey("aws-region", "string", R.REGION),
        PartitionKey("year", "string", R.YEAR),
        PartitionKey("month", "string", R.MONTH),
        PartitionKey("day", "string", R.DAY),
        PartitionKey("hour", "string", R.HOUR),
    ),
    database="logs",
)
UNPADDED = TableSchema(
    "fl06a3a4b9a351a0fd5daily2021120420211204",
    _docs(),
    (
        PartitionKey("year", "int", R.YEAR),
        PartitionKey("month", "int", R.MONTH),
        PartitionKey("day", "string", R.DAY, is_padded=False),
    ),
    database="vpcflowlogsathenadatabase1",
)
TEXT = TableSchema(
    "raw_logs",
    tuple(PhysicalColumn.of(name, "string") for name in V5),
    (PartitionKey("dt", "string", R.DATE, format="yyyy-MM-dd-HH"),),
    database="logs",
    catalog="AwsDataCatalog",
)

TABLES: dict[str, TableSchema] = {
    "local": LOCAL,
    "classic": CLASSIC,
    "docs": DOCS,
    "projection": PROJECTION,
    "hourly": HOURLY,
    "hyphens": HYPHENS,
    "unpadded": UNPADDED,
    "text": TEXT,
}
"""By the name that golden files carry."""

_DUCK_TYPES = {"string": "VARCHAR", "int": "INTEGER", "bigint": "BIGINT", "date": "DATE"}


def connect() -> duckdb.DuckDBPyConnection:
    """An empty DuckDB on which our SQL runs."""
    connection = duckdb.connect()
    for statement in DUCKDB_SETUP:
        connection.execute(statement)
    return connection


def fill(connection: duckdb.DuckDBPyConnection, schema: TableSchema) -> None:
    """The records as a table of that layout, `-` in text where the log writes it."""
    keys = [key for key in schema.partition_keys if key.name not in _names(schema)]
    columns = [(c.name, c.type) for c in schema.columns] + [(k.name, k.type) for k in keys]
    listed = ", ".join(f'"{name}" {_DUCK_TYPES[type]}' for name, type in columns)
    if schema.database:
        connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema.database}"')
    if schema.catalog:
        connection.execute(f"ATTACH ':memory:' AS \"{schema.catalog}\"")
        connection.execute(f'CREATE SCHEMA "{schema.catalog}"."{schema.database}"')
    parts = [part for part in (schema.catalog, schema.database, schema.table) if part]
    table = ".".join(f'"{part}"' for part in parts)
    connection.execute(f"CREATE TABLE {table} ({listed})")
    holes = ", ".join("?" * len(columns))
    rows = [_row(schema, keys, record) for record in records()]
    connection.executemany(f"INSERT INTO {table} VALUES ({holes})", rows)


def _names(schema: TableSchema) -> set[str]:
    return {column.name for column in schema.columns}


def _row(
    schema: TableSchema, keys: list[PartitionKey], record: dict[str, str | int | None]
) -> list[object]:
    row: list[object] = []
    for column in schema.columns:
        assert column.field is not None
        value = record[column.field]
        is_dash = value is None and column.type == "string" and not schema.is_local
        row.append("-" if is_dash else value)
    end = datetime.fromtimestamp(int(record["end"] or 0), UTC)
    by_role = {R.ACCOUNT: "012345678901", R.REGION: "eu-central-1", R.OTHER: "vpcflowlogs"}
    return [*row, *(by_role.get(key.role) or value_at(key, end) for key in keys)]
