"""Rows as text to paste: harmless, and whole wherever a program reads them back."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.executions import Cell, Column, Row
from flowtui.domain.fields import Kind
from flowtui.session.copytext import cell_text, plain
from flowtui.session.formats import FORMAT_OF, FORMATS, Taken
from flowtui.session.formats.rows import rows_text

COLUMNS = (
    Column("srcaddr", "varchar", Kind.ADDRESS),
    Column("bytes", "bigint", Kind.BYTES),
    Column("start", "bigint", Kind.TIME),
)
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(), st.text(), st.integers(-(2**63), 2**63 - 1), st.booleans()
)
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=5)
ROW: Row = ("203.0.113.9", 1204, 1_795_000_000)


def taken(*rows: Row) -> Taken:
    """Rows of three columns."""
    return Taken(COLUMNS, rows)


@given(ROWS)
def test_json_reads_back_as_the_values(rows: list[Row]) -> None:
    """Whatever text holds, JSON and NDJSON give it back, and hold no character that acts."""
    names = [column.name for column in COLUMNS]
    wanted = [dict(zip(names, row, strict=True)) for row in rows]
    text = rows_text("json", taken(*rows))
    assert text == plain(text)
    assert json.loads(text) == wanted
    lines = rows_text("ndjson", taken(*rows))
    assert lines == plain(lines)
    assert [json.loads(line) for line in lines.split("\n")[:-1]] == wanted


@given(ROWS)
def test_csv_reads_back_as_the_texts(rows: list[Row]) -> None:
    """A CSV reader finds each cell as it is told, on one line each."""
    text = rows_text("csv", taken(*rows))
    wanted = [[cell_text(c, k) for c, k in zip(row, COLUMNS, strict=True)] for row in rows]
    assert list(csv.reader(StringIO(text)))[1:] == wanted
    assert text == plain(text)


@given(ROWS)
def test_tsv_keeps_lines_and_columns(rows: list[Row]) -> None:
    """No cell can break a line or a column."""
    lines = rows_text("tsv", taken(*rows)).split("\n")[:-1]
    assert [line.count("\t") for line in lines] == [2] * (len(rows) + 1)


@given(ROWS)
def test_markdown_cells_stay_in_their_cell(rows: list[Row]) -> None:
    """Every pipe of a cell is escaped; no cell is code, link or HTML."""
    for line in rows_text("markdown", taken(*rows)).split("\n")[2:-1]:
        bare = line.replace("\\\\", "")
        assert bare.count("|") - bare.count("\\|") == 4
        for mark in "`<[*_$&":
            assert bare.count(mark) == bare.count("\\" + mark)


@pytest.mark.parametrize(
    ("id", "text"),
    [
        ("tsv", "srcaddr\tbytes\tstart\n203.0.113.9\t1204\t2026-11-18T11:06:40Z\n"),
        ("csv", "srcaddr,bytes,start\n203.0.113.9,1204,2026-11-18T11:06:40Z\n"),
        ("json", '[\n{"srcaddr": "203.0.113.9", "bytes": 1204, "start": 1795000000}\n]\n'),
        ("ndjson", '{"srcaddr": "203.0.113.9", "bytes": 1204, "start": 1795000000}\n'),
        ("markdown", "| srcaddr | bytes | start |\n| --- | --- | --- |\n"
                     "| 203.0.113.9 | 1204 | 2026-11-18T11:06:40Z |\n"),
        ("addresses", "203.0.113.9\n"),
    ],
)  # fmt: skip
def test_each_format_as_it_is_pasted(id: str, text: str) -> None:
    """Times read as ISO 8601 for people, and are what they are for programs."""
    assert FORMAT_OF[id].make(taken(ROW)).text == text


def test_no_two_formats_share_a_key() -> None:
    """Each has a key of its own in the menu."""
    assert len({format.key for format in FORMATS}) == len(FORMATS)


def test_what_was_copied_is_told_with_its_number() -> None:
    """`12 rows (CSV)`; a cut is said."""
    assert FORMAT_OF["csv"].make(taken(ROW, ROW)).what == "2 rows (CSV)"
    cut = Taken(COLUMNS, (ROW,), is_cut=True, thing="marked row")
    assert FORMAT_OF["json"].make(cut).what == "the first 1 marked row (JSON)"
