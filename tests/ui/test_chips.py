"""`X`: parts of the filter off and on by keyboard, kept while off, asked once at the end."""

from __future__ import annotations

import pytest

from flowtui.domain.executions import Statement
from flowtui.ui.screens.chips import ChipsScreen
from tests.ui.harness import Stage, stage

LINE = "protocol:tcp srcaddr:203.0.113.9 last:2d once:on"


def dialog(on: Stage) -> ChipsScreen:
    """The dialog, open."""
    assert isinstance(on.app.screen, ChipsScreen)
    return on.app.screen


def asked(on: Stage) -> list[Statement]:
    """What ran for the rows."""
    return [statement for statement in on.engine.submitted if "AS n" not in statement.sql]


async def test_a_part_goes_off_and_on_again() -> None:
    """Off: dimmed, with a word, not asked. On: the very same question; its rows are still here."""
    async with stage(filter_line=LINE, query="records", size=(100, 24)) as on:
        await on.press("X", "j", "space", "enter")
        await on.rows()
        assert on.filter_line == "protocol:tcp last:2d once:on"
        assert "off srcaddr:203.0.113.9" in on.shown
        assert "203.0.113.9" not in asked(on)[-1].sql
        runs = len(asked(on))
        await on.press("X", "2", "enter")
        await on.rows()
        assert on.filter_line == LINE
        assert len(asked(on)) == runs


async def test_time_and_count_once_go_off_too() -> None:
    """All off is all there is; all on is all again; several changes are one question."""
    async with stage(filter_line=LINE, query="records", size=(100, 24)) as on:
        runs = len(asked(on))
        await on.press("X", "a", "enter")
        await on.rows()
        assert on.filter_line == ""
        assert len(asked(on)) == runs + 1
        assert "off last:2d" in on.shown
        assert "off once:on" in on.shown
        await on.press("X", "a", "enter")
        await on.rows()
        assert on.filter_line == LINE


async def test_it_survives_drilling_back_and_undo() -> None:
    """What is off goes along into the records; back and `u` stand as they stood."""
    async with stage(filter_line="protocol:tcp dstport:22") as on:
        await on.press("X", "2", "enter")
        await on.rows()
        await on.press("enter")
        await on.rows()
        assert "off dstport:22" in on.shown
        await on.press("X", "2", "enter")
        await on.rows()
        assert "dstport:22" in on.filter_line
        await on.press("[")
        await on.rows()
        assert on.filter_line == "protocol:tcp"
        assert "off dstport:22" in on.shown
        await on.press("u")
        await on.rows()
        assert on.filter_line == "protocol:tcp dstport:22"
        await on.press("U")
        await on.rows()
        assert on.filter_line == "protocol:tcp"
        assert "off dstport:22" in on.shown


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("d",), "srcaddr:203.0.113.9 last:2d once:on"),
        (("j", "plus"), "protocol:tcp srcaddr:203.0.113.0/24 last:2d once:on"),
        (("j", "plus", "plus"), "protocol:tcp srcaddr:203.0.0.0/16 last:2d once:on"),
        (("j", "plus", "plus", "plus"), LINE),
        (("exclamation_mark",), "-protocol:tcp srcaddr:203.0.113.9 last:2d once:on"),
        (("G", "space"), "protocol:tcp srcaddr:203.0.113.9 last:2d"),
        (("9", "0", "space", "escape"), LINE),
    ],
    ids=["remove", "widen", "twice", "round", "turn", "once", "leave"],
)
async def test_what_the_keys_do(keys: tuple[str, ...], line: str) -> None:
    """Removed, widened and round again, turned, left as it was."""
    async with stage(filter_line=LINE, query="records") as on:
        await on.press("X", *keys, *(() if "escape" in keys else ("enter",)))
        await on.until(lambda: on.app.screen is on.screen)
        await on.rows()
        assert on.filter_line == line


async def test_a_part_is_edited_in_its_place() -> None:
    """Wrong text is refused with what is wrong; a part may become several."""
    async with stage(filter_line=LINE, query="records", size=(100, 24)) as on:
        await on.press("X", "e", "ctrl+u")
        await on.write("dstprt:1")
        await on.press("enter")
        assert "dstport" in on.shown
        await on.press("ctrl+u")
        await on.write("dstport:22,443 -src:10.0.0.0/8")
        await on.press("enter")
        assert [chip.text() for chip in dialog(on).chips][:2] == [
            "dstport:22,443",
            "-srcaddr:10.0.0.0/8",
        ]
        await on.press("enter")
        await on.rows()
        assert on.filter_line.startswith("dstport:22,443 -srcaddr:10.0.0.0/8 srcaddr:203.0.113.9")


async def test_another_time_takes_the_place_of_the_time() -> None:
    """There is never a second one."""
    async with stage(filter_line=LINE, query="records") as on:
        await on.press("X", "e", "ctrl+u")
        await on.write("last:1h")
        await on.press("enter", "enter")
        await on.rows()
        assert on.filter_line == "srcaddr:203.0.113.9 last:1h once:on"


async def test_removing_what_is_off_asks_nothing() -> None:
    """The question stays the same, and so do its rows."""
    async with stage(filter_line="protocol:tcp dstport:22") as on:
        await on.press("X", "1", "enter")
        await on.rows()
        runs = len(on.engine.submitted)
        await on.press("j", "X", "d", "enter")
        await on.until(lambda: on.app.screen is on.screen)
        assert "off" not in on.shown.splitlines()[1]
        assert on.screen.table.cursor[0] == 1
        assert len(on.engine.submitted) == runs


async def test_without_a_filter_there_is_nothing_to_switch() -> None:
    """It is said how to get one; forty columns and hostile text hold."""
    async with stage() as on:
        await on.press("X")
        assert "no filter yet" in on.note
    async with stage(filter_line='interface_id:"[red]x\\u00001b[31m"', size=(40, 24)) as on:
        await on.press("X", "space")
        assert "[red]x" in on.shown
        assert "\x1b" not in on.shown
        assert "off" in on.shown
