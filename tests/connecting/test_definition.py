from __future__ import annotations

from pathlib import Path

import pytest

from flowtui.session.config import SourceConfig
from flowtui.session.remember import remember_source
from tests.athena_server import AthenaServer
from tests.connecting.stage import Stage, stage

DAY = "from:2026-11-23T00:00Z to:2026-11-24T00:00Z"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))


def classic() -> None:
    """Name the classic table in the settings."""
    remember_source(
        "classic",
        SourceConfig(athena="athena://default.vpc_flow_logs", output_location="s3://results/"),
    )


async def to_definition(on: Stage) -> None:
    """Open the classic table, and ask for a definition."""
    await on.write("classic", "enter")
    await on.until(lambda: on.explored and on.explored.session)
    explored = on.explored
    assert explored is not None
    if not explored.course.is_running:
        await on.pilot.pause()
    await on.until(lambda: on.explored or "Run it?" in on.shown)
    if on.explored is None:
        await on.write("", "n")
        await on.until(lambda: on.explored)
    await on.write("", "D")


async def test_a_better_table_is_shown_made_and_opened(demo_tables: AthenaServer) -> None:
    """D shows the statement, r makes the table under a name, and it is open; q comes back."""
    classic()
    async with stage(filter_line=DAY) as on:
        await to_definition(on)
        await on.until("CREATE EXTERNAL TABLE IF NOT EXISTS")
        assert "Nothing is made yet." in on.shown
        before = len(demo_tables.executions)
        await on.write("", "r")
        await on.until("Make this table?")
        await on.write("", "ctrl+u")
        await on.write("better", "enter")
        await on.until(lambda: on.explored and on.explored.session)
        assert on.explored
        assert on.explored.setting.title == "athena://default.better"
        schema = on.explored.session.engine.schema if on.explored.session else None
        assert schema
        assert [key.name for key in schema.partition_keys] == ["log_account", "log_region", "day"]
        assert len(demo_tables.executions) > before
        await on.until(lambda: on.explored)
        await on.write("", "q")
        await on.until(lambda: on.explored and on.explored.setting.title == "classic")


async def test_a_taken_name_is_told_and_nothing_is_changed(demo_tables: AthenaServer) -> None:
    """The definition stays on the screen; another name can be given."""
    classic()
    async with stage(filter_line=DAY) as on:
        await to_definition(on)
        await on.until("CREATE EXTERNAL TABLE IF NOT EXISTS")
        await on.write("", "r")
        await on.until("Make this table?")
        await on.write("", "ctrl+u")
        await on.write("flows_hive", "enter")
        await on.until("There is a table default.flows_hive already.")
        assert "CREATE EXTERNAL TABLE" in on.shown
        await on.write("", "q")
        await on.until(lambda: on.explored)


async def test_what_may_not_be_looked_into_is_told(demo_tables: AthenaServer) -> None:
    """Without the right to list, the reason stands in place of the statement."""
    classic()
    async with stage(filter_line=DAY) as on:
        await on.write("classic", "enter")
        await on.until(lambda: on.explored and on.explored.session)
        demo_tables.fault("S3.ListObjects", code="AccessDenied", message="no", status=403, times=99)
        await on.until(lambda: on.explored or "Run it?" in on.shown)
        if on.explored is None:
            await on.write("", "n")
            await on.until(lambda: on.explored)
        await on.write("", "D")
        await on.until("Access denied while listing")
        await on.write("", "r", "q")
        await on.until(lambda: on.explored)
