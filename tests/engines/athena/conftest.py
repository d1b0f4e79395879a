"""An Athena that runs the SQL, and the real clients that speak to it."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from flowtui.engines.athena.clients import AwsClients, AwsSettings
from tests.athena_server import AthenaServer
from tests.athena_server.fixtures import athena, athena_process

__all__ = ["athena", "athena_process"]

BUCKET = "logs"
HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
    "start end action log-status"
)
LINE = "2 012345678901 eni-1 10.0.0.1 10.0.0.2 40000 443 6 10 840 1795521600 1795521660 ACCEPT OK"


@pytest.fixture
def clients(athena: AthenaServer) -> AwsClients:
    """Clients that find the server through the environment, as a user's would."""
    return AwsClients(AwsSettings())


@pytest.fixture
def logs(athena: AthenaServer) -> Iterator[Callable[[str, str], None]]:
    """Puts a log file into the logs bucket: key, text."""
    s3: Any = athena.client("s3")
    s3.create_bucket(Bucket=BUCKET)

    def put(key: str, text: str) -> None:
        body = gzip.compress(text.encode()) if key.endswith(".gz") else text.encode()
        s3.put_object(Bucket=BUCKET, Key=key, Body=body)

    yield put
    s3.close()


@pytest.fixture
def run_ddl(athena: AthenaServer) -> Callable[[str], None]:
    """Runs a statement on the server and waits until it has succeeded."""
    client: Any = athena.client("athena")

    def run(sql: str) -> None:
        answer = client.start_query_execution(
            QueryString=sql, ResultConfiguration={"OutputLocation": "s3://results/"}
        )
        id = answer["QueryExecutionId"]
        athena.executions[id].done.wait(30)
        status = client.get_query_execution(QueryExecutionId=id)["QueryExecution"]["Status"]
        assert status["State"] == "SUCCEEDED", status

    return run
