"""From a query and a filter to one finished statement over the table that there is.

A query over `flows` gets one CTE of that name in front, which reads the table, renames its columns
to the canonical ones, prunes its partitions and applies the filter. A query that names a physical
table keeps its text but for that name, in whose place a filtered subquery stands that offers the
columns the query uses under the names it uses, so that its headings stay as the author wrote them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlglot import exp

from flowtui.domain.comparing import EXAMPLES, other_window, span_text
from flowtui.domain.executions import Statement
from flowtui.domain.filters import Condition, FlowFilter
from flowtui.domain.queries import Parameter
from flowtui.domain.schema import TableSchema
from flowtui.domain.times import TimeRange, resolve
from flowtui.domain.values import format_duration
from flowtui.domain.views import View
from flowtui.errors import QueryError
from flowtui.sql import comparing, literals
from flowtui.sql.columns import Columns
from flowtui.sql.functions import bind, expand
from flowtui.sql.guard import check_tree, explained
from flowtui.sql.lineage import Lineage
from flowtui.sql.reading import bounded, read, write
from flowtui.sql.references import LOGICAL_TABLE, Reference, Usage, references, refuse_aliases
from flowtui.sql.relation import Scope, fields_read, relation

_WELL_KNOWN: Final = frozenset(
    {
        "vpc_flow_logs", "vpcflowlogs", "flow_logs", "flowlogs", "vpc_flow_logs_parquet",
        "vpc_flow_log", "test_table_vpclogs", "test_table_vpclogs_parquet", "vpc_flowlogs",
    }
)  # fmt: skip
"""Table names of AWS's documentation and of what was copied from it."""

DrillPairs = tuple[tuple[str, str], ...]


def compile_view(view: View, schema: TableSchema, now: datetime) -> Statement:
    """The finished SQL of a view over a table.

    Raises:
        QueryError: The query's SQL cannot be used; MissingFieldError where the table lacks a field.
        FilterError: A typed argument does not fit its parameter.
    """
    query = view.query
    before = _other_window(view, now) if query.against else None
    return compile_sql(
        query.sql,
        view.filter,
        schema,
        now,
        drill=query.drill,
        parameters=query.parameters,
        arguments=view.arguments,
        wants_health=query.wants_health,
        before=before,
    )


def _other_window(view: View, now: datetime) -> TimeRange:
    """The window that the view's time is compared with."""
    time = resolve(view.filter.time, now)
    if view.filter.is_counted_once:
        raise QueryError(
            "Count once and comparing do not go together: which record is kept depends on the time",
            "Switch count once off.",
        )
    if time is None or time.duration is None:
        raise QueryError(
            "There is no time to compare: all there is has no window before it",
            "Choose a time range with both ends first.",
        )
    try:
        return other_window(view.query.against, time, now)
    except ValueError as error:
        raise QueryError(f"There is no such window: {error}", f"Write {EXAMPLES}.") from error


def compile_sql(
    sql: str,
    filter: FlowFilter,
    schema: TableSchema,
    now: datetime,
    *,
    drill: DrillPairs = (),
    parameters: tuple[Parameter, ...] = (),
    arguments: DrillPairs = (),
    wants_health: bool = False,
    before: TimeRange | None = None,
) -> Statement:
    """The finished SQL of a query's text under a filter.

    Args:
        sql: One reading statement over `flows` or a physical table.
        filter: Applied to every reference to the flow logs.
        schema: The table there is.
        now: Aware; what `last:1h` counts back from.
        drill: Result column to filter key, where the SQL cannot tell; wins over what it tells.
        parameters: What `:name` in the text may be.
        arguments: What was typed for them.
        wants_health: Keep NODATA and SKIPDATA rows.
        before: The window that the filter's time is compared with.

    Raises:
        QueryError: It cannot be used; GuardError where it does more than read.
        FilterError: A typed argument does not fit its parameter.
    """
    tree = read(sql)
    with bounded():
        check_tree(tree, is_local=schema.is_local)
        if isinstance(tree, exp.Command | exp.Describe):
            return _catalogue(tree, sql, filter, schema, now)
        compilation = _Compilation(tree, filter, schema, now, wants_health, before)
        return compilation.statement(drill, parameters, arguments)


