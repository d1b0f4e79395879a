"""From the catalogue's words about a table to the schema that SQL is built on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from flowtui.domain.fields import FIELD, canonical, fold
from flowtui.domain.schema import PartitionKey, PartitionRole, PhysicalColumn, TableSchema
from flowtui.engines.athena.address import TableAddress
from flowtui.engines.athena.ocsf import is_ocsf, ocsf_columns
from flowtui.engines.athena.partitions import partition_keys
from flowtui.errors import ConnectError

_NEEDED: Final = ("srcaddr", "dstaddr", "start", "end")
_TRANSIT: Final = frozenset({"tgwid", "tgwattachmentid", "corenetworkid", "packetslostnoroute"})


@dataclass(frozen=True, slots=True)
class TableMetadata:
    """A table as GetTableMetadata or Glue describes it."""

    name: str
    columns: tuple[tuple[str, str], ...]
    """Name and type, in order, partition keys left out."""
    partition_columns: tuple[tuple[str, str], ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    location: str = ""
    is_view: bool = False

    @property
    def is_projected(self) -> bool:
        """True where partitions are computed, not registered."""
        return self.parameters.get("projection.enabled", "").lower() == "true"

    @property
    def is_text(self) -> bool:
        """True for delimited text, whose columns go by position."""
        lib = self.parameters.get("serde.serialization.lib", "")
        return "LazySimple" in lib or "OpenCSV" in lib or "Regex" in lib

    def looks_like_flow_logs(self) -> str:
        """Why it looks like a flow log table; empty where it does not."""
        known = {canonical(name) for name, _ in self.columns}
        if is_ocsf(self.columns):
            return "Security Lake (OCSF) network activity"
        if all(name in known for name in _NEEDED):
            return f"{len(known - {None})} flow log fields"
        return ""


def table_schema(
    table: TableMetadata, address: TableAddress, values: Sequence[Sequence[str]] = ()
) -> TableSchema:
    """The schema of a flow log table.

    Args:
        table: What the catalogue says.
        address: Where it is.
        values: Values of some registered partitions, newest first.

    Raises:
        ConnectError: It holds no VPC flow logs; the hint says what was looked for.
    """
    keys = partition_keys(table.partition_columns, table.parameters, values)
    columns = (
        ocsf_columns(table.columns)
        if is_ocsf(table.columns)
        else tuple(PhysicalColumn.of(name, type.lower()) for name, type in table.columns)
    )
    columns = _in_order((*columns, *_partition_fields(keys, columns)))
    _require_flow_logs(table, columns)
    return TableSchema(
        table=address.table,
        columns=columns,
        partition_keys=keys,
        database=address.database,
        catalog="" if address.catalog == "AwsDataCatalog" else address.catalog,
        warnings=_warnings(table, keys),
    )


def _in_order(columns: tuple[PhysicalColumn, ...]) -> tuple[PhysicalColumn, ...]:
    """As the documentation lists the fields, then the others: as files on a laptop are shown."""
    places = {name: place for place, name in enumerate(FIELD)}
    return tuple(sorted(columns, key=lambda c: places.get(c.field or "", len(places))))


def _partition_fields(
    keys: tuple[PartitionKey, ...], columns: tuple[PhysicalColumn, ...]
) -> tuple[PhysicalColumn, ...]:
    # `region` is often a partition and then not a column: it still answers for the field.
    held = {column.field for column in columns}
    fields = {PartitionRole.REGION: "region", PartitionRole.ACCOUNT: "account_id"}
    return tuple(
        PhysicalColumn(key.name, key.type, fields[key.role])
        for key in keys
        if key.role in fields and fields[key.role] not in held
    )


def _require_flow_logs(table: TableMetadata, columns: tuple[PhysicalColumn, ...]) -> None:
    folded = {fold(name) for name, _ in table.columns}
    if folded & _TRANSIT:
        raise ConnectError(
            f"{table.name} holds transit gateway flow logs, which have another format.",
            "flowtui reads VPC flow logs. Choose a table of those.",
        )
    held = {column.field for column in columns}
    missing = [name for name in _NEEDED if name not in held]
    if missing:
        raise ConnectError(
            f"{table.name} does not look like VPC flow logs: no column for {', '.join(missing)}.",
            "flowtui ddl prints a table definition that fits; "
            "flowtui without a source lists the tables that look right.",
        )


def _warnings(table: TableMetadata, keys: tuple[PartitionKey, ...]) -> tuple[str, ...]:
    notes = []
    if table.is_view:
        notes.append("This is a view: flowtui cannot see which partitions it reads.")
    elif not keys:
        notes.append(
            "This table has no partitions: every query reads, and pays for, all of it. "
            "D, or flowtui ddl on the command line, gives a table over the same files that does "
            "not."
        )
    if table.is_text and not _skips_header(table.parameters):
        notes.append(
            "skip.header.line.count is not set: each file's header line is read as a record "
            "(all its numbers NULL). ALTER TABLE … SET TBLPROPERTIES "
            "('skip.header.line.count'='1') mends it."
        )
    return tuple(notes)


def _skips_header(parameters: Mapping[str, str]) -> bool:
    value = parameters.get("skip.header.line.count", "")
    return bool(re.fullmatch(r"[1-9]\d*", value))
