"""Marking by keyboard: marks are seen, counted, follow their rows, and are what is acted on."""

from __future__ import annotations

import threading

from flowtui.ui.table import Marks
from tests.scripted import Answer
from tests.ui.harness import RECORD_COLUMNS, RECORDS, Stage, stage


def marked_ports(on: Stage) -> list[object]:
    """Source ports of the marked rows, in the order shown."""
    showing = on.screen.course.showing
    assert showing is not None
    return [row[2] for row in showing.marked(on.screen.table.marks, threading.Event())]


async def test_rows_are_marked_and_counted() -> None:
    """`v` marks and unmarks, `V` to here, `*` the others, `K` none; how many is always said."""
    async with stage(query="records") as on:
        await on.press("v")
        assert "▸●" in on.shown
        assert "1 marked · row 1 of 500" in on.shown
        await on.press("j", "j", "j", "V", "k", "v")
        assert marked_ports(on) == [40_000, 40_001, 40_003]
        await on.press("*")
        assert "497 marked" in on.shown
        await on.press("K")
        assert not on.screen.table.sheet.marks
        assert on.note == "No row is marked."
        assert "marked ·" not in on.shown


async def test_marks_follow_their_rows_into_another_order() -> None:
    """Sorting moves the marks with the rows, there and back, and never to others."""
    async with stage(query="records") as on:
        await on.press("v", "j", "v", "G", "v")
        wanted = marked_ports(on)
        await on.press("0", "l", "l", "s", "s")  # srcport, descending
        await on.until(lambda: not on.screen.course.followed.is_under_way)
        assert marked_ports(on) == wanted[::-1]
        assert list(on.screen.table.marks) == [range(1), range(498, 500)]
        await on.press("s")
        await on.until(lambda: on.screen.table.marks == (range(2), range(499, 500)))


async def test_marks_gather_over_quick_filters() -> None:
    """What a quick filter hides stays marked, is told, and is back when all rows are."""
    async with stage(query="records") as on:
        await on.press("v")
        await on.press("backslash")
        await on.write("4012")
        await on.press("enter")
        await on.until(lambda: "0 marked + 1 hidden" in on.shown)
        await on.press("v", "j", "V")
        assert marked_ports(on) == [40_120, 40_121]
        await on.press("escape")
        await on.until(lambda: "3 marked · row" in on.shown)
        assert marked_ports(on) == [40_000, 40_120, 40_121]


async def test_marks_survive_sorting_faster_than_they_follow() -> None:
    """However fast orders change, the rows that were marked are marked in the last one."""
    async with stage(query="records") as on:
        await on.press("j", "v", "l", "l")
        on.app.set_focus(on.screen.table)
        await on.pilot.press("s", "s", "l", "s", "s", "s", "h", "s", "s")
        await on.until(lambda: list(on.screen.table.marks) == [range(498, 499)])
        assert marked_ports(on) == [40_001]


async def test_marks_stand_again_on_the_way_back() -> None:
    """Drilling and coming back, or undoing, finds the marks as they were."""
    async with stage() as on:
        await on.press("j", "v", "g", "enter")
        await on.rows()
        assert not on.screen.table.sheet.marks
        await on.press("[")
        await on.rows()
        assert list(on.screen.table.marks) == [range(1, 2)]
        await on.press("=")
        await on.rows()
        assert not on.screen.table.sheet.marks
        await on.press("u")
        await on.rows()
        assert list(on.screen.table.marks) == [range(1, 2)]


async def test_rows_to_come_are_never_marked_by_mistake() -> None:
    """While rows arrive, marks stay on theirs as the engine gave them; sorted, none can be made."""
    ends = threading.Event()
    answer = Answer(RECORD_COLUMNS, RECORDS, ends=ends, rows_before_end=50)
    async with stage(answer, query="records", is_waited_for=False) as on:
        await on.until(lambda: on.screen.table.total_rows == 50)
        await on.press("j", "v")
        assert list(on.screen.table.marks) == [range(1, 2)]
        await on.press("s")
        await on.until(lambda: not on.screen.table.sheet.marks)
        assert "The marks are gone" in on.note
        await on.press("v")
        assert not on.screen.table.sheet.marks
        assert "once all rows are here" in on.note
        ends.set()
        await on.rows()
        await on.press("v")
        assert list(on.screen.table.marks) == [range(1)]


async def test_copying_takes_marked_rows() -> None:
    """`y r` copies the marked rows, `y c` their values one a line; not the row at the cursor."""
    async with stage(query="records") as on:
        await on.press("v", "j", "j", "v", "j", "l", "l", "y", "r")
        await on.until(lambda: len(on.copies.texts) == 1)
        text, what = on.copies.texts[0]
        assert what == "2 marked rows (TSV)"
        assert [line.split("\t")[2] for line in text.splitlines()] == ["srcport", "40000", "40002"]
        await on.press("y", "c")
        await on.until(lambda: len(on.copies.texts) == 2)
        assert on.copies.texts[1] == ("40000\n40002\n", "2 srcport values, one a line")


async def test_what_acts_on_marks_waits_for_them() -> None:
    """Copied in the moment after sorting, it is the marked rows that are copied, not the first."""
    async with stage(query="records") as on:
        await on.press("j", "v", "l", "l", "s", "s")
        await on.until(lambda: not on.screen.course.followed.is_under_way)
        follow = on.screen.course.followed
        await on.press("s")
        showing = on.screen.course.showing
        assert showing is not None
        follow.begin(on.screen, showing, Marks((range(1, 2),)), showing)
        await on.screen.action_command("copy.row")
        await on.screen.action_command("rows.write")
        await on.screen.action_command("copy.row")
        await on.until(lambda: len(on.copies.texts) == 1)
        assert on.copies.texts[0][1] == "1 marked row (TSV)"
        assert on.copies.texts[0][0].splitlines()[1].split("\t")[2] == "40001"


async def test_rows_that_arrive_are_sorted_in_where_they_belong() -> None:
    """While rows arrive into an order, what is on the screen is what stands there by now."""
    ends = threading.Event()
    backwards = RECORDS[::-1]
    answer = Answer(RECORD_COLUMNS, backwards, ends=ends, rows_before_end=300)
    async with stage(answer, query="records", is_waited_for=False) as on:
        await on.until(lambda: on.screen.table.total_rows == 300)
        await on.press("l", "l", "s")
        await on.until(lambda: (on.screen.table.row_at(0) or (0, 0, 0))[2] == 40_200)
        ends.set()
        await on.until(lambda: (on.screen.table.row_at(0) or (0, 0, 0))[2] == 40_000)
        for at in on.screen.table.visible_rows:
            assert (on.screen.table.row_at(at) or (0, 0, 0))[2] == 40_000 + at
