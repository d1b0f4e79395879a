"""The filtered table that a query reads in place of the one it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from flowtui.domain.fields import FIELD
from flowtui.domain.filters import FlowFilter
from flowtui.domain.times import TimeRange, merged
from flowtui.sql import literals
from flowtui.sql.columns import Columns
from flowtui.sql.comparing import Windows, twice
from flowtui.sql.once import FIELDS, counted_once
from flowtui.sql.predicates import condition_predicate, time_predicates
from flowtui.sql.pruning import Pruning, prune

_TOLD_OF_LOST = ("account_id", "interface_id")


@dataclass(frozen=True, slots=True)
class Scope:
    """What every relation of one statement has in common."""

    columns: Columns
    filter: FlowFilter
    time: TimeRange | None
    wants_health: bool
    tree: exp.Expr
    """The query, whose literals tell how it writes derived dates."""
    marks_lost: bool = False
    """SKIPDATA rows stay, under what they tell: their interface, account and time."""
    before: TimeRange | None = None
    """The window that is compared with, where one is."""

    @property
    def windows(self) -> Windows | None:
        """Both windows, where two are compared."""
        if self.before is None or self.time is None:
            return None
        return Windows(self.time, self.before)

    @property
    def pruning(self) -> Pruning:
        """What is said about partitions."""
        times = merged((self.time, self.before)) if self.time and self.before else (self.time,)
        return prune(self.columns.schema, self.filter.conditions, *times)


def relation(
    scope: Scope, names: Sequence[str], is_star: bool, is_raw: bool, source: exp.Table
) -> exp.Select:
    """A SELECT of the filtered table with the named columns.

    Args:
        scope: Filter, time and table.
        names: As the query writes them; each becomes a column of that name.
        is_star: All columns of the table as well.
        is_raw: Names of physical columns mean these as they are.
        source: The table to read.

    Raises:
        MissingFieldError: A name or the filter needs a field that the table lacks.
    """
    listed = [*scope.columns.star(is_raw), *names] if is_star else list(names)
    items: dict[str, exp.Expr] = {}
    for name in listed:
        if name.lower() not in items:
            found = scope.columns.resolve(name, is_raw=is_raw, tree=scope.tree)
            items[name.lower()] = _item(found.expression, name)
    if not items:
        items["one"] = exp.alias_(literals.number(1), literals.name("one"))
    where = predicates(scope)
    if scope.filter.is_counted_once:
        return counted_once(scope.columns, list(items.values()), source, where)
    if scope.windows:
        select = _select(list(items.values()), source, where)
        return twice(select, scope.windows, scope.columns)
    return _select(list(items.values()), source, where)


def _item(expression: exp.Expr, name: str) -> exp.Expr:
    is_bare = isinstance(expression, exp.Column) and not expression.table
    if is_bare and expression.name == name:
        return expression
    return exp.alias_(expression, literals.name(name))


def _select(items: list[exp.Expr], source: exp.Expr, where: list[exp.Expr]) -> exp.Select:
    select = exp.Select(expressions=items, from_=exp.From(this=source))
    return select.where(literals.all_of(where), copy=False) if where else select


def predicates(scope: Scope) -> list[exp.Expr]:
    """What every record must fulfil: partitions first, then time, then the filter."""
    parts = list(scope.pruning.predicates)
    time = scope.windows.span if scope.windows else scope.time
    if time and (time.since or time.until):
        parts += time_predicates(time, scope.columns)
    has_status = scope.columns.schema.column("log_status") is not None
    conditions = [condition_predicate(c, scope.columns) for c in scope.filter.conditions]
    if scope.marks_lost and has_status:
        return [*parts, _is_ok_or_lost(scope, conditions)]
    if not scope.wants_health and has_status:
        parts.append(_is_ok(scope.columns))
    return parts + conditions


def _is_ok_or_lost(scope: Scope, conditions: list[exp.Expr]) -> exp.Expr:
    is_found = literals.all_of([_is_ok(scope.columns), *conditions])
    told = [c for c in scope.filter.conditions if c.key in _TOLD_OF_LOST]
    is_lost = literals.all_of(
        [
            _is_lost(scope.columns.field("log_status")),
            *(condition_predicate(c, scope.columns) for c in told),
        ]
    )
    return exp.paren(literals.any_of([exp.paren(is_found), exp.paren(is_lost)]))


def _is_lost(status: exp.Expr) -> exp.Expr:
    return exp.EQ(this=status, expression=literals.text("SKIPDATA"))


def _is_ok(columns: Columns) -> exp.Expr:
    status = columns.field("log_status")
    is_ok = exp.EQ(this=status, expression=literals.text("OK"))
    if not columns.schema.is_local:
        return is_ok
    # A directory may mix formats, some of which leave log_status out.
    return exp.paren(exp.or_(is_ok, exp.Is(this=status.copy(), expression=exp.Null())))


def fields_read(scope: Scope, names: Sequence[str], is_star: bool) -> set[str]:
    """Canonical fields and unknown columns that a relation reads."""
    found: set[str] = set()
    for name in [*scope.columns.star(False), *names] if is_star else names:
        resolved = scope.columns.resolve(name, tree=scope.tree)
        found |= _fields(resolved.expression, scope) | {resolved.field or name}
    for part in predicates(scope):
        found |= _fields(part, scope)
    if scope.filter.is_counted_once:
        found |= FIELDS
    return found & {*FIELD, *scope.columns.schema.fields}


def _fields(expression: exp.Expr, scope: Scope) -> set[str]:
    schema = scope.columns.schema
    by_name = {column.name: column.field or column.name for column in schema.columns}
    return {by_name.get(column.name, column.name) for column in expression.find_all(exp.Column)}
