"""What only the local engine does: files as they are, converted, or both; one record once."""

from __future__ import annotations

import gzip
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow
import pytest

from flowtui.domain.executions import (
    Cell,
    Progress,
    QueryExecution,
    QueryState,
    Refinement,
    Row,
    SortKey,
    Statement,
)
from flowtui.domain.times import TimeRange
from flowtui.engines.local.engine import LocalEngine
from flowtui.engines.local.logfile import LogFile
from flowtui.engines.local.raw import RawRecords
from flowtui.engines.local.run import LocalRun
from flowtui.errors import ConnectError, EngineError, FileFormatError, GuardError, QueryError
from tests.engines.cases import ALL, COUNT, ENDLESS, ROWS, write_logs

TOTALS = Statement(
    "SELECT count(*) AS records, count(DISTINCT dstport) AS ports, sum(bytes) AS bytes "
    "FROM vpc_flow_logs",
    fields=("dstport", "bytes"),
)
EXPECTED = (COUNT, COUNT, sum(range(COUNT)))


@contextmanager
def _engine(logs: Path, cache_root: Path | None = None) -> Iterator[LocalEngine]:
    engine = LocalEngine(str(logs), name="logs", cache_root=cache_root)
    engine.connect()
    yield engine
    engine.close()


def _run(engine: LocalEngine, statement: Statement | str) -> QueryExecution:
    if isinstance(statement, str):
        statement = Statement(statement)
    id = engine.submit(statement)
    while not (execution := engine.wait(id, 30)).state.is_terminal:
        pass
    return execution


def _rows(engine: LocalEngine, statement: Statement | str) -> tuple[Row, ...]:
    execution = _run(engine, statement)
    assert execution.state is QueryState.SUCCEEDED, execution.error
    return engine.results(execution.id).page(0, 100_000).rows


def _convert(engine: LocalEngine) -> None:
    engine.prepare(threading.Event(), lambda progress: None)


def test_the_schema_is_the_fields_of_the_files(tmp_path: Path) -> None:
    """One table of canonical columns with AWS's types, known to be local."""
    with _engine(write_logs(tmp_path)) as engine:
        assert (engine.schema.table, engine.schema.is_local) == ("vpc_flow_logs", True)
        types = {column.name: (column.type, column.field) for column in engine.schema.columns}
        assert types["account_id"] == ("string", "account_id")
        assert types["dstport"] == ("int", "dstport")
        assert types["bytes"] == ("bigint", "bytes")


def test_a_place_without_logs_is_a_connect_error(tmp_path: Path) -> None:
    """Connecting says so; nothing is left behind in the cache."""
    engine = LocalEngine(str(tmp_path / "none"), name="x", cache_root=tmp_path / "cache")
    with pytest.raises(ConnectError):
        engine.connect()
    engine.close()
    with pytest.raises(EngineError, match="not open"):
        engine.submit(ALL)


def test_raw_converted_and_half_converted_files_give_the_same_rows(tmp_path: Path) -> None:
    """Each record exactly once, whether its file is in the cache or not."""
    logs = write_logs(tmp_path / "logs")
    with _engine(logs) as engine:
        assert _rows(engine, TOTALS) == (EXPECTED,)
        assert _rows(engine, ALL) == ROWS
    moved = logs / "4.log.gz"
    kept = moved.read_bytes()
    moved.unlink()
    with _engine(logs, tmp_path / "cache") as engine:
        _convert(engine)
    moved.write_bytes(kept)
    with _engine(logs, tmp_path / "cache") as engine:
        assert engine.estimate(TOTALS).objects == 2
        assert _rows(engine, TOTALS) == (EXPECTED,)
        assert _rows(engine, ALL) == ROWS
        _convert(engine)
        assert _rows(engine, TOTALS) == (EXPECTED,)


def test_questions_during_the_conversion_see_each_record_once(tmp_path: Path) -> None:
    """However far the conversion has come when a question is asked, its totals are whole."""
    logs = write_logs(tmp_path / "logs", files=50)
    with _engine(logs, tmp_path / "cache") as engine:
        seen: list[tuple[Row, ...]] = []

        def ask(progress: Progress) -> None:
            if len(seen) < 10:
                seen.append(_rows(engine, TOTALS))

        engine.prepare(threading.Event(), ask)
        seen.append(_rows(engine, TOTALS))
        assert set(seen) == {(EXPECTED,)}
        assert engine.facts().records == COUNT


