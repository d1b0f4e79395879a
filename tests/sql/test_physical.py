from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from flowtui.domain.filterline import parse_filter
from flowtui.domain.schema import TableSchema
from flowtui.errors import MissingFieldError, QueryError
from flowtui.sql import compile_sql, to_duckdb
from tests.sql.records import NOW
from tests.sql.tables import CLASSIC, DOCS, LOCAL, LOCAL_V2, PROJECTION, TABLES, TEXT, connect, fill

REJECTED = (
    "SELECT sourceaddress, destinationaddress, count(*) cnt FROM vpc_flow_logs WHERE "
    "action = 'REJECT' GROUP BY sourceaddress, destinationaddress ORDER BY cnt desc LIMIT 10;"
)
OURS = (
    "SELECT srcaddr, dstaddr, count(*) AS cnt FROM flows WHERE action = 'REJECT' "
    "GROUP BY srcaddr, dstaddr ORDER BY cnt DESC"
)
AWS_SAMPLES = {
    "of a day": "SELECT * FROM vpc_flow_logs WHERE date = DATE('2026-11-24') LIMIT 100;",
    "rejected TCP": """
        SELECT day_of_week(date) AS
          day,
          date,
          interface_id,
          srcaddr,
          action,
          protocol
        FROM vpc_flow_logs
        WHERE action = 'REJECT' AND protocol = 6
        LIMIT 100;""",
    "HTTPS servers": """
        SELECT SUM(packets) AS
          packetcount,
          dstaddr
        FROM vpc_flow_logs
        WHERE dstport = 443 AND date > current_date - interval '7' day
        GROUP BY dstaddr
        ORDER BY packetcount DESC
        LIMIT 10;""",
    "old rejected TCP": """
        SELECT day_of_week(from_iso8601_timestamp(dt)) AS
          day,
          dt,
          interfaceid,
          sourceaddress,
          action,
          protocol
        FROM vpc_flow_logs
        WHERE action = 'REJECT' AND protocol = 6
        LIMIT 100;""",
    "old HTTPS servers": """
        SELECT SUM(numpackets) AS
          packetcount,
          destinationaddress
        FROM vpc_flow_logs
        WHERE destinationport = 443
        GROUP BY destinationaddress
        ORDER BY packetcount DESC
        LIMIT 10;""",
    "projection": """
        SELECT interface_id, srcaddr, action, protocol, to_iso8601(from_unixtime(start)) AS s
        FROM test_table_vpclogs
        WHERE DAY >= '2026/11/01' AND DAY < '2026/12/01'""",
    "integration": """
        SELECT * FROM "logs"."fl06a3a4b9a351a0fd5daily" WHERE year='2026' and month='11'
        and day='24' and hour = '10'""",
    "times": """
        SELECT from_unixtime(start) AS start_time, from_unixtime("end") AS end_time, bytes
        FROM vpc_flow_logs WHERE "end" - start > 60 ORDER BY bytes DESC LIMIT 5""",
    "prefix": """
        SELECT split_part(srcaddr, '.', 1) || '.' || split_part(srcaddr, '.', 2) AS net,
        count(*) AS c FROM vpc_flow_logs GROUP BY 1 ORDER BY c DESC""",
}


@pytest.fixture(scope="module")
def local() -> Iterator[duckdb.DuckDBPyConnection]:
    """The records as the local engine shows them."""
    connection = connect()
    fill(connection, LOCAL)
    yield connection
    connection.close()


def _run(
    connection: duckdb.DuckDBPyConnection, sql: str, line: str = "", schema: TableSchema = LOCAL
) -> tuple[list[str], list[tuple[object, ...]]]:
    statement = compile_sql(sql, parse_filter(line, now=NOW), schema, NOW)
    assert statement.is_filtered
    cursor = connection.execute(to_duckdb(statement.sql))
    return [column[0] for column in cursor.description or []], cursor.fetchall()


@pytest.mark.parametrize("action", ["REJECT", "ACCEPT"])
@pytest.mark.parametrize("table", TABLES)
def test_the_classic_texts_run_exactly_so(table: str, action: str) -> None:
    """The two classic texts give on every layout what our own query gives, under their headings."""
    connection = connect()
    fill(connection, TABLES[table])
    names, rows = _run(connection, REJECTED.replace("REJECT", action), schema=TABLES[table])
    _, ours = _run(connection, OURS.replace("REJECT", action), schema=TABLES[table])
    assert names == ["sourceaddress", "destinationaddress", "cnt"]
    # Which of equal counts fill the ten is the engine's choice.
    assert [row[-1] for row in rows] == [row[-1] for row in ours][:10]
    assert set(rows) <= set(ours)


