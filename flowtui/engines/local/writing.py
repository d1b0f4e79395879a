"""Writing tables of records into one Parquet file."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flowtui.engines.local.columns import arrow_schema, is_number
from flowtui.engines.local.indexed import Part

if TYPE_CHECKING:
    import pyarrow

ROW_GROUP_RECORDS = 122_880
"""DuckDB's own row group: 30,000 and 1,000,000 were slower to query."""
_ROW_GROUP_CELLS = 14 * ROW_GROUP_RECORDS
"""Wide formats get smaller row groups: two are held in memory while they fill."""


class PartWriter:
    """A part in the making: written under a temporary name, then put in place at once.

    Raises:
        OSError: From any call, where the disk is full or may not be written.
    """

    def __init__(self, directory: Path, fields: Sequence[str]) -> None:
        from pyarrow import parquet

        self._fields = tuple(fields)
        self._row_group = min(ROW_GROUP_RECORDS, _ROW_GROUP_CELLS // len(self._fields))
        self._name = f"{uuid.uuid4().hex}.parquet"
        self._path = directory / self._name
        self._temporary = directory / f"{self._name}.tmp"
        self._held: list[pyarrow.Table] = []
        self._held_records = 0
        self._records = 0
        self._min_start: int | None = None
        self._max_end: int | None = None
        self._writer = parquet.ParquetWriter(
            self._temporary,
            arrow_schema(fields),
            compression="zstd",
            compression_level=1,
            # Bounds of text prune nothing in records that stand in the order of time.
            write_statistics=[field for field in fields if is_number(field)],
        )

    def add(self, table: pyarrow.Table) -> None:
        """Take records; row groups are written as soon as they are full."""
        self._see_times(table)
        self._held.append(table)
        self._held_records += table.num_rows
        while self._held_records >= self._row_group:
            self._write(self._row_group)

    def finish(self) -> Part:
        """Write what is held, and put the file in place."""
        if self._held_records:
            self._write(self._held_records)
        self._writer.close()
        os.replace(self._temporary, self._path)
        size = self._path.stat().st_size
        return Part(self._name, self._fields, self._records, size, self._min_start, self._max_end)

    def abandon(self) -> None:
        """Delete whatever was written; harmless at any time before the part is entered."""
        with contextlib.suppress(OSError):
            self._writer.close()
        for path in (self._temporary, self._path):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def _write(self, records: int) -> None:
        import pyarrow

        whole = pyarrow.concat_tables(self._held)
        self._writer.write_table(whole.slice(0, records), row_group_size=records)
        rest = whole.slice(records)
        self._held, self._held_records = [rest] if rest.num_rows else [], rest.num_rows
        self._records += records

    def _see_times(self, table: pyarrow.Table) -> None:
        import pyarrow.compute

        if "start" in self._fields:
            earliest = pyarrow.compute.min(table["start"]).as_py()
            self._min_start = min(_known(self._min_start, earliest), default=None)
        if "end" in self._fields:
            latest = pyarrow.compute.max(table["end"]).as_py()
            self._max_end = max(_known(self._max_end, latest), default=None)


def _known(*times: int | None) -> list[int]:
    return [time for time in times if time is not None]
