"""Runs Hive's statements on the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from tests.athena_server.ddl import HiveReader, TableText, read_table
from tests.athena_server.errors import ddl_failure, failure
from tests.athena_server.glue import GlueCatalog, Table
from tests.athena_server.partitions import partitions
from tests.athena_server.results import Result, ResultColumn
from tests.athena_server.storage import Storage
from tests.athena_server.trino.tokens import SqlRefusedError

_FORMATS: Final = {
    True: (
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    ),
    False: (
        "org.apache.hadoop.mapred.TextInputFormat",
        "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    ),
}


def listing(name: str, lines: list[str]) -> Result:
    """A result of one text column."""
    return Result((ResultColumn(name, "string"),), [(line,) for line in lines])


class Hive:
    """Runs one statement after the other."""

    def __init__(self, glue: GlueCatalog, storage: Storage) -> None:
        self._glue, self._storage = glue, storage

    def run(self, sql: str, database: str) -> Result:
        """Run it.

        Raises:
            QueryFailedError: Hive fails.
        """
        reader = HiveReader(sql)
        verbs: dict[str, Callable[[HiveReader, str], Result]] = {
            "CREATE": self._create,
            "DROP": self._drop,
            "ALTER": self._alter,
            "MSCK": self._repair,
            "SHOW": self._show,
            "DESCRIBE": self._describe,
            "DESC": self._describe,
        }
        try:
            return verbs[reader.next().upper](reader, database)
        except SqlRefusedError as refused:
            place = f"line {refused.token.line}:{refused.token.column - 1}"
            raise ddl_failure(f"ParseException {place} {refused.reason}") from refused

    def _named(self, reader: HiveReader, database: str) -> tuple[str, str]:
        name = reader.dotted()
        return (name[-2] if len(name) > 1 else database), name[-1]

    def _table(self, reader: HiveReader, database: str) -> Table:
        home, name = self._named(reader, database)
        return self._glue.table(home, name)

    def _create(self, reader: HiveReader, database: str) -> Result:
        if reader.take("DATABASE", "SCHEMA"):
            if_not_exists = reader.accept("IF", "NOT", "EXISTS")
            name = reader.name().name.lower()
            if name not in self._glue.databases():
                self._glue.create_database(name)
            elif not if_not_exists:
                self._exists(f"Database {name}")
            return Result()
        if not reader.accept("EXTERNAL", "TABLE"):
            reader.expect("TABLE")
            raise failure("NOT_SUPPORTED", "CREATE TABLE is not supported by the test server")
        self._create_table(read_table(reader), database)
        return Result()

    def _exists(self, what: str) -> None:
        reason = f"AlreadyExistsException(message:{what} already exists)"
        raise ddl_failure(f"Execution Error, return code 1. {reason}")

    def _create_table(self, text: TableText, database: str) -> None:
        home = text.name[-2] if len(text.name) > 1 else database
        if home not in self._glue.databases():
            raise ddl_failure(f"SemanticException [Error 10072]: Database does not exist: {home}")
        if self._glue.find(home, text.name[-1]):
            if not text.if_not_exists:
                self._exists(f"Table {text.name[-1]}")
            return
        input_format, output_format = _FORMATS["parquet" in text.serde.lower()]
        serde = {"SerializationLibrary": text.serde, "Parameters": text.serde_parameters}
        storage = {
            "Columns": text.columns,
            "Location": text.location,
            "InputFormat": input_format,
            "OutputFormat": output_format,
            "SerdeInfo": serde,
        }
        definition = {
            "Name": text.name[-1],
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {"EXTERNAL": "TRUE", **text.properties},
            "StorageDescriptor": storage,
            "PartitionKeys": text.keys,
        }
        self._glue.create_table(home, definition)

    def _drop(self, reader: HiveReader, database: str) -> Result:
        kind = reader.take("TABLE", "VIEW", "DATABASE", "SCHEMA")
        if kind is None:
            raise reader.refusal()
        if_exists = reader.accept("IF", "EXISTS")
        home, name = self._named(reader, database)
        if kind.upper in ("TABLE", "VIEW"):
            if self._glue.find(home, name):
                self._glue.drop_table(home, name)
            elif not if_exists:
                raise ddl_failure(f"SemanticException [Error 10001]: Table not found {name}")
        elif name in self._glue.databases():
            self._glue.drop_database(name)
        elif not if_exists:
            raise ddl_failure(f"SemanticException [Error 10072]: Database does not exist: {name}")
        return Result()

    def _alter(self, reader: HiveReader, database: str) -> Result:
        reader.expect("TABLE")
        table = self._table(reader, database)
        if reader.accept("ADD"):
            if reader.accept("COLUMNS"):
                added = reader.columns()
                self._change(table, lambda raw: raw["StorageDescriptor"]["Columns"].extend(added))
            else:
                self._add_partitions(reader, table)
        elif reader.accept("DROP"):
            if_exists = reader.accept("IF", "EXISTS")
            self._drop_partitions(reader, table, if_exists)
        elif reader.accept("SET", "TBLPROPERTIES"):
            changed = reader.properties()
            self._change(table, lambda raw: raw["Parameters"].update(changed))
        else:
            reader.expect("SET", "LOCATION")
            place = reader.string()
            self._change(table, lambda raw: raw["StorageDescriptor"].update(Location=place))
        return Result()

    def _change(self, table: Table, change: Callable[[dict[str, Any]], object]) -> None:
        raw = self._glue.raw(table.database, table.name) or {}
        wanted = ("Name", "TableType", "Parameters", "StorageDescriptor", "PartitionKeys")
        definition = {key: raw[key] for key in wanted if key in raw}
        change(definition)
        self._glue.update_table(table.database, definition)

    def _ordered(self, table: Table, values: dict[str, str]) -> tuple[str, ...]:
        names = [name.lower() for name, _ in table.keys]
        if set(names) != set(values):
            raise ddl_failure(f"SemanticException [Error 10006]: Partition not found {values}")
        return tuple(values[name] for name in names)

    def _add_partitions(self, reader: HiveReader, table: Table) -> None:
        if_not_exists = reader.accept("IF", "NOT", "EXISTS")
        held = {values for values, _ in self._glue.registered(table)}
        reader.expect("PARTITION")
        while True:
            values = self._ordered(table, reader.values())
            keys = "".join(f"/{n}={v}" for (n, _), v in zip(table.keys, values, strict=True))
            place = table.location.rstrip("/") + keys
            if reader.accept("LOCATION"):
                place = reader.string()
            if values not in held:
                self._glue.add_partition(table, values, place)
            elif not if_not_exists:
                self._exists(f"Partition {values}")
            if not reader.accept("PARTITION"):
                break
        reader.finish()

    def _drop_partitions(self, reader: HiveReader, table: Table, if_exists: bool) -> None:
        held = {values for values, _ in self._glue.registered(table)}
        while reader.accept("PARTITION"):
            values = self._ordered(table, reader.values())
            if values in held:
                self._glue.drop_partition(table, values)
            elif not if_exists:
                raise ddl_failure(f"SemanticException [Error 10006]: Partition not found {values}")
            reader.accept(",")
        reader.finish()

    def _repair(self, reader: HiveReader, database: str) -> Result:
        reader.expect("REPAIR", "TABLE")
        table = self._table(reader, database)
        reader.finish()
        names = [name for name, _ in table.keys]
        held = {values for values, _ in self._glue.registered(table)}
        found: dict[tuple[str, ...], str] = {}
        for uri in self._storage.uris(table.location):
            pairs = dict(p.split("=", 1) for p in uri.split("/")[:-1] if "=" in p)
            if names and all(name in pairs for name in names):
                values = tuple(pairs[name] for name in names)
                found[values] = uri.rpartition("/")[0] + "/"
        lines: list[str] = []
        for values, place in sorted(found.items()):
            if values not in held:
                self._glue.add_partition(table, values, place)
                shown = "/".join(f"{n}={v}" for n, v in zip(names, values, strict=True))
                lines.append(f"Repair: Added partition to metastore {table.name}:{shown}")
        return listing("result", lines)

    def _show(self, reader: HiveReader, database: str) -> Result:
        what = reader.next().upper
        if what in ("DATABASES", "SCHEMAS"):
            return listing("database_name", self._matching(reader, self._glue.databases()))
        if what in ("TABLES", "VIEWS"):
            home = reader.name().name.lower() if reader.take("IN", "FROM") else database
            names = self._glue.tables(home)
            if what == "VIEWS":
                names = [n for n in names if self._glue.table(home, n).view]
            return listing("tab_name", self._matching(reader, names))
        if what == "PARTITIONS":
            return self._show_partitions(self._table(reader, database))
        if what == "COLUMNS":
            reader.take("IN", "FROM")
            table = self._table(reader, database)
            return listing("field", [name for name, _ in (*table.columns, *table.keys)])
        if what == "TBLPROPERTIES":
            table = self._table(reader, database)
            return listing("prpt_name", [f"{k}\t{v}" for k, v in table.parameters.items()])
        raise failure("NOT_SUPPORTED", f"SHOW {what} is not supported by the test server")

    def _matching(self, reader: HiveReader, names: list[str]) -> list[str]:
        reader.accept("LIKE")
        pattern = reader.string().replace("*", ".*") if reader.token.text[0] in "'\"" else ".*"
        reader.finish()
        return [name for name in names if re.fullmatch(pattern, name)]

    def _show_partitions(self, table: Table) -> Result:
        if not table.keys:
            raise ddl_failure(
                f"SemanticException Table {table.database}.{table.name} is not a partitioned table"
            )
        # Projected partitions are nowhere registered.
        found = [] if table.is_projected else partitions(table, self._glue, self._storage)
        names = [name for name, _ in table.keys]
        lines = [
            "/".join(f"{n}={v}" for n, v in zip(names, values, strict=True)) for values, _ in found
        ]
        return listing("partition", lines)

    def _describe(self, reader: HiveReader, database: str) -> Result:
        reader.take("EXTENDED", "FORMATTED")
        table = self._table(reader, database)
        lines = [f"{name:<20}\t{kind:<20}\t{'':<20}" for name, kind in table.columns + table.keys]
        if table.keys:
            heading = f"{'# col_name':<20}\t{'data_type':<20}\t{'comment':<20}"
            lines += ["\t \t ", "# Partition Information\t \t ", heading, "\t \t "]
            lines += [f"{name:<20}\t{kind:<20}\t{'':<20}" for name, kind in table.keys]
        columns = ("col_name", "data_type", "comment")
        return Result(tuple(ResultColumn(c, "string") for c in columns), [(x,) for x in lines])
