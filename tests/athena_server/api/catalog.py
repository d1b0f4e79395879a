"""Data catalogues, databases and tables."""

from __future__ import annotations

import re
from typing import Any, Final

from tests.athena_server.api import Operation
from tests.athena_server.errors import RefusedError
from tests.athena_server.glue import GlueCatalog
from tests.athena_server.paging import page

_CATALOG: Final = {"CatalogName": "AwsDataCatalog", "Type": "GLUE"}


class CatalogApi:
    """Glue's catalogue as Athena shows it."""

    def __init__(self, glue: GlueCatalog) -> None:
        self._glue = glue

    def operations(self) -> dict[str, Operation]:
        """By name."""
        return {
            "ListDataCatalogs": lambda request: page(
                request, [_CATALOG], "DataCatalogsSummary", 50
            ),
            "GetDataCatalog": self._data_catalog,
            "ListDatabases": self._databases,
            "GetDatabase": self._database,
            "GetTableMetadata": self._table,
            "ListTableMetadata": self._tables,
        }

    def _require_catalog(self, request: dict[str, Any], key: str = "CatalogName") -> None:
        if request.get(key, "").lower() != "awsdatacatalog":
            raise RefusedError(f"DataCatalog {request.get(key)} was not found")

    def _data_catalog(self, request: dict[str, Any]) -> dict[str, Any]:
        self._require_catalog(request, "Name")
        return {"DataCatalog": {"Name": "AwsDataCatalog", "Type": "GLUE", "Parameters": {}}}

    def _databases(self, request: dict[str, Any]) -> dict[str, Any]:
        self._require_catalog(request)
        found = [{"Name": name} for name in self._glue.databases()]
        return page(request, found, "DatabaseList", 50)

    def _database(self, request: dict[str, Any]) -> dict[str, Any]:
        self._require_catalog(request)
        return {"Database": {"Name": self._known_database(request["DatabaseName"])}}

    def _known_database(self, name: str) -> str:
        if name.lower() not in self._glue.databases():
            raise _missing(f"Database {name} not found.")
        return name.lower()

    def _table(self, request: dict[str, Any]) -> dict[str, Any]:
        self._require_catalog(request)
        database = self._known_database(request["DatabaseName"])
        raw = self._glue.raw(database, request["TableName"].lower())
        if raw is None:
            raise _missing(f"Table {request['TableName']} not found.")
        return {"TableMetadata": _metadata(raw)}

    def _tables(self, request: dict[str, Any]) -> dict[str, Any]:
        self._require_catalog(request)
        database = self._known_database(request["DatabaseName"])
        pattern = re.compile(request.get("Expression") or ".*", re.IGNORECASE)
        names = [name for name in self._glue.tables(database) if pattern.fullmatch(name)]
        found = [_metadata(self._glue.raw(database, name) or {}) for name in names]
        return page(request, found, "TableMetadataList", 50)


def _missing(what: str) -> RefusedError:
    reason = (
        f"EntityNotFoundException: Entity Not Found: {what} (Service: AmazonDataCatalog; "
        "Status Code: 400; Error Code: EntityNotFoundException; Request ID: 0; Proxy: null)"
    )
    return RefusedError(reason, "", "MetadataException")


def _metadata(raw: dict[str, Any]) -> dict[str, Any]:
    storage = raw.get("StorageDescriptor") or {}
    serde = storage.get("SerdeInfo") or {}
    described = {
        "location": storage.get("Location") or "",
        "inputformat": storage.get("InputFormat") or "",
        "outputformat": storage.get("OutputFormat") or "",
        "serde.serialization.lib": serde.get("SerializationLibrary") or "",
    }
    settings = {f"serde.param.{k}": v for k, v in (serde.get("Parameters") or {}).items()}
    return {
        "Name": raw["Name"],
        "CreateTime": raw.get("CreateTime", 0),
        "LastAccessTime": 0,
        "TableType": raw.get("TableType"),
        "Columns": _columns(storage.get("Columns")),
        "PartitionKeys": _columns(raw.get("PartitionKeys")),
        "Parameters": {**(raw.get("Parameters") or {}), **described, **settings},
    }


def _columns(columns: list[dict[str, str]] | None) -> list[dict[str, str]]:
    wanted = ("Name", "Type", "Comment")
    return [{key: column[key] for key in wanted if key in column} for column in columns or ()]