@pytest.mark.parametrize("name", AWS_SAMPLES)
def test_the_samples_of_the_documentation_run(local: duckdb.DuckDBPyConnection, name: str) -> None:
    """AWS's own sample queries run exactly so, and find records of the days they ask for."""
    names, _ = _run(local, AWS_SAMPLES[name])
    assert names
    # What is a week old depends on the clock, so that day is held still to look for rows.
    still = AWS_SAMPLES[name].replace("current_date", "DATE '2026-11-25'")
    assert _run(local, still)[1]


def test_a_partition_date_is_the_day_of_the_end(local: duckdb.DuckDBPyConnection) -> None:
    """`date` is a date, of the record's end in UTC, and `day_of_week` takes it."""
    _, rows = _run(local, "SELECT DISTINCT day_of_week(date) AS d, date FROM vpc_flow_logs")
    assert [(d, str(date)) for d, date in rows] == [(2, "2026-11-24")]


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("date = DATE '2026-11-24'", 18),
        ("date = '2026/11/24'", 18),
        ("date >= '2026-11-24'", 18),
        ("day = '2026/11/24'", 18),
        ("day BETWEEN '2026-11-01' AND '2026-11-30'", 18),
        ("dt = '2026-11-24'", 18),
        ("dt < '2026-11-24'", 0),
        ("year = '2026' AND month = '11' AND day = '24'", 18),
        ("year = 2026 AND month = 11 AND day = 24 AND hour = 10", 18),
        ("year = '2026' AND month = '11' AND hour = '09'", 0),
        ("year = '2026' AND hour = '9'", 0),
        ("hour = '10'", 18),
        ("eventday = '20261124'", 18),
        ("eventday = 20261124", 18),
        ("CAST(year AS integer) = 2026", 18),
        ("region = 'eu-central-1' AND date = DATE '2026-11-24'", 18),
        ("accid = '012345678901'", 18),
    ],
)
def test_partition_columns_follow_how_they_are_used(
    local: duckdb.DuckDBPyConnection, where: str, count: int
) -> None:
    """Partition predicates of any layout work on local records."""
    sql = f"SELECT count(*) AS n FROM vpc_flow_logs WHERE {where}"
    assert _run(local, sql)[1] == [(count,)]


def test_filters_apply_to_any_name(local: duckdb.DuckDBPyConnection) -> None:
    """Whatever table a text names, a local source answers, under the filter."""
    sql = 'SELECT count(*) AS n FROM "my-db"."My Table" t WHERE t.sourceport > 0'
    assert _run(local, sql, "action:REJECT")[1] == [(4,)]


def test_qualified_columns_and_joins(local: duckdb.DuckDBPyConnection) -> None:
    """Aliases, table names before columns, USING and subqueries keep their meaning."""
    assert _run(local, "SELECT db.logs.srcaddr FROM db.logs WHERE logs.dstport = 53")[1] == [
        ("10.0.1.20",)
    ]
    sql = (
        "SELECT a.srcaddr FROM logs a JOIN logs b USING (srcaddr, dstaddr) WHERE a.dstport = 53 "
        "AND b.srcport IN (SELECT srcport FROM logs WHERE protocol = 17)"
    )
    assert _run(local, sql)[1] == [("10.0.1.20",)]


def test_own_ctes_are_left_alone(local: duckdb.DuckDBPyConnection) -> None:
    """A name that the query defines itself is its own, even `flows` and in nested scopes."""
    sql = "WITH flows AS (SELECT 1 AS a), t AS (SELECT a FROM flows) SELECT * FROM t"
    assert _run(local, sql)[1] == [(1,)]
    nested = "SELECT n FROM (WITH logs AS (SELECT count(*) AS n FROM logs) SELECT n FROM logs) x"
    assert _run(local, nested)[1] == [(18,)]


def test_only_used_columns_are_read() -> None:
    """The subquery offers the columns that the query uses, and no others."""
    statement = compile_sql(REJECTED, parse_filter("", now=NOW), LOCAL, NOW)
    assert statement.fields == ("srcaddr", "dstaddr", "action", "log_status")
    assert "srcport" not in statement.sql


def test_a_physical_column_keeps_its_own_type() -> None:
    """SQL written for a table of text compares text: its columns come as they are."""
    sql = "SELECT count(*) AS n FROM raw_logs WHERE dstport = '22'"
    connection = connect()
    fill(connection, TEXT)
    assert _run(connection, sql, schema=TEXT)[1] == [(4,)]


