"""Columns by keyboard: hidden, moved, as wide as wanted, staying; kept for a query; gone to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flowtui.ui.widgets.note_line import NoteLine
from tests.ui.harness import Stage, stage


def headings(on: Stage) -> list[str]:
    """Names of the columns on the screen."""
    line = on.screen.table.render_line(0).text
    return line.replace("│", " ").replace("‹", " ").replace("›", " ").split()


async def test_columns_are_hidden_and_moved() -> None:
    """Space hides, J moves to the right; the table shows it at once, the place line says it."""
    async with stage(size=(100, 30)) as on:
        await on.press("c", "space")
        assert headings(on) == ["dstaddr", "records", "bytes", "action"]
        await on.press("j", "J", "J", "enter")
        assert headings(on) == ["records", "bytes", "dstaddr", "action"]
        assert "1 column hidden · row 1 of 3" in on.shown
        assert on.screen.table.columns[on.screen.table.cursor[1]].name == "records"


async def test_escape_puts_the_columns_back() -> None:
    """What was tried in the dialog is as if it had not been, and there is nothing to undo."""
    async with stage(size=(100, 30)) as on:
        before = on.screen.table.render_line(0).text
        await on.press("c", "space", "j", "plus", "J", "escape")
        assert on.screen.table.render_line(0).text == before
        await on.press("u")
        assert "Nothing to undo" in on.note


async def test_the_last_column_stays() -> None:
    """However many are hidden, one is shown."""
    async with stage(size=(100, 30)) as on:
        await on.press("c", *(["space", "j"] * 5), "enter")
        assert headings(on) == ["action"]
        await on.press("l", "h", "0", "dollar_sign", "s")
        assert on.screen.table.columns[on.screen.table.cursor[1]].name == "action"


async def test_widths() -> None:
    """`+` and `-` give a column cells, `=` what it needs; a narrow one says that text is cut."""
    async with stage(size=(100, 30)) as on:
        await on.press("c", *(["minus"] * 40), "enter")
        assert on.screen.table.render_line(1).text.startswith("▸  … ")
        await on.press("c", "equals_sign", "enter")
        assert "203.0.113.9" in on.screen.table.render_line(1).text


async def test_columns_that_stay() -> None:
    """Frozen columns are there however far one scrolls, at 80 columns too; again, they go."""
    async with stage(query="records", size=(80, 24)) as on:
        await on.press("underscore")
        assert on.note == "The columns up to srcaddr stay."
        await on.press("dollar_sign")
        assert headings(on)[0] == "srcaddr"
        assert headings(on)[-1] == "tcp_flags"
        assert "dstaddr" not in headings(on)
        assert "203.0.113.9" in on.screen.table.render_line(1).text
        await on.press("underscore")
        assert "stay as far as there is room" in on.note
        await on.press("underscore")
        assert on.note == "All columns scroll."
        assert "srcaddr" not in headings(on)


async def test_going_to_a_column_by_name() -> None:
    """Part of a name is enough; a hidden column is shown again."""
    async with stage(query="records", size=(80, 24)) as on:
        await on.press("J")
        await on.write("flag")
        await on.press("enter")
        assert on.screen.table.columns[on.screen.table.cursor[1]].name == "tcp_flags"
        await on.press("c", "space", "enter")
        assert "tcp_flags" not in headings(on)
        await on.press("J")
        await on.write("tcp")
        await on.press("enter")
        assert "tcp_flags" in headings(on)
        assert on.screen.table.columns[on.screen.table.cursor[1]].name == "tcp_flags"


async def test_layouts_go_with_their_views() -> None:
    """Back, forward and undo find the columns as they were; narrowing keeps them."""
    async with stage(size=(140, 30)) as on:
        await on.press("l", "l", "l", "c", "space", "enter")
        assert "bytes" not in headings(on)
        await on.press("enter")
        await on.rows()
        assert "bytes" in headings(on)
        await on.press("[")
        await on.rows()
        assert "bytes" not in headings(on)
        await on.press("0", "=")
        await on.rows()
        assert "bytes" not in headings(on)
        await on.press("u")
        await on.rows()
        assert "bytes" not in headings(on)
        await on.press("u")
        assert "bytes" in headings(on)
        await on.press("U")
        assert "bytes" not in headings(on)


async def test_a_layout_is_kept_for_a_query(tmp_path: Path) -> None:
    """`D` keeps it by name; the next sitting begins with it, other queries do not."""
    path = tmp_path / "state" / "layouts.json"
    async with stage(size=(100, 30), layouts=path) as on:
        await on.press("c", "space", "D")
        await on.until(lambda: "from now on" in on.note)
    assert json.loads(path.read_text())["queries"]
    async with stage(size=(100, 30), layouts=path) as on:
        await on.until(lambda: headings(on)[0] == "dstaddr")
        await on.press("enter")
        await on.rows()
        assert headings(on)[0] == "srcaddr"
        await on.press("[", "c", "r", "D")
        await on.until(lambda: "as they come" in on.note)
    assert json.loads(path.read_text())["queries"] == {}


@pytest.mark.parametrize("text", ["", "[", "[[", "null", '{"version": 1, "queries": {"x": 3}}'])
async def test_a_spoilt_file_costs_no_more_than_layouts(tmp_path: Path, text: str) -> None:
    """Whatever is in the file, the rows are there."""
    path = tmp_path / "layouts.json"
    path.write_text(text)
    async with stage(size=(100, 30), layouts=path) as on:
        assert headings(on)[0] == "srcaddr"


async def test_further_sort_keys() -> None:
    """`+` sorts where the first order leaves rows equal; the header numbers the keys."""
    async with stage(size=(100, 30)) as on:
        await on.press("l", "s", "h", "plus", "plus")
        await on.rows()
        assert on.note == "Sorted by dstaddr, ascending, then srcaddr, descending."
        assert "srcaddr ▾2" in on.shown
        assert "dstaddr ▴1" in on.shown
        first = [on.screen.table.row_at(index) for index in range(3)]
        assert [row[0] for row in first if row] == ["203.0.113.10", "203.0.113.9", "198.51.100.7"]
        await on.press("plus")
        await on.rows()
        assert on.note == "Sorted by dstaddr, ascending."
        assert [type(cell) for cell in on.screen.table.row_at(0) or ()] == [str, str, int, int, str]


async def test_search_and_quick_filter_with_hidden_columns() -> None:
    """A match in a column that is shown is preferred; one that is hidden is told."""
    async with stage(size=(100, 30)) as on:
        await on.press("c", "space", "enter", "slash")
        await on.write("203.0.113.10")
        await on.press("enter")
        await on.until(lambda: "holds it in srcaddr, which is hidden" in on.note)
        assert on.screen.table.cursor[0] == 2
        await on.press("backslash")
        await on.write("198.51")
        await on.press("enter")
        await on.until(lambda: "1 of 3 loaded rows" in on.shown)
        assert "1 column hidden" in on.screen.query_one(NoteLine).place


async def test_hidden_columns_are_not_copied() -> None:
    """Rows are copied as they are shown, and which columns are not is told; records whole."""
    async with stage(size=(100, 30)) as on:
        await on.press("c", "space", "j", "J", "enter", "y", "r")
        await on.until(lambda: len(on.copies.texts) == 1)
        text, what = on.copies.texts[0]
        assert text.splitlines()[0].split("\t") == ["records", "dstaddr", "bytes", "action"]
        assert text.splitlines()[1].split("\t") == ["1204", "10.0.1.20", "48200", "REJECT"]
        assert what == "1 row (TSV), without srcaddr, which is hidden"


async def test_panes() -> None:
    """Digits go to panes, z gives one all the room and takes it back."""
    async with stage(size=(120, 30)) as on:
        wide = on.screen.table.size.width
        await on.press("z")
        assert on.screen.table.size.width > wide
        assert "SUCCEEDED" not in on.shown
        await on.press("z")
        assert on.screen.table.size.width == wide
        assert "SUCCEEDED" in on.shown
        await on.press("1", "z")
        assert not on.screen.table.region
        await on.press("4")
        assert on.screen.focused is on.screen.table
        assert on.screen.table.size.width == wide
        await on.press("2")
        assert "Enter" in on.shown


async def test_the_list_of_queries_has_room_on_a_narrow_screen() -> None:
    """At 80 columns 1 shows the list, and choosing from it shows the rows."""
    async with stage(size=(80, 24)) as on:
        await on.press("1")
        assert "Triage" in on.shown
        await on.press("4")
        assert on.screen.table.region
        await on.press("1", "enter")
        await on.rows()
        assert on.screen.table.region
