r"""The quick filter by keyboard: loaded rows that hold a text, live, and plainly marked."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from flowtui.domain.executions import Row
from tests.scripted import Answer
from tests.ui.harness import RECORD_COLUMNS, RECORDS, Stage, stage


async def quick(on: Stage, text: str, mark: str) -> None:
    """Type a quick filter and wait until its mark is there."""
    await on.press("backslash")
    await on.write(text)
    await on.until(lambda: mark in on.shown)


def ports(on: Stage) -> list[object]:
    """Source ports on the screen."""
    rows = (on.screen.table.row_at(index) for index in on.screen.table.visible_rows)
    return [row[2] for row in rows if row is not None]


def holding(text: str, rows: Sequence[Row]) -> int:
    """Rows with a cell that holds a text."""
    return sum(any(text in str(cell) for cell in row) for row in rows)


async def test_rows_follow_while_one_types_and_a_mark_stays() -> None:
    """No Enter is needed; the mark tells the text and both counts, and the engine ran nothing."""
    async with stage(query="records") as on:
        asked = len(on.engine.submitted)
        await quick(on, "4012", r"\ 4012 · 10 of 500 loaded rows")
        assert ports(on) == [40_120 + index for index in range(10)]
        await on.press("enter")
        assert r"\ 4012 · 10 of 500 loaded rows" in on.shown
        assert "row 1 of 10 · page 1/1" in on.shown
        assert len(on.engine.submitted) == asked


async def test_it_goes_with_the_order() -> None:
    """Sorting sorts what is left, in either order of doing."""
    async with stage(query="records") as on:
        await on.press("l", "l", "s", "s")
        await on.rows()
        await quick(on, "4012", "10 of 500")
        await on.press("enter")
        await on.rows()
        assert ports(on)[0] == 40_129
        await on.press("s", "s")
        await on.until(lambda: ports(on)[:1] == [40_120])
        assert len(ports(on)) == 10
        assert "10 of 500" in on.shown


async def test_escape_shows_all_rows_again() -> None:
    """While it is typed, and later from the table; only then does Esc go back."""
    async with stage(query="records") as on:
        await quick(on, "4012", "10 of 500")
        await on.press("escape")
        await on.until(lambda: on.screen.table.total_rows == 500)
        assert "loaded rows" not in on.shown
        await quick(on, "4012", "10 of 500")
        await on.press("enter")
        await on.press("escape")
        await on.until(lambda: on.screen.table.total_rows == 500)
        assert len(on.app.screen_stack) == 1
        await on.press("escape")
        assert len(on.app.screen_stack) == 2


async def test_no_match_is_told_and_can_be_taken_back() -> None:
    """No rows, a mark that says why, and the keys still work."""
    async with stage(query="records") as on:
        await quick(on, "[b]none", r"\ [b]none · 0 of 500 loaded rows")
        await on.press("enter", "y", "i", "s", "backslash")
        await on.write("4012")
        await on.until(lambda: "10 of 500" in on.shown)
        assert len(ports(on)) == 10


async def test_it_stands_again_on_the_way_back() -> None:
    """A view that is come back to shows what it showed, with its mark; others are whole."""
    async with stage() as on:
        await quick(on, "198.51", "1 of 3 loaded rows")
        await on.press("enter", "enter")
        await on.rows()
        assert on.screen.table.total_rows == 500
        assert "loaded rows" not in on.shown
        await on.press("[")
        await on.rows()
        assert on.screen.table.total_rows == 1
        assert "1 of 3 loaded rows" in on.shown


async def test_rows_that_arrive_are_filtered_too() -> None:
    """The counts follow the run."""
    ends = threading.Event()
    answer = Answer(RECORD_COLUMNS, RECORDS, ends=ends, rows_before_end=100)
    async with stage(answer, query="records", is_waited_for=False) as on:
        await on.until(lambda: on.screen.table.total_rows == 100)
        first, held = (holding("01", RECORDS[:100]), holding("01", RECORDS))
        await quick(on, "01", f"{first} of 100 loaded rows")
        ends.set()
        await on.until(lambda: f"{held} of 500 loaded rows" in on.shown)
        assert first < held == on.screen.table.total_rows
