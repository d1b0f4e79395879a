"""Brings a finished execution's rows here: the first page at once, the rest behind it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flowtui.domain.executions import QueryExecution, QueryState
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.rows import ApiPage, api_pages, download
from flowtui.engines.athena.values import reader
from flowtui.engines.columns import column, stored_type
from flowtui.engines.faults import translating as keeping
from flowtui.engines.results import ResultStore
from flowtui.engines.scratch import ScratchDirectory
from flowtui.engines.shelf import ResultShelf
from flowtui.errors import EngineError

if TYPE_CHECKING:
    from flowtui.engines.athena.run import AthenaRun

_BLOCK_BYTES: Final = (1 << 20, 1 << 26)
"""Parsed at once; the second where a row does not fit. A row of Athena's has 32 MB at most."""


class RowFetcher:
    """Holds the rows of every execution of an engine.

    Args:
        clients: Calls go through these.
        root: Parent of the directory in which rows are kept; None: the system's temporary place.
    """

    def __init__(self, clients: AwsClients, root: Path | None) -> None:
        self._clients = clients
        self._scratch = ScratchDirectory(root)
        self._shelf = ResultShelf(self._scratch.path)
        self._stores: dict[str, ResultStore] = {}
        self._lock = threading.Lock()

    def results(self, id: str) -> ResultStore:
        """The rows of an execution.

        Raises:
            EngineError: There are none yet.
        """
        with self._lock:
            store = self._stores.get(id)
        if store is None:
            raise EngineError("No rows have arrived yet.", "Wait until the query has succeeded.")
        return store

    def fetch(self, run: AthenaRun) -> None:
        """Bring in all rows; tells the run as they come. Blocks; the run's own thread.

        Raises:
            EngineError: They could not be had, whole.
        """
        with keeping():
            self._bring_in(run, run.execution)

    def close(self) -> None:
        """Delete all rows."""
        self._shelf.close()
        self._scratch.close()

    def _bring_in(self, run: AthenaRun, execution: QueryExecution) -> None:
        # Only what SELECT answers begins with a header; DDL and SHOW do not.
        has_header = execution.kind == "DML"
        pages = api_pages(
            self._clients, execution.query_id, has_header, run.cancelled, run.wait_out
        )
        first = next(pages, None)
        if first is None:
            _say_cut(run, 0)
            return
        store = ResultStore(
            self._shelf,
            tuple(column(name, _base(type)) for name, type in first.columns),
            tuple(stored_type(type) for _, type in first.columns),
        )
        with self._lock:
            self._stores[execution.id] = store
        try:
            store.append(_cells(first))
            _say_come(run, store)
            if first.next_token:
                self._fetch_rest(run, store, pages)
        finally:
            store.finish()
        if run.cancelled.is_set():
            _say_cut(run, store.rows_ready)
        else:
            _say_come(run, store, is_complete=True)

    def _fetch_rest(self, run: AthenaRun, store: ResultStore, pages: Iterator[ApiPage]) -> None:
        path = self._scratch.path / f"{run.execution.id}.csv"
        try:
            location = run.execution.output_location
            if download(self._clients, location, path, run.cancelled, run.wait_out):
                for batch in _csv_batches(path, len(store.columns), store.rows_ready):
                    store.append_arrow(batch)
                    _say_come(run, store)
                return
        finally:
            path.unlink(missing_ok=True)
        for page in pages:
            if run.cancelled.is_set():
                return
            store.append(_cells(page))
            _say_come(run, store)


def _say_come(run: AthenaRun, store: ResultStore, **changes: Any) -> None:
    """Rows have come: what was in their way is over."""
    run.change(rows_ready=store.rows_ready, reason="", error=None, **changes)


def _say_cut(run: AthenaRun, rows: int) -> None:
    run.change(
        state=QueryState.CANCELLED,
        rows_ready=rows,
        reason=f"The query had succeeded; fetching its rows was stopped at {rows:,}.",
    )


def _base(type: str) -> str:
    return type.partition("(")[0]


def _cells(page: ApiPage) -> list[tuple[Any, ...]]:
    readers = [reader(_base(type)) for _, type in page.columns]
    return [
        tuple(None if text is None else read(text) for read, text in zip(readers, row, strict=True))
        for row in page.rows
    ]


def _csv_batches(path: Path, width: int, skip: int) -> Iterator[Any]:
    """The CSV's rows after the first ones, as pyarrow batches of text; flat memory."""
    import pyarrow as pa

    for block_bytes in _BLOCK_BYTES:
        try:
            for batch in _read_csv(path, width, skip, block_bytes):
                skip += batch.num_rows
                yield batch
        except pa.ArrowInvalid:
            # A row that is longer than two blocks needs larger ones.
            if block_bytes == _BLOCK_BYTES[-1]:
                raise
        else:
            return


def _read_csv(path: Path, width: int, skip: int, block_bytes: int) -> Iterator[Any]:
    """Athena quotes every value and leaves NULL empty without quotes: that tells NULL from ''."""
    import pyarrow as pa
    from pyarrow import csv

    names = [f"c{i}" for i in range(width)]
    batches = csv.open_csv(
        path,
        read_options=csv.ReadOptions(
            column_names=names, skip_rows_after_names=1, use_threads=True, block_size=block_bytes
        ),
        # Of one column, a row that is NULL is an empty line.
        parse_options=csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=width > 1),
        convert_options=csv.ConvertOptions(
            column_types={name: pa.string() for name in names},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            check_utf8=False,
        ),
    )
    with batches:
        for batch in batches:
            if skip < batch.num_rows:
                yield batch.slice(skip)
            skip = max(0, skip - batch.num_rows)
