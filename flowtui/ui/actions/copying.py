"""Commands that copy; what became of it is told as it was."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from flowtui.domain.executions import Row
from flowtui.domain.spans import first_of, length
from flowtui.session.copytext import cell_text, tsv
from flowtui.ui import work
from flowtui.ui.commands import Context
from flowtui.ui.messages import Copied
from flowtui.ui.runner import Lane, Post

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen
    from flowtui.ui.screens.record import RecordScreen


async def ask_what(screen: ExploreScreen) -> None:
    """Wait for the second key."""
    from flowtui.ui.screens.copy_menu import CopyMenu

    choices = [c for c in screen.commands if c.context is Context.COPY and screen.can(c.id)]

    async def chosen(id: str | None) -> None:
        if id is not None:
            await screen.action_command(id)

    if choices:
        await screen.app.push_screen(CopyMenu(choices), chosen)
    else:
        screen.note("There is nothing to copy yet.")


def copy_cell(screen: ExploreScreen) -> None:
    """The value under the cursor; where rows are marked, their values in its column."""
    if screen.table.marks:
        at = screen.table.cursor[1]
        column = screen.table.columns[at]
        copy_marked(
            screen,
            lambda rows: "".join(f"{cell_text(row[at], column)}\n" for row in rows),
            lambda rows: f"{work.counted(rows, column.name + ' value')}, one a line",
        )
        return
    found = screen.table.cell_at_cursor()
    if found is not None:
        column, value = found
        _copy(screen, cell_text(value, column), f"the {column.name}")


def copy_row(screen: ExploreScreen) -> None:
    """The marked rows, else the row under the cursor, with the headings."""
    if screen.table.marks:
        copy_marked(
            screen, partial(tsv, screen.table.columns), lambda n: f"{_marked_rows(n)} (TSV)"
        )
        return
    row = screen.table.row_at(screen.table.cursor[0])
    if row is not None:
        _copy_rows(screen, [row])


def copy_page(screen: ExploreScreen) -> None:
    """The rows on the screen."""
    held = (screen.table.row_at(index) for index in screen.table.visible_rows)
    _copy_rows(screen, [row for row in held if row is not None])


def copy_all(screen: ExploreScreen) -> None:
    """Every row of the result."""
    if screen.course.showing is not None:
        screen.note("Copying all rows …")
        piece = partial(work.copy_all, screen.setting.copier, screen.course.showing)
        screen.start(Lane.COPY, piece)


def copy_sql(screen: ExploreScreen) -> None:
    """The SQL of what is shown."""
    statement = screen.course.walk.answer.statement if screen.course.walk else None
    if statement is not None:
        _copy(screen, statement.sql, "the SQL")


def copy_marked(
    screen: ExploreScreen, text_of: Callable[[list[Row]], str], told: Callable[[int], str]
) -> None:
    """Copy the marked rows, in the order shown.

    Args:
        screen: Its marks count.
        text_of: What to copy of the rows; called in a thread.
        told: What that is, by the number of rows.
    """
    showing, marks = screen.course.showing, screen.table.marks
    if showing is None:
        return
    kept = first_of(marks, work.COPIED_ROWS)
    first = "the first " if length(marks) > work.COPIED_ROWS else ""

    def piece(post: Post, cancelled: threading.Event) -> None:
        rows = showing.marked(kept, cancelled)
        if not cancelled.is_set():
            post(Copied(screen.setting.copier(text_of(rows), first + told(len(rows)))))

    screen.start(Lane.COPY, piece)


def _marked_rows(number: int) -> str:
    return work.counted(number, "marked row")


def _copy_rows(screen: ExploreScreen, rows: list[Row]) -> None:
    text = tsv(screen.table.columns, rows)
    _copy(screen, text, f"{work.counted(len(rows), 'row')} (TSV)")


def _copy(screen: ExploreScreen, text: str, what: str) -> None:
    screen.start(Lane.COPY, partial(work.copy_text, screen.setting.copier, text, what))


async def ask_what_of_record(explore: ExploreScreen, record: RecordScreen) -> None:
    """Wait for the second key, in a record: its value, all of it, or the SQL."""
    from flowtui.ui.screens.copy_menu import CopyMenu

    choices = [c for c in explore.commands if c.id in ("copy.cell", "copy.row", "copy.sql")]

    def chosen(id: str | None) -> None:
        if id is not None:
            _copy_of_record(explore, record, id)

    await explore.app.push_screen(CopyMenu(choices), chosen)


def _copy_of_record(explore: ExploreScreen, record: RecordScreen, id: str) -> None:
    match id:
        case "copy.cell" if record.field is not None:
            column, value = record.field
            _copy(explore, cell_text(value, column), f"the {column.name}")
        case "copy.row":
            _copy_rows(explore, [record.record])
        case _:
            copy_sql(explore)
