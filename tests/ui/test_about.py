"""`A`: questions about an address, port or interface, from rows and from a record."""

from __future__ import annotations

import pytest

from flowtui.domain.executions import Column
from flowtui.ui.screens.about import AboutScreen
from flowtui.ui.screens.record import RecordScreen
from tests.scripted import Answer
from tests.ui.harness import Stage, stage


def about(on: Stage) -> AboutScreen:
    """The menu, open."""
    assert isinstance(on.app.screen, AboutScreen)
    return on.app.screen


async def test_an_address_leads_to_its_peers() -> None:
    """The query runs with the address filled in; time and filter stay, the pair does not."""
    line = "srcaddr:203.0.113.9 protocol:tcp last:2d"
    async with stage(filter_line=line, query="records", size=(100, 24)) as on:
        await on.press("A")
        assert "About address 203.0.113.9" in on.shown
        await on.press("enter")
        await on.rows()
        walk = on.screen.course.walk
        assert walk is not None
        assert walk.view.query.slug == "peers-of-ip"
        assert walk.view.arguments == (("ip", "203.0.113.9"),)
        assert on.filter_line == "protocol:tcp last:2d"
        assert on.note == "Asked without srcaddr:203.0.113.9: it would stand in the way."
        assert on.crumbs[-1] == "peers of 203.0.113.9"
        await on.press("[")
        await on.rows()
        assert on.filter_line == line


@pytest.mark.parametrize(
    ("keys", "slug", "argument"),
    [
        (("4",), "calls-to-ip", ("ip", "203.0.113.9")),
        (("tab", "j", "j", "enter"), "calls-by-ip", ("ip", "10.0.1.20")),
        (("h", "1"), "servers-of-port", ("ports", "22")),
    ],
)
async def test_digits_and_other_subjects_of_the_row(
    keys: tuple[str, ...], slug: str, argument: tuple[str, str]
) -> None:
    """A digit asks at once; Tab and h l go through what else stands in the row."""
    async with stage(query="records") as on:
        await on.press("A", *keys)
        await on.rows()
        walk = on.screen.course.walk
        assert walk is not None
        assert (walk.view.query.slug, walk.view.arguments) == (slug, (argument,))


async def test_from_a_record_too() -> None:
    """The field under the cursor is what is asked about."""
    async with stage(query="records") as on:
        await on.press("enter")
        assert isinstance(on.app.screen, RecordScreen)
        await on.press("j", "A")
        assert about(on).subject.text == "10.0.1.20"
        await on.press("escape")
        assert len(on.app.screen_stack) == 1


async def test_a_row_without_any_says_so_and_hostile_text_is_text() -> None:
    """A figure alone leads nowhere; an address inside of a text is found, the rest is not drawn."""
    async with stage(Answer((Column("n", "bigint"),), ((5,),))) as on:
        await on.press("A")
        assert "no address" in on.note
    text = "[red]x\x1b[31m via 10.9.8.7 and eni-0a1b2c3d"
    async with stage(Answer((Column("why", "varchar"),), ((text,),)), size=(40, 24)) as on:
        await on.press("A")
        assert about(on).subject.text == "10.9.8.7"
        assert "\x1b" not in on.shown
        await on.press("tab")
        assert "About interface eni-0a1b2c3d" in on.shown
        await on.press("q")
        assert len(on.crumbs) == 1
