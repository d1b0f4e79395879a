"""Runs statements: queries in DuckDB, Hive's on the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
import sqlglot

from tests.athena_server.binding import Binder
from tests.athena_server.dialect import to_duckdb
from tests.athena_server.duck import open_duckdb
from tests.athena_server.errors import QueryFailedError, ddl_failure, failure, from_refusal
from tests.athena_server.glue import GlueCatalog, view_text
from tests.athena_server.hive import Hive
from tests.athena_server.reading import TextCache
from tests.athena_server.results import Result, ResultColumn, as_text, athena_type
from tests.athena_server.statements import Statement
from tests.athena_server.storage import Storage
from tests.athena_server.trino.analysis import Analysis
from tests.athena_server.trino.queries import QueryReader
from tests.athena_server.trino.scopes import Column
from tests.athena_server.trino.sqltypes import SIMPLE, UNKNOWN, base
from tests.athena_server.trino.tokens import SqlRefusedError

_HIVE_TYPES: Final = {"varchar": "string", "integer": "int"}
_UNCAST: Final = (UNKNOWN, "unknown", "ipaddress", "json", "uuid", "time with time zone")

OnPlan = Callable[[duckdb.DuckDBPyConnection, int], None]
"""Told, before a query runs, what it runs on and how many bytes it will read."""


class SqlEngine:
    """The engine of one account and region."""

    def __init__(self, directory: Path, account: str, region: str, threads: int) -> None:
        self.glue = GlueCatalog(account, region)
        self.storage = Storage(directory, account, region)
        self._directory = directory
        self._database = open_duckdb(threads)
        self._texts = TextCache()
        self._hive = Hive(self.glue, self.storage)

    def close(self) -> None:
        """Close DuckDB."""
        self._database.close()

    def run(
        self, statement: Statement, database: str, on_plan: OnPlan, is_shuffled: bool
    ) -> Result:
        """Run a statement to its end.

        Raises:
            QueryFailedError: It fails.
            duckdb.InterruptException: It was stopped.
        """
        match statement.verb:
            case "SELECT":
                return self._select(statement, database, on_plan, is_shuffled)
            case "EXPLAIN":
                return self._explain(statement, database, on_plan)
            case "UNLOAD":
                return self._unload(statement, database, on_plan)
            case "CREATE_VIEW":
                return self._create_view(statement, database)
            case _ if statement.kind == "DML":
                reason = f"{statement.verb} is not supported by the test server"
                raise failure("NOT_SUPPORTED", reason)
            case _:
                return self._hive.run(statement.sql, database)

    def check(self, statement: Statement, database: str) -> Sequence[Column]:
        """Names and types of the query's result.

        Raises:
            QueryFailedError: A name, a function or a combination of types does not exist.
        """

        def columns_of(name: tuple[str, ...]) -> Sequence[Column] | None:
            home, table = (name[-2] if len(name) > 1 else database), name[-1]
            if table.endswith("$partitions"):
                found = self.glue.find(home, table.removesuffix("$partitions"))
                return [Column(n.lower(), "varchar") for n, _ in found.keys] if found else None
            found = self.glue.find(home, table)
            return found.trino_columns() if found else None

        assert statement.query is not None
        try:
            return Analysis(columns_of).columns(statement.query)
        except SqlRefusedError as refused:
            raise from_refusal(refused) from refused

    def _prepare(
        self, statement: Statement, database: str, on_plan: OnPlan
    ) -> tuple[duckdb.DuckDBPyConnection, Any, int, Sequence[Column]]:
        """A cursor with the query's tables, the query's tree, bytes to read, columns."""
        columns = self.check(statement, database)
        tree = sqlglot.parse_one(statement.sql.rstrip("; \n\t"), read="athena")
        cursor = self._database.cursor()
        scanned = Binder(cursor, self.glue, self.storage, self._texts).bind(tree, database)
        on_plan(cursor, scanned)
        return cursor, tree, scanned, columns

    def _select(
        self, statement: Statement, database: str, on_plan: OnPlan, is_shuffled: bool
    ) -> Result:
        cursor, tree, scanned, columns = self._prepare(statement, database, on_plan)
        try:
            shown = self._materialise(cursor, tree, columns, is_shuffled)
            row = cursor.execute("SELECT count(*) FROM result").fetchone()
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            raise translated(error) from error
        count = int(row[0]) if row else 0
        return Result(shown, [], cursor, count, scanned, has_header=True)

    def _materialise(
        self,
        cursor: duckdb.DuckDBPyConnection,
        tree: Any,
        columns: Sequence[Column],
        is_shuffled: bool,
    ) -> tuple[ResultColumn, ...]:
        """Leave the rows, as text, in the table `result`."""
        query = to_duckdb(tree)
        described = cursor.execute(f"DESCRIBE {query}").fetchall()
        shown: list[ResultColumn] = []
        texts: list[str] = []
        for n, (column, (_, duck_kind, *_)) in enumerate(zip(columns, described, strict=True)):
            is_known = base(column.kind) in SIMPLE and column.kind not in _UNCAST
            kind = column.kind if is_known else athena_type(str(duck_kind))
            value = f"CAST(c{n} AS {kind})" if is_known and "decimal" not in kind else f"c{n}"
            texts.append(f"{as_text(value, kind)} AS c{n}")
            shown.append(ResultColumn(column.name or f"_col{n}", kind))
        names = ", ".join(f"c{n}" for n in range(len(shown)))
        order = " ORDER BY random()" if is_shuffled and not tree.args.get("order") else ""
        selected = f"SELECT {', '.join(texts)} FROM ({query}) q({names}){order}"
        cursor.execute(f"CREATE TEMP TABLE result AS {selected}")
        return tuple(shown)

    def _explain(self, statement: Statement, database: str, on_plan: OnPlan) -> Result:
        if statement.option == "ANALYZE":
            scanned = self._select(statement, database, on_plan, False).scanned_bytes
        else:
            self.check(statement, database)
            scanned = 0
        if statement.option == "VALIDATE":
            return Result((ResultColumn("Valid", "boolean"),), [("true",)], has_header=True)
        plan = [("Fragment 0 [SINGLE]",), ("    - Output[...]",)]
        columns = (ResultColumn("Query Plan", "varchar"),)
        return Result(columns, list(plan), scanned_bytes=scanned, has_header=True)

    def _unload(self, statement: Statement, database: str, on_plan: OnPlan) -> Result:
        cursor, tree, scanned, columns = self._prepare(statement, database, on_plan)
        if any(not column.name for column in columns):
            raise failure("NOT_SUPPORTED", "Column name not specified at position 1")
        path = self._directory / f"unload-{id(tree)}.parquet"
        try:
            row = cursor.execute(
                f"COPY ({to_duckdb(tree)}) TO '{path}' (FORMAT parquet, COMPRESSION snappy)"
            ).fetchone()
        except duckdb.Error as error:
            raise translated(error) from error
        uri = f"{statement.target.rstrip('/')}/20260101_000000_00000_{id(tree) % 99999:05d}"
        self.storage.put(uri, path.read_bytes())
        path.unlink()
        return Result(
            scanned_bytes=scanned,
            manifest=f"{uri}\n".encode(),
            update_count=int(row[0]) if row else 0,
        )

    def _create_view(self, statement: Statement, database: str) -> Result:
        columns = self.check(statement, database)
        home, _, name = statement.target.rpartition(".")
        home = home.rpartition(".")[2] or database
        if home not in self.glue.databases():
            raise ddl_failure(f"SCHEMA_NOT_FOUND: Schema {home} does not exist")
        described = [
            {"Name": c.name or f"_col{n}", "Type": _hive_type(c.kind)}
            for n, c in enumerate(columns)
        ]
        if self.glue.find(home, name):
            self.glue.drop_table(home, name)
        definition = {
            "Name": name,
            "TableType": "VIRTUAL_VIEW",
            "ViewOriginalText": view_text(statement.sql, list(columns), home),
            "ViewExpandedText": "/* Presto View */",
            "Parameters": {"presto_view": "true", "comment": "Presto View"},
            "StorageDescriptor": {"Columns": described, "Location": ""},
            "PartitionKeys": [],
        }
        self.glue.create_table(home, definition)
        return Result()


def read_query(sql: str) -> Statement:
    """A statement that is known to be a query, such as a prepared one."""
    reader = QueryReader(sql)
    query = reader.query()
    reader.finish()
    return Statement("SELECT", "DML", sql, query)


def _hive_type(kind: str) -> str:
    if kind.startswith("array("):
        return f"array<{_hive_type(kind[6:-1])}>"
    kind = base(kind)
    return "string" if kind in (UNKNOWN, "unknown") else _HIVE_TYPES.get(kind, kind)


def translated(error: duckdb.Error) -> QueryFailedError:
    """What DuckDB says while it computes, in Trino's words."""
    text = str(error)
    if found := re.search(r"Cannot cast value to IPADDRESS: [^\n]*", text):
        return failure("INVALID_CAST_ARGUMENT", found[0])
    if "ivision by zero" in text:
        return failure("DIVISION_BY_ZERO", "Division by zero")
    if found := re.search(r"Could not convert string '([^']*)' to (\w+)", text):
        return failure("INVALID_CAST_ARGUMENT", f"Cannot cast '{found[1]}' to {found[2]}")
    if "Out of Range" in text or "Overflow" in text:
        return failure("NUMERIC_VALUE_OUT_OF_RANGE", text.splitlines()[0])
    if "More than one row returned by a subquery" in text:
        return failure("SUBQUERY_MULTIPLE_ROWS", "Scalar sub-query has returned multiple rows")
    return failure("TEST_SERVER_COULD_NOT_COMPUTE", text.splitlines()[0])
