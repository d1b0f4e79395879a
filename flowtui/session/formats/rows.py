"""Rows as text to paste: TSV, CSV, Markdown for people, JSON and NDJSON for programs.

In the first three times read as ISO 8601 and every cell stays on its line; in JSON values are what
they are in the result.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from io import StringIO

from flowtui.engines.export import stream_rows
from flowtui.session.copytext import cell_text, counted, escaped, one_line
from flowtui.session.formats.taken import Made, Taken

_FOR_PEOPLE = ("tsv", "csv", "markdown")
_NAMES = {"tsv": "TSV", "csv": "CSV", "json": "JSON", "ndjson": "NDJSON", "markdown": "Markdown"}


def rows_text(format: str, taken: Taken) -> str:
    """The rows, of the columns shown, in a format of `engines.export`; harmless to paste."""
    taken = taken.seen
    file = StringIO()
    if format not in _FOR_PEOPLE:
        stream_rows(file, format, taken.columns, [taken.rows])
        return escaped(file.getvalue())
    columns = tuple(replace(column, name=one_line(column.name)) for column in taken.columns)
    rows = [tuple(map(cell_text, row, taken.columns)) for row in taken.rows]
    stream_rows(file, format, columns, [rows])
    return file.getvalue()


def _made(format: str, taken: Taken) -> Made:
    return Made(rows_text(format, taken), f"{taken.counted} ({_NAMES[format]}){taken.unseen}")


def values(taken: Taken) -> Made:
    """The values of the column under the cursor, one a line."""
    at = taken.column or 0
    column = taken.columns[at]
    text = "".join(f"{cell_text(row[at], column)}\n" for row in taken.rows)
    first = "the first " if taken.is_cut else ""
    return Made(text, f"{first}{counted(len(taken.rows), f'{column.name} value')}, one a line")


tsv = partial(_made, "tsv")
csv = partial(_made, "csv")
json = partial(_made, "json")
ndjson = partial(_made, "ndjson")
markdown = partial(_made, "markdown")
