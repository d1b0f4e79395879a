"""Counting once by keyboard, over real records."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from flowtui.engines.local.engine import LocalEngine
from flowtui.ui.screens.count_once import CountOnceScreen
from flowtui.ui.widgets.execution_line import ExecutionLine
from tests.athena_server import AthenaServer
from tests.scripted import ScriptedEngine
from tests.ui.harness import Stage, stage
from tests.ui.test_athena import athena, athena_process, flows, over_athena

__all__ = ["athena", "athena_process", "flows"]

HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
    "start end action log-status flow-direction"
)
SENT = (
    "5 012345678901 eni-a 10.0.0.1 10.0.0.2 40000 443 6 10 840 1795521600 1795521660 ACCEPT OK"
    " egress"
)
LINES = (
    SENT, SENT.replace("eni-a", "eni-b").replace("egress", "ingress"), SENT,
    SENT.replace("40000", "40001"),
)  # fmt: skip


@pytest.fixture
def twice(tmp_path: Path) -> ScriptedEngine:
    """Four records, of which two say again what another says."""
    (tmp_path / "a.log").write_text("\n".join((HEADER, *LINES, "")))
    engine = LocalEngine(str(tmp_path / "a.log"), name="twice", cache_root=None)
    return cast("ScriptedEngine", engine)


async def opened(on: Stage) -> None:
    """Press `O` and wait for the figures."""
    await on.press("O")
    await on.until(lambda: "counted once:" in on.shown)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_it_tells_by_how_much_totals_shrink(
    twice: ScriptedEngine, size: tuple[int, int]
) -> None:
    """All, once, and why records are left out; at 80x24 too."""
    async with stage(engine=twice, query="records", size=size) as on:
        await opened(on)
        assert "counted once: 4 → 2 records, -50.0 %" in on.shown
        assert "Off: traffic that several interfaces logged" in on.shown
        assert "seen by another interface" in on.shown
        assert "3.4 kB" in on.shown
        assert "1.7 kB" in on.shown


async def test_enter_switches_it_on_and_off(twice: ScriptedEngine) -> None:
    """Labelled in chip and execution line; `u` takes it back; leaving changes nothing."""
    async with stage(engine=twice, query="records") as on:
        await opened(on)
        await on.press("q")
        assert on.filter_line == ""
        await opened(on)
        await on.press("enter")
        await on.rows()
        assert on.filter_line == "once:on"
        assert on.screen.table.total_rows == 2
        assert "counted once" in on.screen.query_one(ExecutionLine).content.plain
        assert "once:on" in on.shown
        await opened(on)
        assert "On: each traffic" in on.shown
        await on.press("O")
        await on.rows()
        assert (on.filter_line, on.screen.table.total_rows) == ("", 4)


async def test_athena_is_asked_on_request_only(flows: AthenaServer, tmp_path: Path) -> None:
    """The price first; `d` asks, and the figures come."""
    async with over_athena(tmp_path) as on:
        starts = len(flows.ops("Athena.StartQueryExecution"))
        await on.press("O")
        await on.until(lambda: "Nothing has run yet" in on.shown)
        assert isinstance(on.app.screen, CountOnceScreen)
        assert len(flows.ops("Athena.StartQueryExecution")) == starts
        await on.press("d")
        await on.until(lambda: "counted once: 2 → 2 records" in on.shown)
        assert "No record says again" in on.shown
        assert len(flows.ops("Athena.StartQueryExecution")) == starts + 1
