"""Records made by hand, in tables of every layout, and shipped queries run over them for real."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import duckdb

from flowtui.domain.comparing import compared
from flowtui.domain.fields import DEFAULT_FORMAT, FIELD, FIELDS
from flowtui.domain.filterline import parse_filter
from flowtui.domain.schema import PhysicalColumn, TableSchema
from flowtui.domain.views import View
from flowtui.library import load_library
from flowtui.sql import compile_view, to_duckdb

Record = dict[str, Any]
Rows = list[dict[str, Any]]
Ask = Callable[..., Rows]

LIBRARY = load_library(None)
NOW = datetime(2026, 11, 24, tzinfo=UTC)
VERSION_5 = tuple(field.name for field in FIELDS if field.version <= 5)
SEED_NAMES = {
    "account_id": "account", "srcaddr": "sourceaddress", "dstaddr": "destinationaddress",
    "srcport": "sourceport", "dstport": "destinationport", "packets": "numpackets",
    "bytes": "numbytes", "start": "starttime", "end": "endtime",
}  # fmt: skip


def _schema(names: Iterable[tuple[str, str]], *, is_local: bool = False) -> TableSchema:
    columns = tuple(PhysicalColumn.of(name, type) for name, type in names)
    return TableSchema("vpc_flow_logs", columns, is_local=is_local)


def _seed_name(field: str) -> str:
    return SEED_NAMES.get(field, field.replace("_", ""))


def _seed_type(field: str) -> str:
    return "string" if field == "traffic_path" else FIELD[field].athena_type


SCHEMAS = {
    "local": _schema(((f, FIELD[f].athena_type) for f in VERSION_5), is_local=True),
    "seed": _schema((_seed_name(f), _seed_type(f)) for f in VERSION_5),
    "docs": _schema((f, FIELD[f].athena_type) for f in VERSION_5),
    "hyphens": _schema((FIELD[f].log_name, FIELD[f].athena_type) for f in VERSION_5),
    "text": _schema((f, "string") for f in VERSION_5),
}
"""Tables with the 29 fields of version 5."""
BARE = {
    "local": _schema(((f, FIELD[f].athena_type) for f in DEFAULT_FORMAT), is_local=True),
    "seed": _schema((_seed_name(f), FIELD[f].athena_type) for f in DEFAULT_FORMAT),
    "text": _schema((f, "string") for f in DEFAULT_FORMAT),
}
"""Tables with the 14 fields of the default format."""
FULL = {
    "local": _schema(((f.name, f.athena_type) for f in FIELDS), is_local=True),
    "docs": _schema((f.name, f.athena_type) for f in FIELDS),
    "text": _schema((f.name, "string") for f in FIELDS),
}
"""Tables with all fields, of version 11."""
TABLES = {
    f"v{version}-{name}": schema
    for version, schemas in ((11, FULL), (5, SCHEMAS), (2, BARE))
    for name, schema in schemas.items()
}
NEEDS = {
    "syn-flood": 3, "nat-users": 3, "top-subnets": 3, "traffic-by-path": 5, "cross-az": 5,
    "aws-services-via-nat": 5, "ecs-services": 7, "blocked-by-policy": 8, "unencrypted": 10,
    "bytes-by-tag": 11,
}  # fmt: skip
"""Queries that are about fields of a later record version, and which."""
DUCKDB_TYPES = {"string": "VARCHAR", "int": "INTEGER", "bigint": "BIGINT"}


def version_of(table: str) -> int:
    """The record version of a table of `TABLES`."""
    return int(table.partition("-")[0].removeprefix("v"))


def record(srcaddr: str, dstaddr: str, srcport: int, dstport: int, **others: Any) -> Record:
    """One record; what is not said is a TCP opener of one packet that was let in."""
    inside = ("10.", "172.16.", "fd")
    ingress = not srcaddr.startswith(inside)
    egress = {"flow_direction": "egress", "traffic_path": 8}
    return {
        "version": 5, "account_id": "012345678901", "interface_id": "eni-1",
        "srcaddr": srcaddr, "dstaddr": dstaddr, "srcport": srcport, "dstport": dstport,
        "protocol": 6, "packets": 1, "bytes": 40, "start": 1000, "end": 1010,
        "action": "ACCEPT", "log_status": "OK", "tcp_flags": 2, "type": "IPv4",
        "pkt_srcaddr": srcaddr, "pkt_dstaddr": dstaddr, "region": "eu-west-1",
        **({"flow_direction": "ingress"} if ingress else egress), **others,
    }  # fmt: skip


def empty(status: str, **others: Any) -> Record:
    """A NODATA or SKIPDATA record."""
    return {
        "version": 5, "account_id": "012345678901", "interface_id": "eni-1",
        "start": 1000, "end": 1059, "log_status": status, **others,
    }  # fmt: skip


def _physical(value: object, column: PhysicalColumn, schema: TableSchema) -> object:
    """The value as the table holds it: in text, what is missing is a dash."""
    is_text = column.type == "string"
    if value is None:
        return "-" if is_text and not schema.is_local else None
    return str(value) if is_text else value


def _load(connection: duckdb.DuckDBPyConnection, schema: TableSchema, made: list[Record]) -> None:
    columns = ", ".join(f'"{c.name}" {DUCKDB_TYPES[c.type]}' for c in schema.columns)
    connection.execute(f"CREATE OR REPLACE TABLE vpc_flow_logs ({columns})")
    if made:
        row = f"({', '.join('?' for _ in schema.columns)})"
        values = [_physical(r.get(c.field or ""), c, schema) for r in made for c in schema.columns]
        rows = ", ".join(row for _ in made)
        connection.execute(f"INSERT INTO vpc_flow_logs VALUES {rows}", values)


def asker(connection: duckdb.DuckDBPyConnection, schema: TableSchema) -> Ask:
    """What asks a shipped query of records in such a table."""

    def ask(
        slug: str, records: list[Record], filter: str = "", against: str = "", **arguments: str
    ) -> Rows:
        query = compared(LIBRARY.get(slug), against)
        view = View(query, parse_filter(filter, now=NOW), tuple(sorted(arguments.items())))
        _load(connection, schema, records)
        result = connection.execute(to_duckdb(compile_view(view, schema, NOW).sql))
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    return ask
