from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from flowtui.domain.executions import Column, ResultPage
from tests.ui.table.table_app import TableApp

HOSTILE = (
    "\x1b[2J\x1b[31mred\x1b]52;c;aGFjaw==\x07",
    "[bold red]markup[/] [@click=app.quit]x[/]",
    "a\nb\r\tc\x00\x7f\x9b31m",
    "\u202egnp.exe\u202c \u2066x\u2069",
    "漢字かな交じり文" * 20,
    "e\u0301 z\u0300\u0301\u0302\u0303\u0304 \u200b\u200d\ufeff",
    "👩\u200d👩\u200d👧 👍🏽 ❤\ufe0f",
    "\ud800 lone",
    "x" * 1_000_000,
    "",
)
COLUMNS = (Column("evil\x1b[31m", "varchar"), Column("after", "bigint"))


def _style_at(line: list[Segment], text: str) -> Style:
    style = next(segment.style for segment in line if text in segment.text)
    assert style is not None
    return style


@pytest.mark.parametrize("size", [(60, 14), (20, 14)])
async def test_hostile_cells(size: tuple[int, int]) -> None:
    """Whatever a cell holds, each line has the width of the screen and no character acts on it."""
    app = TableApp(0)
    async with app.run_test(size=size) as pilot:
        rows = tuple((text, 7) for text in HOSTILE)
        app.table.show(COLUMNS, len(rows), True)
        app.table.put_page(ResultPage(COLUMNS, rows, 0, len(rows)))
        await pilot.pause()
        for line in app.lines()[: len(rows) + 1]:
            assert line.isprintable()
            assert cell_len(line) == app.table.scrollable_content_region.width
        assert app.line(2).startswith("   [bold red]mark")
        if size[0] > 50:
            assert all(line.rstrip().endswith(" 7") for line in app.lines()[1 : len(rows) + 1])


async def test_cursor_without_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """With NO_COLOR the cursor's row has a mark and its cell is reversed."""
    monkeypatch.setenv("NO_COLOR", "1")
    app = TableApp(20)
    async with app.run_test(size=(100, 12)) as pilot:
        await pilot.press("j")
        line = list(app.table.render_line(2))
        assert app.no_color
        assert app.line(2).startswith("▸ ")
        assert _style_at(line, "10.0.0.1").reverse
        assert not _style_at(line, "ACCEPT").reverse


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
async def test_actions_in_colour_and_by_word(theme: str) -> None:
    """Accepted and rejected differ by word and by colour, and change with the theme."""
    app = TableApp(20)
    async with app.run_test(size=(100, 12)) as pilot:
        app.theme = theme
        await pilot.pause()
        accepted = _style_at(list(app.table.render_line(3)), "ACCEPT").color
        rejected = _style_at(list(app.table.render_line(4)), "REJECT").color
        assert accepted is not None
        assert rejected is not None
        assert accepted.triplet is not None
        assert rejected.triplet is not None
        assert accepted.triplet.green > accepted.triplet.red
        assert rejected.triplet.red > rejected.triplet.green


async def test_themes_repaint() -> None:
    """Another theme changes the colours of rows that were already drawn."""
    app = TableApp(20)
    async with app.run_test(size=(100, 12)) as pilot:
        app.theme = "textual-dark"
        await pilot.pause()
        dark = _style_at(list(app.table.render_line(3)), "10.0.0.2")
        app.theme = "textual-light"
        await pilot.pause()
        assert _style_at(list(app.table.render_line(3)), "10.0.0.2").bgcolor != dark.bgcolor


async def test_search_is_marked() -> None:
    """The text looked for is marked where it is shown, whatever its case, and nothing else."""
    app = TableApp(20)
    async with app.run_test(size=(100, 12)) as pilot:
        app.table.highlight = "cCeP"
        await pilot.pause()
        line = list(app.table.render_line(3))
        assert _style_at(line, "CCEP").underline
        assert not _style_at(line, "eni-0abc").underline
        assert "ACCEPT" in app.line(3)
