"""Whatever is written by the rules is read back, value for value."""

from __future__ import annotations

import gzip
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from flowtui.domain.fields import FIELD
from flowtui.engines.local.columns import is_number
from flowtui.engines.local.files import FlowLogFiles
from tests.engines.local.reading.conftest import convert, records

TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters=" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85"),
    min_size=1, max_size=12,
).filter(lambda text: text != "-" and text.split() == [text])  # fmt: skip
SMALL = st.integers(-(2**31), 2**31 - 1)
LARGE = st.integers(-(2**63), 2**63 - 1)
SECOND = st.integers(0, 10**11)


def value_of(column: str) -> st.SearchStrategy[Any]:
    """Values of a column, NULL among them."""
    if not is_number(column):
        return st.none() | TEXT
    if column in ("start", "end"):
        return st.none() | SECOND
    return st.none() | (LARGE if FIELD[column].athena_type == "bigint" else SMALL)


@st.composite
def log(draw: st.DrawFn) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Columns in some order, at least one of which is known and a number, and records."""
    known = draw(st.lists(st.sampled_from(sorted(FIELD)), unique=True, min_size=1, max_size=8))
    columns = draw(st.permutations(["version", *(c for c in known if c != "version")]))
    row = st.tuples(*(value_of(column) for column in columns))
    return list(columns), draw(st.lists(row, max_size=30))


def write(path: Path, columns: list[str], rows: list[tuple[Any, ...]], ends: bytes) -> None:
    """A log file with a header line, compressed where its name says so."""
    header = " ".join(FIELD[column].log_name for column in columns)
    lines = [header, *(" ".join("-" if v is None else str(v) for v in row) for row in rows)]
    text = ends.join(line.encode() for line in lines) + ends
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)


@settings(deadline=None, max_examples=60)
@given(
    logs=st.lists(log(), min_size=1, max_size=4),
    ends=st.sampled_from([b"\n", b"\r\n"]),
    suffix=st.sampled_from(["log", "log.gz"]),
)
def test_records_are_read_as_written(
    logs: list[tuple[list[str], list[tuple[Any, ...]]]], ends: bytes, suffix: str
) -> None:
    """Any fields in any order, any values, several formats at once; raw and converted."""
    with tempfile.TemporaryDirectory() as place:
        source = Path(place, "logs")
        source.mkdir()
        for number, (columns, rows) in enumerate(logs):
            write(source / f"{number}.{suffix}", columns, rows, ends)
        files = FlowLogFiles(str(source), cache_root=Path(place, "cache"))
        files.open()
        written = Counter(
            tuple(dict(zip(columns, row, strict=True)).get(field) for field in files.fields)
            for columns, rows in logs
            for row in rows
        )
        for _ in range(2):
            assert Counter(tuple(row.values()) for row in records(files)) == written
            assert files.left_out() == ()
            convert(files)
        files.close()
