from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from flowtui.domain.filterline import parse_filter
from flowtui.domain.filters import Condition
from flowtui.sql import compile_sql, to_duckdb
from tests.sql.records import NOW
from tests.sql.tables import TABLES, connect, fill

HOUR = "from:2026-11-24T10:00Z to:2026-11-24T11:00Z"


@pytest.fixture(scope="module", params=TABLES)
def table(request: pytest.FixtureRequest) -> Iterator[tuple[str, duckdb.DuckDBPyConnection]]:
    """Each table layout, filled with the records."""
    connection = connect()
    fill(connection, TABLES[request.param])
    yield request.param, connection
    connection.close()


def _ask(
    table: tuple[str, duckdb.DuckDBPyConnection], sql: str, line: str = ""
) -> list[tuple[object, ...]]:
    name, connection = table
    statement = compile_sql(sql, parse_filter(line, now=NOW), TABLES[name], NOW)
    return connection.execute(to_duckdb(statement.sql)).fetchall()


Table = tuple[str, duckdb.DuckDBPyConnection]
COUNT = "SELECT count(*) AS records FROM flows"


@pytest.mark.parametrize(
    ("line", "records"),
    [
        ("", 18),
        ("action:REJECT", 4),
        ("-action:REJECT", 14),
        ("ip:203.0.113.9", 5),
        ("-ip:203.0.113.9", 13),
        ("src:10.0.0.0/8", 9),
        ("-src:10.0.0.0/8", 9),
        ("ip:fd00::/8", 3),
        ("ip:2001:db8::/32,fe80::/10", 3),
        ("src:2001:DB8:0::0007", 2),
        ("-ip:::/0", 15),
        ("-ip:0.0.0.0/0", 3),
        ("port:22", 5),
        ("dstport:22", 4),
        ("dstport:22,443,8000-8999", 9),
        ("-dstport:22,443,8000-8999", 9),
        ("port:@db", 4),
        ("protocol:icmp,icmpv6", 2),
        ("bytes>4999", 6),
        ("bytes<71", 4),
        ("-bytes<71", 14),
        ("tcp_flags:S", 9),
        ("interface_id:-", 1),
        ("-interface_id:-", 17),
        ("interface:eni-app,-", 4),
        ("traffic_path:-", 10),
        ("traffic_path:8", 1),
        ("instance_id:i-1", 0),
        ("direction:egress", 8),
        ("once:on", 16),
        ("once:on port:5432", 2),
        ("once:on src:10.0.1.20", 3),
        ("account:012345678901", 18),
        ("account:12345678901", 0),
        (HOUR, 18),
        ("from:2026-11-24T10:05Z to:2026-11-24T10:10Z", 6),
        ("from:2026-11-24T10:05Z", 8),
        ("to:2026-11-24T10:00Z", 1),
        ("to:2026-11-24T10:01Z", 2),
        ("last:15m", 1),
        ("last:30m", 17),
        ("from:2026-11-25", 0),
        (f"action:ACCEPT dstport:443 -src:10.0.0.0/8 {HOUR}", 2),
    ],
)  # fmt: skip
def test_filters_select_what_they_say(table: Table, line: str, records: int) -> None:
    """Every filter gives the same known count on every table layout."""
    assert _ask(table, COUNT, line) == [(records,)]


@pytest.mark.parametrize(
    "condition",
    [
        "action:REJECT", "ip:10.0.0.0/8,fd00::/8", "dstport:22,8000-8999", "bytes>100",
        "interface_id:-", "interface_id:-,eni-web", "traffic_path:8", "traffic_path:-,8",
        "pkt_srcaddr:10.0.0.0/8", "packets<10", "srcport:0", "flow_direction:ingress",
    ],
)  # fmt: skip
def test_excluding_is_the_rest(table: Table, condition: str) -> None:
    """What a condition keeps and what its exclusion keeps make up all records, NULL or not."""
    ((kept,),) = _ask(table, COUNT, condition)
    ((rest,),) = _ask(table, COUNT, f"-{condition}")
    assert int(str(kept)) + int(str(rest)) == 18


