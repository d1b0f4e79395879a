"""An S3 that the real client speaks to, with flow logs in AWS's layout."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from flowtui.engines.athena.clients import AwsClients, AwsSettings
from tests.athena_server import AthenaServer
from tests.athena_server.fixtures import athena, athena_process

__all__ = ["athena", "athena_process"]

BUCKET = "flow-logs"
Put = Callable[..., str]


@pytest.fixture
def clients(athena: AthenaServer) -> AwsClients:
    """Clients that find the server through the environment."""
    return AwsClients(AwsSettings())


@pytest.fixture
def put(athena: AthenaServer) -> Put:
    """Puts a log file of a moment into the bucket, in the plain, hourly or Hive layout; its key."""

    def store(moment: datetime, body: bytes = b"x", layout: str = "plain") -> str:
        name = f"012345678901_vpcflowlogs_eu-west-1_fl-1_{moment:%Y%m%dT%H%MZ}_abc.log.gz"
        folder = {
            "plain": f"AWSLogs/012345678901/vpcflowlogs/eu-west-1/{moment:%Y/%m/%d}",
            "hourly": f"AWSLogs/012345678901/vpcflowlogs/eu-west-1/{moment:%Y/%m/%d/%H}",
            "hive": "AWSLogs/aws-account-id=012345678901/aws-service=vpcflowlogs/"
            f"aws-region=eu-west-1/year={moment:%Y}/month={moment:%m}/day={moment:%d}",
        }[layout]
        athena.put(f"s3://{BUCKET}/{folder}/{name}", body)
        return f"{folder}/{name}"

    return store
