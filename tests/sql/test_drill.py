from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from ipaddress import ip_network

import pytest

from flowtui.domain.executions import Cell, Column, Row, Statement
from flowtui.domain.filterline import format_filter, parse_filter
from flowtui.domain.filters import NO_FILTER, Condition, FlowFilter, Op
from flowtui.domain.queries import Parameter, ParameterType
from flowtui.domain.times import TimeRange
from flowtui.sql import compile_sql, condition_for_cell, drill_filter, to_duckdb
from tests.sql.records import NOW
from tests.sql.tables import CLASSIC, DOCS, LOCAL, connect, fill

WIDTH = (Parameter("width", ParameterType.DURATION, "5m"),)


def _compile(sql: str, **options: tuple[tuple[str, str], ...]) -> Statement:
    return compile_sql(sql, NO_FILTER, LOCAL, NOW, parameters=WIDTH, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sql", "drill"),
    [
        (
            "SELECT srcaddr, dstaddr AS d, count(*) AS n FROM flows GROUP BY 1, 2",
            {"srcaddr": "srcaddr", "d": "dstaddr"},
        ),
        (
            "SELECT sourceaddress, sum(numbytes) b FROM vpc_flow_logs GROUP BY sourceaddress",
            {"sourceaddress": "srcaddr"},
        ),
        ("SELECT bucket(start, 60) AS m, count(*) AS n FROM flows GROUP BY 1", {"m": "time:60"}),
        ("SELECT bucket(start, :width) AS m FROM flows GROUP BY 1", {"m": "time:300"}),
        (
            "SELECT from_unixtime(start - start % 60) AS m FROM flows GROUP BY 1",
            {"m": "time:60"},
        ),
        (
            "SELECT date_trunc('hour', from_unixtime(start)) AS h FROM flows GROUP BY 1",
            {"h": "time:3600"},
        ),
        (
            "WITH a AS (SELECT dstaddr AS peer, sum(bytes) AS b FROM flows GROUP BY 1) "
            "SELECT x.peer, x.b FROM a AS x",
            {"peer": "dstaddr"},
        ),
        (
            "SELECT p FROM (SELECT dstport p FROM (SELECT * FROM flows)) GROUP BY p",
            {"p": "dstport"},
        ),
        (
            "SELECT srcaddr AS a FROM flows UNION ALL SELECT srcaddr FROM flows",
            {"a": "srcaddr"},
        ),
        ("SELECT srcaddr AS a FROM flows UNION ALL SELECT dstaddr FROM flows", {}),
        ("SELECT optional(tcp_flags) AS f FROM flows GROUP BY 1", {"f": "tcp_flags"}),
        ("SELECT lower(srcaddr) AS s, min(start) AS f FROM flows GROUP BY 1", {}),
        ("SELECT srcaddr, bytes FROM flows", {"srcaddr": "srcaddr"}),
        ("SELECT * FROM flows", {}),
    ],
)
def test_columns_are_followed_to_their_fields(sql: str, drill: dict[str, str]) -> None:
    """Plain grouping columns lead to fields and buckets to times; computed ones nowhere."""
    assert dict(_compile(sql).drill) == drill


def test_what_a_query_declares_wins() -> None:
    """A declared key replaces the one found, and may name a parameter's width."""
    sql = "SELECT srcaddr, least(srcport, dstport) AS p, start AS s, count(*) AS n FROM flows " \
          "GROUP BY 1, 2, 3"  # fmt: skip
    declared = (("srcaddr", "ip"), ("p", "port"), ("s", "time:width"))
    assert _compile(sql, drill=declared).drill == (
        ("srcaddr", "ip"),
        ("s", "time:300"),
        ("p", "port"),
    )


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("action = 'REJECT'", "action:REJECT"),
        ("action = 'REJECT' AND protocol = 6 AND bytes > 10",
         "action:REJECT protocol:tcp bytes>10"),
        ("dstport IN (22, 3389) AND port_in(srcport, '1024-65535')",
         "dstport:22,3389 srcport:1024-65535"),
        ("ip_in(srcaddr, '10.0.0.0/8') AND NOT ip_in(dstaddr, '10.0.0.0/8')",
         "srcaddr:10.0.0.0/8 -dstaddr:10.0.0.0/8"),
        ("action <> 'ACCEPT' AND packets <= 3 AND bytes >= 100",
         "-action:ACCEPT packets<4 bytes>99"),
        ("action = 'REJECT' OR protocol = 6", ""),
        ("lower(action) = 'reject' AND srcport = dstport", ""),
        ("srcaddr = '10.0.0.1' AND srcaddr IN (SELECT dstaddr FROM flows)", "srcaddr:10.0.0.1"),
    ],
)  # fmt: skip
def test_what_a_query_demands_goes_along(where: str, line: str) -> None:
    """Simple demands of the query's own WHERE are kept for the records behind a row."""
    sql = f"SELECT srcaddr, count(*) AS n FROM flows WHERE {where} GROUP BY 1"
    assert format_filter(FlowFilter(_compile(sql).conditions)) == line


