from __future__ import annotations

import csv
import json
import threading
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from flowtui.domain.executions import Cell, Column, Row
from flowtui.engines.export import TEXT_FORMATS, ExportCancelledError, write_rows
from flowtui.errors import EngineError

COLUMNS = (Column("srcaddr", "varchar"), Column("bytes", "bigint"), Column("bytes", "double"))
ROWS: list[Row] = [
    ('10.0.0.1,"x"\nnext', 7, float("nan")),
    (None, 2**70, Decimal("1.50")),
    ("\x1b[31m|tab\there|", datetime(2026, 11, 24, 10, tzinfo=UTC), True),
]


def _written(path: Path, format: str, rows: list[Row]) -> str:
    path = path / f"rows.{format}"
    assert write_rows(path, format, COLUMNS, iter([rows])) == len(rows)
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def test_csv_quotes_what_would_break_a_row(tmp_path: Path) -> None:
    """Commas, quotes and line breaks come back from a CSV reader; NULL is empty."""
    text = _written(tmp_path, "csv", ROWS)
    assert list(csv.reader(text.splitlines(keepends=True))) == [
        ["srcaddr", "bytes", "bytes"],
        ['10.0.0.1,"x"\nnext', "7", "nan"],
        ["", "1180591620717411303424", "1.50"],
        ["\x1b[31m|tab\there|", "2026-11-24T10:00:00Z", "true"],
    ]


def test_tsv_keeps_one_line_per_row(tmp_path: Path) -> None:
    """A cell can break neither a line nor a column."""
    lines = _written(tmp_path, "tsv", ROWS).split("\n")
    assert [line.count("\t") for line in lines] == [2, 2, 2, 2, 0]
    assert lines[1] == '10.0.0.1,"x" next\t7\tnan'


def test_markdown_cells_are_not_markup(tmp_path: Path) -> None:
    """Pipes, brackets and line breaks in a cell cannot leave it."""
    lines = _written(tmp_path, "markdown", ROWS).split("\n")
    assert lines[1] == "| --- | --- | --- |"
    assert lines[4] == "| \x1b\\[31m\\|tab here\\| | 2026-11-24T10:00:00Z | true |"


def test_json_is_json_and_keeps_both_columns_of_a_name(tmp_path: Path) -> None:
    """NaN becomes null, decimals text, and a second `bytes` is `bytes_2`."""
    expected = [
        {"srcaddr": '10.0.0.1,"x"\nnext', "bytes": 7, "bytes_2": None},
        {"srcaddr": None, "bytes": 2**70, "bytes_2": "1.50"},
        {"srcaddr": "\x1b[31m|tab\there|", "bytes": "2026-11-24T10:00:00Z", "bytes_2": True},
    ]
    assert json.loads(_written(tmp_path, "json", ROWS)) == expected
    lines = _written(tmp_path, "ndjson", ROWS).splitlines()
    assert [json.loads(line) for line in lines] == expected


def test_no_rows_still_make_a_whole_file(tmp_path: Path) -> None:
    """An empty result is a heading, or an empty list."""
    assert _written(tmp_path, "csv", []) == "srcaddr,bytes,bytes\n"
    assert json.loads(_written(tmp_path, "json", [])) == []
    assert _written(tmp_path, "ndjson", []) == ""


@pytest.mark.parametrize("format", TEXT_FORMATS)
def test_cancelling_leaves_the_old_file(tmp_path: Path, format: str) -> None:
    """A cancelled export neither writes half a file nor touches the one that was there."""
    path = tmp_path / "rows"
    path.write_text("old")
    cancelled = threading.Event()

    def stop(rows: int) -> None:
        cancelled.set()

    with pytest.raises(ExportCancelledError):
        write_rows(path, format, COLUMNS, iter([ROWS, ROWS]), cancelled, stop)
    assert [p.name for p in tmp_path.iterdir()] == ["rows"]
    assert path.read_text() == "old"


def test_rows_written_are_told(tmp_path: Path) -> None:
    """The callback learns the running total, in steps of at most a thousand."""
    told: list[int] = []
    write_rows(tmp_path / "rows", "csv", COLUMNS, iter([ROWS * 500]), None, told.append)
    assert told == [1000, 1500]


@pytest.mark.parametrize("path", ["missing/rows.csv", ""])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, path: str) -> None:
    """A missing directory, or a directory in the file's place, is our error with the path."""
    target = tmp_path / path
    with pytest.raises(EngineError, match=str(target)):
        write_rows(target, "csv", COLUMNS, iter([ROWS]))
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_refused_with_those_there_are(tmp_path: Path) -> None:
    """The message lists the formats."""
    with pytest.raises(EngineError, match="csv, csv-safe, tsv, json"):
        write_rows(tmp_path / "rows", "xml", COLUMNS, iter([ROWS]))


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ("-5", "-5"),
        (-5, "-5"),
        (Decimal("-1.5"), "-1.5"),
        ("10.0.0.1", "10.0.0.1"),
        ("", ""),
        (None, ""),
    ],
)
def test_safe_csv_holds_no_formula(tmp_path: Path, cell: Cell, written: str) -> None:
    """Texts that a spreadsheet would compute get an apostrophe, headings too; numbers never."""
    path = tmp_path / "rows.csv"
    write_rows(path, "csv-safe", (Column("=a", "varchar"),), iter([[(cell,)]]))
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["'=a"], [written]]


def test_a_list_of_addresses_has_each_once(tmp_path: Path) -> None:
    """Addresses and networks of all columns, in order; what is none is left out."""
    rows: list[Row] = [("10.0.0.1", "2001:db8::1", 5), ("-", "10.0.0.1", 6), ("10.0.0.0/8", "x", 7)]
    assert _written(tmp_path, "addresses", rows) == "10.0.0.1\n2001:db8::1\n10.0.0.0/8\n"
