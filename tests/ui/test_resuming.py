"""A sitting that is taken up on a local source: the way, the cursor, and what is written down."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from flowtui.session.keeping import SittingKeeper
from flowtui.session.sittings import Sitting, Sittings
from flowtui.session.sources import Source, SourceKind
from flowtui.ui.messages import EmptyExplained
from tests.ui.harness import stage

SOURCE = Source(SourceKind.DEMO, "demo", "")


def kept(root: Path) -> SittingKeeper:
    """Writes under a directory of the test's own."""
    return SittingKeeper(Sittings(root), "a-1", SOURCE, {})


async def left_in_records(root: Path) -> Sitting:
    """A sitting that was left on the eighth record behind the second pair."""
    async with stage(keeper=kept(root)) as s:
        await s.press("j", "enter")
        await s.until(lambda: len(s.crumbs) == 2)
        await s.rows()
        await s.press(*"jjjjjjjl")
        await s.press("Q")
        await s.until(lambda: not s.app.is_running)
    return Sittings(root).load()


async def test_one_stands_where_one_stood(tmp_path: Path) -> None:
    """Way, filter, cursor; each view is asked again when one stands there, and only then."""
    sitting = await left_in_records(tmp_path)
    assert [place.row for place in sitting.places] == [1, 7]
    async with stage(resumed=sitting) as s:
        assert s.crumbs == sitting.trail.crumbs()
        await s.until(lambda: s.screen.table.cursor == (7, 1))
        assert len(s.engine.submitted) == 1
        await s.press("[")
        await s.until(lambda: s.screen.table.cursor == (1, 0))
        assert len(s.engine.submitted) == 2
        await s.press("]")
        await s.until(lambda: s.screen.table.cursor == (7, 1))
        assert len(s.engine.submitted) == 2


async def test_a_cursor_beyond_the_rows_stays_in_them(tmp_path: Path) -> None:
    """There may be fewer rows by now."""
    sitting = await left_in_records(tmp_path)
    far = tuple(replace(place, row=9_999, column=99) for place in sitting.places)
    async with stage(resumed=replace(sitting, places=far)) as s:
        await s.until(lambda: s.screen.table.cursor == (499, 9))


async def test_a_crash_loses_nothing_but_the_cursor(tmp_path: Path) -> None:
    """After each step the way is on disk, though nobody left."""
    async with stage(keeper=kept(tmp_path)) as s:
        await s.press("enter")
        await s.until(lambda: len(s.crumbs) == 2)
        await s.rows()
        await s.until(lambda: Sittings(tmp_path).load().trail.crumbs() == s.crumbs)


async def test_rows_that_come_after_the_end_are_not_called_missing() -> None:
    """On Athena a query succeeds first and its rows come then: nobody says that there are none."""
    async with stage() as s:
        course = s.screen.course
        assert course.walk is not None
        answer = course.walk.answer
        assert answer.execution is not None
        course.showing = None
        s.screen.told.nothing()
        course.follow(replace(answer.execution, rows_ready=0, is_complete=False), None)
        assert s.panel == ""
        course.follow(answer.execution, answer.results)
        s.screen.post_message(EmptyExplained(course.number, ("late words",)))
        await s.press("j")
        assert s.panel == ""
        assert s.screen.table.cursor == (1, 0)
