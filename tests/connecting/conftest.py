"""The installed program and the test server: what a person at a shell with AWS set up has."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.athena_server import AthenaServer
from tests.athena_server.fixtures import athena, athena_process, demo_objects, demo_tables

__all__ = ["athena", "athena_process", "demo_objects", "demo_tables"]

Run = Callable[..., "subprocess.CompletedProcess[str]"]
PROGRAM = str(Path(sys.executable).with_name("flowtui"))
ACCOUNT, OTHER_ACCOUNT = "123456789012", "210987654321"
HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes"
    " start end action log-status"
)
LINE = "2 123456789012 eni-1 10.0.0.1 10.0.0.2 40000 443 6 10 840 1795521600 1795521660 ACCEPT OK"
NAME = "{account}_vpcflowlogs_{region}_fl-1_20261124T1200Z_0000abcd.log.gz"


@pytest.fixture
def home(athena: AthenaServer, tmp_path: Path) -> dict[str, str]:
    """An environment with directories of its own, in which AWS is the server."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "PYTHONPATH")}
    places = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "STATE", "CACHE")}
    return kept | places | athena.environment() | {"HOME": str(tmp_path), "TERM": "xterm-256color"}


@pytest.fixture
def flowtui(home: dict[str, str]) -> Run:
    """Run the program to its end; `env` is added to its environment."""

    def run(
        *arguments: str, input: str = "", env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PROGRAM, *arguments],
            env=home | (env or {}),
            input=input,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


@pytest.fixture
def bucket(athena: AthenaServer) -> str:
    """Two accounts' logs of two regions in a bucket, fields `az-id` and `region` at the end."""
    for account, region in ((ACCOUNT, "eu-west-1"), (OTHER_ACCOUNT, "us-east-1")):
        name = NAME.format(account=account, region=region)
        text = f"{HEADER} region az-id\n{LINE} {region} az1\n"
        uri = f"s3://logs/AWSLogs/{account}/vpcflowlogs/{region}/2026/11/24/{name}"
        athena.put(uri, gzip.compress(text.encode()))
    return "s3://logs/"
