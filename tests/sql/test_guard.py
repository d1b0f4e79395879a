from __future__ import annotations

from contextlib import suppress

import pytest

from flowtui.domain.filters import FlowFilter
from flowtui.errors import FlowtuiError, GuardError, QueryError
from flowtui.sql import check_reads_only, compile_sql, to_duckdb
from tests.sql.records import NOW
from tests.sql.tables import LOCAL

READING = (
    "SELECT 1",
    "SELECT * FROM flows;",
    "WITH a AS (SELECT 1 AS x) SELECT x FROM a UNION ALL SELECT 2",
    "VALUES (1, 2)",
    "(SELECT 1)",
    "SELECT 'DROP TABLE x; COPY y' AS note FROM flows",
    'SELECT "drop" FROM flows',
    "SELECT /* INSERT INTO x */ 1 -- DELETE",
    "SELECT x FROM UNNEST(sequence(1, 3)) AS t(x)",
    "SELECT count(*) FROM flows CROSS JOIN UNNEST(ARRAY[1]) AS t(x)",
    "SELECT port_in(dstport, '22'), is_private(srcaddr), openers() FROM flows",
    "SELECT regexp_like(srcaddr, '^10'), url_decode(instance_tag), max_by(srcaddr, bytes) FROM f",
)
WRITING = (
    "INSERT INTO a SELECT 1",
    "UPDATE a SET b = 1",
    "DELETE FROM a",
    "MERGE INTO a USING b ON a.x = b.x WHEN MATCHED THEN DELETE",
    "TRUNCATE TABLE a",
    "CREATE TABLE a AS SELECT 1",
    "CREATE VIEW a AS SELECT 1",
    "CREATE EXTERNAL TABLE a (b int) LOCATION 's3://x/'",
    "DROP TABLE a",
    "ALTER TABLE a ADD PARTITION (b = '1')",
    "MSCK REPAIR TABLE a",
    "UNLOAD (SELECT 1) TO 's3://x/' WITH (format = 'PARQUET')",
    "PREPARE a FROM SELECT 1",
    "EXECUTE a",
    "DEALLOCATE PREPARE a",
    "CALL system.sync()",
    "GRANT SELECT ON a TO b",
    "VACUUM a",
    "OPTIMIZE a REWRITE DATA",
    "SET x = 1",
    "RESET x",
    "USE a",
    "BEGIN",
    "COPY a TO 'x'",
    "COPY (SELECT 1) TO 'x'",
    "WITH a AS (COPY b TO 'x') SELECT 1",
    "ATTACH 'x.db' AS x",
    "DETACH x",
    "PRAGMA database_list",
    "INSTALL httpfs",
    "LOAD httpfs",
    "EXPORT DATABASE 'x'",
    "IMPORT DATABASE 'x'",
    "CHECKPOINT",
    "SELECT 1 INTO a",
    "SELECT * FROM a FOR UPDATE",
    "WITH a AS (INSERT INTO b SELECT 1) SELECT 1",
    "WITH a AS (DELETE FROM b RETURNING *) SELECT * FROM a",
    "USING EXTERNAL FUNCTION f(x INT) RETURNS INT LAMBDA 'x' SELECT f(1)",
    "EXPLAIN ANALYZE INSERT INTO a SELECT 1",
    "EXPLAIN (FORMAT JSON) DROP TABLE a",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE a",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_csv_auto('/etc/passwd')",
    "SELECT * FROM read_parquet('x')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_json_auto('x')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM parquet_scan('x')",
    "SELECT * FROM sniff_csv('x')",
    "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM query_table('a')",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM pragma_table_info('a')",
    "SELECT * FROM TABLE(system.query('x'))",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM 'x.parquet'",
    'SELECT * FROM "/etc/passwd"',
    'SELECT * FROM "s3://b/x.parquet"',
    "SELECT (SELECT count(*) FROM read_csv('/etc/passwd'))",
    "SELECT * FROM flows WHERE srcaddr IN (SELECT * FROM read_text('x'))",
    "SELECT * FROM flows JOIN LATERAL (SELECT * FROM glob('*')) g ON true",
)
LOCALLY_REFUSED = (
    "SHOW TABLES",
    "DESCRIBE flows",
    "EXPLAIN SELECT 1",
    "SELECT getenv('HOME')",
    "SELECT current_setting('temp_directory')",
    "SELECT getvariable('x')",
    "SELECT nextval('x')",
    "SELECT write_log('x')",
    "SELECT pg_read_file('x')",
    "SELECT read_text('x')",
)


@pytest.mark.parametrize("sql", READING)
@pytest.mark.parametrize("is_local", [True, False])
def test_questions_pass(sql: str, is_local: bool) -> None:
    """What only reads passes on both engines, whatever words its texts hold."""
    check_reads_only(sql, is_local=is_local)


@pytest.mark.parametrize("sql", WRITING)
@pytest.mark.parametrize("is_local", [True, False])
def test_everything_else_is_refused(sql: str, is_local: bool) -> None:
    """What would write, set, load or read other things is refused, saying why."""
    with pytest.raises(QueryError) as caught:
        check_reads_only(sql, is_local=is_local)
    assert caught.value.message
    assert isinstance(caught.value, GuardError) or "Not Athena SQL" in caught.value.message


@pytest.mark.parametrize("sql", LOCALLY_REFUSED)
def test_the_embedded_engine_sees_less(sql: str) -> None:
    """Catalogue statements and functions that Athena does not have stay off the local engine."""
    with pytest.raises(GuardError):
        check_reads_only(sql, is_local=True)


@pytest.mark.parametrize("sql", ["SHOW TABLES", "DESCRIBE flows", "EXPLAIN SELECT 1"])
def test_athena_may_be_asked_about_its_catalogue(sql: str) -> None:
    """SHOW, DESCRIBE and EXPLAIN only read."""
    check_reads_only(sql)


ABSURD = ("(" * 3000 + "1", "SELECT " + "-" * 5000 + "1", "SELECT " + "(" * 2000, "\0", ";;;")


@pytest.mark.parametrize("sql", ABSURD)
def test_absurd_text_is_an_error_of_ours(sql: str) -> None:
    """Depth, length and nothing at all end in words, not in a crash."""
    with pytest.raises(FlowtuiError):
        check_reads_only(sql)


def test_what_is_too_deep_is_refused() -> None:
    """Nesting that no stack can follow ends in words, wherever it is noticed."""
    for depth in (100, 300, 1000, 5000):
        sql = "SELECT " + "abs(" * depth + "1" + ")" * depth + " AS x FROM flows"
        with suppress(QueryError):
            to_duckdb(compile_sql(sql, FlowFilter(), LOCAL, NOW).sql)
    with pytest.raises(QueryError, match="deeply"):
        compile_sql(sql, FlowFilter(), LOCAL, NOW)
