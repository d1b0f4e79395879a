"""The commonest values of a column by keyboard, and narrowing by one of them."""

from __future__ import annotations

import pytest

from flowtui.domain.executions import Column
from flowtui.ui.screens.top_values import TopValuesScreen, share
from tests.scripted import Answer
from tests.ui.harness import RECORD_COLUMNS, RECORDS, Stage, stage


async def top(on: Stage) -> None:
    """Press `F` and wait for the counts."""
    await on.press("F")
    await on.until(lambda: isinstance(on.app.screen, TopValuesScreen) and "Of " in on.shown)


async def test_values_are_told_with_rows_share_and_what_they_make_together() -> None:
    """The column under the cursor, the commonest value first."""
    rows = tuple((*r[:3], 22 if i % 5 else 443, *r[4:]) for i, r in enumerate(RECORDS))
    async with stage(Answer(RECORD_COLUMNS, rows), query="records", size=(80, 30)) as on:
        await on.press("l", "l", "l")
        await top(on)
        lines = [line.split() for line in on.shown.splitlines()]
        assert ["│", "22", "ssh", "400", "80.0%", "80.0%", "│"] in [
            line[line.index("│") : line.index("│") + 7] for line in lines if "80.0%" in line
        ]
        assert any({"443", "https", "100", "20.0%", "100.0%"} <= set(line) for line in lines)
        assert "Top values of dstport" in on.shown
        assert "Of 500 rows" in on.shown


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("j", "enter"), "srcaddr:203.0.113.10"),
        (("equals_sign",), "srcaddr:198.51.100.7"),
        (("exclamation_mark",), "-srcaddr:198.51.100.7"),
    ],
    ids=["enter", "only", "all but"],
)
async def test_a_value_narrows_the_question(keys: tuple[str, ...], line: str) -> None:
    """Enter and `=` keep only its records, `!` all but those; `u` takes it back."""
    async with stage() as on:
        await top(on)
        await on.press(*keys)
        await on.rows()
        assert on.filter_line == line
        await on.press("u")
        await on.rows()
        assert on.filter_line == ""


@pytest.mark.parametrize("key", ["q", "escape", "F"])
async def test_leaving_changes_nothing(key: str) -> None:
    """The question stays, and nothing ran."""
    async with stage() as on:
        asked = len(on.engine.submitted)
        await top(on)
        await on.press(key)
        assert len(on.app.screen_stack) == 1
        assert len(on.engine.submitted) == asked


async def test_hostile_values_stay_in_their_line() -> None:
    """Markup and escape sequences are text; a heading is no markup either; forty columns do."""
    column = Column("[red]x", "varchar")
    rows: tuple[tuple[str | None], ...] = (("[bold]a\x1b[31m\n" * 9,), (None,))
    async with stage(Answer((column,), rows), size=(40, 24)) as on:
        await top(on)
        assert "[red]x" in on.shown
        assert "[bold]" in on.shown
        assert "\x1b" not in on.shown
        await on.press("enter")
        assert "worked out by the query" in on.note


def test_shares_do_not_overstate() -> None:
    """Almost all is not 100 %, and something is not nothing."""
    assert [share(999_999, 1_000_000), share(1, 1_000_000), share(0, 0)] == [
        "99.9%",
        "<0.1%",
        "0.0%",
    ]


async def test_values_are_weighed_by_what_the_columns_allow() -> None:
    """`m`: by rows, records, bytes, and round; shares are of that measure; the order follows."""
    async with stage(size=(90, 30)) as on:
        await on.press("l")
        await top(on)
        assert "10.0.1.20" in on.shown.split("10.0.1.21")[0]
        await on.press("m")
        await on.until(lambda: "1 511 records" in on.shown)
        assert "80.1%" in on.shown
        await on.press("m")
        await on.until(lambda: "60.5 kB bytes" in on.shown)
        assert "48.5 kB" in on.shown
        await on.press("m")
        await on.until(lambda: "Of 3 rows" in on.shown and "66.6%" in on.shown)


async def test_a_measure_is_not_weighed_by_itself() -> None:
    """With no other measure in the columns there is nothing to choose."""
    async with stage(Answer((Column("records", "bigint"),), ((5,), (5,), (7,)))) as on:
        await top(on)
        assert "by another measure" not in on.shown
        await on.press("m")
        await on.until(lambda: "66.6%" in on.shown)
