"""The demo incident in S3, behind tables of each layout that flow logs are found in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from flowtui.demo import write_demo
from flowtui.demo.network import ACCOUNT, REGION
from flowtui.demo.records import FIELDS
from tests.athena_server.demo_tables import TABLES, V1_VIEW, V2_VIEW
from tests.athena_server.server import AthenaServer

_DAY: Final = "2026/11/23"
_PREFIX: Final = f"AWSLogs/{ACCOUNT}/vpcflowlogs/{REGION}/{_DAY}"
_HIVE: Final = (
    f"AWSLogs/aws-account-id={ACCOUNT}/aws-service=vpcflowlogs/aws-region={REGION}/"
    "year=2026/month=11/day=23"
)
_LAKE: Final = f"region={REGION}/accountid={ACCOUNT}/eventday=20261123"
_TYPES: Final = {
    "INTEGER": ("version", "srcport", "dstport", "protocol", "tcp_flags", "traffic_path"),
    "BIGINT": ("packets", "bytes", "start", "end"),
}


@dataclass(frozen=True, slots=True)
class DemoObjects:
    """What S3 holds: URI and body of each object."""

    objects: tuple[tuple[str, bytes], ...]

    def load(self, server: AthenaServer) -> None:
        """Put the objects, and make databases and tables.

        Raises:
            RuntimeError: A table could not be made.
        """
        for uri, body in self.objects:
            server.put(uri, body)
        for statement in TABLES:
            execution = server.run(statement)
            if execution.state != "SUCCEEDED":
                raise RuntimeError(f"{execution.reason}\n{statement}")
        server.calls.clear()


def make_demo(directory: Path) -> DemoObjects:
    """Write the demo, text and Parquet; takes about four seconds.

    Args:
        directory: Must not exist; files may be removed afterwards.
    """
    write_demo(directory)
    files = sorted(directory.rglob("*.log.gz"))
    text = [(f"s3://flow-logs/{_PREFIX}/{f.name}", f.read_bytes()) for f in files]
    return DemoObjects((*text, *_parquet(directory)))


def _parquet(directory: Path) -> list[tuple[str, bytes]]:
    """A Parquet object per hour, in both layouts; and an hour of it as Security Lake has it."""
    connection = duckdb.connect()
    _read(connection, directory)
    found: list[tuple[str, bytes]] = []
    for hour in range(24):
        stem = f"{ACCOUNT}_vpcflowlogs_{REGION}_fl-1_20261123T{hour:02}00Z_0000abcd.log.parquet"
        body = _copied(
            connection,
            directory,
            f"SELECT * FROM logs WHERE hour(to_timestamp(\"end\") AT TIME ZONE 'UTC') = {hour}",
        )
        found.append((f"s3://flow-logs-hive/{_HIVE}/hour={hour:02}/{stem}", body))
        found.append((f"s3://flow-logs-parquet/{_PREFIX}/{hour:02}/{stem}", body))
    for version, view in (("1.0", V1_VIEW), ("2.0", V2_VIEW)):
        body = _copied(connection, directory, view)
        place = f"s3://security-lake/ext/VPC_FLOW/{version}/{_LAKE}"
        found.append((f"{place}/0.gz.parquet", body))
    connection.close()
    return found


def _read(connection: duckdb.DuckDBPyConnection, directory: Path) -> None:
    """Leave the records in `logs`, with names and types as AWS's own Parquet files have them."""
    names = FIELDS.split()
    texts = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    # In two steps: DuckDB 2.0 makes a TRY_CAST right above read_csv a CAST, which fails.
    connection.execute(
        f"CREATE TABLE texts AS SELECT * FROM read_csv('{directory}/**/*.log.gz', delim=' ', "
        f"header=true, auto_detect=false, columns={{{texts}}})"
    )
    columns = []
    for name in names:
        column = name.replace("-", "_")
        kind = next((k for k, members in _TYPES.items() if column in members), "VARCHAR")
        columns.append(f'TRY_CAST("{name}" AS {kind}) AS "{column}"')
    connection.execute(f"CREATE TABLE logs AS SELECT {', '.join(columns)} FROM texts")


def _copied(connection: duckdb.DuckDBPyConnection, directory: Path, query: str) -> bytes:
    path = directory / "part.parquet"
    connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION gzip)")
    return path.read_bytes()