def test_files_of_several_formats_are_one_table(tmp_path: Path) -> None:
    """A column that a file lacks is NULL in its records, raw and converted."""
    logs = write_logs(tmp_path / "logs", files=1)
    text = "action tcp-flags srcaddr my-own\nACCEPT 2 10.1.1.1 x\n"
    (logs / "own.log.gz").write_bytes(gzip.compress(text.encode()))
    query = (
        "SELECT srcaddr, tcp_flags, bytes, my_own FROM vpc_flow_logs "
        "WHERE srcaddr IN ('10.1.1.1', '10.0.0.7') ORDER BY srcaddr LIMIT 5"
    )
    expected = (("10.0.0.7", None, 7, None), ("10.1.1.1", 2, None, "x"))
    with _engine(logs, tmp_path / "cache") as engine:
        assert _rows(engine, query) == expected
        _convert(engine)
        assert _rows(engine, query) == expected


def test_files_without_a_header_are_cached_by_their_format(tmp_path: Path) -> None:
    """The format is part of where the cache is, however it is written."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.log").write_text("10.0.0.1 443 REJECT\n")
    format = ("${srcaddr}", "${dstport}", "${action}")
    cache = tmp_path / "cache"
    engine = LocalEngine(str(tmp_path / "logs"), name="x", cache_root=cache, format=format)
    engine.connect()
    _convert(engine)
    assert engine.estimate(ALL).objects == 1
    assert _rows(engine, "SELECT * FROM vpc_flow_logs") == (("10.0.0.1", 443, "REJECT"),)
    engine.close()


def test_a_time_range_leaves_out_files_that_cannot_matter(tmp_path: Path) -> None:
    """By name, unopened; the columns of the others are still there."""
    logs = write_logs(tmp_path / "logs", files=1)
    path = next(logs.iterdir())
    name = "123456789012_vpcflowlogs_us-east-1_fl-1_20200101T0000Z_0a.log.gz"
    path.rename(logs / name)
    later = TimeRange(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))
    with _engine(logs) as engine:
        assert engine.estimate(replace(TOTALS, time=later)).objects == 0
        assert _rows(engine, replace(TOTALS, time=later)) == ((0, 0, None),)
        assert _rows(engine, TOTALS) == (EXPECTED,)


def test_progress_is_in_bytes_and_ends_whole(tmp_path: Path) -> None:
    """The total is known from the start; at the end all of it was read."""
    logs = write_logs(tmp_path / "logs")
    size = sum(path.stat().st_size for path in logs.iterdir())
    with _engine(logs) as engine:
        execution = _run(engine, TOTALS)
        assert (execution.scanned_bytes, execution.scanned_total) == (size, size)
        assert execution.engine_ms is not None
        assert engine.estimate(TOTALS).bytes == size
        assert engine.estimate(TOTALS).cost is None


@pytest.mark.parametrize("suffix", ["", " LIMIT 10"])
def test_every_type_becomes_a_cell(tmp_path: Path, suffix: str) -> None:
    """Lists, maps, rows, dates and intervals as text; times aware; sums as integers."""
    query = (
        "SELECT array_agg(dstport) AS ports, map(ARRAY['a'], ARRAY[1]) AS m, "
        "CAST(ROW(1, 'x') AS ROW(a INTEGER, b VARCHAR)) AS r, DATE '2026-11-24' AS d, "
        "from_unixtime(max(start)) AS t, sum(bytes) AS bytes, CAST(1.5 AS DECIMAL(4,2)) AS n, "
        "CAST('NaN' AS DOUBLE) AS nan, max(action) = 'REJECT' AS b, NULL AS nothing "
        f"FROM vpc_flow_logs WHERE dstport = 7{suffix}"
    )
    with _engine(write_logs(tmp_path, files=1)) as engine:
        execution = _run(engine, query)
        assert execution.state is QueryState.SUCCEEDED, execution.error
        results = engine.results(execution.id)
        row, columns = results.page(0, 1).rows[0], results.columns
    cells: list[Cell] = list(row)
    nan = cells.pop(7)
    assert nan != nan
    assert cells[:2] == ["[7]", "{a=1}"]
    assert isinstance(cells[2], str)
    assert cells[3:] == [
        "2026-11-24",
        datetime.fromtimestamp(1764000000, UTC),
        7,
        Decimal("1.50"),
        False,
        None,
    ]
    assert [column.name for column in columns] == [
        "ports", "m", "r", "d", "t", "bytes", "n", "nan", "b", "nothing"
    ]  # fmt: skip
    assert columns[5].is_number


@pytest.mark.parametrize("suffix", ["", " LIMIT 2000"])
def test_times_beyond_the_calendar_are_text(tmp_path: Path, suffix: str) -> None:
    """Python's years end at 9999; a record may say otherwise, and is shown all the same."""
    query = (
        "SELECT from_unixtime(start * 500) AS t, from_unixtime(start) AS u, bytes "
        f"FROM vpc_flow_logs{suffix}"
    )
    with _engine(write_logs(tmp_path / "logs")) as engine:
        execution = _run(engine, query)
        assert execution.state is QueryState.SUCCEEDED, execution.error
        results = engine.results(execution.id)
        for page in (
            results.page(0, 1),
            results.page(1500, 1),
            results.page(0, 1, Refinement((SortKey("t"),))),
        ):
            assert page.rows[0][0] == "29919-06-21 08:00:00+00"
            assert page.rows[0][1] == datetime.fromtimestamp(1764000000, UTC)
        assert results.export(tmp_path / "rows", "json") == execution.rows_ready


