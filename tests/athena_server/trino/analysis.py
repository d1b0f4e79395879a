"""Checks the names and types of a whole query, as Trino's analyser does before it runs one."""

from __future__ import annotations

from collections.abc import Sequence

from tests.athena_server.trino.grouping import GroupCheck
from tests.athena_server.trino.meaning import Meaning, mismatch
from tests.athena_server.trino.nodes import (
    Expr,
    Item,
    Query,
    Relation,
    Select,
    SetOperation,
    Values,
)
from tests.athena_server.trino.scopes import Catalog, Column, Scope, Source
from tests.athena_server.trino.sqltypes import UNKNOWN, common
from tests.athena_server.trino.tokens import SqlRefusedError, Token, TokenKind

Ctes = dict[str, Sequence[Column]]


class Analysis:
    """Checks queries against the tables of a catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def columns(
        self, query: Query, parent: Scope | None = None, ctes: Ctes | None = None
    ) -> Sequence[Column]:
        """The columns of the result.

        Raises:
            SqlRefusedError: Something in it does not exist or does not fit.
        """
        known = dict(ctes or {})
        seen: set[str] = set()
        for name, names, inner in query.ctes:
            if name in seen:
                reason = f"WITH query name '{name}' specified more than once"
                raise SqlRefusedError(reason, inner.token, "DUPLICATE_NAMED_QUERY")
            seen.add(name)
            if query.is_recursive:
                known[name] = [Column(n, UNKNOWN) for n in names]
            known[name] = renamed(self.columns(inner, parent, known), names, inner.token)
        return self._body(query.body, query.order, parent, known)

    def _body(
        self,
        body: Select | Values | SetOperation | Query,
        order: list[Expr],
        parent: Scope | None,
        ctes: Ctes,
    ) -> Sequence[Column]:
        if isinstance(body, Select):
            return self._select(body, order, parent, ctes)
        if isinstance(body, Query):
            columns = self.columns(body, parent, ctes)
        elif isinstance(body, Values):
            columns = self._values(body, parent, ctes)
        else:
            columns = self._set_operation(body, parent, ctes)
        self._order_output(order, columns, parent, ctes)
        return columns

    def _values(self, body: Values, parent: Scope | None, ctes: Ctes) -> list[Column]:
        meaning = self._meaning(Scope(parent=parent), ctes)
        rows = [
            [meaning.kind(e) for e in (row.args if row.kind == "row" else [row])]
            for row in body.rows
        ]
        columns: list[Column] = []
        for n, kinds in enumerate(zip(*rows, strict=False)):
            found: str | None = "unknown"
            for kind in kinds:
                found = common(found, kind) if found else None
            if found is None:
                raise mismatch("Values rows have mismatched types", body.token)
            columns.append(Column(f"_col{n}", found))
        return columns

    def _set_operation(self, body: SetOperation, parent: Scope | None, ctes: Ctes) -> list[Column]:
        left = self._body(body.left, [], parent, ctes)
        right = self._body(body.right, [], parent, ctes)
        if len(left) != len(right):
            reason = f"{body.word} query has different number of fields: {len(left)}, {len(right)}"
            raise mismatch(reason, body.token)
        columns: list[Column] = []
        for n, (one, other) in enumerate(zip(left, right, strict=True), 1):
            both = common(one.kind, other.kind)
            if both is None:
                reason = (
                    f"column {n} in {body.word} query has incompatible types: "
                    f"{one.kind}, {other.kind}"
                )
                raise mismatch(reason, body.token)
            columns.append(Column(one.name, both))
        return columns

    def _order_output(
        self, order: list[Expr], columns: Sequence[Column], parent: Scope | None, ctes: Ctes
    ) -> None:
        scope = Scope([Source(frozenset(), tuple(columns))], parent)
        for expr in order:
            if not _position(expr, len(columns), "ORDER BY"):
                self._meaning(scope, ctes).kind(expr)

    def _meaning(self, scope: Scope, ctes: Ctes, plain_clause: str = "") -> Meaning:
        return Meaning(scope, lambda query, outer: self.columns(query, outer, ctes), plain_clause)

    def _select(
        self, select: Select, order: list[Expr], parent: Scope | None, ctes: Ctes
    ) -> Sequence[Column]:
        scope = Scope(parent=parent)
        for relation in select.source:
            self._add(relation, scope, ctes)
        if select.where:
            self._meaning(scope, ctes, "WHERE clause").condition(select.where, "WHERE clause")
        columns, exprs = self._items(select, scope, ctes)
        groups = [
            exprs[n - 1] if (n := _position(group, len(exprs), "GROUP BY")) else group
            for group in select.groups
        ]
        for group in groups:
            self._meaning(scope, ctes, "GROUP BY clause").kind(group)
        if select.having:
            having = self._meaning(scope, ctes)
            having.has_windows = False
            having.condition(select.having, "HAVING clause")
        sorted_by = self._order(select, order, columns, exprs, scope, ctes)
        check = GroupCheck(scope, groups)
        checked = [*exprs, *([select.having] if select.having else []), *sorted_by]
        if select.is_grouped or select.having or any(map(check.has_aggregate, checked)):
            for expr in checked:
                check.require(expr)
        return columns

    def _items(self, select: Select, scope: Scope, ctes: Ctes) -> tuple[list[Column], list[Expr]]:
        columns: list[Column] = []
        exprs: list[Expr] = []
        for item in select.items:
            if item.expr.kind == "star":
                found = self._star(item.expr, select, scope)
                columns += found
                exprs += [Expr("column", item.expr.token, parts=(c.name,)) for c in found]
            else:
                kind = self._meaning(scope, ctes).kind(item.expr)
                columns.append(Column(_output_name(item), kind))
                exprs.append(item.expr)
        return columns, exprs

    def _star(self, expr: Expr, select: Select, scope: Scope) -> list[Column]:
        if not select.source:
            reason = "SELECT * not allowed in queries without FROM clause"
            raise SqlRefusedError(reason, expr.token, "COLUMN_NOT_FOUND")
        found = scope.star(expr.parts)
        if not found:
            if expr.args and expr.args[0].kind != "column":
                return [Column("", UNKNOWN)]
            reason = f"Unable to resolve reference {'.'.join(expr.parts)}"
            raise SqlRefusedError(reason, expr.token, "TABLE_NOT_FOUND")
        return found

    def _order(
        self,
        select: Select,
        order: list[Expr],
        columns: list[Column],
        exprs: list[Expr],
        scope: Scope,
        ctes: Ctes,
    ) -> list[Expr]:
        """Checks ORDER BY; gives what of it comes from the tables, not from the result."""
        named = tuple(c for c in columns if c.name)
        output = Scope([Source(frozenset(), named)], scope)
        output.merged = {c.name for c in named}
        check = GroupCheck(scope, exprs)
        from_tables: list[Expr] = []
        for expr in order:
            if _position(expr, len(columns), "ORDER BY"):
                continue
            self._meaning(output, ctes).kind(expr)
            is_output = expr.kind == "column" and expr.parts[-1] in output.merged
            if not is_output:
                if select.is_distinct and not check.is_group(expr):
                    reason = "For SELECT DISTINCT, ORDER BY expressions must appear in select list"
                    raise SqlRefusedError(reason, expr.token, "EXPRESSION_NOT_IN_DISTINCT")
                if not check.uses(expr, output):
                    from_tables.append(expr)
        return from_tables

    def _add(self, relation: Relation, scope: Scope, ctes: Ctes) -> None:
        """Add what the relation brings to the scope."""
        if relation.kind == "join":
            assert relation.left is not None
            assert relation.right is not None
            self._add(relation.left, scope, ctes)
            self._add(relation.right, scope, ctes)
            scope.merged |= {name.name.lower() for name in relation.using}
            for name in relation.using:
                scope.resolve((name.name.lower(),), name)
            if relation.on:
                self._meaning(scope, ctes, "JOIN clause").condition(relation.on, "JOIN ON clause")
            return
        columns = renamed(self._source(relation, scope, ctes), relation.columns, relation.token)
        names = {relation.alias} if relation.alias else set(relation.name[-1:])
        scope.sources.append(Source(frozenset(names), tuple(columns)))

    def _source(self, relation: Relation, scope: Scope, ctes: Ctes) -> Sequence[Column]:
        if relation.query:
            return self.columns(relation.query, scope, ctes)
        if relation.kind == "unnest":
            return self._unnest(relation, scope, ctes)
        if relation.kind == "function":
            return [Column(name, UNKNOWN) for name in relation.columns or ("sequential_number",)]
        if len(relation.name) == 1 and relation.name[0] in ctes:
            return ctes[relation.name[0]]
        found = self._catalog(relation.name)
        if found is None:
            raise SqlRefusedError(_no_table(relation.name), relation.token, "TABLE_NOT_FOUND")
        return found

    def _unnest(self, relation: Relation, scope: Scope, ctes: Ctes) -> list[Column]:
        kinds = [self._meaning(scope, ctes).kind(arg) for arg in relation.args]
        for kind, arg in zip(kinds, relation.args, strict=True):
            if kind != UNKNOWN and not kind.startswith(("array(", "map(")):
                raise mismatch(f"Cannot unnest type: {kind}", arg.token)
        ordinality = [Column("ordinality", "bigint")] if relation.has_ordinality else []
        width = len(relation.columns) - len(ordinality)
        if all(k.startswith("array(") for k in kinds) and width in (-len(ordinality), len(kinds)):
            return [Column("", kind[6:-1]) for kind in kinds] + ordinality
        return [Column("", UNKNOWN) for _ in range(max(width, len(kinds)))] + ordinality


def renamed(columns: Sequence[Column], names: Sequence[str], token: Token) -> Sequence[Column]:
    """The columns under new names, if there are any.

    Raises:
        SqlRefusedError: There are more or fewer names than columns.
    """
    if not names:
        return columns
    visible = [column for column in columns if not column.is_hidden]
    if len(visible) != len(names):
        reason = f"Column alias list has {len(names)} entries but relation has {len(visible)}"
        raise SqlRefusedError(reason, token, "MISMATCHED_COLUMN_ALIASES")
    return [Column(name, c.kind) for name, c in zip(names, visible, strict=True)]


def _output_name(item: Item) -> str:
    if item.alias or item.expr.kind not in ("column", "op"):
        return item.alias
    return item.expr.parts[-1] if item.expr.parts else ""


def _position(expr: Expr, width: int, clause: str) -> int:
    """The number of the result's column that `GROUP BY 2` means; 0 for anything else."""
    if expr.kind != "literal" or expr.token.kind is not TokenKind.INTEGER:
        return 0
    position = int(expr.token.text, 0)
    if not 1 <= position <= width:
        reason = f"{clause} position {position} is not in select list"
        raise SqlRefusedError(reason, expr.token, "INVALID_COLUMN_REFERENCE")
    return position


def _no_table(name: tuple[str, ...]) -> str:
    return f"Table 'awsdatacatalog.{'.'.join(name[-2:])}' does not exist"
