"""What ran, when, over what, and what it cost: kept in SQLite, shared by every flowtui process.

The screen and the command line write the same file at once; SQLite's write-ahead log makes that
safe, and a busy time-out makes it quiet.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from flowtui.domain.executions import QueryExecution, QueryState, Statement
from flowtui.domain.filterline import format_filter
from flowtui.domain.views import View
from flowtui.session.sittings import UNTOLD, Reach

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS executions (
    id TEXT PRIMARY KEY,
    query_id TEXT NOT NULL,
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    filter TEXT NOT NULL,
    sql TEXT NOT NULL,
    state TEXT NOT NULL,
    submitted REAL NOT NULL,
    elapsed_ms INTEGER NOT NULL,
    scanned_bytes INTEGER,
    cost TEXT,
    rows INTEGER NOT NULL,
    reason TEXT NOT NULL,
    range_seconds REAL
);
CREATE INDEX IF NOT EXISTS executions_submitted ON executions (submitted);
"""
_ADDED: Final = {"slug": "''", "arguments": "'{}'", "exact_filter": "''", "reach": "'{}'"}
"""Columns that earlier versions lacked, and what stands in its rows."""
_VERSION: Final = 3
_BUSY_S: Final = 5.0
_COLUMNS: Final = (
    "id, query_id, source, title, filter, sql, state, submitted, elapsed_ms, scanned_bytes, "
    "cost, rows, reason, slug, arguments, exact_filter, reach"
)


@dataclass(frozen=True, slots=True)
class Past:
    """One execution as history keeps it."""

    id: str
    query_id: str
    """Athena's id; empty for local runs."""
    source: str
    title: str
    filter: str
    """The filter line under which it ran."""
    sql: str
    state: QueryState
    submitted: datetime
    elapsed_ms: int
    scanned_bytes: int | None
    cost: Decimal | None
    """US dollars; None on a local source."""
    rows: int
    reason: str
    slug: str = ""
    """Name of the saved query; empty: not known."""
    arguments: tuple[tuple[str, str], ...] = ()
    exact_filter: str = ""
    """The filter line with fixed bounds of time: asked again, it gives the same records."""
    reach: Reach = UNTOLD
    """How its source was reached, as far as the command line or the settings said."""


class History:
    """The executions of all sittings.

    Args:
        path: The SQLite file; made with its folder at first use.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def record(
        self,
        execution: QueryExecution,
        *,
        source: str,
        title: str,
        filter: str,
        cost: Decimal | None = None,
        slug: str = "",
        arguments: tuple[tuple[str, str], ...] = (),
        exact_filter: str = "",
        reach: Reach = UNTOLD,
    ) -> None:
        """Write an execution down, or bring it up to date. Blocks on the disk."""
        time = execution.statement.time
        duration = time.duration if time else None
        row = (
            execution.id,
            execution.query_id,
            source,
            title,
            filter,
            execution.statement.sql,
            execution.state.value,
            execution.submitted.timestamp(),
            execution.elapsed_ms,
            execution.scanned_bytes,
            None if cost is None else str(cost),
            execution.rows_ready,
            execution.reason,
            duration.total_seconds() if duration else None,
            slug,
            json.dumps(dict(arguments)),
            exact_filter,
            json.dumps(asdict(reach)),
        )
        marks = ", ".join("?" * len(row))
        with self._open() as db:
            db.execute(f"INSERT OR REPLACE INTO executions VALUES ({marks})", row)

    def recent(self, limit: int = 50, *, text: str = "", source: str = "") -> list[Past]:
        """The latest first; `text` is looked for in title, filter, SQL and source."""
        pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        with self._open() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM executions WHERE (? = '' OR source = ?) AND "
                "(title || ' ' || filter || ' ' || sql || ' ' || source) LIKE ? ESCAPE '\\' "
                "ORDER BY submitted DESC LIMIT ?",
                (source, source, pattern, limit),
            ).fetchall()
        return [_past(row) for row in rows]

    def spent(self, since: datetime) -> Decimal:
        """US dollars of all executions submitted since then, in every sitting."""
        with self._open() as db:
            rows = db.execute(
                "SELECT cost FROM executions WHERE cost IS NOT NULL AND submitted >= ?",
                (since.timestamp(),),
            ).fetchall()
        return sum((Decimal(cost) for (cost,) in rows), Decimal(0))

    def bytes_per_second(self, source: str) -> float | None:
        """What the last finished run scanned for each second of its range; None: no such run."""
        with self._open() as db:
            row = db.execute(
                "SELECT scanned_bytes / range_seconds FROM executions WHERE source = ? "
                "AND state = 'SUCCEEDED' AND scanned_bytes > 0 AND range_seconds > 0 "
                "ORDER BY submitted DESC LIMIT 1",
                (source,),
            ).fetchone()
        return float(row[0]) if row else None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._path, timeout=_BUSY_S)) as db:
            if db.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
                _set_up(db)
                self._path.chmod(0o600)
            with db:
                yield db


def _set_up(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA journal_mode = WAL")
    db.executescript(_SCHEMA)
    # Another process may be at it too: whoever comes second finds the columns there.
    db.execute("BEGIN IMMEDIATE")
    there = {name for _, name, *_ in db.execute("PRAGMA table_info(executions)")}
    for column, default in _ADDED.items():
        if column not in there:
            db.execute(
                f"ALTER TABLE executions ADD COLUMN {column} TEXT NOT NULL DEFAULT {default}"
            )
    db.execute(f"PRAGMA user_version = {_VERSION}")
    db.commit()


def _past(row: tuple[Any, ...]) -> Past:
    (
        id,
        query_id,
        source,
        title,
        filter,
        sql,
        state,
        submitted,
        elapsed,
        scanned,
        cost,
        rows,
        why,
        slug,
        arguments,
        exact_filter,
        reach,
    ) = row
    return Past(
        id,
        query_id,
        source,
        title,
        filter,
        sql,
        QueryState(state),
        datetime.fromtimestamp(submitted, UTC),
        elapsed,
        scanned,
        None if cost is None else Decimal(cost),
        rows,
        why,
        slug,
        tuple((str(name), str(text)) for name, text in json.loads(arguments).items()),
        exact_filter,
        Reach(**json.loads(reach)),
    )


def facts_of(view: View, statement: Statement) -> dict[str, Any]:
    """What history keeps of the question, so that it can be asked again."""
    fixed = replace(view.filter, time=statement.time or view.filter.time)
    return {
        "title": view.title,
        "filter": format_filter(view.filter),
        "slug": view.query.slug,
        "arguments": view.arguments,
        "exact_filter": format_filter(fixed),
    }