def _catalogue(
    tree: exp.Expr, sql: str, filter: FlowFilter, schema: TableSchema, now: datetime
) -> Statement:
    text = sql.strip().rstrip(";").rstrip()
    is_explain = isinstance(tree, exp.Command) and str(tree.this).upper() == "EXPLAIN"
    inner = explained(tree) if is_explain else ""
    if inner and text.endswith(inner):
        compiled = compile_sql(inner, filter, schema, now)
        return replace(compiled, sql=text[: -len(inner)] + compiled.sql, drill=(), conditions=())
    return Statement(text, is_filtered=not filter, notes=("It runs as written.",))


class _Compilation:
    def __init__(
        self,
        tree: exp.Expr,
        filter: FlowFilter,
        schema: TableSchema,
        now: datetime,
        wants_health: bool,
        before: TimeRange | None,
    ) -> None:
        self.tree = tree
        self.schema = schema
        self.columns = Columns(schema)
        self.time = resolve(filter.time, now)
        self.found = references(tree)
        self.ours = [r for r in self.found if r.is_logical or self._is_ours(r.table)]
        self.notes: list[str] = []
        self.scope = Scope(
            self.columns,
            filter,
            self.time,
            wants_health or _asks_status(tree, filter),
            tree,
            marks_lost=_marks_lost(tree, filter),
            before=before,
        )

    def statement(
        self, drill: DrillPairs, parameters: tuple[Parameter, ...], arguments: DrillPairs
    ) -> Statement:
        bindings = bind(parameters, arguments)
        lineage = Lineage(self.tree, self.ours, self.columns, bindings)
        drill = lineage.drill(drill)
        conditions = lineage.conditions()
        self.tree = expand(self.tree, bindings, self.columns)
        Usage(self.tree, self.ours, self.columns).collect()
        refuse_aliases(self.tree, self.columns)
        fields = self._fields()
        shape = comparing.shape_of(self.tree, drill) if self.scope.windows else None
        if shape is not None:
            comparing.mark(self.tree)
        self._put_in_place()
        if shape is not None:
            self.tree = comparing.side_by_side(self.tree, shape)
            drill = tuple(pair for pair in drill if pair[0] in shape.key_names)
        return self._finished(drill, conditions, fields)

    def _finished(
        self, drill: DrillPairs, conditions: tuple[Condition, ...], fields: tuple[str, ...]
    ) -> Statement:
        pruning = self.scope.pruning
        is_filtered = bool(self.ours) or not self.found
        return Statement(
            write(self.tree),
            is_filtered=is_filtered,
            notes=(
                *self._windows(),
                *self.notes,
                *self._left_alone(),
                *(pruning.notes if self.ours else ()),
            ),
            drill=drill,
            conditions=conditions,
            fields=fields,
            time=self.time if self.ours else None,
            before=self.scope.before if self.ours else None,
            has_partition_predicate=bool(pruning.predicates) and bool(self.ours),
            partition_values=pruning.values if self.ours else (),
            is_counted_once=bool(self.ours) and self.scope.filter.is_counted_once,
        )

    def _windows(self) -> Iterator[str]:
        """Which times are compared; lengths that differ are said, for sums grow with them."""
        now, before = self.time, self.scope.before
        if now is None or before is None or now.duration is None or before.duration is None:
            return
        yield f"Compared with {span_text(before)}."
        if now.duration != before.duration:
            lengths = format_duration(now.duration), format_duration(before.duration)
            yield "The windows have different lengths: {} and {}.".format(*lengths)

    def _is_ours(self, table: exp.Table) -> bool:
        """True where a physical name means the source's table.

        A local source has one table, so every name means it. On Athena a name may mean another
        table that is really there: only the source's own, and names of the documentation, are ours.
        """
        if self.schema.is_local:
            return True
        database = table.db.lower()
        if database and database != self.schema.database.lower():
            return False
        if table.name.lower() == self.schema.table.lower():
            return True
        return not database and table.name.lower() in _WELL_KNOWN

    def _left_alone(self) -> list[str]:
        others = [r.table for r in self.found if r not in self.ours]
        names = sorted({table.sql(dialect="athena", comments=False) for table in others})
        return [
            f"{name} is read as it is: the filter and the time do not apply to it."
            for name in names
        ]

    def _fields(self) -> tuple[str, ...]:
        read_fields: set[str] = set()
        for reference in self.ours:
            read_fields |= fields_read(self.scope, list(reference.names), reference.is_star)
        return tuple(field for field in dict.fromkeys(self.schema.fields) if field in read_fields)

    def _put_in_place(self) -> None:
        logical = [r for r in self.ours if r.is_logical]
        for reference in self.ours:
            if not reference.is_logical:
                self._replace(reference)
        if logical:
            self._prepend(logical)

    def _replace(self, reference: Reference) -> None:
        table = reference.table
        name = table.name
        if name.lower() != self.schema.table.lower():
            self.notes.append(f"{name} is read as {self.schema.table}.")
        source = self._source()
        for part in ("sample", "version", "when"):
            if found := table.args.get(part):
                source.set(part, found)
        inner = relation(self.scope, list(reference.names), reference.is_star, True, source)
        subquery = exp.Subquery(this=inner)
        alias = table.args.get("alias")
        subquery.set("alias", alias or exp.TableAlias(this=literals.name(name)))
        for part in ("joins", "laterals", "pivots"):
            if found := table.args.get(part):
                subquery.set(part, found)
        table.replace(subquery)
        self._unqualify(name)

    def _unqualify(self, name: str) -> None:
        """Columns written as `db.table.column` can name the subquery by its alias only."""
        for column in self.tree.find_all(exp.Column):
            if column.args.get("db") and column.table.lower() == name.lower():
                column.set("db", None)
                column.set("catalog", None)

    def _prepend(self, logical: Sequence[Reference]) -> None:
        names = dict.fromkeys(name for reference in logical for name in reference.names)
        is_star = any(reference.is_star for reference in logical)
        inner = relation(self.scope, list(names), is_star, False, self._source())
        alias = exp.TableAlias(this=literals.name(LOGICAL_TABLE))
        cte = exp.CTE(this=inner, alias=alias)
        with_ = self.tree.args.get("with_")
        if isinstance(with_, exp.With):
            with_.set("expressions", [cte, *with_.expressions])
        else:
            self.tree.set("with_", exp.With(expressions=[cte]))

    def _source(self) -> exp.Table:
        schema = self.schema
        return exp.Table(
            this=literals.name(schema.table),
            db=literals.name(schema.database) if schema.database else None,
            catalog=literals.name(schema.catalog) if schema.catalog and schema.database else None,
        )


def _marks_lost(tree: exp.Expr, filter: FlowFilter) -> bool:
    """True where the query tells SKIPDATA rows apart, and the filter does not decide about them."""
    decides = any(condition.key == "log_status" for condition in filter)
    return not decides and any(
        node.name.lower() == "is_lost" for node in tree.find_all(exp.Anonymous)
    )


def _asks_status(tree: exp.Expr, filter: FlowFilter) -> bool:
    """True where the query or the filter itself decides about NODATA and SKIPDATA rows."""
    if any(condition.key == "log_status" for condition in filter):
        return True
    for column in tree.find_all(exp.Column):
        is_status = column.name.lower().replace("_", "") == "logstatus"
        if is_status and not isinstance(column.parent, exp.Select | exp.Ordered | exp.Alias):
            return True
    return False
