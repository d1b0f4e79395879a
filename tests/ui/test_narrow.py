"""At forty columns, and at twelve rows: every dialog is there whole, and left by keyboard."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from flowtui.domain.executions import QueryState
from flowtui.session.history import Past
from flowtui.ui.screens.history import row_text
from tests.ui.harness import NOW, stage

SIZES = [(40, 15), (40, 12)]
DIALOGS = {
    "queries": "o", "filter form": "a", "time": "t", "parameters": "P", "history": "H",
    "top values": "F", "columns": "c", "all fields": "i", "SQL": "S", "copy": "y", "write": "w",
    "help": "question_mark", "about": "A", "start from a text": "I", "left out": "L",
    "jump": "J", "keep": "W",
}  # fmt: skip


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("key", DIALOGS.values(), ids=DIALOGS)
async def test_a_dialog_fits_and_is_left_by_escape(key: str, size: tuple[int, int]) -> None:
    """All of its frame is on the screen, something in it can be read, and Esc leaves it."""
    async with stage(size=size) as s:
        await s.press(key)
        await s.until(lambda: len(s.app.screen_stack) > 1)
        await s.pilot.pause()
        lines = s.shown.splitlines()
        assert len(lines) == size[1]
        for dialog in s.app.screen.query(".dialog"):
            assert s.app.screen.region.contains_region(dialog.region)
            assert dialog.content_region.height >= 2, s.shown
        focused = s.app.screen.focused
        if focused is not None:
            assert focused.region.height > 0
        await s.press("escape")
        await s.until(lambda: len(s.app.screen_stack) == 1)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_way_from_a_pair_to_a_record(size: tuple[int, int]) -> None:
    """Drill, filter by a typed line, search, undo, a record and back: rows are always in view."""
    async with stage(size=size) as s:
        await s.press("j", "enter")
        await s.until(lambda: len(s.crumbs) == 2)
        await s.rows()
        await s.press("f")
        assert "Enter applies" in s.shown
        await s.write(" dstport:22")
        await s.press("enter")
        await s.until(lambda: "dstport:22" in s.filter_line)
        await s.rows()
        await s.press("G")
        await s.until(lambda: "row 500 of 500" in s.shown)
        assert "▸" in s.shown
        await s.press("enter")
        assert "Record 500 of 500" in s.shown
        await s.press("q", "u")
        await s.until(lambda: "dstport:22" not in s.filter_line)
        await s.rows()
        await s.press("l", "l", "l", "l", "l", "l")
        assert "▸" in s.shown


async def test_shares_stand_beside_their_values() -> None:
    """One line for each value, where there is room for two figures only."""
    async with stage(size=(40, 15)) as s:
        await s.press("F")
        await s.until(lambda: "33.3%" in s.shown)
        (line,) = (line for line in s.shown.splitlines() if "203.0.113.10 " in line)
        assert "33.3%" in line


def test_a_row_of_history_keeps_its_title() -> None:
    """Age, state and money before it in half of forty columns; in full where there is room."""
    past = Past(
        "1", "q", "demo", "Top rejected pairs", "", "SELECT 1", QueryState.SUCCEEDED,
        NOW - timedelta(minutes=3), 4100, 1_200_000_000, Decimal("0.006"), 100, "",
    )  # fmt: skip
    narrow = row_text(past, NOW, is_narrow=True).plain
    assert narrow.index("Top rejected") <= 20
    assert "SUCC" in narrow
    assert "$0.006" in narrow
    assert "1.2 GB" in row_text(past, NOW).plain
