"""Hunting by keyboard: findings as they come, their rows, what is next, stopping, copying."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from flowtui.domain.executions import QueryState, Statement
from flowtui.session.budget import Budget
from flowtui.ui.hunting import HuntChanged
from flowtui.ui.screens.hunt import HuntScreen
from tests.athena_server import AthenaServer
from tests.scripted import Answer, ScriptedEngine
from tests.ui.detected import detected
from tests.ui.harness import FACTS, NOW, Stage, stage
from tests.ui.test_athena import athena, athena_process, flows, over_athena

__all__ = ["athena", "athena_process", "flows"]


def over(on: Stage) -> Callable[[], bool]:
    """True once the hunt has ended."""
    return lambda: on.screen.hunted is not None and not on.screen.hunted.is_running


async def test_findings_are_on_one_page_and_lead_to_their_rows() -> None:
    """M hunts; Enter opens the rows as a view; back, and M again, runs nothing twice."""
    async with stage(detected, size=(120, 40)) as on:
        await on.press("M")
        await on.until(over(on))
        assert isinstance(on.app.screen, HuntScreen)
        lines = on.shown.splitlines()
        upload = next(i for i, line in enumerate(lines) if "HIGH     Uploads" in line)
        scan = next(i for i, line in enumerate(lines) if "MEDIUM   Port scans" in line)
        assert upload < scan
        assert "10.20.11.51 → 192.0.2.200" in lines[upload]
        assert "same figures: 10.20.0.5 → 192.0.2.200" in " ".join(on.shown.split())
        assert "1,024 ports of 10.20.0.22 in 16 min" in on.shown
        assert "Beaconing: the disk is full" in on.shown
        assert "SYN floods: vpc_flow_logs has no field tcp_flags" in on.shown
        asked = len(on.engine.submitted)
        await on.press("j", "enter")
        await on.rows()
        assert on.crumbs[-1] == "Port scans"
        row = on.screen.table.row_at(0)
        assert row is not None
        assert row[0] == "198.51.100.23"
        await on.press("q", "M")
        await on.until(lambda: isinstance(on.app.screen, HuntScreen))
        assert "Uploads" in on.shown
        assert len(on.engine.submitted) == asked


async def test_a_finding_opens_on_its_own_row() -> None:
    """Enter on the weaker of two scans: the cursor stands on that one among the rows."""
    first = ("198.51.100.23", "10.20.0.22", 1024, 0, 1024, 1795424400, 1795425300)
    other = ("198.51.100.99", "10.20.0.23", 300, 0, 300, 1795424400, 1795425300)

    def two(statement: Statement) -> Answer:
        answer = detected(statement)
        is_scan = bool(answer.rows) and answer.rows[0][0] == first[0]
        return replace(answer, rows=(first, other)) if is_scan else answer

    async with stage(two, size=(120, 40)) as on:
        await on.press("M")
        await on.until(over(on))
        await on.press("j", "j", "enter")
        await on.rows()
        assert on.crumbs[-1] == "Port scans"
        await on.until(lambda: on.screen.table.cursor == (1, 0))


async def test_what_is_next_is_asked_with_a_key() -> None:
    """N asks the query that the finding's detection names, under the filter at hand."""
    async with stage(detected, size=(120, 40)) as on:
        await on.press("M")
        await on.until(over(on))
        await on.press("n")
        await on.until(lambda: on.crumbs[-1] == "Large outbound transfers")


async def test_the_page_is_copied_as_markdown() -> None:
    """With the window, the warnings and the reasons; no value acts."""
    async with stage(detected, size=(80, 24)) as on:
        await on.press("M")
        await on.until(over(on))
        await on.press("y")
        await on.until(lambda: on.copies.texts)
        ((text, what),) = on.copies.texts
        assert text.startswith("# Hunt over scripted\n")
        assert "| high | Uploads | 10.20.11.51 → 192.0.2.200" in text
        assert "the findings" in what
        await on.until(lambda: "Sent" in on.shown)


async def test_stopping_cancels_on_the_engine_and_keeps_what_was_found() -> None:
    """X stops what runs; r asks only for what has not run."""
    never = threading.Event()
    held = [True]

    def script(statement: Statement) -> Answer:
        found = detected(statement)
        is_held = held[0] and "AS ratio" in statement.sql
        return replace(found, ends=never) if is_held else found

    engine = ScriptedEngine(script, facts=FACTS, clock=lambda: NOW)
    async with stage(engine=engine, size=(120, 40)) as on:
        await on.press("M")
        await on.until(lambda: "Uploads RUNNING" in on.shown)
        assert "Port scans" in on.shown
        await on.press("x")
        await on.until(over(on))
        assert "Not run, so nothing is known of: Uploads" in on.shown
        (stopped,) = engine.cancels
        assert engine.poll(stopped).state is QueryState.CANCELLED
        held[0] = False
        await on.press("r")
        await on.until(lambda: "HIGH     Uploads" in on.shown)


async def test_what_an_earlier_hunt_still_tells_is_dropped() -> None:
    """A hunt that was begun anew is not replaced by the last words of the one before."""
    async with stage(detected, size=(120, 40)) as on:
        await on.press("M")
        await on.until(over(on))
        explore = on.screen
        earlier = explore.hunted
        assert earlier is not None
        await on.press("r")
        await on.until(lambda: explore.hunted is not earlier)
        await on.until(over(on))
        now = explore.hunted
        HuntChanged(replace(earlier, hunt=None)).tell(explore)
        assert explore.hunted is now


async def test_leaving_stops_the_hunt() -> None:
    """Q leads back to the rows; nobody waits for findings that are not on the screen."""
    never = threading.Event()

    def script(statement: Statement) -> Answer:
        found = detected(statement)
        return replace(found, ends=never) if "AS ratio" in statement.sql else found

    async with stage(script, size=(80, 24)) as on:
        await on.press("M")
        await on.until(lambda: "Uploads RUNNING" in on.shown)
        await on.press("q")
        await on.until(over(on))
        assert on.screen.table.total_rows == 3


@pytest.mark.parametrize("is_agreed", [True, False])
async def test_on_athena_nothing_is_spent_before_enter(
    flows: AthenaServer, tmp_path: Path, is_agreed: bool
) -> None:
    """Above the budget the sum stands there and nothing runs; Enter agrees, q does not."""
    budget = Budget(ask_above=Decimal("0.0000000001"))
    async with over_athena(tmp_path, budget=budget, is_waited_for=False) as on:
        await on.until(lambda: "Run it?" in on.shown)
        await on.press("n")
        before = len(flows.ops("Athena.StartQueryExecution"))
        await on.press("M")
        await on.until(lambda: "Nothing has run yet." in on.shown)
        assert "Enter runs it" in on.shown
        assert len(flows.ops("Athena.StartQueryExecution")) == before
        await on.press("enter" if is_agreed else "q")
        if is_agreed:
            await on.until(over(on), 60)
            assert "detections asked" in on.shown
            assert len(flows.ops("Athena.StartQueryExecution")) > before
        else:
            assert len(flows.ops("Athena.StartQueryExecution")) == before
