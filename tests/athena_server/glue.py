"""The databases, tables and partitions of moto's Glue."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from moto.glue.exceptions import EntityNotFoundException
from moto.glue.models import glue_backends

from tests.athena_server.errors import failure
from tests.athena_server.trino.scopes import HIDDEN, Column
from tests.athena_server.trino.sqltypes import from_hive


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the catalogue."""

    database: str
    name: str
    columns: tuple[tuple[str, str], ...]
    """Name and Hive type, without the partition keys."""
    keys: tuple[tuple[str, str], ...]
    location: str
    serde: str
    serde_parameters: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    view: str = ""
    """SQL of a view."""

    @property
    def is_parquet(self) -> bool:
        """Whether the files are Parquet."""
        return "parquet" in self.serde.lower()

    @property
    def is_projected(self) -> bool:
        """Whether partitions are computed instead of registered."""
        return self.parameters.get("projection.enabled", "").lower() == "true"

    def trino_columns(self) -> list[Column]:
        """What a query may name."""
        visible = [Column(n.lower(), from_hive(k)) for n, k in (*self.columns, *self.keys)]
        return visible + ([] if self.view else [Column(n, k, is_hidden=True) for n, k in HIDDEN])


class GlueCatalog:
    """Reads and changes the catalogue, without going through HTTP."""

    def __init__(self, account: str, region: str) -> None:
        self._account, self._region = account, region

    @property
    def _glue(self) -> Any:
        return glue_backends[self._account][self._region]

    def databases(self) -> list[str]:
        """Their names, sorted."""
        return sorted(self._glue.databases)

    def tables(self, database: str) -> list[str]:
        """Names of the tables and views, sorted."""
        return sorted(self._glue.get_database(database).tables)

    def raw(self, database: str, name: str) -> dict[str, Any] | None:
        """The table as Glue's API gives it; None where there is none."""
        try:
            found: dict[str, Any] = self._glue.get_table(database, name).as_dict()
        except EntityNotFoundException:
            return None
        return found

    def find(self, database: str, name: str) -> Table | None:
        """The table, if there is one of this name."""
        raw = self.raw(database, name)
        return _table(database, raw) if raw else None

    def table(self, database: str, name: str) -> Table:
        """The table.

        Raises:
            QueryFailedError: There is none.
        """
        found = self.find(database, name)
        if found is None:
            reason = f"line 1:1: Table 'awsdatacatalog.{database}.{name}' does not exist"
            raise failure("TABLE_NOT_FOUND", reason)
        return found

    def registered(self, table: Table) -> list[tuple[tuple[str, ...], str]]:
        """Values and location of each registered partition."""
        found = self._glue.get_partitions(table.database, table.name, None)
        raws = [partition.as_dict() for partition in found]
        return [(tuple(r["Values"]), r["StorageDescriptor"]["Location"]) for r in raws]

    def create_database(self, name: str) -> None:
        """Add a database."""
        self._glue.create_database(name, {"Name": name})

    def drop_database(self, name: str) -> None:
        """Remove a database."""
        self._glue.delete_database(name)

    def create_table(self, database: str, definition: dict[str, Any]) -> None:
        """Add a table, as Glue's TableInput."""
        self._glue.create_table(database, definition["Name"], definition)

    def update_table(self, database: str, definition: dict[str, Any]) -> None:
        """Change a table, as Glue's TableInput."""
        self._glue.update_table(database, definition["Name"], definition)

    def drop_table(self, database: str, name: str) -> None:
        """Remove a table or view."""
        self._glue.delete_table(database, name)

    def add_partition(self, table: Table, values: tuple[str, ...], location: str) -> None:
        """Register a partition."""
        raw = self.raw(table.database, table.name) or {}
        storage = {**raw["StorageDescriptor"], "Location": location}
        partition = {"Values": list(values), "StorageDescriptor": storage}
        self._glue.create_partition(table.database, table.name, partition)

    def drop_partition(self, table: Table, values: tuple[str, ...]) -> None:
        """Unregister a partition."""
        self._glue.delete_partition(table.database, table.name, list(values))


def _table(database: str, raw: dict[str, Any]) -> Table:
    storage = raw.get("StorageDescriptor") or {}
    serde = storage.get("SerdeInfo") or {}
    is_view = raw.get("TableType") == "VIRTUAL_VIEW"
    return Table(
        database,
        raw["Name"],
        tuple((c["Name"], c.get("Type", "string")) for c in storage.get("Columns") or ()),
        tuple((c["Name"], c.get("Type", "string")) for c in raw.get("PartitionKeys") or ()),
        storage.get("Location") or "",
        serde.get("SerializationLibrary") or "",
        serde.get("Parameters") or {},
        raw.get("Parameters") or {},
        view_sql(raw.get("ViewOriginalText") or "") if is_view else "",
    )


def view_text(sql: str, columns: list[Column], database: str) -> str:
    """A view's text, as Athena keeps it in Glue."""
    described = [{"name": c.name, "type": c.kind} for c in columns]
    view = {
        "originalSql": sql,
        "catalog": "awsdatacatalog",
        "schema": database,
        "columns": described,
    }
    return f"/* Presto View: {base64.b64encode(json.dumps(view).encode()).decode()} */"


def view_sql(text: str) -> str:
    """The SQL in a view's text."""
    coded = text.removeprefix("/* Presto View: ").removesuffix(" */")
    return str(json.loads(base64.b64decode(coded))["originalSql"])
