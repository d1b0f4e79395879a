"""`u` and `U` over every change of view: question, chips, sort and quick filter."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.executions import SortKey
from flowtui.domain.filters import Condition, FlowFilter
from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import View
from flowtui.ui.walk import Answer as Known
from flowtui.ui.walk import Walk
from tests.scripted import Answer
from tests.ui.harness import PAIR_COLUMNS, PAIRS, Stage, stage


def firsts(on: Stage) -> list[str]:
    """First column of the rows on the screen."""
    rows = (on.screen.table.row_at(index) for index in on.screen.table.visible_rows)
    return [str(row[0]) for row in rows if row is not None]


async def test_sort_and_quick_filter_are_undone_step_by_step() -> None:
    """The latest change first, whatever it was of; nothing runs for it; and all of it again."""
    async with stage() as on:
        await on.press("s")
        await on.rows()
        await on.press("\\")
        await on.write("203")
        await on.until(lambda: firsts(on) == ["203.0.113.9", "203.0.113.10"])
        await on.press("enter")
        await on.press("!")
        await on.rows()
        assert on.filter_line == "-srcaddr:203.0.113.9"
        runs = len(on.engine.submitted)
        await on.press("u")
        await on.until(lambda: firsts(on) == ["203.0.113.9", "203.0.113.10"])
        assert on.filter_line == ""
        await on.press("u")  # the quick filter, however many letters it was
        await on.until(lambda: firsts(on) == ["198.51.100.7", "203.0.113.9", "203.0.113.10"])
        await on.press("u")
        await on.until(lambda: firsts(on) == [str(row[0]) for row in PAIRS])
        await on.press("u")
        assert "Nothing to undo" in on.note
        await on.press("U", "U")
        await on.until(lambda: firsts(on) == ["203.0.113.9", "203.0.113.10"])
        await on.press("U")
        await on.rows()
        assert on.filter_line == "-srcaddr:203.0.113.9"
        assert len(on.engine.submitted) == runs


async def test_leaving_the_quick_filter_can_be_undone() -> None:
    """`q` takes it off, `u` puts it on again."""
    async with stage() as on:
        await on.press("\\")
        await on.write("198")
        await on.until(lambda: firsts(on) == ["198.51.100.7"])
        await on.press("enter", "q")
        await on.until(lambda: len(firsts(on)) == 3)
        await on.press("u")
        await on.until(lambda: firsts(on) == ["198.51.100.7"])
        assert "1 of 3 loaded rows" in on.shown


async def test_undoing_a_sort_leaves_the_run_alone() -> None:
    """Rows go on coming: only the order is taken back."""
    ends = threading.Event()
    answer = Answer(PAIR_COLUMNS, PAIRS, ends=ends, rows_before_end=2)
    async with stage(answer, is_waited_for=False) as on:
        await on.until(lambda: "198.51.100.7" in on.shown)
        await on.press("s")
        await on.until(lambda: firsts(on) == ["198.51.100.7", "203.0.113.9"])
        await on.press("u")
        await on.until(lambda: firsts(on) == ["203.0.113.9", "198.51.100.7"])
        assert on.engine.cancels == []
        ends.set()
        await on.rows()
        assert firsts(on) == [str(row[0]) for row in PAIRS]
        await on.press("U")
        await on.until(lambda: firsts(on) == ["198.51.100.7", "203.0.113.9", "203.0.113.10"])


VIEW = View(SavedQuery("q", "Q", "SELECT 1 FROM flows"))
CHANGES = st.one_of(
    st.integers(1, 4).map(lambda port: FlowFilter((Condition("dstport", (port,)),))),
    st.sampled_from([(), (SortKey("a"),), (SortKey("b", True),)]),
)


@given(st.lists(CHANGES, max_size=8))
def test_undo_all_and_redo_all_come_back_exactly(
    changes: list[FlowFilter | tuple[SortKey, ...]],
) -> None:
    """However questions and looks are mixed: each way leads through the same places."""
    walk = Walk.begin(VIEW)
    seen = [(walk.view, walk.answer.order)]
    for change in changes:
        if isinstance(change, FlowFilter):
            walk = walk.change(walk.view.under(change))
        else:
            walk = walk.looked(walk.answer).answered(Known(order=change))
        seen.append((walk.view, walk.answer.order))
    for wanted in reversed(seen[:-1]):
        walk = walk.undo()
        assert (walk.view, walk.answer.order) == wanted
    assert walk.undo() == walk
    for wanted in seen[1:]:
        walk = walk.redo()
        assert (walk.view, walk.answer.order) == wanted
    assert walk.redo() == walk
