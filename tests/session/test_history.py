from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from flowtui.domain.executions import QueryExecution, QueryState, Statement
from flowtui.domain.times import TimeRange
from flowtui.session.history import History

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = TimeRange(NOON - timedelta(hours=1), NOON)


def execution(id: str, *, at: datetime = NOON, scanned: int | None = None) -> QueryExecution:
    """A finished run over the last hour."""
    statement = Statement(f"SELECT '{id}'", time=HOUR)
    return QueryExecution(
        id,
        statement,
        QueryState.SUCCEEDED,
        submitted=at,
        elapsed_ms=1200,
        scanned_bytes=scanned,
        rows_ready=7,
        query_id=f"athena-{id}",
    )


def test_an_execution_comes_back_as_it_was(tmp_path: Path) -> None:
    """What is recorded is what history shows, money exact."""
    history = History(tmp_path / "history.sqlite")
    history.record(
        execution("a", scanned=5),
        source="athena://logs.flows",
        title="Peers",
        filter="last:1h",
        cost=Decimal("0.00005"),
    )
    (past,) = history.recent()
    assert (past.id, past.query_id, past.title) == ("a", "athena-a", "Peers")
    assert (past.cost, past.rows, past.state) == (Decimal("0.00005"), 7, QueryState.SUCCEEDED)
    assert past.submitted == NOON


def test_the_same_execution_is_kept_once(tmp_path: Path) -> None:
    """Bringing an execution up to date does not add a row."""
    history = History(tmp_path / "history.sqlite")
    for _ in range(3):
        history.record(execution("a"), source="s", title="t", filter="")
    assert len(history.recent()) == 1


def test_the_latest_comes_first_and_search_finds_text(tmp_path: Path) -> None:
    """Order is by submission; `%` and `_` in a search are themselves."""
    history = History(tmp_path / "history.sqlite")
    for index, title in enumerate(("one", "two 100%", "three")):
        late = NOON + timedelta(minutes=index)
        history.record(execution(str(index), at=late), source="s", title=title, filter="")
    assert [past.title for past in history.recent()] == ["three", "two 100%", "one"]
    assert [past.title for past in history.recent(text="100%")] == ["two 100%"]
    assert history.recent(text="t_o") == []


def test_money_is_summed_since_a_moment(tmp_path: Path) -> None:
    """Only executions submitted since then count, local ones not at all."""
    history = History(tmp_path / "history.sqlite")
    for id, at, cost in (
        ("old", NOON - timedelta(days=2), Decimal(7)),
        ("a", NOON, Decimal("0.10")),
        ("b", NOON, Decimal("0.20")),
        ("local", NOON, None),
    ):
        history.record(execution(id, at=at), source="s", title="t", filter="", cost=cost)
    assert history.spent(NOON - timedelta(hours=1)) == Decimal("0.30")


def test_the_last_run_gives_a_rate(tmp_path: Path) -> None:
    """Bytes for each second of the range, of the same source only."""
    history = History(tmp_path / "history.sqlite")
    assert history.bytes_per_second("s") is None
    history.record(execution("a", scanned=7200), source="s", title="t", filter="")
    assert history.bytes_per_second("s") == 2.0
    assert history.bytes_per_second("other") is None


def test_several_processes_write_at_once(tmp_path: Path) -> None:
    """Four processes lose nothing, and the file is the user's alone."""
    path = tmp_path / "state" / "history.sqlite"
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[3])\n"
        "from tests.session.test_history import *\n"
        "h = History(Path(sys.argv[1]))\n"
        "for i in range(25):\n"
        "    h.record(execution(f'{sys.argv[2]}-{i}'), source='s', title='t', filter='')\n"
    )
    arguments = [sys.executable, "-c", code, str(path)]
    root = str(Path(__file__).parents[2])
    running = [subprocess.Popen([*arguments, str(n), root]) for n in range(4)]
    assert [process.wait() for process in running] == [0, 0, 0, 0]
    assert len(History(path).recent(1000)) == 100
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_a_history_of_the_first_version_goes_on(tmp_path: Path) -> None:
    """What an older program wrote is still there, and new executions are written beside it."""
    path = tmp_path / "history.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(
            "CREATE TABLE executions (id TEXT PRIMARY KEY, query_id TEXT NOT NULL, source TEXT "
            "NOT NULL, title TEXT NOT NULL, filter TEXT NOT NULL, sql TEXT NOT NULL, state TEXT "
            "NOT NULL, submitted REAL NOT NULL, elapsed_ms INTEGER NOT NULL, scanned_bytes "
            "INTEGER, cost TEXT, rows INTEGER NOT NULL, reason TEXT NOT NULL, range_seconds REAL);"
            "INSERT INTO executions VALUES ('old', '', 's', 't', 'f', 'SELECT 1', 'SUCCEEDED', "
            "1000, 1, NULL, NULL, 1, '', NULL); PRAGMA user_version = 1;"
        )
    history = History(path)
    history.record(
        execution("new"), source="s", title="t", filter="last:1h", slug="records",
        arguments=(("limit", "5"),), exact_filter="from:2026-11-24T11:00Z to:12:00",
    )  # fmt: skip
    new, old = history.recent()
    assert (old.id, old.slug, old.arguments) == ("old", "", ())
    assert (new.slug, new.arguments) == ("records", (("limit", "5"),))
    assert new.exact_filter.startswith("from:")
