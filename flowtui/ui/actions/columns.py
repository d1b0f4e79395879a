"""Commands that show columns otherwise: hidden, moved, wider, staying; and that go to one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flowtui.domain.layouts import Layout, kept
from flowtui.ui.runner import Lane

if TYPE_CHECKING:
    from flowtui.ui.screens.columns import Chosen
    from flowtui.ui.screens.explore import ExploreScreen


async def choose_columns(screen: ExploreScreen) -> None:
    """Let columns be hidden, moved, and given widths; the table shows it at once."""
    from flowtui.ui.screens.columns import ColumnsScreen

    table, before, cursor = screen.table, screen.table.sheet.layout, screen.table.cursor

    def chosen(found: Chosen | None) -> None:
        table.set_layout(before)
        table.cursor = cursor
        if found is None:
            return
        if found.layout != before:
            screen.course.lay_out(found.layout)
        if found.is_kept:
            _keep(screen, found.layout)

    dialog = ColumnsScreen(
        table.columns, before, cursor[1], table.sheet.text_width, table.set_layout
    )
    await screen.app.push_screen(dialog, chosen)


def _keep(screen: ExploreScreen, layout: Layout) -> None:
    from flowtui.ui import layouts

    path, walk = screen.setting.layouts, screen.course.walk
    if path is None or walk is None:
        screen.note("There is no place to keep it.", "warning")
        return
    slug = walk.view.query.slug
    wanted = kept(layout, screen.table.columns) if layout != Layout() else None
    screen.start(Lane.LAYOUT, partial(layouts.keep, path, slug, wanted))


async def jump(screen: ExploreScreen) -> None:
    """Go to a column by its name; one that is hidden is shown again."""
    from flowtui.ui.screens.column_finder import ColumnFinder

    table = screen.table

    def found(column: int | None) -> None:
        if column is None:
            return
        layout = table.sheet.layout
        if column in layout.hidden:
            screen.course.lay_out(layout.toggled(column, len(table.columns)))
            screen.note(f"{table.columns[column].name} is shown again.")
        table.cursor = (table.cursor[0], column)

    names = tuple(column.name for column in table.columns)
    order = table.sheet.layout.all(len(names))
    await screen.app.push_screen(ColumnFinder(names, order, table.sheet.layout.hidden), found)


def freeze(screen: ExploreScreen) -> None:
    """Let the columns up to this one stay when the others scroll; again: none."""
    table = screen.table
    layout = table.sheet.layout.frozen_up_to(table.cursor[1], len(table.columns))
    screen.course.lay_out(layout)
    if not layout.frozen:
        screen.note("All columns scroll.")
    elif table.sheet.frozen < layout.frozen:
        screen.note("They stay as far as there is room for others.", "warning")
    else:
        name = table.columns[table.sheet.shown[layout.frozen - 1]].name
        screen.note(f"The columns up to {name} stay.")
