from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pyathena
import pytest
from pyathena.error import OperationalError

from tests.athena_server import RESULTS, AthenaServer


@pytest.fixture
def cursor(tables: AthenaServer) -> Iterator[Any]:
    """Pyathena's own cursor, which finds the server through the environment."""
    with pyathena.connect(s3_staging_dir=RESULTS, poll_interval=0.01) as connection:
        yield connection.cursor()


def test_pyathena_runs_queries(cursor: Any) -> None:
    """Values arrive with their types, and the statistics with them."""
    cursor.execute(
        "SELECT srcaddr, bytes, from_unixtime(start) AS at FROM flows WHERE day = %(day)s LIMIT 1",
        {"day": "2026/11/22"},
    )
    (row,) = cursor.fetchall()
    assert row[:2] == ("10.0.0.1", 100)
    assert row[2] == datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert cursor.data_scanned_in_bytes > 0
    assert cursor.state == "SUCCEEDED"


def test_pyathena_shows_failures(cursor: Any) -> None:
    """A failed query raises its reason."""
    with pytest.raises(OperationalError, match="COLUMN_NOT_FOUND: line 1:8"):
        cursor.execute("SELECT nope FROM flows")


def test_pyathena_reads_the_catalogue(cursor: Any) -> None:
    """Table metadata as its dataclasses."""
    metadata = cursor.get_table_metadata("flows", "AwsDataCatalog", "default")
    assert [key.name for key in metadata.partition_keys] == ["day"]


def test_it_starts_by_hand() -> None:
    """`python -m tests.athena_server` prints the environment that reaches it, and ends on TERM."""
    command = [sys.executable, "-m", "tests.athena_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.terminate()
        assert process.wait(30) == 0
    assert first.startswith("export AWS_ENDPOINT_URL=http://127.0.0.1:")
