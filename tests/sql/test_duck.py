from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from flowtui.errors import QueryError
from flowtui.sql import to_duckdb
from tests.sql.tables import connect


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB on which our SQL runs."""
    made = connect()
    yield made
    made.close()


# What Trino answers, by its documentation; times as text, since Python sees none of their zones.
ANSWERS: dict[str, object] = {
    "7 / 2": 3,
    "-7 / 2": -3,
    "7.0 / 2": 3.5,
    "1.5": 1.5,
    "100.0 * 1 / 3": 100 / 3,
    "7 % 3": 1,
    "day_of_week(DATE '2026-11-22')": 7,
    "day_of_week(DATE '2026-11-24')": 2,
    "date_diff('hour', TIMESTAMP '2026-01-01 00:59:00', TIMESTAMP '2026-01-01 01:01:00')": 0,
    "date_diff('day', TIMESTAMP '2026-01-01 23:00:00', TIMESTAMP '2026-01-02 22:00:00')": 0,
    "date_diff('second', from_unixtime(1), from_unixtime(100))": 99,
    "CAST(from_unixtime(1700000000) AS varchar)": "2023-11-14 22:13:20.000 UTC",
    "to_iso8601(from_unixtime(1700000000))": "2023-11-14T22:13:20.000Z",
    "to_unixtime(from_unixtime(1700000000))": 1_700_000_000.0,
    "CAST(to_unixtime(from_iso8601_timestamp('2026-11-24T10:00:00Z')) AS bigint)": 1_795_514_400,
    "hour(at_timezone(from_unixtime(1700000000), 'Asia/Tokyo'))": 7,
    "hour(from_unixtime(1700000000) AT TIME ZONE 'Asia/Tokyo')": 7,
    "hour(from_unixtime(1700000000))": 22,
    "date_format(from_unixtime(1700000000), '%Y-%m-%d %H:%i:%s')": "2023-11-14 22:13:20",
    "date_format(at_timezone(from_unixtime(0), 'Asia/Tokyo'), '%H:%i')": "09:00",
    "format_datetime(from_unixtime(1700000000), 'yyyy-MM-dd HH:mm')": "2023-11-14 22:13",
    "CAST(to_unixtime(date_trunc('hour', from_unixtime(1700000000))) AS bigint)": 1_699_999_200,
    "CAST(date_add('day', -1, DATE '2026-01-01') AS varchar)": "2025-12-31",
    "CAST(DATE '2026-01-08' - interval '7' day AS varchar)": "2026-01-01",
    "CAST(date(date_parse('2026-01-02', '%Y-%m-%d')) AS varchar)": "2026-01-02",
    "bitwise_and(7, 2) + 1": 3,
    "bitwise_and(18, 18) = 2": False,
    "bitwise_or(1, bitwise_xor(2, 6))": 5,
    "bitwise_right_shift(8, 2)": 2,
    "greatest(1, NULL)": None,
    "least(3, 2)": 2,
    "concat('a', NULL)": None,
    "'a' || 'b'": "ab",
    "element_at(ARRAY[1, 2], 2)": 2,
    "element_at(ARRAY[1, 2], 5)": None,
    "element_at(MAP(ARRAY['a'], ARRAY[1]), 'a')": 1,
    "cardinality(sequence(1, 10, 3))": 4,
    "array_join(slice(ARRAY[1, 2, 3, 4], 2, 2), ',')": "2,3",
    "any_match(ARRAY[1, 2], x -> x > 1)": True,
    "none_match(ARRAY[1, 2], x -> x > 1)": False,
    "all_match(ARRAY[1, 2], x -> x > 0)": True,
    "contains(ARRAY[1, 2], 2)": True,
    "url_decode('a%2Db')": "a-b",
    "format('%s-%05d', 'a', 7)": "a-00007",
    "regexp_like('10.0.0.1', '^10[.]')": True,
    "regexp_extract('eni-12', '([a-z]+)-(\\d+)', 2)": "12",
    "split_part('10.0.1.2', '.', 2)": "0",
    "TRY(1 / 0)": None,
    "TRY_CAST('-' AS integer)": None,
    "IF(1 = 1, 'a')": "a",
    "CAST(1.5 AS varchar)": "1.5",
    "CAST(CAST('10.0.0.1' AS IPADDRESS) AS varchar)": "10.0.0.1",
    "TRY_CAST('garbage' AS IPADDRESS)": None,
    "contains('10.0.0.0/8', CAST('10.1.2.3' AS IPADDRESS))": True,
    "contains('2001:db8::/32', IPADDRESS '2001:DB8::1')": True,
    "CAST('10.0.0.1' AS IPADDRESS) < CAST('9.0.0.1' AS IPADDRESS)": False,
    "json_extract_scalar('{\"a\": 1}', '$.a')": "1",
    "approx_percentile(3, 0.5)": 3,
    "approx_distinct(3)": 1,
    "round(2.567, 2)": 2.57,
    "truncate(1.7)": 1.0,
    "codepoint('a')": 97,
    "strpos('abc', 'c')": 3,
    "substr('abc', 2)": "bc",
    "coalesce(NULL, 'x')": "x",
}


@pytest.mark.parametrize("expression", ANSWERS)
def test_functions_answer_as_athena_does(
    connection: duckdb.DuckDBPyConnection, expression: str
) -> None:
    """What sqlglot alone would leave different is put right."""
    sql = to_duckdb(f"SELECT {expression} AS x")
    ((answer,),) = connection.execute(sql).fetchall()
    expected = ANSWERS[expression]
    assert answer == (pytest.approx(expected) if isinstance(expected, float) else expected)
    assert type(answer) is type(expected)


TYPES = {
    "SELECT sum(bytes) AS x FROM f": "BIGINT",
    "SELECT sum(b) AS x FROM (SELECT sum(bytes) AS b FROM f)": "BIGINT",
    "SELECT sum(bytes) AS bytes FROM f": "BIGINT",
    "SELECT sum(IF(srcport = 1, bytes, 0)) AS x FROM f": "BIGINT",
    "SELECT sum(CASE WHEN srcport = 1 THEN bytes END) AS x FROM f": "BIGINT",
    "SELECT sum(bytes) FILTER (WHERE srcport = 1) AS x FROM f": "BIGINT",
    "SELECT sum(bytes) OVER () AS x FROM f": "BIGINT",
    "SELECT sum(bytes) / count(*) AS x FROM f": "BIGINT",
    "SELECT count_if(srcport = 1) AS x FROM f": "BIGINT",
    "SELECT sum(bytes * 1.0) AS x FROM f": "DOUBLE",
    "SELECT avg(bytes) AS x FROM f": "DOUBLE",
    "SELECT sum(bytes) / 1024.0 AS x FROM f": "DOUBLE",
    "SELECT from_unixtime(start) AS x FROM f": "TIMESTAMP WITH TIME ZONE",
    "SELECT current_date - interval '1' day AS x": "DATE",
    "SELECT max(start) AS x FROM f": "BIGINT",
}


@pytest.mark.parametrize("sql", TYPES)
def test_results_have_athenas_types(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """No 128-bit numbers, decimals or timestamps where Athena has bigint, double and date."""
    connection.execute(
        "CREATE OR REPLACE VIEW f AS "
        "SELECT 1::BIGINT AS bytes, 1::INT AS srcport, 1::BIGINT AS start"
    )
    ((_, type, *_),) = connection.execute(to_duckdb(sql)).description or []
    assert str(type) == TYPES[sql]


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("SELECT 1, count(*), 2 AS b", ["_col0", "_col1", "b"]),
        ("SELECT a, a + 1 FROM (VALUES 1) AS t(a)", ["a", "_col1"]),
        ("SELECT 1 UNION ALL SELECT 2", ["_col0"]),
        ("SELECT * FROM (VALUES 1) AS t(a)", ["a"]),
        ('SELECT 1 AS "end", 2 AS "Mixed"', ["end", "Mixed"]),
    ],
)
def test_headings_are_athenas(
    connection: duckdb.DuckDBPyConnection, sql: str, names: list[str]
) -> None:
    """Unnamed columns are `_colN`, from 0, by their place."""
    description = connection.execute(to_duckdb(sql)).description or []
    assert [column[0] for column in description] == names


ROWS = {
    "SELECT x FROM (VALUES 2, NULL, 1) AS t(x) ORDER BY x DESC": [2, 1, None],
    "SELECT x FROM (VALUES 2, NULL, 1) AS t(x) ORDER BY x": [1, 2, None],
    "SELECT x FROM (VALUES 1, 2, 3) AS t(x) ORDER BY x OFFSET 1 LIMIT 1": [2],
    "SELECT x FROM (VALUES 1, 2, 3) AS t(x) ORDER BY x FETCH FIRST 2 ROWS ONLY": [1, 2],
    "SELECT x FROM UNNEST(sequence(1, 5, 2)) AS t(x) ORDER BY x": [1, 3, 5],
    "SELECT lag(x) OVER (ORDER BY x) AS y FROM (VALUES 1, 2) AS t(x) ORDER BY x": [None, 1],
    "SELECT max_by(y, x) AS z FROM (VALUES (1, 'a'), (2, 'b')) AS t(x, y)": ["b"],
    "SELECT listagg(x, ',') WITHIN GROUP (ORDER BY x) AS z FROM (VALUES 'b', 'a') AS t(x)": ["a,b"],
    "SELECT array_join(array_agg(DISTINCT x ORDER BY x), ',') AS z FROM (VALUES 2, 1, 2) AS t(x)": [
        "1,2"
    ],
}


@pytest.mark.parametrize("sql", ROWS)
def test_rows_come_as_from_athena(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Order of NULL, windows, limits and aggregates agree."""
    assert [x for (x,) in connection.execute(to_duckdb(sql)).fetchall()] == ROWS[sql]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT contains('10.0.0.0/99', TRY_CAST(a AS IPADDRESS)) FROM t",
        "SELECT contains(b, TRY_CAST(a AS IPADDRESS)) FROM t",
        "SELECT format_datetime(from_unixtime(0), 'QQ')",
        "SHOW TABLES",
        "SELECT end FROM t",
    ],
)
def test_what_would_silently_differ_is_refused(sql: str) -> None:
    """Where DuckDB could only guess, the text is refused."""
    with pytest.raises(QueryError):
        to_duckdb(sql)
