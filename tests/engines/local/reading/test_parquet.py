"""Flow logs that AWS delivered as Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from flowtui.errors import ConnectError
from tests.engines.local.reading.conftest import V2_HEADER, V2_LINE, convert, records


def write(path: Path, columns: dict[str, Any]) -> Path:
    """A Parquet file as AWS compresses it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pyarrow.table(columns), path, compression="gzip")
    return path


COLUMNS = {
    "version": pyarrow.array([2, 2], pyarrow.int32()),
    "account-id": pyarrow.array([1234567890, None], pyarrow.int64()),
    "SrcAddr": ["10.0.0.1", "-"],
    "srcport": ["443", "http"],
    "bytes": pyarrow.array([2**40, None], pyarrow.int64()),
    "start": pyarrow.array([1700000000123, 1700000000], pyarrow.int64()),
    "brand new": pyarrow.array([b"x", b"\xff"], pyarrow.binary()),
    "protocol": pyarrow.array([6, 2**40], pyarrow.int64()),
}
ROWS = [
    {"version": 2, "account_id": "001234567890", "srcaddr": "10.0.0.1", "srcport": 443,
     "protocol": 6, "bytes": 2**40, "start": 1700000000, "brand_new": "x"},
    {"version": 2, "account_id": None, "srcaddr": None, "srcport": None,
     "protocol": None, "bytes": None, "start": 1700000000, "brand_new": "�"},
]  # fmt: skip


@pytest.mark.parametrize("is_converted", [False, True])
def test_columns_by_name_and_type(tmp_path: Path, open_source: Any, is_converted: bool) -> None:
    """Names in any spelling and numbers in any type become the same columns as those of text."""
    files = open_source(write(tmp_path / "a.log.parquet", COLUMNS))
    if is_converted:
        convert(files)
    assert records(files) == ROWS
    assert {each.reason for each in files.left_out()} == {
        "values of srcport that are no numbers, kept as NULL",
        "values of protocol that are no numbers, kept as NULL",
    }


def test_beside_text(tmp_path: Path, open_source: Any) -> None:
    """Parquet and text in one directory are one source."""
    write(tmp_path / "a.log.parquet", COLUMNS)
    (tmp_path / "b.log").write_bytes(V2_HEADER + V2_LINE)
    files = open_source(tmp_path)
    assert len(records(files)) == 3
    convert(files)
    assert len(records(files)) == 3


def test_broken_and_foreign_files(tmp_path: Path, open_source: Any) -> None:
    """Cut files, files of zeros and Parquet of other things are named with the reason."""
    good = write(tmp_path / "good.parquet", COLUMNS)
    (tmp_path / "cut.parquet").write_bytes(good.read_bytes()[:-50])
    (tmp_path / "zero.parquet").write_bytes(b"")
    write(tmp_path / "sales.parquet", {"item": ["a"], "price": [1]})
    write(tmp_path / "tgw.parquet", {"version": [6], "tgw_id": ["tgw-1"], "srcaddr": ["10.0.0.1"]})
    files = open_source(tmp_path)
    assert len(records(files)) == 2
    reasons = {Path(e.path).name: e.reason for e in files.left_out() if e.count == 0}
    assert reasons.keys() == {"cut.parquet", "zero.parquet", "sales.parquet", "tgw.parquet"}
    assert "transit gateway" in reasons["tgw.parquet"]
    assert "without the columns of flow logs" in reasons["sales.parquet"]
    with pytest.raises(ConnectError, match="not a readable Parquet file"):
        open_source(tmp_path / "cut.parquet")


def test_damage_inside(tmp_path: Path, open_source: Any) -> None:
    """What stands before and after the damage is used, and what is lost is counted."""
    path = tmp_path / "a.parquet"
    table = pyarrow.table(
        {
            "srcaddr": [f"10.0.{n // 256}.{n % 256}" for n in range(60_000)],
            "bytes": list(range(60_000)),
        }
    )
    parquet.write_table(table, path, row_group_size=10_000, compression="gzip")
    data = bytearray(path.read_bytes())
    at = len(data) // 2
    data[at : at + 2000] = b"\xff" * 2000
    path.write_bytes(bytes(data))
    files = open_source(path)
    found = [row["bytes"] for row in records(files)]
    (left_out,) = files.left_out()
    assert 40_000 <= len(found) < 60_000
    assert len(found) + left_out.count == 60_000
    assert {0, 59_999} <= set(found)
    assert left_out.first_line is not None
    lost = range(left_out.first_line - 1, left_out.first_line - 1 + left_out.count)
    assert found == [number for number in range(60_000) if number not in lost]
