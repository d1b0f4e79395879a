"""The rows of one execution, held on this side of the engine.

The first rows stay in memory, so that a short result never touches the disk; a longer one goes to
the shelf, where a page, an order or a search costs what it touches, however many rows there are.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from flowtui.domain.executions import Cell, Column, Refinement, ResultPage, Row
from flowtui.domain.spans import Spans
from flowtui.engines.columns import stored_type
from flowtui.engines.export import ExportCancelledError, write_rows
from flowtui.engines.faults import translating
from flowtui.engines.orders import Orders, Rows
from flowtui.engines.refine import (
    among_sql,
    contains_sql,
    index_of,
    spans_parameters,
    spans_sql,
    stored_name,
    windows,
)
from flowtui.engines.shelf import ResultShelf

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

HEAD_ROWS: Final = 1000
"""Rows of a result that are kept in memory."""
_AS_GIVEN: Final = Refinement()
_BATCH: Final = 1000
_WAIT_S: Final = 0.05


class ResultStore:
    """Rows in engine order; one thread appends, any thread reads, at the same time.

    Args:
        shelf: Keeps what is too long for memory.
        columns: In result order.
        types: DuckDB types in which the columns are kept; default: by `Column.type`.
    """

    def __init__(
        self,
        shelf: ResultShelf,
        columns: tuple[Column, ...],
        types: tuple[str, ...] | None = None,
    ) -> None:
        self.columns = columns
        self._types = types or tuple(stored_type(column.type) for column in columns)
        self._shelf = shelf
        self._head: list[Row] = []
        self._count = 0
        self._ended = threading.Event()
        self._table = ""
        self._writing = threading.Lock()
        self._orders = Orders(shelf, columns)

    @property
    def rows_ready(self) -> int:
        """Rows that can be read now."""
        return self._count

    @property
    def is_complete(self) -> bool:
        """True once no more rows will come."""
        return self._ended.is_set()

    def append(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows: values as DuckDB's Python client gives them, or cells.

        Raises:
            EngineError: They cannot be kept, as on a full disk.
        """
        cells = [tuple(map(_cell, row)) for row in rows]
        with self._writing:
            if not self._table and self._count + len(cells) <= HEAD_ROWS:
                self._head.extend(cells)
            else:
                self._shelve()
                self._insert(cells)
            self._count += len(cells)

    def append_arrow(self, batch: Any) -> None:
        """Add a pyarrow RecordBatch or Table whose columns stand in result order.

        Raises:
            EngineError: They cannot be kept, as on a full disk.
        """
        from duckdb import ConversionException

        names = [stored_name(i) for i in range(len(self.columns))]
        with self._writing, translating():
            self._shelve()
            with closing(self._shelf.cursor()) as cursor:
                cursor.register("arrived", batch.rename_columns(names))
                try:
                    self._insert_arrived(cursor)
                except ConversionException:
                    self._keep_odd(cursor)
                    self._insert_arrived(cursor)
            self._count += batch.num_rows

    def _insert_arrived(self, cursor: DuckDBPyConnection) -> None:
        picked = ", ".join(f"CAST({stored_name(i)} AS {t})" for i, t in enumerate(self._types))
        cursor.execute(f"INSERT INTO {self._table} SELECT {picked} FROM arrived")

    def _keep_odd(self, cursor: DuckDBPyConnection) -> None:
        """Make a column text where a value that `arrived` does not fit: the year 58867 is shown."""
        tests = ", ".join(
            f"count({stored_name(i)}) > count(TRY_CAST({stored_name(i)} AS {t}))"
            for i, t in enumerate(self._types)
        )
        (odd,) = cursor.execute(f"SELECT {tests} FROM arrived").fetchall()
        self._make_text(cursor, odd)

    def _make_text(self, cursor: DuckDBPyConnection, odd: Sequence[bool]) -> None:
        for index, is_odd in enumerate(odd):
            if is_odd:
                column = stored_name(index)
                cursor.execute(f"ALTER TABLE {self._table} ALTER {column} TYPE VARCHAR")
        self._types = tuple(
            "VARCHAR" if is_odd else type for is_odd, type in zip(odd, self._types, strict=True)
        )

    def put_away(self) -> None:
        """Move what is held in memory to the shelf, for a result that nobody looks at now.

        Raises:
            EngineError: It cannot be kept, as on a full disk.
        """
        with self._writing:
            self._shelve()
            self._head = []

    def finish(self) -> None:
        """No more rows will come, whether all arrived or not."""
        self._ended.set()

    def page(self, offset: int, limit: int, refinement: Refinement = _AS_GIVEN) -> ResultPage:
        """Rows `offset` to `offset + limit`; fewer where the result ends or is still arriving."""
        # Asked before the count: rows that come in between are then announced as still to come.
        is_complete = self.is_complete
        count = self._count
        offset, last = max(0, offset), max(0, offset + limit)
        head = self._head
        if refinement == _AS_GIVEN and min(last, count) <= len(head):
            rows = tuple(head[offset : min(last, count)])
            return ResultPage(self.columns, rows, offset, count, is_complete)
        with self._reading(refinement) as (cursor, held):
            found = self._shelf.run(
                cursor,
                f"SELECT held.* FROM {held.source} WHERE {held.position} >= $first "
                f"AND {held.position} < $last ORDER BY {held.position}",
                {"first": offset, "last": min(last, held.total)},
            ).fetchall()
        return ResultPage(self.columns, self._rows(found), offset, held.total, is_complete)

    def find(
        self,
        text: str,
        start: int,
        is_backward: bool = False,
        refinement: Refinement = _AS_GIVEN,
    ) -> int | None:
        """Index of the next row from `start` on with a cell that holds `text`, ignoring case."""
        with self._reading(refinement) as (cursor, held):
            nearest = "max" if is_backward else "min"
            for first, last in windows(start, held.total, is_backward):
                found = self._shelf.run(
                    cursor,
                    f"SELECT {nearest}({held.position}) FROM {held.source} WHERE "
                    f"{held.position} >= $first AND {held.position} < $last "
                    f"AND {contains_sql(self.columns)}",
                    {"first": first, "last": last, "text": text},
                ).fetchall()
                if found[0][0] is not None:
                    return int(found[0][0])
        return None

    def top_values(
        self, column: str, limit: int, refinement: Refinement = _AS_GIVEN, measure: str = ""
    ) -> list[tuple[Cell, int]]:
        """The commonest values of a column and how many rows hold each, or their sum of another."""
        name = stored_name(index_of(self.columns, column))
        weight = self._sum_of(measure) if measure else "count(*)"
        with self._reading(replace(refinement, order=())) as (cursor, held):
            found = self._shelf.run(
                cursor,
                f"SELECT {name}, {weight} AS n FROM {held.source} "
                f"WHERE {held.position} < $total GROUP BY {name} "
                f"ORDER BY n DESC, CAST({name} AS VARCHAR) NULLS LAST LIMIT $limit",
                {"total": held.total, "limit": limit},
            ).fetchall()
        return [(_cell(value), int(n)) for value, n in found]

    def total(self, measure: str, refinement: Refinement = _AS_GIVEN) -> int:
        """The sum of a column of numbers."""
        with self._reading(replace(refinement, order=())) as (cursor, held):
            sql = (
                f"SELECT {self._sum_of(measure)} FROM {held.source} WHERE {held.position} < $total"
            )
            return int(self._shelf.run(cursor, sql, {"total": held.total}).fetchall()[0][0])

    def _sum_of(self, column: str) -> str:
        name = stored_name(index_of(self.columns, column))
        return f"coalesce(sum(greatest(TRY_CAST({name} AS HUGEINT), 0)), 0)"

    def numbers(self, places: Spans, refinement: Refinement = _AS_GIVEN) -> Spans:
        """The rows at some places, by their numbers as the engine gave them."""
        if refinement == _AS_GIVEN:
            return places
        with self._reading(refinement) as (cursor, held):
            return self._spans(cursor, held, "held.rowid", held.position, places)

    def places(self, numbers: Spans, refinement: Refinement = _AS_GIVEN) -> Spans:
        """Where rows stand, by their numbers as the engine gave them."""
        if refinement == _AS_GIVEN:
            return numbers
        with self._reading(refinement) as (cursor, held):
            return self._spans(cursor, held, held.position, "held.rowid", numbers)

    def _spans(
        self, cursor: DuckDBPyConnection, held: Rows, wanted: str, known: str, spans: Spans
    ) -> Spans:
        condition = f"{held.position} < $total AND {among_sql(known)}"
        sql = spans_sql(wanted, held.source, condition)
        parameters = {"total": held.total} | spans_parameters(spans)
        found = self._shelf.run(cursor, sql, parameters).fetchall()
        return tuple(range(first, last) for first, last in found)

    def export(
        self,
        path: Path,
        format: str,
        refinement: Refinement = _AS_GIVEN,
        cancelled: threading.Event | None = None,
        on_rows: Callable[[int], None] | None = None,
    ) -> int:
        """Write all rows to a file, atomically; waits for those that are still arriving.

        Raises:
            EngineError: It cannot be written, or was cancelled; no file is left.
        """
        while not self._ended.wait(_WAIT_S):
            if cancelled is not None and cancelled.is_set():
                raise ExportCancelledError("The export was cancelled.", "No file was written.")
        if format == "parquet":
            return self._export_parquet(path, refinement, cancelled, on_rows)
        batches = self._batches(refinement)
        return write_rows(path, format, self.columns, batches, cancelled, on_rows)

    def _export_parquet(
        self,
        path: Path,
        refinement: Refinement,
        cancelled: threading.Event | None,
        on_rows: Callable[[int], None] | None,
    ) -> int:
        from flowtui.engines.parquet import (  # pyarrow, only where it is wanted
            select_sql,
            write_parquet,
        )

        with self._reading(refinement) as (cursor, held):
            rows = f"{held.source} ORDER BY {held.position}"
            select = select_sql(cursor, held.source, rows, self._types)
            return self._shelf.with_memory(
                cursor,
                lambda: write_parquet(path, self.columns, cursor.sql(select), cancelled, on_rows),
            )

    def _batches(self, refinement: Refinement) -> Iterator[Sequence[Row]]:
        head = self._head
        if refinement == _AS_GIVEN and len(head) == self._count:
            yield head
            return
        with self._reading(refinement) as (cursor, held):
            select = f"SELECT held.* FROM {held.source} ORDER BY {held.position}"
            self._shelf.run(cursor, select, {})
            while found := cursor.fetchmany(_BATCH):
                yield self._rows(found)

    @contextmanager
    def _reading(self, refinement: Refinement) -> Iterator[tuple[DuckDBPyConnection, Rows]]:
        """A cursor, and where the refined rows stand."""
        with translating():
            with self._writing:
                self._shelve()
                given = Rows(f"{self._table} AS held", "held.rowid", self._count)
            with closing(self._shelf.cursor()) as cursor:
                if refinement == _AS_GIVEN:
                    yield cursor, given
                    return
                with self._orders.reading(cursor, given, refinement) as refined:
                    yield cursor, refined

    def _shelve(self) -> None:
        """Put what is held in memory on the shelf, once; needs `_writing`."""
        if self._table:
            return
        table = self._shelf.new_table()
        columns = ", ".join(f"{stored_name(i)} {type}" for i, type in enumerate(self._types))
        with translating(), closing(self._shelf.cursor()) as cursor:
            cursor.execute(f"CREATE TABLE {table} ({columns})")
        self._table = table
        if self._head:
            self._insert(self._head)

    def _insert(self, cells: Sequence[Row]) -> None:
        with translating(), closing(self._shelf.cursor()) as cursor:
            odd = [
                type != "VARCHAR" and any(isinstance(row[index], str) for row in cells)
                for index, type in enumerate(self._types)
            ]
            self._make_text(cursor, odd)
            with cursor.appender(self._table) as appender:
                appender.append_rows(cells)

    def _rows(self, found: Sequence[tuple[Any, ...]]) -> tuple[Row, ...]:
        if any(type.startswith("TIMESTAMP") for type in self._types):
            return tuple(tuple(map(_cell, row)) for row in found)
        return tuple(found)


def _cell(value: Any) -> Cell:
    """A value of DuckDB's Python client as a cell."""
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return value.isoformat()
    return cast("Cell", value)
