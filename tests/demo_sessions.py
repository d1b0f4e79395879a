"""Sittings over the demo on both engines; import the fixtures where they are used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from flowtui.engines.athena.address import TableAddress
from flowtui.engines.athena.clients import AwsSettings
from flowtui.engines.athena.engine import AthenaEngine, AthenaOptions
from flowtui.engines.local.engine import LocalEngine
from flowtui.session.session import Session
from tests.athena_server import RESULTS, AthenaServer
from tests.athena_server.fixtures import athena, athena_process, demo_objects, demo_tables
from tests.demo.conftest import demo

__all__ = [
    "athena", "athena_process", "demo", "demo_objects", "demo_tables", "local", "over_table",
    "remote",
]  # fmt: skip

NOW: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)
"""Noon of the day after the demo's."""


def over_table(table: str, directory: Path, database: str = "default") -> Session:
    """A sitting over a table of the demo on Athena, open."""
    engine = AthenaEngine(
        TableAddress(database, table), AwsSettings(region="eu-west-1"),
        results_root=directory / "results", options=AthenaOptions(RESULTS, 0),
    )  # fmt: skip
    session = Session(engine, clock=lambda: NOW)
    session.open()
    return session


@pytest.fixture
def local(demo: Path) -> Iterator[Session]:
    """The demo on the embedded engine."""
    session = Session(LocalEngine(str(demo), name="demo", cache_root=None), clock=lambda: NOW)
    session.open()
    yield session
    session.close()


@pytest.fixture
def remote(demo_tables: AthenaServer, tmp_path: Path) -> Iterator[Session]:
    """The demo on Athena."""
    session = over_table("flows_projected", tmp_path)
    yield session
    session.close()
