"""An Athena that runs the SQL, and the real clients that speak to it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
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
TROUBLES: dict[str, dict[str, Any]] = {
    "throttled": {"code": "ThrottlingException", "times": 5},
    "5xx": {"code": "InternalServerException", "status": 500, "times": 5},
    "dropped": {"drop": True},
}
"""Faults of the server that pass."""


@pytest.fixture
def clients(athena: AthenaServer) -> AwsClients:
    """Clients that find the server through the environment, as a user's would."""
    return AwsClients(AwsSettings())


@pytest.fixture
def logs(athena: AthenaServer) -> Callable[[str, str], None]:
    """Puts a log file into the logs bucket: key, text."""

    def put(key: str, text: str) -> None:
        body = gzip.compress(text.encode()) if key.endswith(".gz") else text.encode()
        athena.put(f"s3://{BUCKET}/{key}", body)

    return put


@pytest.fixture
def run_ddl(athena: AthenaServer) -> Callable[[str], None]:
    """Runs a statement on the server and waits until it has succeeded."""

    def run(sql: str) -> None:
        execution = athena.run(sql)
        assert execution.state == "SUCCEEDED", execution.reason

    return run
