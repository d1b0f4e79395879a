"""Flow logs that AWS delivered as Parquet: other column names and types, the same records."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from flowtui.domain.fields import canonical
from flowtui.engines.local.columns import arrow_type, is_number, numbers_of, with_columns
from flowtui.engines.local.header import Layout, Refusal, columns_of
from flowtui.engines.local.problems import Problems

if TYPE_CHECKING:
    import pyarrow

_BATCH_RECORDS = 131_072


def parquet_layout(path: str) -> Layout | Refusal:
    """The columns of a Parquet file, if it holds flow logs."""
    import pyarrow
    from pyarrow import parquet

    try:
        names = parquet.read_schema(path).names
    except (pyarrow.ArrowException, OSError) as error:
        return Refusal(f"not a readable Parquet file: {_first_line(error)}")
    if any(name.startswith("tgw") for name in names):
        return Refusal("a transit gateway flow log; flowtui reads VPC flow logs only")
    if sum(canonical(name) is not None for name in names) < 2:
        return Refusal("a Parquet file without the columns of flow logs")
    return Layout(columns_of(names))


def parquet_tables(
    path: str, wanted: Sequence[str], problems: Problems, cancelled: threading.Event | None
) -> Iterator[pyarrow.Table]:
    """The records of a Parquet file in tables of exactly the wanted columns."""
    import pyarrow
    from pyarrow import parquet

    first_row = 1
    try:
        file = parquet.ParquetFile(path)
    except pyarrow.ArrowException as error:
        problems.add(f"not a readable Parquet file: {_first_line(error)}")
        return
    with file:
        names = file.schema_arrow.names
        columns = columns_of(names)
        chosen = {
            name: column for name, column in zip(names, columns, strict=True) if column in wanted
        } or {names[0]: columns[0]}
        for group in range(file.num_row_groups):
            row = first_row
            first_row += file.metadata.row_group(group).num_rows
            try:
                for batch in file.iter_batches(_BATCH_RECORDS, [group], list(chosen)):
                    if cancelled is not None and cancelled.is_set():
                        return
                    table = pyarrow.Table.from_batches([batch])
                    table = table.rename_columns([chosen[name] for name in table.column_names])
                    yield with_columns(_typed(table, problems, row), wanted)
                    row += table.num_rows
            except (pyarrow.ArrowException, OSError):
                problems.add("records in a broken part of a Parquet file", first_row - row, row)


def _typed(table: pyarrow.Table, problems: Problems, first_row: int) -> pyarrow.Table:
    for at, column in enumerate(table.column_names):
        values = _typed_column(table[column], column, problems, first_row)
        table = table.set_column(at, column, values)
    return table


def _typed_column(
    values: pyarrow.ChunkedArray, column: str, problems: Problems, first_row: int
) -> pyarrow.ChunkedArray | pyarrow.Array:
    import pyarrow
    import pyarrow.compute

    type = arrow_type(column)
    try:
        if values.type == type and is_number(column):
            return values
        if is_number(column) and pyarrow.types.is_integer(values.type):
            return values.cast(type)
        texts = values.cast(pyarrow.string())
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError):
        # One by one: a number out of range, or a type that is no text either.
        texts = pyarrow.chunked_array([[_text(value) for value in values.to_pylist()]], "string")
    if column == "account_id" and pyarrow.types.is_integer(values.type):
        texts = pyarrow.compute.utf8_lpad(texts, 12, "0")
    no_dash = pyarrow.compute.if_else(
        pyarrow.compute.equal(texts, "-"), pyarrow.scalar(None, pyarrow.string()), texts
    )
    if not is_number(column):
        return no_dash
    numbers, wrong = numbers_of(no_dash, column)
    if wrong.count:
        problems.add(wrong.reason, wrong.count, first_row + wrong.first)
    return numbers


def _text(value: object) -> str | None:
    if value is None:
        return None
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
