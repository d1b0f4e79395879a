"""The refined orders of one result: each made once, as a table of row numbers.

Afterwards a page costs what it touches, however many rows were sorted.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flowtui.domain.executions import Cell, Column, Refinement
from flowtui.engines.refine import among_sql, contains_sql, order_sql, spans_parameters
from flowtui.engines.shelf import ResultShelf

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_KEPT: Final = 8


@dataclass(frozen=True, slots=True)
class Rows:
    """Where rows stand, for SQL: `held` is the table, `position` counts from 0 to `total`."""

    source: str
    position: str
    total: int


@dataclass(frozen=True, slots=True)
class _Order:
    table: str
    of_rows: int
    """Rows that the result had when it was made."""
    kept: int


class Orders:
    """Makes and forgets orders; safe to use from several threads.

    Args:
        shelf: Keeps them.
        columns: Of the result.
    """

    def __init__(self, shelf: ResultShelf, columns: tuple[Column, ...]) -> None:
        self._shelf = shelf
        self._columns = columns
        self._lock = threading.Lock()
        self._orders: dict[Refinement, _Order] = {}
        self._forgotten: list[str] = []
        self._readers = 0

    @contextmanager
    def reading(
        self, cursor: DuckDBPyConnection, given: Rows, refinement: Refinement
    ) -> Iterator[Rows]:
        """The rows as refined, which stay while the block reads them."""
        with self._lock:
            refined = self._refined(cursor, given, refinement)
            self._readers += 1
        try:
            yield refined
        finally:
            with self._lock:
                self._readers -= 1
                self._drop_forgotten()

    def _refined(self, cursor: DuckDBPyConnection, given: Rows, refinement: Refinement) -> Rows:
        order = self._orders.pop(refinement, None)
        if order is not None and order.of_rows != given.total:
            self._forgotten.append(order.table)
            order = None
        if order is None:
            order = self._make(cursor, given, refinement)
        self._orders[refinement] = order
        if len(self._orders) > _KEPT:
            self._forgotten.append(self._orders.pop(next(iter(self._orders))).table)
        source = f"{order.table} AS places JOIN {given.source} ON held.rowid = places.at"
        return Rows(source, "places.rowid", order.kept)

    def _make(self, cursor: DuckDBPyConnection, given: Rows, refinement: Refinement) -> _Order:
        table = self._shelf.new_table()
        kept = contains_sql(self._columns) if refinement.contains else "true"
        parameters: dict[str, Cell | list[int]] = {"total": given.total}
        if refinement.contains:
            parameters["text"] = refinement.contains
        if refinement.only is not None:
            kept += f" AND {among_sql('held.rowid')}"
            parameters |= spans_parameters(refinement.only)
        self._shelf.run(
            cursor,
            f"CREATE TABLE {table} AS SELECT held.rowid AS at FROM {given.source} "
            f"WHERE held.rowid < $total AND {kept} "
            f"ORDER BY {order_sql(self._columns, refinement.order)}",
            parameters,
        )
        counted = cursor.execute(f"SELECT count(*) FROM {table}").fetchall()
        return _Order(table, given.total, int(counted[0][0]))

    def _drop_forgotten(self) -> None:
        """Drop orders that nobody wants any more, once nobody reads; needs `_lock`."""
        if not self._forgotten or self._readers:
            return
        with closing(self._shelf.cursor()) as cursor:
            while self._forgotten:
                cursor.execute(f"DROP TABLE {self._forgotten.pop()}")
