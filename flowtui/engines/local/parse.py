"""Records of a block of text as Arrow columns: quick where all is as it should be, else exact.

pyarrow's CSV reader does the quick way, with only the columns that are wanted, and refuses a block
as a whole. The exact way then looks at each line: keeps the records, counts the rest, and follows
a header line that stands inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from flowtui.engines.local.columns import arrow_type, is_number, numbers_of, with_columns
from flowtui.engines.local.header import Layout, header_columns
from flowtui.engines.local.inflate import LONGEST_LINE, Buffer
from flowtui.engines.local.problems import Problems

if TYPE_CHECKING:
    import pyarrow

_MAY_BE_HEADER = re.compile(
    rb"[ ${]*[A-Za-z][A-Za-z0-9_.}-]*(?:[ ${]+[A-Za-z][A-Za-z0-9_.}-]*)*\s*"
)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class FormatChangedError(Exception):
    """A header line inside a file names columns that were not asked for.

    Attributes:
        columns: Those that it names.
    """

    def __init__(self, columns: tuple[str, ...]) -> None:
        super().__init__(" ".join(columns))
        self.columns = columns


class TextParser:
    """Turns the blocks of one file, given in order, into tables of exactly the wanted columns.

    A column that the file lacks is NULL. With `is_strict`, a header inside the file that brings a
    column which is not wanted raises FormatChangedError instead of dropping it.
    """

    def __init__(
        self, layout: Layout, wanted: Sequence[str], problems: Problems, is_strict: bool = False
    ) -> None:
        self._layout = layout
        self._wanted = tuple(wanted)
        self._problems = problems
        self._is_strict = is_strict
        self._lines_before = 0
        self._previous: Buffer | None = None

    def tables(self, block: Buffer) -> Iterator[pyarrow.Table]:
        """Tables of the records in the next block of whole lines."""
        # Counting lines takes time, and is of use only to blocks after the first.
        if self._previous is not None:
            self._lines_before += self._previous.count(b"\n")
        table = self.quick_table(block)
        if table is None:
            yield from self._exactly(bytes(block))
        elif table.num_rows:
            yield table
        self._previous = block

    def quick_table(self, block: Buffer) -> pyarrow.Table | None:
        """The table of a block without any fault; None where there may be one."""
        import pyarrow

        header, begin = self._layout.header, 0
        if self._previous is None and header:
            end = block.find(b"\n")
            if block[: end if end >= 0 else len(block)].rstrip(b"\r") != header:
                return None
            begin = end + 1 if end >= 0 else len(block)
        if header and block.find(header, begin) >= 0:
            return None
        try:
            return self._read(pyarrow.py_buffer(block).slice(begin), block.isascii())
        except pyarrow.ArrowInvalid:
            return None

    def _exactly(self, text: bytes) -> Iterator[pyarrow.Table]:
        is_text = _is_utf8(text)
        lines: list[bytes] = []
        numbers: list[int] = []
        if not self._lines_before and text.startswith(_BYTE_ORDER_MARK):
            text = text[len(_BYTE_ORDER_MARK) :]
        for number, line in enumerate(text.splitlines(), self._lines_before + 1):
            columns = header_columns(line) if _MAY_BE_HEADER.fullmatch(line) else None
            if columns is None:
                record = self._record(line, number, is_text)
                if record:
                    lines.append(record)
                    numbers.append(number)
                continue
            if columns != self._layout.columns:
                yield from self._tolerantly(lines, numbers)
                lines, numbers = [], []
                self._switch(columns, line)
        yield from self._tolerantly(lines, numbers)

    def _switch(self, columns: tuple[str, ...], line: bytes) -> None:
        if self._is_strict and not set(columns) <= set(self._wanted):
            raise FormatChangedError(columns)
        self._layout = Layout(columns, line)

    def _record(self, line: bytes, number: int, is_text: bool) -> bytes | None:
        """The line if it is a record, else None, and counted unless it is blank."""
        width = len(self._layout.columns)
        if len(line) > LONGEST_LINE:
            self._problems.add("lines too long for a record", 1, number)
        elif not (is_text or _is_utf8(line)):
            self._problems.add("lines that are not text", 1, number)
        elif line.count(b" ") == width - 1:
            return line
        elif len(tokens := line.split()) == width:
            return b" ".join(tokens)
        elif tokens:
            few = "few" if len(tokens) < width else "many"
            self._problems.add(f"lines with too {few} fields", 1, number)
        return None

    def _tolerantly(self, lines: list[bytes], numbers: list[int]) -> Iterator[pyarrow.Table]:
        """The table of lines that are records, with NULL for numbers that are none."""
        if not lines:
            return
        import pyarrow

        text = pyarrow.py_buffer(b"\n".join(lines) + b"\n")
        try:
            yield self._read(text)
            return
        except pyarrow.ArrowInvalid:
            table = self._read_as(text, dict.fromkeys(self._layout.columns, pyarrow.string()))
        for at, column in enumerate(table.column_names):
            if is_number(column):
                values, wrong = numbers_of(table[column], column)
                table = table.set_column(at, column, values)
                if wrong.count:
                    self._problems.add(wrong.reason, wrong.count, numbers[wrong.first])
        yield with_columns(table, self._wanted)

    def _read(self, text: pyarrow.Buffer, is_ascii: bool = False) -> pyarrow.Table:
        types = {column: arrow_type(column) for column in self._layout.columns}
        return with_columns(self._read_as(text, types, is_ascii), self._wanted)

    def _read_as(
        self, text: pyarrow.Buffer, types: dict[str, pyarrow.DataType], is_ascii: bool = False
    ) -> pyarrow.Table:
        import pyarrow
        from pyarrow import csv

        included = self._included()
        if not text.size:
            return pyarrow.schema([(name, types[name]) for name in included]).empty_table()
        return csv.read_csv(
            pyarrow.BufferReader(text),
            csv.ReadOptions(
                column_names=self._layout.columns, use_threads=False, block_size=LONGEST_LINE
            ),
            csv.ParseOptions(
                delimiter=" ", quote_char=False, double_quote=False, escape_char=False
            ),
            csv.ConvertOptions(
                # Looking at whole blocks first makes parsing a tenth faster.
                check_utf8=not is_ascii,
                column_types=types,
                include_columns=included,
                null_values=["-"],
                strings_can_be_null=True,
            ),
        )

    def _included(self) -> list[str]:
        """The wanted columns of the file, and a number, which no line but a record can have."""
        columns = self._layout.columns
        included = [column for column in columns if column in self._wanted]
        if not any(map(is_number, included)):
            counted = [column for column in columns if is_number(column)]
            included += counted[:1] or ([] if included else columns[:1])
        return included


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
