"""A table of flow logs over a few lines."""

from __future__ import annotations

from flowtui.sql.ddl import Partitioning, TableDefinition, create_table
from tests.athena_server.server import AthenaServer


def put_flows(athena: AthenaServer, *lines: str) -> None:
    """Make the table `default.flows`, without partitions, over a log with these lines."""
    athena.put("s3://logs/AWSLogs/a.log", "\n".join((*lines, "")).encode())
    athena.put("s3://results/x", b"")
    sql = create_table(
        TableDefinition("flows", "s3://logs/AWSLogs/", partitioning=Partitioning.NONE)
    )
    execution = athena.run(sql)
    assert execution.state == "SUCCEEDED", execution.reason
    athena.calls.clear()