def test_other_tables_on_athena_are_left_alone() -> None:
    """A table that is not the source's is read as it is, and the statement says so."""
    sql = "SELECT f.srcaddr FROM flows f JOIN assets.hosts h ON f.srcaddr = h.address"
    statement = compile_sql(sql, parse_filter("action:REJECT", now=NOW), DOCS, NOW)
    assert "JOIN assets.hosts AS h" in statement.sql
    assert statement.is_filtered
    assert "assets.hosts" in statement.notes[0]


def test_what_cannot_be_rewritten_says_so() -> None:
    """SQL over other tables alone runs as it is, unfiltered, and never silently."""
    statement = compile_sql("SELECT * FROM other.t", parse_filter("last:1h", now=NOW), DOCS, NOW)
    assert not statement.is_filtered
    assert statement.notes
    assert statement.time is None
    assert not statement.has_partition_predicate


def test_documented_names_mean_the_source_on_athena() -> None:
    """`vpc_flow_logs` from a blog means the table at hand, and the statement says so."""
    statement = compile_sql(
        "SELECT count(*) FROM vpc_flow_logs", parse_filter("", now=NOW), PROJECTION, NOW
    )
    assert "FROM logs.test_table_vpclogs" in statement.sql
    assert statement.notes == ("vpc_flow_logs is read as test_table_vpclogs.",)


def test_catalogue_statements_run_as_written_on_athena() -> None:
    """SHOW and DESCRIBE pass unchanged, EXPLAIN explains the finished statement."""
    empty = parse_filter("", now=NOW)
    assert compile_sql("SHOW PARTITIONS vpc_flow_logs", empty, DOCS, NOW).sql == (
        "SHOW PARTITIONS vpc_flow_logs"
    )
    explained = compile_sql("EXPLAIN SELECT count(*) FROM flows", empty, DOCS, NOW).sql
    assert explained.startswith("EXPLAIN WITH flows AS (")


@pytest.mark.parametrize(
    ("sql", "line", "field"),
    [
        ("SELECT flow_direction FROM flows", "", "flow_direction"),
        ("SELECT count(*) FROM flows WHERE flowdirection = 'egress'", "", "flow_direction"),
        ("SELECT pktsrcaddr FROM vpc_flow_logs", "", "pkt_srcaddr"),
        ("SELECT count(*) AS n FROM flows", "tcp_flags:S", "tcp_flags"),
        ("SELECT count(*) AS n FROM flows", "reject_reason:BPA", "reject_reason"),
    ],
)
def test_missing_fields_are_named(sql: str, line: str, field: str) -> None:
    """A field that the source lacks is named, with the version that has it and what to do."""
    with pytest.raises(MissingFieldError, match=field) as caught:
        compile_sql(sql, parse_filter(line, now=NOW), LOCAL_V2, NOW)
    assert "version" in caught.value.hint


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ('SELECT count(*) FROM flows WHERE action = "REJECT"', "double quotes"),
        ("SELECT sorceaddress FROM flows", "no column"),
        ('SELECT "$path" FROM flows', "Athena only"),
        ("SELECT srcaddr AS s, count(*) AS c FROM flows GROUP BY s", "heading s"),
        ("SELECT srcaddr, count(*) AS c FROM flows GROUP BY 1 HAVING c > 1", "heading c"),
        ("SELECT end FROM flows", "reserved"),
        ("SELECT CASE WHEN end > 1 THEN 1 END AS c FROM flows", "reserved"),
        ("SELECT srcaddr FROM", "Not Athena SQL"),
        ("SELECT 'open FROM flows", "Not SQL"),
        ("", "no SQL"),
        ("SELECT :nobody FROM flows", "No parameter"),
        ("SELECT count(*) FROM flows WHERE port_in(dstport)", "takes"),
        ("SELECT count(*) FROM flows WHERE ip_in(srcaddr, '10.0.0')", "address"),
        ("SELECT bucket(start, 0) FROM flows", "above 0"),
    ],
)
def test_unusable_sql_is_refused_in_words(sql: str, message: str) -> None:
    """What Athena would refuse is refused before it is asked, saying what to write."""
    with pytest.raises(QueryError, match=message):
        compile_sql(sql, parse_filter("", now=NOW), LOCAL, NOW)


def test_errors_say_where() -> None:
    """A syntax error carries line and column."""
    with pytest.raises(QueryError) as caught:
        compile_sql("SELECT srcaddr,\n  end FROM flows", parse_filter("", now=NOW), LOCAL, NOW)
    assert caught.value.position == (2, 3)


def test_hidden_columns_stay_on_athena() -> None:
    """`"$path"` passes on a real table."""
    sql = 'SELECT DISTINCT "$path" AS p FROM flows ORDER BY 1 LIMIT 1'
    assert '"$path"' in compile_sql(sql, parse_filter("", now=NOW), CLASSIC, NOW).sql