def test_columns_of_one_name_are_all_kept(tmp_path: Path) -> None:
    """Two columns may have the same heading."""
    for limit in ("", " LIMIT 1"):
        with _engine(write_logs(tmp_path, files=1)) as engine:
            query = f"SELECT bytes, srcaddr AS bytes FROM vpc_flow_logs WHERE bytes = 9{limit}"
            results = engine.results(_run(engine, query).id)
            assert results.page(0, 9).rows == ((9, "10.0.0.9"),)
            assert [c.name for c in results.columns] == ["bytes", "bytes"]


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("DROP TABLE vpc_flow_logs", GuardError),
        ("SELECT * FROM read_csv('/etc/passwd')", GuardError),
        ("SELECT 1; SELECT 2", GuardError),
        ("SELEC 1", QueryError),
    ],
)
def test_what_is_no_question_is_refused_at_once(
    tmp_path: Path, sql: str, error: type[Exception]
) -> None:
    """Nothing is started, and the error says why."""
    with _engine(write_logs(tmp_path, files=1)) as engine, pytest.raises(error):
        engine.submit(Statement(sql))


def test_a_long_result_streams_while_it_runs(tmp_path: Path) -> None:
    """Its first rows can be paged before the last record has been read."""
    gate = threading.Event()
    held = _Files(gate)
    with _engine(write_logs(tmp_path)) as engine:
        assert engine._source is not None
        engine._source = replace(engine._source, files=held)  # type: ignore[arg-type]
        id = engine.submit(Statement("SELECT bytes FROM vpc_flow_logs", fields=("bytes",)))
        while not engine.wait(id, 30).rows_ready:
            pass
        page = engine.results(id).page(0, 3)
        assert page.rows == ((0,), (1,), (2,))
        assert not page.is_complete
        assert engine.poll(id).state is QueryState.RUNNING
        gate.set()
        while not engine.wait(id, 30).state.is_terminal:
            pass
        assert engine.results(id).page(0, 1).total_rows == 2 * _Files.SIZE


class _Files:
    """Two files of many records; the second is held back until the gate opens."""

    SIZE = 500_000
    fields = ("bytes",)

    def __init__(self, gate: threading.Event) -> None:
        self.gate = gate

    def inputs(self, time: object) -> Any:
        from flowtui.engines.local.files import Inputs

        return Inputs((), (LogFile("a", 5, 0, ("bytes",)), LogFile("b", 5, 0, ("bytes",))))

    def bytes_of(self, inputs: object) -> int:
        return 10

    def close(self) -> None:
        pass

    def read_tables(
        self, file: LogFile, fields: Sequence[str], cancelled: threading.Event
    ) -> Iterator[pyarrow.Table]:
        if file.path == "b":
            self.gate.wait()
        for first in range(0, self.SIZE, 10_000):
            column = pyarrow.array(range(first, first + 10_000), pyarrow.int64())
            yield pyarrow.table([column], names=["bytes"])


def test_cancelling_stops_the_readers(tmp_path: Path) -> None:
    """No reader thread is left, and the rows that had arrived stay."""
    with _engine(write_logs(tmp_path, files=50)) as engine:
        id = engine.submit(ENDLESS)
        while engine.wait(id, 30).state is QueryState.QUEUED:
            pass
        engine.cancel(id)
        assert engine.poll(id).state is QueryState.CANCELLED
    for thread in threading.enumerate():
        if thread.name.startswith(("flow-log-reader", "run-")):
            thread.join(10)
            assert not thread.is_alive(), thread.name


def test_whoever_is_told_of_a_change_can_ask_how_it_stands(tmp_path: Path) -> None:
    """No lock is held while telling: `wait` asks under the lock that telling takes."""
    states: list[QueryState] = []

    def tell() -> None:
        asking = threading.Thread(
            target=lambda: states.append(run.latest().state), name="asking", daemon=True
        )
        asking.start()
        asking.join(10)
        if asking.is_alive():
            states.append(QueryState.QUEUED)

    with _engine(write_logs(tmp_path)) as engine:
        assert engine._source is not None
        run = LocalRun(engine._source, TOTALS, "told", tell)
        run.start()
        run._thread.join()
        assert set(states) == {QueryState.QUEUED, QueryState.RUNNING, QueryState.SUCCEEDED}
        assert states == sorted(states, key=[*QueryState].index)


