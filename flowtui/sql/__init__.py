"""From a question to finished SQL text, through sqlglot. No I/O.

SQL is Athena's (Trino's) and written once. Saved queries read one logical table, `flows`, whose
columns are the canonical fields; `flowtui.sql.compiler` puts the table that there is behind it.

What a saved query may use beside Athena's own functions; each is expanded to plain Athena SQL:

`:name`
    A parameter, as a typed literal: numbers for count, port, duration (seconds) and bytes; text
    for text, address and cidr. `x IN (:ports)` takes lists, ranges and sets too (`22,8000-8999`,
    `@admin`).
`port_in(dstport, :ports)`
    True where the port is one of a list, range or set. The second argument is a parameter of type
    port or ports, or text as a filter writes it: `port_in(dstport, '@admin')`.
`ip_in(srcaddr, :cidrs)`
    True where the address lies in one of the networks, IPv4 and IPv6. The second argument is a
    parameter of type address, cidr or cidrs, or text: `ip_in(srcaddr, '10.0.0.0/8,fd00::/8')`.
`is_private(srcaddr)`
    True for addresses that the internet does not route: RFC 1918, 100.64/10, link-local, loopback,
    unspecified, fc00::/7, fe80::/10. NULL where it is no address, so `NOT is_private(x)` is public.
`is_opener(tcp_flags)`
    True for a record with SYN and without ACK; NULL where the table has no tcp_flags.
`openers()`
    Aggregate: how many records are openers; NULL (not 0) where the table has no tcp_flags.
    `count_if(is_opener(tcp_flags))`, also with AND, means the same and is NULL there too.
`bucket(start, 300)`
    Whole Unix seconds (bigint) at which the five minutes begin that `start` lies in; the second
    argument is a number or a parameter of type duration or count. Grouping by it drills as
    `time:300`.
`is_lost()`
    True for SKIPDATA rows, which a query that names it keeps beside the records: under the filter's
    time, interface and account, for nothing else is told of them.
`optional(tcp_flags)`
    The field, or NULL of its type where the table lacks it. A field named plainly must exist.

Columns of `flows` are exactly the canonical names (`srcaddr`, `start`, `"end"`, …), numbers as
integer or bigint, text with NULL for `-`. `"end"` must be quoted, as in Athena.

NODATA and SKIPDATA rows are left out, unless the query compares, groups by or computes with
`log_status` itself, or its file says `wants_health`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from flowtui.domain.executions import Cell, Column, Row, Statement
from flowtui.domain.filters import Condition, FlowFilter
from flowtui.domain.queries import Parameter, SavedQuery
from flowtui.domain.schema import TableSchema
from flowtui.domain.times import TimeRange
from flowtui.domain.views import View
from flowtui.sql.duck_macros import DUCKDB_SETUP

__all__ = [
    "DUCKDB_SETUP",
    "check_reads_only",
    "compile_sql",
    "compile_view",
    "condition_for_cell",
    "drill_filter",
    "duckdb_setup",
    "pretty",
    "to_duckdb",
    "typed_query",
]

# sqlglot takes 0.13 s to import: inside the functions, so that naming this package costs nothing.


def compile_view(view: View, schema: TableSchema, now: datetime) -> Statement:
    """The finished SQL of a view over a table; see `flowtui.sql.compiler`."""
    from flowtui.sql import compiler

    return compiler.compile_view(view, schema, now)


def compile_sql(
    sql: str,
    filter: FlowFilter,
    schema: TableSchema,
    now: datetime,
    *,
    drill: tuple[tuple[str, str], ...] = (),
    parameters: tuple[Parameter, ...] = (),
    arguments: tuple[tuple[str, str], ...] = (),
    wants_health: bool = False,
) -> Statement:
    """The finished SQL of a query's text under a filter; see `flowtui.sql.compiler`."""
    from flowtui.sql import compiler

    return compiler.compile_sql(
        sql,
        filter,
        schema,
        now,
        drill=drill,
        parameters=parameters,
        arguments=arguments,
        wants_health=wants_health,
    )


def typed_query(sql: str, base: SavedQuery) -> SavedQuery:
    """A query of the SQL that a person made out of another; see `flowtui.sql.typed`."""
    from flowtui.sql import typed

    return typed.typed_query(sql, base)


def check_reads_only(sql: str, *, is_local: bool = False) -> None:
    """Raise GuardError for what would do more than read; see `flowtui.sql.guard`."""
    from flowtui.sql import guard

    guard.check_reads_only(sql, is_local=is_local)


def to_duckdb(athena_sql: str) -> str:
    """The same question for DuckDB, on a connection on which `DUCKDB_SETUP` ran."""
    from flowtui.sql import duck

    return duck.to_duckdb(athena_sql)


def duckdb_setup() -> tuple[str, ...]:
    """Statements that a DuckDB connection runs once, so that `to_duckdb`'s SQL works on it."""
    return DUCKDB_SETUP


def drill_filter(
    drill: Iterable[tuple[str, str]],
    columns: Sequence[Column | str],
    row: Row,
    conditions: Iterable[Condition] = (),
    within: TimeRange | None = None,
) -> FlowFilter:
    """The filter that selects the records behind a result row; see `flowtui.sql.drilling`."""
    from flowtui.sql import drilling

    return drilling.drill_filter(drill, columns, row, conditions, within)


def condition_for_cell(key: str, value: Cell) -> Condition:
    """The condition that keeps records with a cell's value; NULL is a field left out."""
    from flowtui.sql import drilling

    return drilling.condition_for_cell(key, value)


def pretty(sql: str) -> str:
    """The same SQL laid out for reading; text that does not parse comes back as it is."""
    from flowtui.sql import reading

    return reading.pretty(sql)
