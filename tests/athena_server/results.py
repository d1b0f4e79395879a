"""What a query gives: columns, rows, and the file in S3."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb

from tests.athena_server.trino.sqltypes import base

_PRECISION: Final = {
    "tinyint": (3, 0),
    "smallint": (5, 0),
    "integer": (10, 0),
    "bigint": (19, 0),
    "double": (17, 0),
    "float": (17, 0),
    "varchar": (2147483647, 0),
    "json": (2147483647, 0),
    "varbinary": (1073741824, 0),
    "timestamp": (3, 0),
    "timestamp with time zone": (3, 0),
    "time": (3, 0),
}
_FROM_DUCKDB: Final = {
    "VARCHAR": "varchar",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "HUGEINT": "bigint",
    "UBIGINT": "bigint",
    "UINTEGER": "bigint",
    "SMALLINT": "smallint",
    "TINYINT": "tinyint",
    "DOUBLE": "double",
    "FLOAT": "float",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
    "BLOB": "varbinary",
    "TIME": "time",
    "JSON": "json",
}


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column as GetQueryResults describes it."""

    name: str
    kind: str

    def info(self) -> dict[str, object]:
        """ColumnInfo."""
        kind, _, size = self.kind.partition("(")
        precision, scale = _PRECISION.get(kind, (0, 0))
        if kind == "decimal":
            precision, scale = (int(n) for n in size.rstrip(")").split(","))
        return {
            "CatalogName": "hive",
            "SchemaName": "",
            "TableName": "",
            "Name": self.name,
            "Label": self.name,
            "Type": kind,
            "Precision": precision,
            "Scale": scale,
            "Nullable": "UNKNOWN",
            "CaseSensitive": kind in ("varchar", "string"),
        }


@dataclass(slots=True)
class Result:
    """A finished result."""

    columns: tuple[ResultColumn, ...] = ()
    rows: list[tuple[str | None, ...]] = field(default_factory=list)
    """Of statements other than queries."""
    connection: duckdb.DuckDBPyConnection | None = None
    """Of a query: holds its rows, as text, in the temporary table `result`."""
    count: int = 0
    scanned_bytes: int = 0
    has_header: bool = False
    manifest: bytes = b""
    update_count: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def page(self, start: int, size: int) -> list[tuple[str | None, ...]]:
        """Rows from a position on, without the header."""
        if self.connection is None:
            return self.rows[start : start + size]
        sql = "SELECT * FROM result WHERE rowid >= ? AND rowid < ? ORDER BY rowid"
        with self.lock:
            return self.connection.execute(sql, [start, start + size]).fetchall()

    @property
    def length(self) -> int:
        """Rows, without the header."""
        return self.count if self.connection else len(self.rows)

    def file(self, directory: Path) -> bytes:
        """The object in S3: CSV with all values quoted and NULL empty, or text with tabs."""
        if not self.has_header:
            lines = ["\t".join("" if v is None else v for v in row) for row in self.rows]
            return "\n".join(lines).encode()
        head = ",".join('"' + column.name.replace('"', '""') + '"' for column in self.columns)
        if self.connection is None:
            rows = [",".join(f'"{value}"' for value in row) for row in self.rows]
            return "\n".join([head, *rows, ""]).encode()
        path = directory / f"result-{id(self)}.csv"
        with self.lock:
            self.connection.execute(
                f"COPY (SELECT * FROM result ORDER BY rowid) TO '{path}' "
                "(FORMAT csv, HEADER false, FORCE_QUOTE *)"
            )
        body = path.read_bytes()
        path.unlink()
        return head.encode() + b"\n" + body


def athena_type(duckdb_type: str) -> str:
    """Athena's name for a type that DuckDB worked out."""
    if duckdb_type.endswith("[]"):
        return "array"
    if duckdb_type.startswith(("MAP", "STRUCT")):
        return "map" if duckdb_type.startswith("MAP") else "row"
    if duckdb_type.startswith("TIMESTAMP") and "ZONE" not in duckdb_type:
        return "timestamp"
    if duckdb_type.startswith("DECIMAL"):
        return duckdb_type.lower()
    return _FROM_DUCKDB.get(duckdb_type, "varchar")


def as_text(column: str, kind: str) -> str:
    """SQL for a value as Athena writes it."""
    match base(kind):
        case "timestamp":
            return f"strftime({column}, '%Y-%m-%d %H:%M:%S.%g')"
        case "timestamp with time zone":
            return f"strftime({column}, '%Y-%m-%d %H:%M:%S.%g') || ' UTC'"
        case "varbinary":
            return f"lower(trim(regexp_replace(hex({column}), '(..)', '\\1 ', 'g')))"
        case "double":
            return f"double_text({column})"
        case "array" | "map" | "row":
            text = f"CAST({column} AS VARCHAR)"
            return f"replace(replace(replace({text}, ''': ', '='), 'NULL', 'null'), '''', '')"
        case _:
            return f"CAST({column} AS VARCHAR)"
