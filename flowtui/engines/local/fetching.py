"""From a query to a result store: DuckDB's rows as they come."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from flowtui.engines.columns import athena_type, column, stored_type
from flowtui.engines.results import HEAD_ROWS, ResultStore

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from flowtui.engines.shelf import ResultShelf

FEW_ROWS: Final = 10_000
"""Up to here rows are fetched as Python values: quicker than importing pyarrow."""
_ROWS: Final = 1000
_ARROW_ROWS: Final = 2048
_ARROW_BATCHES: Final = 15
"""Batches kept at once: as many rows as the shelf compresses at once."""


def fetch_rows(
    cursor: DuckDBPyConnection,
    sql: str,
    shelf: ResultShelf,
    is_short: bool,
    cancelled: threading.Event,
    show: Callable[[ResultStore], None],
) -> None:
    """Run a query and keep its rows.

    Args:
        cursor: Runs it.
        sql: One SELECT for DuckDB.
        shelf: Keeps what is too long for memory.
        is_short: It has no more than `FEW_ROWS` rows.
        cancelled: Ends it between two batches.
        show: Given the store when its columns are known, and again after each batch.
    """
    if is_short:
        _fetch_few(cursor, sql, shelf, cancelled, show)
    else:
        _fetch_many(cursor, sql, shelf, cancelled, show)


def _fetch_few(
    cursor: DuckDBPyConnection,
    sql: str,
    shelf: ResultShelf,
    cancelled: threading.Event,
    show: Callable[[ResultStore], None],
) -> None:
    cursor.execute(sql)
    names, types = _heading(cursor)
    text = _as_text(sql, types)
    if text:
        cursor.abort()
        cursor.execute(text)
        types = _heading(cursor)[1]
    store = _open_store(shelf, names, types)
    show(store)
    while not cancelled.is_set() and (rows := cursor.fetchmany(_ROWS)):
        store.append(rows)
        show(store)


def _fetch_many(
    cursor: DuckDBPyConnection,
    sql: str,
    shelf: ResultShelf,
    cancelled: threading.Event,
    show: Callable[[ResultStore], None],
) -> None:
    import duckdb  # noqa: F401 gives the connection its `sql`
    import pyarrow

    rows = cursor.sql(sql)
    names, types = rows.columns, [str(type) for type in rows.types]
    text = _as_text(sql, types)
    if text:
        rows = cursor.sql(text)
        types = [str(type) for type in rows.types]
    store = _open_store(shelf, names, types)
    show(store)
    batches = (batch for batch in rows.to_arrow_reader(_ARROW_ROWS) if batch.num_rows)
    first = next(batches, None)
    if first is None:
        return
    head = _python_rows(first.slice(0, HEAD_ROWS), types)
    # The page that somebody waits for goes alone, and not by way of the disk.
    store.append(head)
    show(store)
    for group in _groups(first.slice(len(head)), batches):
        if cancelled.is_set():
            return
        store.append_arrow(pyarrow.Table.from_batches(group))
        show(store)


def _groups(first: Any, batches: Iterator[Any]) -> Iterator[list[Any]]:
    group = [first] if first.num_rows else []
    for batch in batches:
        group.append(batch)
        if len(group) >= _ARROW_BATCHES:
            yield group
            group = []
    if group:
        yield group


def _open_store(shelf: ResultShelf, names: Sequence[str], types: Sequence[str]) -> ResultStore:
    columns = tuple(
        column(name, athena_type(type) or "varchar")
        for name, type in zip(names, types, strict=True)
    )
    stored = (stored_type(c.type, type) for c, type in zip(columns, types, strict=True))
    return ResultStore(shelf, columns, tuple(stored))


def _heading(cursor: DuckDBPyConnection) -> tuple[list[str], list[str]]:
    """Names and DuckDB types of the columns of the result that is open."""
    return [str(c[0]) for c in cursor.description], [str(c[1]) for c in cursor.description]


def _as_text(sql: str, types: Sequence[str]) -> str:
    """The query with columns that no cell can hold (lists, maps, …) as text; empty: has none."""
    if all(athena_type(type) for type in types):
        return ""
    names = [f"c{i}" for i in range(len(types))]
    picked = ", ".join(
        name if athena_type(type) else f"CAST({name} AS VARCHAR) AS {name}"
        for name, type in zip(names, types, strict=True)
    )
    return f"SELECT {picked} FROM ({sql}\n) AS rows({', '.join(names)})"


def _python_rows(batch: Any, types: Sequence[str]) -> list[tuple[Any, ...]]:
    """Rows of an Arrow batch; none where a time lies beyond Python's calendar.

    DuckDB hands its 128-bit integers on as decimals.
    """
    try:
        columns = [batch.column(index).to_pylist() for index in range(batch.num_columns)]
    except (ValueError, OverflowError):
        return []
    for index, type in enumerate(types):
        if type.endswith("HUGEINT"):
            columns[index] = [None if value is None else int(value) for value in columns[index]]
    return list(zip(*columns, strict=True))
