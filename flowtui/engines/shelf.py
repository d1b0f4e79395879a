"""Where results too long for memory are kept: one DuckDB file of this process."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from flowtui.domain.executions import Cell
from flowtui.engines import refine
from flowtui.engines.duckdb_text import text_literal
from flowtui.engines.faults import translating
from flowtui.errors import EngineError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

T = TypeVar("T")
_MEMORY_MB: Final = (32, 128, 512)
"""What DuckDB may hold; the next step is taken when sorting needs it, at millions of rows."""
_SETTINGS: Final = {
    "memory_limit": f"{_MEMORY_MB[0]}MB",
    "threads": "1",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}
_ROW_GROUP: Final = 30_720
"""Rows that are compressed at once; a quarter of the default halves time and memory of writing."""
_SETUP: Final = """
SET GLOBAL TimeZone = 'UTC';
SET enable_external_access = false;
-- The file goes with the process: writing it out in order would be for nobody.
PRAGMA disable_checkpoint_on_shutdown;
"""


class ResultShelf:
    """Opens its file when the first result needs it. Safe to use from several threads.

    Args:
        directory: A directory of this process alone, that somebody else deletes.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._connection: DuckDBPyConnection | None = None
        self._is_closed = False

    def cursor(self) -> DuckDBPyConnection:
        """A connection for one call; close it."""
        with self._lock, translating():
            if self._is_closed:
                raise EngineError("The results are gone: the source was closed.", "Open it again.")
            if self._connection is None:
                self._connection = self._open()
            cursor = self._connection.cursor()
            # A cursor begins in the catalogue of the connection, not where that stands now.
            cursor.execute("USE shelf")
            return cursor

    def run(
        self, cursor: DuckDBPyConnection, sql: str, parameters: Mapping[str, Cell | list[int]]
    ) -> DuckDBPyConnection:
        """Execute on one of the cursors; with more memory where it does not do with less."""
        return self.with_memory(cursor, lambda: cursor.execute(sql, parameters))

    def with_memory(self, cursor: DuckDBPyConnection, work: Callable[[], T]) -> T:
        """Do what one of the cursors is needed for; anew, with more memory, where that ran out."""
        from duckdb import OutOfMemoryException

        for more in _MEMORY_MB[1:]:
            try:
                return work()
            except OutOfMemoryException:
                cursor.execute(f"SET GLOBAL memory_limit = '{more}MB'")
        return work()

    def new_table(self) -> str:
        """A table name not used before."""
        return f"t{next(self._numbers)}"

    def close(self) -> None:
        """Let go of the file; readers under way fail."""
        with self._lock:
            self._is_closed = True
            if self._connection is not None:
                self._connection.close()

    def _open(self) -> DuckDBPyConnection:
        import duckdb

        path = text_literal(str(self._directory / "results.duckdb"))
        spill = str(self._directory / "results.spill")
        connection = duckdb.connect(":memory:", config={**_SETTINGS, "temp_directory": spill})
        connection.execute(f"ATTACH {path} AS shelf (ROW_GROUP_SIZE {_ROW_GROUP}); USE shelf;")
        connection.execute(_SETUP + refine.SETUP)
        return connection
