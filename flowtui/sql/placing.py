"""Puts the table that there is, filtered, in the place of each reference to the flow logs.

`flows` becomes one CTE in front of the query. A physical name becomes a subquery where it stands,
under the names that the query uses, so that its headings stay as the author wrote them.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from flowtui.domain.schema import TableSchema
from flowtui.sql import literals
from flowtui.sql.references import LOGICAL_TABLE, Reference
from flowtui.sql.relation import Scope, relation


def put_in_place(tree: exp.Expr, scope: Scope, ours: Sequence[Reference]) -> list[str]:
    """Have a query read the table; works in place, and returns what is to be said of it.

    Args:
        tree: The query.
        scope: What is read, and which records of it.
        ours: The query's references to the flow logs.
    """
    schema = scope.columns.schema
    notes = []
    for reference in ours:
        if reference.is_logical:
            continue
        name = reference.table.name
        if name.lower() != schema.table.lower():
            notes.append(f"{name} is read as {schema.table}.")
        _replace(reference, scope)
        _unqualify(tree, name)
    if logical := [reference for reference in ours if reference.is_logical]:
        _prepend(tree, logical, scope)
    return notes


def _replace(reference: Reference, scope: Scope) -> None:
    table = reference.table
    source = _source(scope.columns.schema)
    for part in ("sample", "version", "when"):
        if found := table.args.get(part):
            source.set(part, found)
    inner = relation(scope, list(reference.names), reference.is_star, True, source)
    subquery = exp.Subquery(this=inner)
    alias = table.args.get("alias")
    subquery.set("alias", alias or exp.TableAlias(this=literals.name(table.name)))
    for part in ("joins", "laterals", "pivots"):
        if found := table.args.get(part):
            subquery.set(part, found)
    table.replace(subquery)


def _unqualify(tree: exp.Expr, name: str) -> None:
    """Columns written as `db.table.column` can name the subquery by its alias only."""
    for column in tree.find_all(exp.Column):
        if column.args.get("db") and column.table.lower() == name.lower():
            column.set("db", None)
            column.set("catalog", None)


def _prepend(tree: exp.Expr, logical: Sequence[Reference], scope: Scope) -> None:
    names = dict.fromkeys(name for reference in logical for name in reference.names)
    is_star = any(reference.is_star for reference in logical)
    inner = relation(scope, list(names), is_star, False, _source(scope.columns.schema))
    alias = exp.TableAlias(this=literals.name(LOGICAL_TABLE))
    cte = exp.CTE(this=inner, alias=alias)
    with_ = tree.args.get("with_")
    if isinstance(with_, exp.With):
        with_.set("expressions", [cte, *with_.expressions])
    else:
        tree.set("with_", exp.With(expressions=[cte]))


def _source(schema: TableSchema) -> exp.Table:
    return exp.Table(
        this=literals.name(schema.table),
        db=literals.name(schema.database) if schema.database else None,
        catalog=literals.name(schema.catalog) if schema.catalog and schema.database else None,
    )
