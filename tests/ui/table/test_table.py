from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta, timezone

import pytest
from textual.pilot import Pilot

from flowtui.domain.executions import Column, ResultPage, SortKey
from flowtui.ui.table import ResultTable
from flowtui.ui.table.rows import MOST_HELD, PAGE_ROWS
from tests.ui.table.table_app import COLUMNS, TableApp, record

MILLION = 1_000_000
WIDE = (120, 24)


@pytest.mark.parametrize(
    ("keys", "row"),
    [
        ("j", 1),
        ("down down k", 1),
        ("k up", 0),
        ("G", MILLION - 1),
        ("end j", MILLION - 1),
        ("G g", 0),
        ("end home", 0),
        ("space", 23),
        ("pagedown pagedown b", 23),
        ("G pageup", MILLION - 24),
    ],
)
async def test_rows(keys: str, row: int) -> None:
    """Each key moves the cursor by its step, never out of the result, and into view."""
    app = TableApp(MILLION)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press(*keys.split())
        assert app.table.cursor == (row, 0)
        assert row in app.table.visible_rows
        assert app.line(row - app.table.visible_rows[0] + 1).startswith("▸")


@pytest.mark.parametrize(
    ("keys", "column"),
    [("l", 1), ("right right h", 1), ("h left", 0), ("$", 7), ("$ l", 7), ("$ 0", 0)],
)
async def test_columns(keys: str, column: int) -> None:
    """Each key moves the cursor sideways, and its column is whole on a narrow screen."""
    app = TableApp(10)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press(*(key if key != "$" else "dollar_sign" for key in keys.split()))
        assert app.table.cursor == (0, column)
        assert COLUMNS[column].name in app.line(0)


async def test_header_says_where_more_is() -> None:
    """The header stays while rows scroll, and marks sides on which more columns are."""
    app = TableApp(MILLION)
    async with app.run_test(size=(50, 10)) as pilot:
        assert app.line(0).startswith("  ")
        assert app.line(0).endswith("›")
        await pilot.press("G", "dollar_sign")
        assert app.line(0).startswith("‹ ")
        assert not app.line(0).endswith("›")
        assert "note" in app.line(0)


async def test_visible_page_first_then_the_next() -> None:
    """The visible page is asked for first, the next as soon as it is there, and no page twice."""
    app = TableApp(MILLION)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert app.asked == [0, PAGE_ROWS]
        await pilot.press("j", "j", "space", "b", "g")
        assert app.asked == [0, PAGE_ROWS]
        await pilot.press("G")
        await pilot.pause()
        assert app.asked[2] == MILLION - PAGE_ROWS


async def test_waiting_rows() -> None:
    """Rows that are not here yet show `…`, can be walked over, and cannot be chosen."""
    app = TableApp(MILLION, answers=False)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("j", "enter")
        assert "…" in app.line(2)
        assert app.table.row_at(1) is None
        assert app.table.cell_at_cursor() is None
        assert not any(isinstance(m, ResultTable.RowChosen) for m in app.seen)
        app.answer(0, PAGE_ROWS)
        assert "10.0.0.1" in app.line(2)
        assert app.table.cell_at_cursor() == (COLUMNS[0], "10.0.0.1")


