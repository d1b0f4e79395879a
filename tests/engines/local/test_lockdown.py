"""What the engine's DuckDB refuses even where no guard stands before it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flowtui.domain.executions import Statement
from flowtui.engines.local.duck import (
    Limits,
    begin_reading,
    create_table,
    open_locked,
    refuse_writing,
)
from flowtui.engines.local.engine import LocalEngine
from flowtui.engines.local.files import Inputs
from flowtui.errors import FlowtuiError, GuardError
from flowtui.sql import duckdb_setup
from tests.engines.cases import write_logs

ESCAPES = [
    "SELECT * FROM read_csv('{secret}')",
    "SELECT * FROM read_csv('{secret}', header = false)",
    "FROM '{secret}'",
    'SELECT * FROM "{secret}"',
    "SELECT * FROM read_text('{secret}')",
    "SELECT * FROM read_blob('{secret}')",
    "SELECT * FROM read_json('{secret}')",
    "SELECT * FROM read_parquet('{secret}')",
    "SELECT * FROM read_parquet('{cache}/../{secret}')",
    "SELECT * FROM sniff_csv('{secret}')",
    "SELECT * FROM glob('{outside}/*')",
    "SELECT * FROM parquet_metadata('{secret}')",
    "SELECT getenv('HOME')",
    "COPY (SELECT 1) TO '{outside}/written'",
    "COPY (SELECT 1) TO '{cache}/written'",
    "WITH w AS (COPY (SELECT 1) TO '{outside}/written') SELECT 1",
    "WITH w AS (COPY (SELECT 1) TO '{cache}/written') SELECT 1",
    "with w as materialized (copy (select 1) to '{cache}/written') select * from w",
    "ATTACH '{outside}/written'",
    "ATTACH '{cache}/written'",
    "ATTACH ':memory:' AS other",
    "EXPORT DATABASE '{outside}/written'",
    "IMPORT DATABASE '{outside}'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{secret}'",
    "PRAGMA database_list",
    "PRAGMA enable_profiling",
    "CALL pragma_version()",
    "SET enable_external_access = true",
    "SET allowed_directories = ['/']",
    "RESET lock_configuration",
    "SET threads = 1",
    "CREATE TABLE t (i INTEGER)",
    "CREATE PERSISTENT SECRET s (TYPE s3)",
    "DROP VIEW vpc_flow_logs",
    "EXPLAIN ANALYZE SELECT 1",
    "WITH w AS (DELETE FROM kept RETURNING i) SELECT * FROM w",
    "SELECT 1; SELECT 2",
    "SELECT * FROM read_parquet('http://127.0.0.1:9/x')",
    "SELECT * FROM secret_variable",
    "VACUUM",
    "CHECKPOINT",
    "",
]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory with a cache that may be read, and beside it a secret that may not."""
    (tmp_path / "cache").mkdir()
    (tmp_path / "secret.csv").write_text("password\nhunter2\n")
    with duckdb.connect() as writer:
        writer.execute(f"COPY (SELECT 'a' AS action) TO '{tmp_path / 'cache' / 'part.parquet'}'")
    return tmp_path


