"""The tour: offered once, in the way of nothing, five steps, ended by a key."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowtui.session.firsttime import is_first_time
from flowtui.ui.tour import END, STEPS
from flowtui.ui.widgets.tour_bar import TourBar
from tests.ui.harness import Stage, stage


def told(on: Stage) -> str:
    """What the tour says; empty where there is none."""
    return "".join(bar.tour.told for bar in on.screen.query(TourBar))


async def test_the_first_time_is_told_once(tmp_path: Path) -> None:
    """The first start offers the tour; the next one does not."""
    mark = tmp_path / "state" / "tour-offered"
    async with stage(first_time=mark) as on:
        await on.until(lambda: told(on) == STEPS[0].told)
    async with stage(first_time=mark) as on:
        await on.press("j", "k")
        assert told(on) == ""


async def test_keys_go_where_they_always_go(tmp_path: Path) -> None:
    """The tour takes no key away, and the first row is still there."""
    async with stage(first_time=tmp_path / "mark") as on:
        await on.until(lambda: bool(told(on)))
        await on.press("j")
        assert on.screen.table.cursor[0] == 1
        assert "203.0.113.9" in on.shown


async def test_a_low_terminal_is_left_alone(tmp_path: Path) -> None:
    """Where the rows need the room, nothing is offered."""
    async with stage(first_time=tmp_path / "mark", size=(80, 12)) as on:
        await on.press("j", "k")
        assert told(on) == ""


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_five_steps_lead_to_the_end(size: tuple[int, int]) -> None:
    """Each step goes on when it was done, and the last words stay until they are closed."""
    async with stage(size=size) as on:
        await on.press("Z")
        assert told(on) == STEPS[0].told
        await on.press("o")
        await on.write("ssh")
        await on.press("enter")
        await on.rows()
        await on.until(lambda: told(on) == STEPS[1].told)
        await on.press("=")
        await on.rows()
        await on.until(lambda: told(on) == STEPS[2].told)
        await on.press("j", "enter")
        await on.rows()
        await on.until(lambda: told(on) == STEPS[3].told)
        await on.press("q", "u")
        await on.until(lambda: told(on) == STEPS[4].told)
        await on.press("y")
        await on.press("r")
        await on.until(lambda: told(on) == END)
        await on.press("Z")
        assert told(on) == ""


async def test_it_can_be_ended_at_once() -> None:
    """Z begins it and ends it, wherever one is."""
    async with stage() as on:
        await on.press("Z")
        assert told(on)
        await on.press("Z")
        assert told(on) == ""


def test_a_mark_that_cannot_be_left_is_no_first_time(tmp_path: Path) -> None:
    """Where nothing can be written, nobody is bothered at every start."""
    (tmp_path / "file").write_text("")
    assert not is_first_time(tmp_path / "file" / "mark")
