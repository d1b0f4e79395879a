"""The one Arrow type that every column has, in every file of every source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowtui.domain.fields import FIELD

if TYPE_CHECKING:
    import pyarrow

_FIRST_MILLISECOND = 10**11
"""Larger times are milliseconds: as seconds they would lie after the year 5138."""


def is_number(column: str) -> bool:
    """True for columns whose values are integers."""
    return column in FIELD and FIELD[column].kind.is_number


def arrow_type(column: str) -> pyarrow.DataType:
    """int32, int64 or string, as AWS's own DDL has it; unknown columns are text."""
    import pyarrow

    if not is_number(column):
        return pyarrow.string()
    return pyarrow.int64() if FIELD[column].athena_type == "bigint" else pyarrow.int32()


def arrow_schema(columns: Sequence[str]) -> pyarrow.Schema:
    """The types of some columns."""
    import pyarrow

    return pyarrow.schema([(column, arrow_type(column)) for column in columns])


def with_columns(table: pyarrow.Table, wanted: Sequence[str]) -> pyarrow.Table:
    """A table of exactly the wanted columns: NULL where it lacks one, times in seconds."""
    import pyarrow

    present = set(table.column_names)
    arrays = [
        _seconds(column, table[column])
        if column in present
        else pyarrow.nulls(table.num_rows, arrow_type(column))
        for column in wanted
    ]
    return pyarrow.table(arrays, schema=arrow_schema(wanted))


@dataclass(frozen=True, slots=True)
class WrongNumbers:
    """How many values of a column were no numbers, and which was the first."""

    column: str
    count: int
    first: int
    """Index of the first; meaningless where there is none."""

    @property
    def reason(self) -> str:
        """What to say of them."""
        return f"values of {self.column} that are no numbers, kept as NULL"


def numbers_of(texts: pyarrow.ChunkedArray, column: str) -> tuple[pyarrow.Array, WrongNumbers]:
    """Text as the numbers it writes; NULL for what is no number, or too large for its column."""
    import pyarrow
    import pyarrow.compute

    type = arrow_type(column)
    whole = pyarrow.concat_arrays(texts.chunks or [pyarrow.array([], texts.type)])
    encoded = whole.dictionary_encode()
    values = [_number(text, type) for text in encoded.dictionary.to_pylist()]
    numbers = pyarrow.array(values, type).take(encoded.indices)
    is_wrong = pyarrow.compute.and_(numbers.is_null(), encoded.indices.is_valid())
    count = pyarrow.compute.sum(is_wrong).as_py() or 0
    first = pyarrow.compute.index(is_wrong, pyarrow.scalar(True)).as_py()
    return numbers, WrongNumbers(column, count, first)


def _number(text: str | None, type: pyarrow.DataType) -> int | None:
    import pyarrow

    try:
        # The same reading as that of pyarrow's CSV reader, which trims.
        value: int | None = pyarrow.scalar((text or "").strip()).cast(type).as_py()
    except pyarrow.ArrowInvalid:
        return None
    return value


def _seconds(column: str, values: pyarrow.ChunkedArray) -> pyarrow.ChunkedArray:
    if column not in ("start", "end"):
        return values
    import pyarrow.compute

    latest = pyarrow.compute.max(values).as_py()
    if latest is None or latest <= _FIRST_MILLISECOND:
        return values
    return pyarrow.compute.if_else(
        pyarrow.compute.greater(values, _FIRST_MILLISECOND),
        pyarrow.compute.divide(values, 1000),
        values,
    )