@pytest.fixture
def connection(place: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The engine's connection; `kept` is a table that was there before."""
    setup = (*duckdb_setup(), "CREATE TABLE kept (i INTEGER)", "INSERT INTO kept VALUES (1)")
    connection = open_locked([place / "cache"], place / "spill", Limits(2, 1 << 28), setup)
    yield connection
    connection.close()


def _run(connection: duckdb.DuckDBPyConnection, place: Path, sql: str) -> list[Any]:
    """As a run does: the wall of the engine alone, without the guard of the SQL layer."""
    part = place / "cache" / "part.parquet"
    with connection.cursor() as cursor:
        refuse_writing(cursor, sql)
        create_table(cursor, ["action"], Inputs((part,), (), ((("action",), (part,)),)), None)
        begin_reading(cursor)
        return cursor.execute(sql).fetchall()


@pytest.mark.parametrize("escape", ESCAPES)
def test_nothing_but_the_source_can_be_reached(
    connection: duckdb.DuckDBPyConnection, place: Path, escape: str
) -> None:
    """No file outside is read or written, nothing in the cache is written, no setting changes."""
    secret_variable = [("hunter2",)]
    sql = escape.format(secret=place / "secret.csv", cache=place / "cache", outside=place)
    before = sorted(place.rglob("*"))
    with pytest.raises((GuardError, duckdb.Error)):
        _run(connection, place, sql)
    assert sorted(place.rglob("*")) == before
    assert connection.execute("SELECT * FROM kept").fetchall() == [(1,)]
    assert secret_variable


@pytest.mark.parametrize("escape", ESCAPES)
def test_the_engine_refuses_them_in_our_words(place: Path, escape: str) -> None:
    """Submitted by a user, each is refused or fails with an error of ours."""
    engine = LocalEngine(str(write_logs(place / "logs", 1)), name="x", cache_root=place / "caches")
    engine.connect()
    sql = escape.format(secret=place / "secret.csv", cache=place / "cache", outside=place)
    try:
        id = engine.submit(Statement(sql))
        execution = engine.wait(id, 30)
        while not execution.state.is_terminal:
            execution = engine.wait(id, 30)
        error = execution.error
    except FlowtuiError as refused:
        error = refused
    finally:
        engine.close()
    assert isinstance(error, FlowtuiError)
    assert "hunter2" not in str(error)


def test_the_source_itself_can_be_read(connection: duckdb.DuckDBPyConnection, place: Path) -> None:
    """The wall has a gate; a column called copy, and the word in text, are no statement."""
    assert _run(connection, place, "SELECT * FROM vpc_flow_logs") == [("a",)]
    sql = """SELECT 'copy' AS "copy" FROM vpc_flow_logs"""
    assert _run(connection, place, sql) == [("copy",)]


@pytest.mark.parametrize("name", ["it's", "we[i]rd*?", 'a "quoted" one', "ünï code", "-- x"])
def test_any_directory_name_is_only_a_name(tmp_path: Path, name: str) -> None:
    """Quotes, wildcards and comment marks in the cache's path neither break nor widen the view."""
    cache = tmp_path / name
    cache.mkdir()
    parts = tuple(cache / part for part in ("p[1].parquet", "p1.parquet"))
    with duckdb.connect() as writer:
        for part in parts:
            writer.sql(f"SELECT '{part.name}' AS action").write_parquet(str(part))
    connection = open_locked([cache], tmp_path / "spill", Limits(1, 1 << 28), ())
    with connection, connection.cursor() as cursor:
        only = Inputs(parts[:1], (), ((("action",), parts[:1]),))
        create_table(cursor, ["action"], only, None)
        assert cursor.execute("SELECT * FROM vpc_flow_logs").fetchall() == [("p[1].parquet",)]


def test_two_cursors_do_not_see_each_others_table(
    connection: duckdb.DuckDBPyConnection, place: Path
) -> None:
    """Two runs over different times hold different views under the same name."""
    part = place / "cache" / "part.parquet"
    with connection.cursor() as one, connection.cursor() as other:
        create_table(one, ["action"], Inputs((part,), (), ((("action",), (part,)),)), None)
        create_table(other, ["action"], Inputs((), ()), None)
        assert one.execute("SELECT count(*) FROM vpc_flow_logs").fetchall() == [(1,)]
        assert other.execute("SELECT count(*) FROM vpc_flow_logs").fetchall() == [(0,)]


def test_time_is_utc_wherever_the_machine_stands(place: Path) -> None:
    """The session's zone is UTC on every cursor, whatever TZ says."""
    script = (
        "import sys; from pathlib import Path\n"
        "from flowtui.engines.local.duck import Limits, open_locked\n"
        "c = open_locked([], Path(sys.argv[1]), Limits(1, 1 << 28), ()).cursor()\n"
        'print(c.execute("SELECT CAST(to_timestamp(0) AS VARCHAR)").fetchall()[0][0])'
    )
    shown = subprocess.run(
        [sys.executable, "-c", script, str(place / "spill")],
        env={**os.environ, "TZ": "America/New_York"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert shown.stdout.strip() == "1970-01-01 00:00:00+00"