def test_demands_of_a_cte_count_and_those_of_results_do_not() -> None:
    """WHERE on records is a demand on them, WHERE on sums is not."""
    sql = (
        "WITH a AS (SELECT srcaddr, sum(bytes) AS b FROM flows WHERE action = 'ACCEPT' GROUP BY 1) "
        "SELECT srcaddr FROM a WHERE b > 10"
    )
    assert _compile(sql).conditions == (Condition("action", ("ACCEPT",)),)


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("srcaddr", "10.0.0.1", "srcaddr:10.0.0.1"),
        ("srcaddr", "2001:db8::1", "srcaddr:2001:db8::1"),
        ("srcaddr", None, "srcaddr:-"),
        ("srcaddr", "garbage", 'srcaddr:"garbage"'),
        ("ip", "10.0.0.1", "ip:10.0.0.1"),
        ("port", 443, "port:443"),
        ("protocol", 6, "protocol:tcp"),
        ("bytes", Decimal(7), "bytes:7"),
        ("bytes", 7.0, "bytes:7"),
        ("action", "REJECT", "action:REJECT"),
        ("start", datetime(2026, 11, 24, tzinfo=UTC), "start:1795478400"),
        ("my column", "a b", '"my column":"a b"'),
        ("my column", True, '"my column":true'),
        ("dstport", "22", "dstport:22"),
    ],
)
def test_a_cell_becomes_a_condition(key: str, value: Cell, line: str) -> None:
    """`=` on a cell keeps records with that value, of the field's own type."""
    assert format_filter(FlowFilter((condition_for_cell(key, value),))) == line


NOT_WHOLE = (1.5, "x", "", -1, float("nan"), float("inf"), "1e400")


@pytest.mark.parametrize("value", NOT_WHOLE)
def test_no_record_has_such_a_cell(value: Cell) -> None:
    """A value that the field cannot hold is refused."""
    with pytest.raises(ValueError, match="holds whole numbers"):
        condition_for_cell("bytes", value)


SLOT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("cell", [int(SLOT.timestamp()), SLOT, float(SLOT.timestamp())])
def test_a_bucket_becomes_a_time(cell: Cell) -> None:
    """A row of a time bucket selects that time, cut to the time that was asked for."""
    bucket = TimeRange(SLOT, SLOT + timedelta(minutes=5))
    assert drill_filter([("slot", "time:300")], ["slot"], (cell,)).time == bucket
    asked = TimeRange(SLOT + timedelta(minutes=2), None)
    cut = drill_filter([("slot", "time:300")], ["slot"], (cell,), within=asked).time
    assert cut == TimeRange(SLOT + timedelta(minutes=2), SLOT + timedelta(minutes=5))


def test_a_row_becomes_a_filter() -> None:
    """Each drilled column narrows; columns that are not there, and NULL buckets, do not."""
    columns = (Column("srcaddr", "varchar"), Column("n", "bigint"), Column("slot", "bigint"))
    row: Row = ("10.0.0.1", 5, None)
    drill = (("srcaddr", "ip"), ("slot", "time:60"), ("gone", "action"))
    kept = Condition("bytes", (10,), Op.MORE)
    assert drill_filter(drill, columns, row, [kept]) == FlowFilter(
        (kept, Condition("ip", (ip_network("10.0.0.1"),)))
    )


@pytest.mark.parametrize("schema", [LOCAL, CLASSIC, DOCS], ids=["local", "classic", "docs"])
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT srcaddr, dstaddr, count(*) AS n FROM flows WHERE action = 'REJECT' GROUP BY 1, 2",
        "SELECT interface_id, protocol, count(*) AS n FROM flows GROUP BY 1, 2",
        "SELECT dstport, action, count(*) AS n FROM flows WHERE NOT ip_in(srcaddr, '10.0.0.0/8') "
        "AND tcp_flags > 0 GROUP BY 1, 2",
    ],
)
def test_a_rows_records_are_as_many_as_it_says(schema: object, sql: str) -> None:
    """Going down from a row of a count finds exactly that many records."""
    table = schema if isinstance(schema, type(LOCAL)) else LOCAL
    connection = connect()
    fill(connection, table)
    line = parse_filter("from:2026-11-24T10:01Z", now=NOW)
    statement = compile_sql(sql, line, table, NOW)
    cursor = connection.execute(to_duckdb(statement.sql))
    names = [column[0] for column in cursor.description or []]
    rows = cursor.fetchall()
    assert rows
    for row in rows:
        below = line & drill_filter(statement.drill, names, row, statement.conditions)
        count = compile_sql("SELECT count(*) AS n FROM flows", below, table, NOW)
        assert connection.execute(to_duckdb(count.sql)).fetchall() == [(row[-1],)]
