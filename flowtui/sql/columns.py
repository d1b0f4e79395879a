"""What a column name means on a table: the expression that yields it there."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

import sqlglot
from sqlglot import exp

from flowtui.domain.fields import FIELD, canonical, fold
from flowtui.domain.schema import PartitionRole, PhysicalColumn, TableSchema
from flowtui.errors import MissingFieldError, QueryError
from flowtui.sql import literals
from flowtui.sql.derived import derived_expression, is_derived

_NEVER_DASH: Final = frozenset(
    {"account_id", "srcaddr", "dstaddr", "action", "log_status", "vpc_id", "type"}
)
"""Text fields that hold a value in every record of traffic, so that `-` need not become NULL."""
_ROLES: Final = {"region": PartitionRole.REGION, "account_id": PartitionRole.ACCOUNT}
_READ_FIRST: Final = (
    "start", "action", "srcaddr", "srcport", "dstaddr", "dstport", "protocol", "packets", "bytes",
    "tcp_flags", "flow_direction", "end", "interface_id",
)  # fmt: skip
"""What a person looks for in a record, so that 80 columns hold it; all else follows."""
_HIDDEN: Final = ("$path", "$bucket", "$file_modified_time", "$file_size", "$partition")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A name found on the table."""

    expression: exp.Expr
    field: str | None
    """The canonical field it holds; None for other columns."""


class Columns:
    """The columns of one table, by any name that people use for them."""

    def __init__(self, schema: TableSchema) -> None:
        self.schema = schema
        self._by_name = {column.name.lower(): column for column in schema.columns}
        self._keys = {key.name.lower(): key for key in schema.partition_keys}

    def has(self, name: str) -> bool:
        """True where a query may name it."""
        return self._find(name, is_raw=False, tree=None) is not None

    def resolve(self, name: str, *, is_raw: bool = False, tree: exp.Expr | None = None) -> Resolved:
        """The expression for a name that a query uses.

        Args:
            name: As the query writes it.
            is_raw: A physical column's own name means the column as it is, not its typed value.
            tree: The query, whose literals tell how it writes derived dates.

        Raises:
            MissingFieldError: The field is known, but not on this table.
            QueryError: Nothing has that name.
        """
        found = self._find(name, is_raw, tree)
        if found is None:
            raise self._missing(name)
        return found

    def field(self, field: str) -> exp.Expr:
        """The typed value of a canonical field or unknown column, for a filter."""
        return self.resolve(field).expression

    def star(self, is_raw: bool) -> list[str]:
        """The names that `*` stands for; of `flows`, what is read first comes first."""
        if not is_raw:
            there = self.schema.fields
            return list(dict.fromkeys((*(f for f in _READ_FIRST if f in there), *there)))
        if self.schema.is_local:
            return list(dict.fromkeys(self.schema.fields))
        names = [column.name for column in self.schema.columns]
        return list(dict.fromkeys([*names, *(key.name for key in self.schema.partition_keys)]))

    def _find(self, name: str, is_raw: bool, tree: exp.Expr | None) -> Resolved | None:
        if is_raw and (own := self._own(name)):
            return own
        field = name if name in FIELD else canonical(name)
        if field is not None and (column := self.schema.column(field)):
            return Resolved(self._value(column), field)
        if field in _ROLES and (key := self._key_of(_ROLES[field])):
            return Resolved(literals.column(key), field)
        if own := self._own(name):
            return own
        if name.lower() in _HIDDEN and not self.schema.is_local:
            return Resolved(literals.column(name.lower()), None)
        if is_derived(name) and (end := self._end()):
            return Resolved(derived_expression(name, end, tree), None)
        if self.schema.is_local and fold(name) in ("accid", "accountpartition"):
            return self._find("account_id", False, tree)
        return None

    def _own(self, name: str) -> Resolved | None:
        if column := self._by_name.get(name.lower()):
            return Resolved(self._plain(column), column.field)
        if key := self._keys.get(name.lower()):
            return Resolved(literals.column(key.name), None)
        return None

    def _key_of(self, role: PartitionRole) -> str | None:
        return next((k.name for k in self.schema.partition_keys if k.role is role), None)

    def _end(self) -> exp.Expr | None:
        column = self.schema.column("end") or self.schema.column("start")
        return self._value(column) if column else None

    def _plain(self, column: PhysicalColumn) -> exp.Expr:
        if column.expression:
            parsed = sqlglot.parse_one(column.expression, read="athena")
            return parsed if isinstance(parsed, exp.Column | exp.Func) else exp.paren(parsed)
        return literals.column(column.name)

    def _value(self, column: PhysicalColumn) -> exp.Expr:
        """A column's canonical value: numbers as numbers, `-` as NULL."""
        plain = self._plain(column)
        if column.field is None or column.field not in FIELD:
            return plain
        field = FIELD[column.field]
        if column.needs_cast:
            return exp.TryCast(this=plain, to=exp.DataType.build(field.athena_type), safe=True)
        if self._may_be_dash(column):
            return exp.Nullif(this=plain, expression=literals.text("-"))
        return plain

    def _may_be_dash(self, column: PhysicalColumn) -> bool:
        """True for text that writes a missing value as `-`; the local engine has NULL there."""
        return (
            not self.schema.is_local
            and column.field in FIELD
            and not FIELD[column.field].kind.is_number
            and column.field not in _NEVER_DASH
        )

    def _missing(self, name: str) -> QueryError:
        field = name if name in FIELD else canonical(name)
        if field is not None:
            version = FIELD[field].version
            return MissingFieldError(
                f"{self.schema.table} has no field {field}",
                f"It came with record version {version}: "
                "make a flow log whose format names it, or leave it out of the question.",
            )
        if name in ("ACCEPT", "REJECT", "OK", "NODATA", "SKIPDATA"):
            return QueryError(
                f'"{name}" in double quotes is a column, and there is none of that name',
                f"Write it in single quotes: '{name}'",
            )
        if name.lower() in _HIDDEN:
            return QueryError(
                f'"{name}" is known to Athena only', "On local files, ask for the records."
            )
        known = [*self.schema.fields, *self._by_name, *self._keys]
        near = get_close_matches(name.lower(), known, 1)
        hint = f"Did you mean {near[0]}?" if near else "Text is written in single quotes."
        return QueryError(f"{self.schema.table} has no column {name}", hint)
