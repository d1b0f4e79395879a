"""From a query and a filter to one finished statement over the table that there is.

A query over `flows` gets one CTE of that name in front, which reads the table, renames its columns
to the canonical ones, prunes its partitions and applies the filter. A query that names a physical
table keeps its text but for that name, in whose place a filtered subquery stands that offers the
columns the query uses under the names it uses, so that its headings stay as the author wrote them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlglot import exp

from flowtui.domain.executions import Statement
from flowtui.domain.filters import Condition, FlowFilter
from flowtui.domain.queries import Parameter
from flowtui.domain.schema import TableSchema
from flowtui.domain.times import TimeRange, resolve
from flowtui.domain.views import View
from flowtui.sql import comparing
from flowtui.sql.columns import Columns
from flowtui.sql.functions import bind, expand
from flowtui.sql.guard import check_tree, explained
from flowtui.sql.lineage import Lineage
from flowtui.sql.placing import put_in_place
from flowtui.sql.reading import bounded, read, write
from flowtui.sql.references import Usage, references, refuse_aliases
from flowtui.sql.relation import Scope, fields_read
from flowtui.sql.shape import shape_of

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
    before = comparing.window_before(view, now) if query.against else None
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
        shape = shape_of(self.tree, drill) if self.scope.windows else None
        if shape is not None:
            comparing.mark(self.tree)
            self.notes += [comparing.LEFT_OUT] if shape.leaves_out else []
        self.notes += put_in_place(self.tree, self.scope, self.ours)
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
                *comparing.told(self.time, self.scope.before),
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
