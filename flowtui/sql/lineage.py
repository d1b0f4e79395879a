"""What a result row stands for: the filter keys behind its columns, and the query's own demands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlglot import exp

from flowtui.domain.addresses import parse_network
from flowtui.domain.arguments import parse_argument
from flowtui.domain.fields import FIELD, Kind
from flowtui.domain.filters import Condition, Op, Value
from flowtui.domain.queries import Parameter, ParameterType
from flowtui.errors import FilterError
from flowtui.sql.columns import Columns
from flowtui.sql.functions import Bindings
from flowtui.sql.references import Reference, cte_of, sources_of

_MEASURES: Final = frozenset({"packets", "bytes"})
_SECONDS: Final = {"minute": 60, "hour": 3_600, "day": 86_400}
DrillPairs = tuple[tuple[str, str], ...]


class Lineage:
    """Follows columns from the result down to the records.

    Args:
        tree: The query before its parameters and functions are expanded.
        ours: Its references to the flow logs.
        columns: Of the table.
        bindings: Values of its parameters.
    """

    def __init__(
        self, tree: exp.Expr, ours: list[Reference], columns: Columns, bindings: Bindings
    ) -> None:
        self.tree = tree
        self.columns = columns
        self.bindings = bindings
        self._tables = {id(reference.table) for reference in ours}

    def drill(self, declared: DrillPairs) -> DrillPairs:
        """Result column to filter key; what the query declares wins over what its SQL tells."""
        found: dict[str, str] = {}
        names = self.tree.named_selects if isinstance(self.tree, exp.Query) else []
        for index, name in enumerate(names):
            key = self._output(self.tree, index)
            if key and key not in _MEASURES and name != "*":
                found[name] = key
        for name, key in declared:
            found[name] = self._declared(key)
        return tuple((name, key) for name, key in found.items() if key)

    def _declared(self, key: str) -> str:
        word, _, width = key.partition(":")
        if word == "time" and width in self.bindings:
            return f"time:{self.bindings[width]}"
        return key

    def _output(self, query: exp.Expr, index: int) -> str | None:
        """The key behind an output column; for a set operation where both sides agree."""
        if isinstance(query, exp.Subquery):
            return self._output(query.this, index)
        if isinstance(query, exp.SetOperation):
            left, right = self._output(query.left, index), self._output(query.right, index)
            return left if left == right else None
        if not isinstance(query, exp.Select) or index >= len(query.expressions):
            return None
        return self._key(query.expressions[index].unalias(), query)

    def _key(self, node: exp.Expr, select: exp.Select) -> str | None:
        if isinstance(node, exp.Column):
            return self._column(node, select)
        if isinstance(node, exp.Paren | exp.UnixToTime):
            return self._key(node.this, select)
        if isinstance(node, exp.Anonymous) and node.name.lower() == "optional":
            return self._key(node.expressions[0], select) if node.expressions else None
        width = self._width(node, select)
        return f"time:{width}" if width else None

    def _column(self, column: exp.Column, select: exp.Select) -> str | None:
        for source in sources_of(select):
            if column.table and source.alias_or_name.lower() != column.table.lower():
                continue
            if id(source) in self._tables:
                if self.columns.has(column.name):
                    return self.columns.resolve(column.name).field
                continue
            query = _query_of(source)
            if isinstance(query, exp.Query):
                names = [name.lower() for name in query.named_selects]
                if column.name.lower() in names:
                    return self._output(query, names.index(column.name.lower()))
                if query.is_star and isinstance(query, exp.Select):
                    return self._column(exp.column(column.name), query)
        return None

    def _width(self, node: exp.Expr, select: exp.Select) -> int | None:
        """Seconds of a time bucket: `bucket(start, n)`, `start - start % n`, `date_trunc`."""
        if isinstance(node, exp.Anonymous) and node.name.lower() == "bucket":
            if len(node.expressions) == 2 and self._is_time(node.expressions[0], select):
                return self._number(node.expressions[1])
        elif isinstance(node, exp.Sub) and isinstance(node.expression.unnest(), exp.Mod):
            rest = node.expression.unnest()
            if rest.this == node.this and self._is_time(node.this, select):
                return self._number(rest.expression)
        elif isinstance(node, exp.TimestampTrunc | exp.DateTrunc) and self._is_time(
            node.this, select
        ):
            unit = node.args.get("unit")
            return _SECONDS.get(unit.name.lower()) if unit else None
        return None

    def _is_time(self, node: exp.Expr, select: exp.Select) -> bool:
        if isinstance(node, exp.UnixToTime | exp.Paren):
            return self._is_time(node.this, select)
        return isinstance(node, exp.Column) and self._column(node, select) == "start"

    def _number(self, node: exp.Expr) -> int | None:
        if isinstance(node, exp.Placeholder):
            value = self.bindings.get(node.name)
            return value if isinstance(value, int) and value > 0 else None
        is_whole = isinstance(node, exp.Literal) and node.is_int and int(node.name) > 0
        return int(node.name) if is_whole else None

    def conditions(self) -> tuple[Condition, ...]:
        """What WHERE demands of every record behind every row, as far as a filter can say it."""
        found: dict[Condition, None] = {}
        for select in self._chain(self.tree):
            where = select.args.get("where")
            if where is None:
                continue
            for part in where.this.flatten() if isinstance(where.this, exp.And) else [where.this]:
                if condition := self._condition(part.unnest(), select):
                    found[condition] = None
        return tuple(found)

    def _chain(self, query: exp.Expr | None) -> Iterator[exp.Select]:
        """SELECTs that every record of the result went through."""
        while query is not None:
            query = query.unnest() if isinstance(query, exp.Subquery) else query
            if not isinstance(query, exp.Select):
                return
            yield query
            sources = sources_of(query)
            if len(sources) != 1:
                return
            query = _query_of(sources[0])

    def _condition(self, node: exp.Expr, select: exp.Select) -> Condition | None:
        if isinstance(node, exp.Not):
            inner = self._condition(node.this.unnest(), select)
            if inner is None or inner.is_excluded:
                return None
            return Condition(inner.key, inner.values, inner.op, is_excluded=True)
        column = _tested(node)
        key = self._column(column, select) if column is not None else None
        if key is None or key not in FIELD:
            return None
        try:
            return self._comparison(node, key)
        except (ValueError, FilterError):
            return None

    def _comparison(self, node: exp.Expr, key: str) -> Condition | None:
        if isinstance(node, exp.Anonymous):
            kind = ParameterType.PORTS if node.name.lower() == "port_in" else ParameterType.CIDRS
            values = self._choices(node.expressions[1], kind)
            return Condition(key, values) if values else None
        if isinstance(node, exp.In):
            listed: tuple[Value, ...] = ()
            for item in node.expressions:
                found = self._values(item, key)
                if not found:
                    return None
                listed += found
            return Condition(key, listed) if listed else None
        values = self._values(node.expression, key)
        if not values:
            return None
        if isinstance(node, exp.EQ):
            return Condition(key, values)
        if isinstance(node, exp.NEQ):
            return Condition(key, values, is_excluded=True)
        return _bound(node, key, values)

    def _choices(self, node: exp.Expr, kind: ParameterType) -> tuple[Value, ...]:
        value = self.bindings.get(node.name) if isinstance(node, exp.Placeholder) else None
        if isinstance(node, exp.Literal):
            value = parse_argument(Parameter("", kind, ""), node.name)
        if isinstance(value, str):
            return (parse_network(value),)
        if isinstance(value, int):
            return (value,)
        return value or ()

    def _values(self, node: exp.Expr, key: str) -> tuple[Value, ...]:
        """Typed values of a literal or parameter; none where it is something else."""
        kind = FIELD[key].kind
        value: object = None
        if isinstance(node, exp.Placeholder):
            value = self.bindings.get(node.name)
        elif isinstance(node, exp.Literal):
            value = node.name if node.is_string else int(node.name) if node.is_int else None
        if isinstance(value, tuple):
            return value
        if isinstance(value, int):
            return (value,) if kind.is_number else ()
        if isinstance(value, str) and not kind.is_number:
            return (parse_network(value),) if kind is Kind.ADDRESS else (value,)
        return ()


def _tested(node: exp.Expr) -> exp.Column | None:
    """The column that a simple test is about."""
    is_test = isinstance(node, exp.EQ | exp.NEQ | exp.GT | exp.LT | exp.GTE | exp.LTE | exp.In)
    column = node.this if is_test and not node.args.get("query") else None
    if isinstance(node, exp.Anonymous) and node.name.lower() in ("port_in", "ip_in"):
        column = node.expressions[0] if len(node.expressions) == 2 else None
    if isinstance(column, exp.Anonymous) and column.name.lower() == "optional":
        column = column.expressions[0] if column.expressions else None
    return column if isinstance(column, exp.Column) else None


def _bound(node: exp.Expr, key: str, values: tuple[Value, ...]) -> Condition | None:
    (value,) = values if len(values) == 1 else (None,)
    if not isinstance(value, int):
        return None
    if isinstance(node, exp.GT | exp.GTE):
        least = value + isinstance(node, exp.GT)
        return Condition(key, (least - 1,), Op.MORE) if least > 0 else None
    most = value - isinstance(node, exp.LT)
    return Condition(key, (most + 1,), Op.LESS) if most >= 0 else None


def _query_of(source: exp.Expr) -> exp.Expr | None:
    if isinstance(source, exp.Subquery):
        inner: exp.Expr = source.this
        return inner
    if isinstance(source, exp.Table) and (cte := cte_of(source)):
        query: exp.Expr = cte.this
        return query
    return None
