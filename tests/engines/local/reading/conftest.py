"""Sources made on the spot, and what a reading of them gives."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow
import pytest

from flowtui.engines.local.files import FlowLogFiles
from tests.bench.generate import faults

Open = Callable[..., FlowLogFiles]

V2_LINE = (
    b"2 123456789012 eni-1 10.0.0.1 10.0.0.2 443 49152 6 10 840 1700000000 1700000060 ACCEPT OK\n"
)
"""A record in the default format."""
V2_HEADER = (
    b"version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes"
    b" start end action log-status\n"
)


@pytest.fixture
def open_source(tmp_path: Path) -> Any:
    """Opens a location, with the cache of this test unless told otherwise; closes it at the end."""
    opened = []

    def open_it(location: Path | str, **options: Any) -> FlowLogFiles:
        options.setdefault("cache_root", tmp_path / "cache")
        files = FlowLogFiles(str(location), **options)
        files.open()
        opened.append(files)
        return files

    yield open_it
    for files in opened:
        files.close()


@pytest.fixture(scope="session")
def fault_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int | None]]:
    """The directory of odd and broken files, and the good records of each."""
    out = tmp_path_factory.mktemp("faults")
    return out, faults(out)


def convert(files: FlowLogFiles) -> None:
    """Convert everything."""
    files.convert(threading.Event(), lambda progress: None)


def records(files: FlowLogFiles, *fields: str) -> list[dict[str, Any]]:
    """Every record of a source, whether converted or not, in no order that counts."""
    from pyarrow import parquet

    wanted = fields or files.fields
    inputs = files.inputs(None)
    tables = [files.read(file, wanted) for file in inputs.raw]
    for path in inputs.parquet:
        table = parquet.read_table(path)
        missing = [name for name in wanted if name not in table.column_names]
        for name in missing:
            table = table.append_column(name, pyarrow.nulls(table.num_rows, pyarrow.string()))
        tables.append(table.select(list(wanted)))
    return [row for table in tables for row in table.to_pylist()]