def test_an_address_that_is_none_can_be_asked_for(table: Table) -> None:
    """Text in quotes is compared as text in address fields."""
    assert _ask(table, COUNT, 'src:"garbage"') == [(0,)]
    assert _ask(table, COUNT, '-src:"garbage"') == [(18,)]


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        (
            "SELECT srcaddr, dstaddr, count(*) AS n, sum(bytes) AS b, openers() AS o FROM flows "
            "WHERE action = 'REJECT' GROUP BY 1, 2 ORDER BY n DESC, b DESC LIMIT 2",
            [("203.0.113.9", "10.0.1.20", 2, 88, 2), ("2001:db8::7", "fd00::20", 1, 120, 1)],
        ),
        (
            "SELECT bucket(start, 300) AS slot, count(*) AS n FROM flows GROUP BY 1 ORDER BY 1",
            [(1795514100, 1), (1795514400, 9), (1795514700, 6), (1795515000, 1), (1795515300, 1)],
        ),
        (
            "SELECT count_if(is_private(srcaddr)) AS inside, count_if(NOT is_private(srcaddr)) AS "
            "outside, count_if(is_opener(tcp_flags)) AS openers FROM flows",
            [(11, 7, 11)],
        ),
        (
            "SELECT log_status, count(*) AS n FROM flows WHERE log_status <> 'OK' GROUP BY 1 "
            "ORDER BY 1",
            [("NODATA", 1), ("SKIPDATA", 1)],
        ),
        (
            "SELECT dstaddr FROM flows WHERE port_in(dstport, '@db') AND ip_in(srcaddr, "
            "'10.0.1.0/24') AND optional(flow_direction) = 'egress'",
            [("10.0.2.30",)],
        ),
        (
            "WITH big AS (SELECT srcaddr, sum(bytes) AS b FROM flows GROUP BY srcaddr) "
            "SELECT srcaddr FROM big WHERE b > 8000 ORDER BY b DESC",
            [("10.0.1.21",), ("10.0.2.30",)],
        ),
        (
            "SELECT f.dstaddr, r.n FROM flows f JOIN (SELECT srcaddr, count(*) AS n FROM flows "
            "WHERE action = 'REJECT' GROUP BY srcaddr) r ON f.srcaddr = r.srcaddr "
            "WHERE f.action = 'ACCEPT' AND f.dstport = 22",
            [("10.0.1.99", 3)],
        ),
        (
            "SELECT count(*) AS n FROM flows WHERE srcaddr IN (SELECT dstaddr FROM flows WHERE "
            "dstport = 22 AND action = 'ACCEPT')",
            [(1,)],
        ),
        (
            "SELECT DISTINCT type FROM flows WHERE tcp_flags = 0 AND protocol = 58",
            [("IPv6",)],
        ),
    ],
)
def test_queries_give_known_answers(table: Table, sql: str, rows: list[tuple[object, ...]]) -> None:
    """Queries over `flows` give the same rows on every table layout."""
    assert _ask(table, sql) == rows


def test_filters_reach_every_reference(table: Table) -> None:
    """A filter narrows each use of `flows`, in subqueries and joins too."""
    sql = "SELECT (SELECT count(*) FROM flows) AS a, count(*) AS b FROM flows x, flows y"
    assert _ask(table, sql, "action:REJECT") == [(4, 16)]


def test_missing_values_are_null(table: Table) -> None:
    """A field that the log leaves out is NULL in `flows`, though text tables hold `-`."""
    sql = "SELECT interface_id, instance_id, traffic_path FROM flows WHERE start >= 1795515300"
    assert _ask(table, sql) == [(None, None, 1)]


def test_all_fields_come_under_their_own_names(table: Table) -> None:
    """`SELECT *` gives canonical columns on every layout."""
    name, connection = table
    statement = compile_sql("SELECT * FROM flows", parse_filter("", now=NOW), TABLES[name], NOW)
    cursor = connection.execute(to_duckdb(statement.sql))
    headings = [column[0] for column in cursor.description or []]
    assert set(headings) >= {"srcaddr", "end", "log_status", "flow_direction"}
    assert set(statement.fields) >= {field for field in headings if field != "region"}


def test_a_condition_of_a_cell_keeps_the_cell(table: Table) -> None:
    """The condition made from a value under the cursor finds records with that value."""
    name, connection = table
    for field in ("srcaddr", "dstport", "action", "interface_id", "traffic_path", "bytes"):
        rows = _ask(table, f"SELECT {field}, count(*) AS n FROM flows GROUP BY 1")
        for value, count in rows:
            assert _count(connection, name, field, value) == count


def _count(connection: duckdb.DuckDBPyConnection, name: str, field: str, value: object) -> object:
    from flowtui.domain.filters import FlowFilter
    from flowtui.sql import condition_for_cell

    condition: Condition = condition_for_cell(field, value)  # type: ignore[arg-type]
    statement = compile_sql(COUNT, FlowFilter((condition,)), TABLES[name], NOW)
    ((count,),) = connection.execute(to_duckdb(statement.sql)).fetchall()
    return count
