"""The server, and three small tables over the same record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.athena_server import RESULTS, AthenaServer
from tests.athena_server.fixtures import athena, athena_process, demo_objects, demo_tables

__all__ = ["athena", "athena_process", "demo_objects", "demo_tables"]

COLUMNS = """
  version int, account_id string, interface_id string, srcaddr string, dstaddr string, srcport int,
  dstport int, protocol bigint, packets bigint, bytes bigint, start bigint, `end` bigint,
  action string, log_status string, tcp_flags int, type string
"""
HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start "
    "end action log-status tcp-flags type\n"
)
LINE = "2 1 eni-1 10.0.0.1 10.0.0.2 4000 22 6 1 100 1795521600 1795521660 REJECT OK 2 IPv4\n"
_TEXT = "ROW FORMAT DELIMITED FIELDS TERMINATED BY ' '"
_TABLES = (
    f"""CREATE EXTERNAL TABLE flows ({COLUMNS}) PARTITIONED BY (day string) {_TEXT}
    LOCATION 's3://logs/' TBLPROPERTIES (
      'skip.header.line.count' = '1', 'projection.enabled' = 'true',
      'projection.day.type' = 'date', 'projection.day.format' = 'yyyy/MM/dd',
      'projection.day.range' = '2026/01/01,NOW+1DAYS',
      'storage.location.template' = 's3://logs/${{day}}/')""",
    f"""CREATE EXTERNAL TABLE dated ({COLUMNS}) PARTITIONED BY (`date` date) {_TEXT}
    LOCATION 's3://logs/' TBLPROPERTIES ('skip.header.line.count' = '1')""",
    "ALTER TABLE dated ADD PARTITION (`date` = '2026-11-23') LOCATION 's3://logs/2026/11/23/'",
    f"""CREATE EXTERNAL TABLE classic (sourceaddress string, destinationaddress string,
    action string) {_TEXT} LOCATION 's3://logs/2026/'""",
)


@pytest.fixture
def tables(athena: AthenaServer) -> AthenaServer:
    """The server with `flows`, `dated` and `classic`."""
    for day in ("22", "23", "24"):
        athena.put(f"s3://logs/2026/11/{day}/a.log", (HEADER + LINE * int(day)).encode())
    for statement in _TABLES:
        assert athena.run(statement).state == "SUCCEEDED"
    athena.calls.clear()
    return athena


@pytest.fixture
def client(athena: AthenaServer) -> Iterator[Any]:
    """A real boto3 client."""
    made = athena.client("athena")
    yield made
    made.close()


def start(client: Any, sql: str, **request: Any) -> str:
    """Start a query; its id."""
    request.setdefault("ResultConfiguration", {"OutputLocation": RESULTS})
    answer = client.start_query_execution(QueryString=sql, **request)
    return str(answer["QueryExecutionId"])


def finished(athena: AthenaServer, client: Any, sql: str, **request: Any) -> dict[str, Any]:
    """Run a query to its end; its description."""
    query_id = start(client, sql, **request)
    athena.executions[query_id].done.wait(30)
    answer: dict[str, Any] = client.get_query_execution(QueryExecutionId=query_id)
    return dict(answer["QueryExecution"])


def rows(athena: AthenaServer, sql: str) -> list[tuple[str | None, ...]]:
    """What a query gives, as text."""
    execution = athena.run(sql)
    assert execution.result is not None, execution.reason
    return execution.result.page(0, 1000)
