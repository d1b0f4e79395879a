"""Pytest fixtures: import them in a conftest.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.athena_server import AthenaServer


@pytest.fixture(scope="session")
def athena_process() -> Iterator[AthenaServer]:
    """The server, started once."""
    with AthenaServer() as server:
        yield server


@pytest.fixture
def athena(athena_process: AthenaServer, monkeypatch: pytest.MonkeyPatch) -> AthenaServer:
    """The server in its fresh state, and the environment set to reach it."""
    athena_process.reset()
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ATHENA_S3_STAGING_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in athena_process.environment().items():
        monkeypatch.setenv(name, value)
    return athena_process
