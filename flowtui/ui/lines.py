"""Lines to type in, each in the place of another one: the filter, a search, the quick filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowtui.ui.actions.asking import known_fields
from flowtui.ui.walk import NOTHING_YET
from flowtui.ui.widgets.filter_bar import FilterBar, FilterEditor
from flowtui.ui.widgets.note_line import NoteLine
from flowtui.ui.widgets.quick_line import QuickLine
from flowtui.ui.widgets.search_line import SearchLine

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen


async def edit_filter(screen: ExploreScreen, line: str) -> None:
    """Let the filter be edited as a line."""
    bar = screen.query_one(FilterBar)
    if not screen.query(FilterEditor):
        await screen.mount(FilterEditor(screen.parse, known_fields(screen)), before=bar)
    bar.display = False
    screen.query_one(FilterEditor).begin(line)


async def ask_search(screen: ExploreScreen) -> None:
    """Let a text to search for be typed."""
    line = screen.query_one(NoteLine)
    if not screen.query(SearchLine):
        await screen.mount(SearchLine(), before=line)
    line.display = False
    answer = screen.course.walk.answer if screen.course.walk else NOTHING_YET
    screen.query_one(SearchLine).begin(answer.search)


async def ask_quick(screen: ExploreScreen) -> None:
    """Let a text be typed that rows must hold."""
    line = screen.query_one(NoteLine)
    if not screen.query(QuickLine):
        await screen.mount(QuickLine(), before=line)
    line.display = False
    screen.course.begin_filtering()
    answer = screen.course.walk.answer if screen.course.walk else NOTHING_YET
    screen.query_one(QuickLine).begin(answer.contains)


def end_typing(screen: ExploreScreen) -> None:
    """Give the keys back to the table, and their places to what the lines stood in for."""
    screen.set_focus(screen.table if screen.table.display else None)
    for line in (FilterEditor, SearchLine, QuickLine):
        screen.query(line).set(display=False)
    screen.query_one(FilterBar).display = True
    screen.query_one(NoteLine).display = True