def test_a_reader_that_fails_fails_the_query_with_its_own_error(tmp_path: Path) -> None:
    """What went wrong in a reader's thread arrives as it was raised."""

    class Broken(_Files):
        def read_tables(
            self, file: LogFile, fields: Sequence[str], cancelled: threading.Event
        ) -> Iterator[pyarrow.Table]:
            yield from ()
            raise FileFormatError("not a flow log", file.path)

    with _engine(write_logs(tmp_path)) as engine:
        assert engine._source is not None
        broken = Broken(threading.Event())
        engine._source = replace(engine._source, files=broken)  # type: ignore[arg-type]
        execution = _run(engine, Statement("SELECT bytes FROM vpc_flow_logs LIMIT 1"))
        assert execution.state is QueryState.FAILED
        assert isinstance(execution.error, FileFormatError)


def test_raw_records_come_in_file_order_and_can_be_opened_again() -> None:
    """However the readers overtake each other; every opening reads anew."""
    files = [LogFile(str(n), n, 0, ("bytes",)) for n in range(20)]
    done: list[int] = []

    def read(
        file: LogFile, fields: Sequence[str], cancelled: threading.Event
    ) -> Iterator[pyarrow.Table]:
        for _ in range(3):
            yield pyarrow.table([pyarrow.array([file.size], pyarrow.int64())], names=["bytes"])

    records = RawRecords(files, ("bytes",), read, threading.Event(), done.append, readers=3)
    for _ in range(2):
        reader = pyarrow.RecordBatchReader.from_stream(records)
        found = reader.read_all()["bytes"].to_pylist()
        assert found == [n for n in range(20) for _ in range(3)]
    assert sorted(done) == sorted(list(range(20)) * 2)


def test_closing_leaves_nothing_on_the_disk(tmp_path: Path) -> None:
    """Results of any length go with the engine; the converted files stay."""
    with _engine(write_logs(tmp_path / "logs"), tmp_path / "cache") as engine:
        _convert(engine)
        _rows(engine, ALL)
        assert any((tmp_path / "cache" / "results").iterdir())
    assert list((tmp_path / "cache" / "results").iterdir()) == []


_UNCLOSED = """
import sys
from pathlib import Path
from flowtui.engines.local.engine import LocalEngine
from flowtui.domain.executions import Statement
engine = LocalEngine(sys.argv[1], name="x", cache_root=Path(sys.argv[2]))
engine.connect()
id = engine.submit(Statement("SELECT srcaddr, count(*) FROM vpc_flow_logs GROUP BY srcaddr"))
while not engine.wait(id, 30).state.is_terminal:
    pass
"""


def test_a_process_that_forgets_to_close_ends_cleanly(tmp_path: Path) -> None:
    """No crash of DuckDB's threads on the way out, and no results left behind."""
    logs, cache = write_logs(tmp_path / "logs"), tmp_path / "cache"
    for _ in range(3):
        ended = subprocess.run(
            [sys.executable, "-c", _UNCLOSED, str(logs), str(cache)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (ended.returncode, ended.stderr) == (0, "")
    assert list((cache / "results").iterdir()) == []


_WARM = """
import sys, threading
from pathlib import Path
from flowtui.engines.local.engine import LocalEngine
from flowtui.domain.executions import Statement
assert not {"duckdb", "_duckdb", "pyarrow", "sqlglot", "numpy"} & set(sys.modules), "import"
engine = LocalEngine(sys.argv[1], name="x", cache_root=Path(sys.argv[2]))
engine.connect()
sql = "SELECT action, count(*) AS n FROM vpc_flow_logs GROUP BY action ORDER BY n LIMIT 5"
def run(sql):
    id = engine.submit(Statement(sql))
    while not (execution := engine.wait(id, 30)).state.is_terminal:
        pass
    print(execution.error or engine.results(id).page(0, 10).rows)
run(sql)
assert not {"duckdb", "pyarrow", "numpy", "deflate"} & set(sys.modules), "warm"
run("SELECT scraddr FROM vpc_flow_logs LIMIT 1")
run(sql.removesuffix(" LIMIT 5"))
engine.close()
engine = LocalEngine(sys.argv[1], name="x", cache_root=None)
engine.connect()
run(sql)
engine.close()
"""


def test_the_first_paint_and_the_warm_path_stay_light(tmp_path: Path) -> None:
    """Importing the engine loads no driver; a question answered from the cache no pyarrow.

    What is loaded only later, for errors, long results and raw files, then works too.
    """
    logs, cache = write_logs(tmp_path / "logs"), tmp_path / "cache"
    with _engine(logs, cache) as engine:
        _convert(engine)
    shown = subprocess.run(
        [sys.executable, "-c", _WARM, str(logs), str(cache)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert shown.stderr == ""
    lines = shown.stdout.splitlines()
    assert lines[0] == lines[3] == lines[4] == "(('REJECT', 834), ('ACCEPT', 1666))"
    assert "scraddr" in lines[1]
