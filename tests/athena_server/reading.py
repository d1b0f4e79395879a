"""A table's files as a DuckDB view, read as Hive's readers would."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from itertools import count
from typing import Final

import duckdb
from sqlglot import exp

from tests.athena_server.errors import failure
from tests.athena_server.glue import Table
from tests.athena_server.storage import StoredFile

_INTEGERS: Final = frozenset(("tinyint", "smallint", "int", "integer", "bigint"))
_CACHED: Final = 50
_PSEUDO: Final = 'f.uri AS "$path", f.size AS "$file_size"'


def duck_type(hive: str) -> str:
    """DuckDB's type for a Hive type."""
    return exp.DataType.build(hive, dialect="hive").sql("duckdb")


def literal(text: object) -> str:
    """A SQL string."""
    return "'" + str(text).replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


class TextCache:
    """Text that was parsed once: suites ask many questions of the same files."""

    def __init__(self) -> None:
        self._tables: OrderedDict[str, str] = OrderedDict()
        self._numbers = count()
        self._lock = threading.Lock()

    def table(self, connection: duckdb.DuckDBPyConnection, query: str) -> str:
        """A table of DuckDB's that holds what the query over files gives."""
        with self._lock:
            if query in self._tables:
                self._tables.move_to_end(query)
            else:
                name = f"text{next(self._numbers)}"
                connection.execute(f"CREATE TABLE {name} AS {query}")
                self._tables[query] = name
            # The oldest is still read by nobody: a query ends before so many others begin.
            if len(self._tables) > _CACHED:
                _, oldest = self._tables.popitem(last=False)
                connection.execute(f"DROP TABLE {oldest}")
            return self._tables[query]


def create_view(
    connection: duckdb.DuckDBPyConnection,
    view: str,
    table: Table,
    files: Sequence[tuple[StoredFile, tuple[str, ...]]],
    texts: TextCache,
) -> None:
    """Make the temporary view of the table over these files and their partition values.

    It shows `$path` and `$file_size` too, which `*` must leave out.

    Raises:
        QueryFailedError: The files do not hold what the table says.
    """
    keys = [
        f"CAST(f.v[{n}] AS {duck_type(kind)}) AS {quoted(name.lower())}"
        for n, (name, kind) in enumerate(table.keys, 1)
    ]
    if not files:
        connection.execute(f"CREATE TEMP VIEW {view} AS {_empty(table)}")
        return
    connection.execute(
        f"CREATE TEMP TABLE {view}_files (path VARCHAR, uri VARCHAR, size BIGINT, v VARCHAR[])"
    )
    connection.executemany(
        f"INSERT INTO {view}_files VALUES (?, ?, ?, ?)",
        [(f.path, f.uri, f.size, list(values)) for f, values in files],
    )
    paths = "[" + ", ".join(literal(file.path) for file, _ in files) + "]"
    if table.is_parquet:
        columns, source = _parquet(connection, table, paths)
    else:
        columns = [f"d.{quoted(name.lower())}" for name, _ in table.columns]
        source = texts.table(connection, _text(table, paths))
    selected = ", ".join([*columns, *keys, _PSEUDO])
    join = f"{source} d JOIN {view}_files f ON f.path = d.filename"
    connection.execute(f"CREATE TEMP VIEW {view} AS SELECT {selected} FROM {join}")


def _empty(table: Table) -> str:
    columns = [
        f"CAST(NULL AS {duck_type(kind)}) AS {quoted(name.lower())}"
        for name, kind in (*table.columns, *table.keys)
    ]
    pseudo = 'CAST(NULL AS VARCHAR) AS "$path", CAST(NULL AS BIGINT) AS "$file_size"'
    return f"SELECT {', '.join([*columns, pseudo])} WHERE false"


def _text(table: Table, paths: str) -> str:
    """LazySimpleSerDe: fields by position, missing ones NULL, spare ones dropped, bad ones NULL."""
    delimiter = table.serde_parameters.get(
        "field.delim", table.serde_parameters.get("serialization.format", "\x01")
    )
    skip = int(table.parameters.get("skip.header.line.count", 0))
    columns = [
        f"{_lazy(f'd.p[{n}]', kind)} AS {quoted(name.lower())}"
        for n, (name, kind) in enumerate(table.columns, 1)
    ]
    return (
        f"SELECT {', '.join(columns)}, filename FROM (SELECT string_split(line, "
        f"{literal(delimiter)}) AS p, filename FROM read_csv({paths}, "
        "columns={'line': 'VARCHAR'}, delim='\x02', quote='', escape='', header=false, "
        f"skip={skip}, auto_detect=false, filename=true)) d"
    )


def _lazy(part: str, hive: str) -> str:
    """A field's text as a value; Hive gives NULL where DuckDB would round or guess."""
    kind = hive.lower()
    if kind == "string" or kind.startswith(("varchar", "char")):
        return f"nullif({part}, '\\N')"
    value = f"TRY_CAST({part} AS {duck_type(kind)})"
    if kind in _INTEGERS:
        return f"CASE WHEN regexp_full_match({part}, '[+-]?[0-9]+') THEN {value} END"
    return value


def _parquet(
    connection: duckdb.DuckDBPyConnection, table: Table, paths: str
) -> tuple[list[str], str]:
    """Columns by name; what the files lack is NULL."""
    source = f"read_parquet({paths}, union_by_name=true, filename=true, hive_partitioning=false)"
    described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    present = {str(name).lower(): (str(name), str(kind)) for name, kind, *_ in described}
    columns: list[str] = []
    for name, kind in table.columns:
        target = duck_type(kind)
        if name.lower() not in present:
            columns.append(f"CAST(NULL AS {target}) AS {quoted(name.lower())}")
            continue
        held, held_kind = present[name.lower()]
        if (held_kind == "VARCHAR") != (target in ("TEXT", "VARCHAR")):
            reason = (
                f"Field {name}'s type {held_kind} in parquet file is incompatible with type "
                f"{kind} defined in table schema"
            )
            raise failure("HIVE_BAD_DATA", reason)
        columns.append(f"CAST(d.{quoted(held)} AS {target}) AS {quoted(name.lower())}")
    return columns, source
