"""Pytest fixtures: import them in a conftest.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.athena_server.demo import DemoObjects, make_demo
from tests.athena_server.server import AthenaServer

_UNSET = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ATHENA_S3_STAGING_DIR")


@pytest.fixture(scope="session")
def athena_process() -> Iterator[AthenaServer]:
    """The server, started once."""
    with AthenaServer() as server:
        yield server


@pytest.fixture(scope="session")
def demo_objects(tmp_path_factory: pytest.TempPathFactory) -> DemoObjects:
    """The demo's objects, made once."""
    return make_demo(tmp_path_factory.mktemp("athena-demo") / "demo")


@pytest.fixture
def athena(athena_process: AthenaServer, monkeypatch: pytest.MonkeyPatch) -> AthenaServer:
    """The server in its fresh state, and the environment set to reach it."""
    athena_process.reset()
    for name in _UNSET:
        monkeypatch.delenv(name, raising=False)
    for name, value in athena_process.environment().items():
        monkeypatch.setenv(name, value)
    return athena_process


@pytest.fixture
def demo_tables(athena: AthenaServer, demo_objects: DemoObjects) -> AthenaServer:
    """The server with the demo behind every table of `demo_tables.LAYOUTS`."""
    demo_objects.load(athena)
    return athena