async def test_fast_scrolling_asks_once_per_page() -> None:
    """Pages that were scrolled over before anybody could answer are not asked for."""
    app = TableApp(MILLION, answers=False)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        for _ in range(60):
            app.table.action_pages(1)
        await pilot.pause()
        assert app.asked == [0, app.table.visible_rows[0] // PAGE_ROWS * PAGE_ROWS]


async def test_millions_are_not_held() -> None:
    """However far one walks, only some thousand rows are held."""
    app = TableApp(MILLION)
    async with app.run_test(size=WIDE) as pilot:
        for page in range(40):
            app.table.cursor = (page * PAGE_ROWS, 0)
            await pilot.pause()
        held = sum(app.table.row_at(index) is not None for index in range(50 * PAGE_ROWS))
        assert held <= MOST_HELD
        assert "…" not in "".join(app.lines())


async def test_pages_of_another_result_are_dropped() -> None:
    """A page whose columns are not the table's is late, and shows nothing."""
    app = TableApp(10, answers=False)
    async with app.run_test(size=WIDE):
        app.table.put_page(ResultPage((Column("other", "varchar"),), (("x",),), 0, 1))
        assert app.table.row_at(0) is None
        assert app.table.total_rows == 10


async def test_growing() -> None:
    """Rows that arrive later can be walked to, and those in view are asked for."""
    app = TableApp(5)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("G")
        app.total_rows = 15
        app.table.grow(15, True)
        await pilot.press("G")
        await pilot.pause()
        assert app.table.cursor == (14, 0)
        assert "10.0.0.14" in app.line(15)


async def _wander(pilot: Pilot[None]) -> None:
    await pilot.press("G", "b", "b", "k", "l", "l", "dollar_sign", "h")
    await pilot.pause()


async def test_restore_is_exact() -> None:
    """After another result, a state brings back every line, cursor and scroll, asking nothing."""
    app = TableApp(MILLION)
    async with app.run_test(size=(60, 20)) as pilot:
        await _wander(pilot)
        app.table.set_order((SortKey("bytes", is_descending=True),))
        state, before = app.table.state(), app.lines()
        app.table.show((Column("other", "bigint"),), 3, True)
        app.table.put_page(ResultPage((Column("other", "bigint"),), ((1,), (2,), (3,)), 0, 3))
        await pilot.pause()
        app.answers = False
        app.table.restore(state)
        await pilot.pause()
        assert app.lines() == before
        assert app.table.state() == state


async def test_restore_where_it_was_not_shown() -> None:
    """A state restored into a table that is not on the screen yet stands there once it is."""
    app = TableApp(MILLION)
    async with app.run_test(size=(60, 20)) as pilot:
        await _wander(pilot)
        state, before = app.table.state(), app.lines()
        table = ResultTable()
        await app.table.remove()
        table.restore(state)
        await app.mount(table)
        table.focus()
        await pilot.pause()
        assert app.lines() == before
        assert app.table.state() == state


async def test_resize_keeps_the_cursor_in_view() -> None:
    """At every size the cursor's row and column are on the screen."""
    app = TableApp(MILLION)
    async with app.run_test(size=(120, 40)) as pilot:
        app.table.cursor = (5_000, 5)
        for size in ((80, 24), (30, 6), (200, 60), (20, 3), (1, 1), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert 5_000 in app.table.visible_rows
            app.lines()
        assert "action" in app.line(0)


async def test_enter_chooses() -> None:
    """Enter gives the row under the cursor with its values."""
    app = TableApp(100)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("j", "j", "enter")
        chosen = [m for m in app.seen if isinstance(m, ResultTable.RowChosen)]
        assert [(m.index, m.row) for m in chosen] == [(2, record(2))]


async def test_cursor_tells() -> None:
    """The place of the cursor is told whenever it changes."""
    app = TableApp(100)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("j", "l")
        moved = [m for m in app.seen if isinstance(m, ResultTable.CursorMoved)]
        assert [(m.row, m.column) for m in moved][-2:] == [(1, 0), (1, 1)]


async def test_click() -> None:
    """A click puts the cursor on the cell, on a heading into its column."""
    app = TableApp(100)
    async with app.run_test(size=WIDE) as pilot:
        column = app.line(0).index("protocol")
        await pilot.click(ResultTable, offset=(column, 4))
        assert app.table.cursor == (3, 2)
        await pilot.click(ResultTable, offset=(4, 0))
        assert app.table.cursor == (3, 0)


async def test_sort_marks() -> None:
    """The header tells by which columns the rows are sorted, and in which order."""
    app = TableApp(3)
    async with app.run_test(size=WIDE):
        app.table.set_order((SortKey("bytes", is_descending=True),))
        assert "bytes ▾ " in app.line(0)
        app.table.set_order((SortKey("action"), SortKey("bytes", is_descending=True)))
        assert "action ▴1" in app.line(0)
        assert "bytes ▾2" in app.line(0)


def _raw(table: ResultTable) -> None:
    table.raw = True


def _local(table: ResultTable) -> None:
    table.zone = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [(_raw, " tcp ", " 6 "), (_local, "11-24 16:00:01", "11-24 18:00:01")],
)
async def test_reading_anew(change: Callable[[ResultTable], None], before: str, after: str) -> None:
    """Codes and zone change what stands on the screen, without asking for rows."""
    app = TableApp(100)
    async with app.run_test(size=WIDE) as pilot:
        assert before in app.line(2)
        app.answers = False
        change(app.table)
        await pilot.pause()
        assert after in app.line(2)
        assert before not in app.line(2)


async def test_reading_set_before() -> None:
    """A table made with raw codes shows them from its first row on."""
    app = TableApp(100)
    async with app.run_test(size=WIDE) as pilot:
        state, table = app.table.state(), ResultTable()
        table.raw = True
        table.restore(state)
        await app.table.remove()
        await app.mount(table)
        await pilot.pause()
        assert " 6 " in app.line(2)


async def test_services_where_there_is_room() -> None:
    """Names of services stand behind ports on a wide screen and give way on a narrow one."""
    app = TableApp(100)
    async with app.run_test(size=(140, 20)) as pilot:
        assert "443 https" in app.line(1)
        await pilot.resize_terminal(80, 20)
        await pilot.pause()
        assert "443  tcp" in app.line(1)


async def test_right_alignment() -> None:
    """Figures and their headings end in the same column."""
    app = TableApp(100)
    async with app.run_test(size=WIDE):
        end = app.line(0).index("bytes") + len("bytes")
        assert app.line(2)[:end].endswith("  1.0 kB")
        assert app.line(14)[:end].endswith(" 13.0 kB")


async def test_empty_result() -> None:
    """A result without rows shows its header, and every key is harmless."""
    app = TableApp(0)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("j", "k", "G", "g", "space", "b", "l", "dollar_sign", "enter")
        assert "srcaddr" in app.line(0)
        assert app.asked == []
        assert app.table.state().cursor[0] == 0


async def test_before_any_result() -> None:
    """A table that was shown nothing yet draws, and every key is harmless."""
    app = TableApp(0)
    async with app.run_test(size=WIDE) as pilot:
        app.table.show((), 0, False)
        await pilot.press("j", "G", "l", "dollar_sign", "0", "enter", "space")
        assert app.table.cell_at_cursor() is None
