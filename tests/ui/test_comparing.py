"""`C`: the view against another window, by keyboard."""

from __future__ import annotations

from flowtui.domain.executions import Column, SourceFacts, Statement
from flowtui.ui.screens.ask_line import AskLine
from tests.scripted import Answer, ScriptedEngine
from tests.ui.harness import DATA, NOW, Stage, stage, usual

COLUMNS = (
    Column("srcaddr", "varchar"),
    Column("dstaddr", "varchar"),
    Column("change", "varchar"),
    Column("records", "bigint"),
    Column("records_before", "bigint"),
)
ROWS = (("203.0.113.9", "10.0.1.20", "grown", 9, 2), ("203.0.113.8", "10.0.1.20", "gone", 0, 5))
HOUR = "from:2026-11-23T10:00Z to:2026-11-23T11:00Z"


def script(statement: Statement) -> Answer:
    """A comparison where one is asked, else what is usual."""
    return Answer(COLUMNS, ROWS) if "compared_window" in statement.sql else usual(statement)


def asked(on: Stage) -> Statement:
    """The last comparison that ran."""
    return [s for s in on.engine.submitted if "compared_window" in s.sql][-1]


async def test_the_window_before_in_one_query() -> None:
    """`C` and Enter: one statement of both windows, a step on the trail, both told."""
    async with stage(script, filter_line=HOUR, size=(120, 30)) as on:
        await on.press("C")
        assert isinstance(on.app.screen, AskLine)
        runs = len(on.engine.submitted)
        await on.press("enter")
        await on.rows()
        assert len(on.engine.submitted) == runs + 1
        assert on.crumbs[-1] == "Top rejected pairs · against previous"
        assert "Compared with 2026-11-23T09:00Z..2026-11-23T10:00Z" in on.shown
        assert "grown" in on.shown
        await on.press("[")
        await on.rows()
        assert on.filter_line == HOUR


async def test_a_row_opens_its_records_over_both_windows() -> None:
    """The group's addresses, and the time from the first begin to the last end."""
    async with stage(script, filter_line=HOUR) as on:
        await on.press("C", "enter")
        await on.rows()
        await on.press("enter")
        await on.rows()
        assert "from:2026-11-23T09:00Z to:2026-11-23T11:00Z" in on.filter_line
        assert "srcaddr:203.0.113.9" in on.filter_line
        await on.until(lambda: "both windows" in on.note)


async def test_a_window_one_chooses_and_another_time() -> None:
    """`C` again changes the window in place; another time takes its own window before it."""
    async with stage(script, filter_line=HOUR) as on:
        await on.press("C", "ctrl+u")
        await on.write("sometime")
        await on.press("enter")
        assert "write previous" in on.shown
        await on.press("ctrl+u")
        await on.write("-7d")
        await on.press("enter")
        await on.rows()
        assert asked(on).before is not None
        assert "1794823200" in asked(on).sql  # 2026-11-16T10:00Z
        steps = len(on.crumbs)
        await on.press("C", "ctrl+u")
        await on.write("previous")
        await on.press("enter")
        await on.rows()
        assert len(on.crumbs) == steps
        await on.press("u")
        await on.rows()
        assert on.crumbs[-1] == "Top rejected pairs · against -7d"


async def test_what_cannot_be_compared_says_why() -> None:
    """Records, and a time without two ends: a note, no dialog, nothing asked."""
    async with stage(query="records", filter_line=HOUR) as on:
        await on.press("C")
        assert "its rows are records" in on.note
        assert len(on.app.screen_stack) == 1
    async with stage() as on:
        await on.press("C")
        assert "no time to compare" in on.note


async def test_lost_windows_of_both_are_told() -> None:
    """SKIPDATA in either window: totals are floors."""
    facts = SourceFacts("scripted", files=3, records=4, time=DATA, skipped_windows=3)

    def lossy(statement: Statement) -> Answer:
        if "COUNT(*) AS n" in statement.sql and "compared_window" not in statement.sql:
            return Answer((Column("n", "bigint"),), ((2,),))
        return script(statement)

    engine = ScriptedEngine(lossy, facts=facts, clock=lambda: NOW)
    async with stage(engine=engine, filter_line=HOUR, size=(120, 30)) as on:
        await on.press("C", "ctrl+u")
        await on.write("-1d")
        await on.press("enter")
        await on.rows()
        await on.until(lambda: "records of 4 windows were lost" in on.shown)


async def test_a_comparison_without_rows_is_explained() -> None:
    """Its conditions are counted one by one, as of any question."""

    def empty(statement: Statement) -> Answer:
        if "compared_window" in statement.sql:
            return Answer(COLUMNS, ())
        if "COUNT(*) AS n" in statement.sql:
            return Answer((Column("n", "bigint"),), ((7,),))
        return usual(statement)

    async with stage(empty, filter_line=f"dstport:22 {HOUR}", size=(120, 30)) as on:
        await on.press("C", "enter")
        await on.until(lambda: "Without dstport:22 there would be 7 rows" in on.panel)
