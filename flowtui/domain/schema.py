"""What a source looks like to SQL: its physical columns, and the partition keys that prune it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from flowtui.domain.fields import FIELD, canonical


class PartitionRole(Enum):
    """What a partition key says about the records under it."""

    DATE = "date"
    """A whole day; `format` says how it is written."""
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    """Day of the month."""
    HOUR = "hour"
    REGION = "region"
    ACCOUNT = "account"
    OTHER = "other"
    """Something that time does not decide."""


@dataclass(frozen=True, slots=True)
class PartitionKey:
    """One partition column."""

    name: str
    type: str
    """Athena type: string, date, int …"""
    role: PartitionRole
    format: str = ""
    """For `DATE` keys of type string: a Java pattern: `yyyy/MM/dd`, maybe down to the hour."""
    is_padded: bool = True
    """For numbers in text: True where `07` is written, False where `7` is."""
    values: tuple[str, ...] = ()
    """Known values, where the catalogue lists them (projection enum)."""
    first: str = ""
    """Lower end of a projected range, as the catalogue writes it."""
    is_required: bool = False
    """True for `injected` projection: Athena fails without an equality."""


@dataclass(frozen=True, slots=True)
class PhysicalColumn:
    """A column of the table and the canonical field it holds."""

    name: str
    type: str
    """Athena type, lower case."""
    field: str | None
    """Canonical field; None for a column that we do not know."""
    expression: str = ""
    """Athena SQL that yields the canonical value where the plain column does not (OCSF, tags)."""

    @classmethod
    def of(cls, name: str, type: str) -> PhysicalColumn:
        """A column matched to its field by name."""
        return cls(name, type, canonical(name))

    @property
    def needs_cast(self) -> bool:
        """True where text holds what should be a number."""
        if self.field is None or self.field not in FIELD:
            return False
        is_text = self.type.startswith(("string", "varchar", "char"))
        return FIELD[self.field].kind.is_number and is_text


@dataclass(frozen=True, slots=True)
class TableSchema:
    """A flow log table as SQL sees it."""

    table: str
    """Table name, unquoted."""
    columns: tuple[PhysicalColumn, ...]
    partition_keys: tuple[PartitionKey, ...] = ()
    database: str = ""
    catalog: str = ""
    is_local: bool = False
    """True for the embedded engine, whose partition columns are derived from each record's end."""
    warnings: tuple[str, ...] = field(default=())
    """What is odd about it, each with the remedy."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Canonical fields and unknown columns that a query may name, in table order."""
        return tuple(column.field or column.name for column in self.columns)

    def column(self, name: str) -> PhysicalColumn | None:
        """The column that holds a field, or an unknown column by its own name."""
        for column in self.columns:
            if name == (column.field or column.name):
                return column
        return None
