"""Result columns: what an engine calls a type, how it is stored here, and how it is shown."""

from __future__ import annotations

import re
from typing import Final

from flowtui.domain.executions import Column
from flowtui.domain.fields import FIELD, Kind, canonical

_ATHENA: Final = {
    "TINYINT": "tinyint",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "HUGEINT": "bigint",
    "UTINYINT": "smallint",
    "USMALLINT": "integer",
    "UINTEGER": "bigint",
    "UBIGINT": "bigint",
    "UHUGEINT": "bigint",
    "FLOAT": "real",
    "DOUBLE": "double",
    "BOOLEAN": "boolean",
    "VARCHAR": "varchar",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP_S": "timestamp",
    "TIMESTAMP_MS": "timestamp",
    "TIMESTAMP_NS": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
    '"NULL"': "varchar",
}
"""DuckDB type to Athena type, for those whose values are cells as they are."""
_STORED: Final = {
    "tinyint": "TINYINT",
    "smallint": "SMALLINT",
    "int": "INTEGER",
    "integer": "INTEGER",
    # A sum of 64-bit numbers does not always fit 64 bits.
    "bigint": "HUGEINT",
    "real": "FLOAT",
    "float": "DOUBLE",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP",
    "timestamp with time zone": "TIMESTAMPTZ",
}
_REWRITTEN: Final = frozenset({"DATE", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", '"NULL"'})
"""Kept as text, as microseconds, and as text."""
_DECIMAL: Final = re.compile(r"DECIMAL\(\d+,\s*\d+\)", re.IGNORECASE)
_COUNTS: Final = frozenset({"records", "openers", "count", "cnt", "flows", "rejected", "accepted"})
_INSTANTS: Final = frozenset({"first_seen", "last_seen", "bucket", "time", "changed_at"})
_ADDRESSES: Final = frozenset({"ip", "peer", "client", "server", "inside", "outside", "gateway"})
_PORTS: Final = frozenset(
    {"port", "lowest_dstport", "inside_port", "outside_port", "client_port", "server_port"}
)
_INTEGERS: Final = frozenset({"tinyint", "smallint", "integer", "bigint"})
_COMPARED: Final = re.compile(r"(.+)_(?:before|diff)", re.DOTALL)
"""What a comparison names a measure before, and its difference."""
_TEXT_KINDS: Final = frozenset({Kind.TEXT, Kind.ADDRESS, Kind.ACTION, Kind.STATUS})


def athena_type(duckdb_type: str) -> str | None:
    """Athena's name of a DuckDB type; None where values must be turned into text first."""
    if _DECIMAL.fullmatch(duckdb_type):
        return "decimal"
    return _ATHENA.get(duckdb_type)


def stored_type(athena_type: str, duckdb_type: str = "") -> str:
    """The DuckDB type in which a result column is kept.

    Args:
        athena_type: As `Column.type` says it; precision in parentheses does no harm.
        duckdb_type: The type that the values have, where they come from DuckDB.
    """
    if duckdb_type in _ATHENA and duckdb_type not in _REWRITTEN:
        return duckdb_type
    for decimal in (duckdb_type, athena_type):
        if _DECIMAL.fullmatch(decimal):
            return decimal.upper()
    base = re.sub(r"\(.*?\)", "", athena_type.lower()).strip()
    return _STORED.get(base, "DECIMAL(38,9)" if base == "decimal" else "VARCHAR")


def column(name: str, athena_type: str) -> Column:
    """A result column, with the kind that its name and type tell."""
    return Column(name, athena_type, _kind(name, athena_type))


def _kind(name: str, athena_type: str) -> Kind | None:
    is_integer = athena_type in _INTEGERS
    compared = _COMPARED.fullmatch(name) if is_integer else None
    if compared:
        name = compared[1]
    folded = name.lower()
    if is_integer and (folded in _COUNTS or folded.endswith(("_records", "_count"))):
        return Kind.COUNT
    if is_integer and folded in _INSTANTS:
        return Kind.TIME
    if is_integer and folded in _PORTS:
        return Kind.PORT
    if is_integer and folded.endswith("_bytes"):
        return Kind.BYTES
    if athena_type == "varchar" and folded in _ADDRESSES:
        return Kind.ADDRESS
    field = canonical(name)
    if field is None:
        return None
    kind = FIELD[field].kind
    # `count(*) AS action` is a number, whatever its name says.
    return kind if is_integer != (kind in _TEXT_KINDS) else None
