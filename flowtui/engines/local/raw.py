"""Records of files that are not converted yet, as a stream that DuckDB pulls from.

Files are inflated and parsed by threads of our own, a few tables ahead of DuckDB and in file order,
and only the columns that are asked for: DuckDB's own reader inflates at a third of the speed and
splits every column.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from flowtui.errors import EngineError

if TYPE_CHECKING:
    import pyarrow

    from flowtui.engines.local.logfile import LogFile

_TABLES_AHEAD: Final = 2
"""Tables that one file may be ahead of DuckDB; bounds the memory."""
_CHECK_S: Final = 0.05


ReadFile = Callable[["LogFile", Sequence[str], threading.Event], Iterable["pyarrow.Table"]]
"""Reads the records of a file, in tables, until the event is set."""


class RawRecords:
    """An Arrow stream (PyCapsule interface); each opening reads the files anew.

    Args:
        files: In the order in which records shall come.
        fields: Columns to read.
        read: Reads a file.
        cancelled: Stops the readers and fails the stream.
        on_bytes: Told the size of each file when it is done.
        readers: Threads.
    """

    def __init__(
        self,
        files: Sequence[LogFile],
        fields: Sequence[str],
        read: ReadFile,
        cancelled: threading.Event,
        on_bytes: Callable[[int], None],
        readers: int = 2,
    ) -> None:
        self.error: Exception | None = None
        """What a reader raised: DuckDB passes on only its text."""
        self._files = files
        self._fields = fields
        self._read = read
        self._cancelled = cancelled
        self._on_bytes = on_bytes
        self._readers = readers

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        import pyarrow

        from flowtui.engines.local.columns import arrow_schema

        # DuckDB opens a stream to learn its columns, too: reading starts with the first pull.
        reader = pyarrow.RecordBatchReader.from_batches(arrow_schema(self._fields), self._batches())
        return reader.__arrow_c_stream__(requested_schema)

    def _batches(self) -> Iterator[pyarrow.RecordBatch]:
        is_left = threading.Event()
        todo = iter(self._files)
        reading: deque[queue.Queue[Any]] = deque()
        pool = ThreadPoolExecutor(self._readers, "flow-log-reader")
        try:
            while True:
                # More files than readers: nobody idles while DuckDB takes the oldest one's tables.
                for file in islice(todo, 2 * self._readers - len(reading)):
                    tables: queue.Queue[Any] = queue.Queue(_TABLES_AHEAD)
                    pool.submit(self._read_into, tables, file, is_left)
                    reading.append(tables)
                if not reading:
                    return
                yield from self._arriving(reading.popleft())
        finally:
            is_left.set()
            pool.shutdown(wait=False, cancel_futures=True)

    def _read_into(self, tables: queue.Queue[Any], file: LogFile, is_left: threading.Event) -> None:
        """In a reader's thread: put each table of the file, then None, or what went wrong."""
        try:
            for table in self._read(file, self._fields, self._cancelled):
                if not _put(tables, table, is_left):
                    return
        except Exception as error:  # noqa: BLE001 it goes to the thread that reads the tables
            _put(tables, error, is_left)
        else:
            self._on_bytes(file.size)
            _put(tables, None, is_left)

    def _arriving(self, tables: queue.Queue[Any]) -> Iterator[pyarrow.RecordBatch]:
        while True:
            try:
                table = tables.get(timeout=_CHECK_S)
            except queue.Empty:
                table = ()
            if self._cancelled.is_set():
                raise EngineError("Reading was stopped.")
            if table is None:
                return
            if isinstance(table, Exception):
                self.error = table
                raise table
            if table:
                yield from table.to_batches()


def _put(tables: queue.Queue[Any], item: object, is_left: threading.Event) -> bool:
    """Put it as soon as there is room; False where nobody takes it any more."""
    while not is_left.is_set():
        try:
            tables.put(item, timeout=_CHECK_S)
        except queue.Full:
            continue
        return True
    return False
