"""Rows as a Parquet file, by pyarrow: a group at a time, so that it can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flowtui.domain.executions import Column
from flowtui.engines.export import ExportCancelledError, distinct_names, replacing
from flowtui.engines.refine import stored_name

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

_GROUP: Final = 100_000


def select_sql(cursor: DuckDBPyConnection, source: str, rows: str, types: tuple[str, ...]) -> str:
    """The SELECT over `rows` whose sums are 64-bit integers wherever all of them fit.

    DuckDB hands its 128-bit integers on as decimals, with which few programs reckon.
    """
    wide = [stored_name(i) for i, type in enumerate(types) if type == "HUGEINT"]
    if not wide:
        return f"SELECT held.* FROM {rows}"
    fits = ", ".join(f"bool_and(TRY_CAST({n} AS BIGINT) IS NOT NULL OR {n} IS NULL)" for n in wide)
    answers = cursor.execute(f"SELECT {fits} FROM {source}").fetchall()[0]
    casts = ", ".join(
        f"CAST({name} AS BIGINT) AS {name}"
        for name, is_narrow in zip(wide, answers, strict=True)
        if is_narrow is not False
    )
    return f"SELECT held.* REPLACE ({casts}) FROM {rows}" if casts else f"SELECT held.* FROM {rows}"


def write_parquet(
    path: Path,
    columns: tuple[Column, ...],
    rows: DuckDBPyRelation,
    cancelled: threading.Event | None,
    on_rows: Callable[[int], None] | None,
) -> int:
    """Write rows in their order; returns how many. Nothing is left when it is cancelled."""
    from pyarrow import parquet

    reader = rows.to_arrow_reader(_GROUP)
    names = distinct_names(tuple(column.name for column in columns))
    schema = reader.schema.empty_table().rename_columns(names).schema
    written = 0
    with replacing(path) as unfinished, parquet.ParquetWriter(unfinished, schema) as writer:
        for batch in reader:
            if cancelled is not None and cancelled.is_set():
                raise ExportCancelledError("The export was cancelled.", "No file was written.")
            writer.write_batch(batch.rename_columns(names))
            written += batch.num_rows
            if on_rows is not None:
                on_rows(written)
    return written
