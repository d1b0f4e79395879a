from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flowtui.engines.athena.engine import AthenaEngine
from flowtui.session import paths
from flowtui.session.config import Config
from flowtui.session.opening import new_session
from flowtui.session.sources import Source, SourceKind

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_broken_history_costs_no_estimate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the last run's rate cannot be read, there is none; the question goes on."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    paths.history_file().parent.mkdir(parents=True)
    paths.history_file().write_bytes(os.urandom(3000))
    source = Source(SourceKind.ATHENA, "flows", "athena://logs.flows", region="eu-west-1")
    session = new_session(source, Config(), clock=lambda: NOON)
    assert isinstance(session.engine, AthenaEngine)
    assert session.engine._bytes_per_second() is None
    session.close()
