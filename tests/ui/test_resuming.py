"""A sitting that is taken up on a local source: the way, the cursor, and what is written down."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from flowtui.domain.layouts import Layout
from flowtui.session.keeping import SittingKeeper
from flowtui.session.sittings import Sitting, Sittings
from flowtui.session.sources import Source, SourceKind
from flowtui.ui.messages import EmptyExplained
from flowtui.ui.runner import Lane
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


async def test_a_crash_loses_nothing(tmp_path: Path) -> None:
    """After each step the way is on disk, and soon the cursor too, though nobody left."""
    async with stage(keeper=kept(tmp_path)) as s:
        await s.press("enter")
        await s.until(lambda: len(s.crumbs) == 2)
        await s.rows()
        await s.until(lambda: Sittings(tmp_path).load().trail.crumbs() == s.crumbs)
        await s.press(*"jjj")
        await s.until(lambda: Sittings(tmp_path).load().places[1].row == 3)


async def test_the_table_stands_as_it_stood(tmp_path: Path) -> None:
    """Order, quick filter, first row on the screen, and the cursor in all that."""
    async with stage(keeper=kept(tmp_path)) as s:
        await s.press("enter")
        await s.until(lambda: len(s.crumbs) == 2)
        await s.rows()
        await s.press("l", "l", "s", "s")
        await s.press("backslash")
        await s.write("4005")
        await s.press("enter")
        await s.until(lambda: s.screen.table.total_rows == 10)
        await s.rows()
        row = s.screen.table.row_at(0)
        assert row is not None
        assert row[2] == 40_059
        await s.press("j", "j")
        await s.press("Q")
        await s.until(lambda: not s.app.is_running)
    async with stage(resumed=Sittings(tmp_path).load()) as s:
        await s.until(lambda: s.screen.table.cursor == (2, 2))
        await s.rows()
        row = s.screen.table.row_at(2)
        assert row is not None
        assert row[2] == 40_057
        assert s.screen.table.total_rows == 10
        assert "srcport ▾" in s.shown
        await s.press("q")
        await s.until(lambda: s.screen.table.total_rows == 500)


async def test_marks_stand_on_the_same_rows_again(tmp_path: Path) -> None:
    """Through order and quick filter; of a result with other rows they are gone."""
    async with stage(keeper=kept(tmp_path)) as s:
        await s.press("enter")
        await s.until(lambda: len(s.crumbs) == 2)
        await s.rows()
        await s.press("v", "j", "j", "V")
        assert s.screen.table.marks == (range(3),)
        await s.press("Q")
        await s.until(lambda: not s.app.is_running)
    sitting = Sittings(tmp_path).load()
    async with stage(resumed=sitting) as s:
        await s.until(lambda: s.screen.table.marks == (range(3),))
        assert s.screen.table.cursor[0] == 2
    fewer = [replace(p, kept={**p.kept, "marks": {"rows": 9, "shown": [[0, 3]], "hidden": []}})
             for p in sitting.places]  # fmt: skip
    async with stage(resumed=replace(sitting, places=tuple(fewer))) as s:
        await s.until(lambda: s.screen.table.cursor[0] == 2)
        assert s.screen.table.marks == ()


async def test_columns_stand_as_they_stood(tmp_path: Path) -> None:
    """Hidden, moved, widened and staying ones, by name; those that are gone are passed over."""
    layout = Layout(order=(1, 0, 2, 3, 4), hidden=frozenset({3}), widths=((0, 30),), frozen=1)
    async with stage(keeper=kept(tmp_path)) as s:
        s.screen.table.set_layout(layout)
        await s.press("j", "Q")
        await s.until(lambda: not s.app.is_running)
    sitting = Sittings(tmp_path).load()
    async with stage(resumed=sitting) as s:
        await s.until(lambda: s.screen.table.sheet.layout == layout)
    for wrong in ({"columns": [["gone", 0, True, 10**30]], "frozen": 10**9}, {"columns": 7}, [1]):
        kept_so = (replace(sitting.places[0], kept={"layout": wrong}),)
        async with stage(resumed=replace(sitting, places=kept_so)) as s:
            assert "198.51.100.7" in s.shown


async def test_a_scrolled_table_is_scrolled_again(tmp_path: Path) -> None:
    """The cursor stands on the same line of the screen, not on the last one."""
    async with stage(keeper=kept(tmp_path)) as s:
        await s.press("enter")
        await s.until(lambda: len(s.crumbs) == 2)
        await s.rows()
        await s.press("space", "space", "space", "k", "k", "k")
        stood = s.screen.table.scroll_offset.y, s.screen.table.cursor
        assert stood[0] > 0
        await s.press("Q")
        await s.until(lambda: not s.app.is_running)
    async with stage(resumed=Sittings(tmp_path).load()) as s:
        await s.until(lambda: (s.screen.table.scroll_offset.y, s.screen.table.cursor) == stood)


async def test_what_was_changed_can_still_be_undone_and_redone(tmp_path: Path) -> None:
    """Undo and redo outlast the sitting, each view with where its cursor stood."""
    async with stage(keeper=kept(tmp_path)) as s:
        await s.press("j", "=")
        await s.until(lambda: "srcaddr" in s.filter_line)
        await s.rows()
        await s.press("l", "=")
        await s.until(lambda: "dstaddr" in s.filter_line)
        await s.rows()
        narrow = s.filter_line
        await s.press("u")
        await s.rows()
        await s.press("Q")
        await s.until(lambda: not s.app.is_running)
    async with stage(resumed=Sittings(tmp_path).load()) as s:
        assert "dstaddr" not in s.filter_line
        await s.press("U")
        await s.until(lambda: s.filter_line == narrow)
        await s.press("u")
        await s.press("u")
        await s.until(lambda: s.filter_line == "")
        await s.until(lambda: s.screen.table.cursor == (1, 0))


@pytest.mark.parametrize(
    "kept_so",
    [
        {"order": "bytes", "contains": 7, "scroll": "x", "search": None},
        {"order": [["no_such_column", True], ["bytes", False]], "scroll": [-1]},
        {"order": [[[], {}]], "scroll": [10**30, 0], "contains": "[b]\x1b[2J"},
        {"order": [1, 2, 3], "marks": [[0, 10**30]]},
    ],
)
async def test_what_was_tampered_with_is_passed_over(
    kept_so: dict[str, object], tmp_path: Path
) -> None:
    """The way is there, whatever stands in a file about its tables."""
    sitting = await left_in_records(tmp_path)
    places = tuple(replace(place, kept=kept_so) for place in sitting.places)
    async with stage(resumed=replace(sitting, places=places), is_waited_for=False) as s:
        await s.until(lambda: s.screen.course.showing is not None)
        await s.until(lambda: not s.screen.course.is_running)
        await s.press("j")
        assert s.crumbs == sitting.trail.crumbs()


async def cut_off(root: Path, ended: str) -> Sitting:
    """A sitting in records that ended otherwise than by a person."""
    left = replace(await left_in_records(root), id="cut-off", ended=ended)
    Sittings(root).remove("a-1")
    Sittings(root).save(left)
    return left


@pytest.mark.parametrize(
    ("ended", "said"), [("SIGHUP", "connection lost"), ("", "cut off"), ("crash", "crashed")]
)
async def test_one_that_was_cut_off_is_offered_and_one_key_takes_it_up(
    ended: str, said: str, tmp_path: Path
) -> None:
    """The first view is there as ever, with a line above it; `,` stands where it stood."""
    sitting = await cut_off(tmp_path, ended)
    keeper = kept(tmp_path)
    async with stage(keeper=keeper) as s:
        await s.until(lambda: "Press , to go on where the last sitting stood" in s.shown)
        assert said in s.shown
        assert len(s.crumbs) == 1
        await s.press("comma")
        assert s.crumbs == sitting.trail.crumbs()
        await s.until(lambda: s.screen.table.cursor == (7, 1))
        await s.until(lambda: keeper.id == "cut-off")
        assert "by asking the files again" in s.note
        assert "go on where" not in s.shown
        await s.press("j")
        await s.press("Q")
        await s.until(lambda: not s.app.is_running)
    assert [one.id for one in Sittings(tmp_path).all()] == ["cut-off"]
    assert Sittings(tmp_path).load().places[1].row == 8


@pytest.mark.parametrize(("ended", "is_offered"), [("quit", True), ("SIGHUP", False)])
async def test_nothing_is_offered_after_quitting_or_where_it_is_switched_off(
    ended: str, is_offered: bool, tmp_path: Path
) -> None:
    """No line is there; `,` lists sittings all the same."""
    await cut_off(tmp_path, ended)
    async with stage(keeper=kept(tmp_path), is_offered=is_offered) as s:
        await s.until(lambda: not s.app.runner.is_busy(Lane.OFFER))
        assert "go on where" not in s.shown
        await s.press("comma")
        await s.until(lambda: "cut-off" in s.shown)
        await s.press("enter")
        await s.until(lambda: s.screen.table.cursor == (7, 1))


async def test_two_on_one_sitting_do_not_overwrite_each_other(tmp_path: Path) -> None:
    """The second one to take it up is kept as a copy, and says so."""
    sitting = await left_in_records(tmp_path)
    first, second = kept(tmp_path), kept(tmp_path)
    async with stage(keeper=first, resumed=sitting) as s:
        await s.until(lambda: s.screen.table.cursor == (7, 1))
        await s.until(lambda: Sittings(tmp_path).is_open("a-1"))
        async with stage(keeper=second, resumed=sitting) as other:
            await other.until(lambda: "kept as a copy" in other.note)
            await other.press("j", "Q")
            await other.until(lambda: not other.app.is_running)
        await s.press("k", "Q")
        await s.until(lambda: not s.app.is_running)
    rows = {one.id == "a-1": one.places[1].row for one in Sittings(tmp_path).all()}
    assert rows == {True: 6, False: 8}


async def test_a_place_that_cannot_be_written_is_said_once(tmp_path: Path) -> None:
    """The sitting goes on; nobody believes that it is kept."""
    (tmp_path / "s").write_text("in the way")
    async with stage(keeper=kept(tmp_path / "s")) as s:
        await s.until(lambda: "not kept for --resume" in s.note)
        await s.press("enter")
        await s.until(lambda: len(s.crumbs) == 2)


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
