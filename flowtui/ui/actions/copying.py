"""Commands that copy; what became of it is told as it was."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

from flowtui.domain.spans import first_of
from flowtui.ui import copies
from flowtui.ui.commands import Command, Context
from flowtui.ui.copies import Fetch, Wanted
from flowtui.ui.runner import Lane

if TYPE_CHECKING:
    from collections.abc import Collection
    from threading import Event

    from flowtui.domain.executions import Cell, Column, Row
    from flowtui.ui.screens.copy_menu import Menu
    from flowtui.ui.screens.explore import ExploreScreen
    from flowtui.ui.screens.record import RecordScreen

_OF_RECORD: Final = ("copy.cell", "copy.row", "copy.format", "copy.sql", "copy.anonymise")
_AS: Final = "as:"
"""Before the id of a format, in its menu."""


async def ask_what(screen: ExploreScreen) -> None:
    """Wait for the second key."""
    from flowtui.ui.screens.copy_menu import CopyMenu

    async def chosen(id: str | None) -> None:
        if id is not None and not _copied_as(screen, id):
            await screen.action_command(id)

    menu = _menu(screen)
    if menu.commands:
        await screen.app.push_screen(CopyMenu(menu), chosen)
    else:
        screen.note("There is nothing to copy yet.")


def _menu(screen: ExploreScreen, ids: Collection[str] = ()) -> Menu:
    """What can be copied; of these only, where any are named."""
    from flowtui.ui.screens.copy_menu import Menu

    def turned() -> Menu:
        turn_anonymising(screen)
        return _menu(screen, ids)

    known = (c for c in screen.commands if c.context is Context.COPY and screen.can(c.id))
    commands = [c for c in known if not ids or c.id in ids]
    more = {"copy.format": _formats, "copy.anonymise": turned}
    return Menu(commands, prompt(screen), more)


def _formats() -> Menu:
    from flowtui.session.formats import FORMATS
    from flowtui.ui.screens.copy_menu import Menu

    named = ((f"{_AS}{f.id}", f.key, f.title) for f in FORMATS)
    commands = [Command(id, (key,), title, "", "Copy", Context.COPY) for id, key, title in named]
    return Menu(commands, "Copy as")


def prompt(screen: ExploreScreen) -> str:
    """`Copy as JSON, anonymised`."""
    hidden = ", anonymised" if screen.copying.is_anonymised else ""
    format = screen.copying.format
    if format == "tsv":
        return f"Copy{hidden}"
    from flowtui.session.formats import FORMAT_OF

    return f"Copy as {FORMAT_OF[format].title}{hidden}"


async def ask_format(screen: ExploreScreen) -> None:
    """Wait for the key of a format, in which rows are copied from now on."""
    from flowtui.ui.screens.copy_menu import CopyMenu

    def chosen(id: str | None) -> None:
        if id is not None:
            _copied_as(screen, id)

    await screen.app.push_screen(CopyMenu(_formats()), chosen)


def _copied_as(screen: ExploreScreen, id: str) -> bool:
    """Copy in a format, from now on; False where the id names none."""
    if not id.startswith(_AS):
        return False
    _choose_format(screen, id)
    copy_row(screen)
    return True


def _choose_format(screen: ExploreScreen, id: str) -> None:
    screen.copying = replace(screen.copying, format=id.removeprefix(_AS))


def turn_anonymising(screen: ExploreScreen) -> None:
    """Anonymise all copies from now on, or no longer."""
    is_on = not screen.copying.is_anonymised
    screen.copying = replace(screen.copying, is_anonymised=is_on)
    screen.note("Copies are anonymised from now on." if is_on else "Copies tell all again.")


def copy_cell(screen: ExploreScreen) -> None:
    """The value under the cursor; where rows are marked, their values in its column."""
    marked = marked_rows(screen)
    if marked is not None:
        _copy_rows(screen, wanted(screen, marked, is_marked=True), "values")
        return
    found = screen.table.cell_at_cursor()
    if found is not None:
        column, value = found
        _copy_cell(screen, value, column)


def copy_row(screen: ExploreScreen) -> None:
    """The marked rows; where none is, the row under the cursor."""
    row = screen.table.row_at(screen.table.cursor[0])
    marked = marked_rows(screen)
    if marked is not None:
        _copy_rows(screen, wanted(screen, marked, is_marked=True))
    elif row is not None:
        _copy_rows(screen, wanted(screen, held([row])))


def copy_page(screen: ExploreScreen) -> None:
    """The rows on the screen."""
    _copy_rows(screen, wanted(screen, held(rows_on_screen(screen))))


def copy_all(screen: ExploreScreen) -> None:
    """Every row of the result."""
    showing = screen.course.showing
    if showing is not None:
        screen.note("Copying all rows …")

        def fetch(cancelled: Event, most: int) -> list[Row]:
            return list(islice(showing.rows(cancelled), most))

        _copy_rows(screen, wanted(screen, fetch))


def copy_sql(screen: ExploreScreen) -> None:
    """The SQL of what is shown."""
    statement = screen.course.walk.answer.statement if screen.course.walk else None
    if statement is not None:
        copy_text(screen, statement.sql, "the SQL")


def marked_rows(screen: ExploreScreen) -> Fetch | None:
    """What fetches the marked rows; None where none is marked."""
    showing, marks = screen.course.showing, screen.table.marks
    if showing is None or not marks:
        return None

    def fetch(cancelled: Event, most: int) -> list[Row]:
        return showing.marked(first_of(marks, most), cancelled)

    return fetch


def rows_on_screen(screen: ExploreScreen) -> list[Row]:
    """The rows that can be seen."""
    seen = (screen.table.row_at(index) for index in screen.table.visible_rows)
    return [row for row in seen if row is not None]


def held(rows: list[Row]) -> Fetch:
    """Rows that are here."""

    def fetch(_cancelled: Event, most: int) -> list[Row]:
        return rows[:most]

    return fetch


def wanted(screen: ExploreScreen, fetch: Fetch, is_marked: bool = False) -> Wanted:
    """Rows of what is on the screen."""
    slug = screen.course.walk.view.query.slug if screen.course.walk else "rows"
    at, now = screen.table.cursor[1], screen.setting.clock()
    thing = "marked row" if is_marked else "row"
    shown = screen.table.sheet.shown
    return Wanted(screen.table.columns, fetch, at, slug, now, thing, shown)


def _copy_rows(screen: ExploreScreen, rows: Wanted, format: str = "") -> None:
    choice = replace(screen.copying, format=format or screen.copying.format)
    screen.start(Lane.COPY, partial(copies.copy_rows, screen.setting.copier, rows, choice))


def _copy_cell(screen: ExploreScreen, value: Cell, column: Column) -> None:
    copier, what = screen.setting.copier, f"the {column.name}"
    piece = partial(copies.copy_cell, copier, value, column, what, screen.copying)
    screen.start(Lane.COPY, piece)


def copy_text(screen: ExploreScreen, text: str, what: str) -> None:
    """A text that is here."""
    piece = partial(copies.copy_text, screen.setting.copier, text, what, screen.copying)
    screen.start(Lane.COPY, piece)


async def ask_what_of_record(explore: ExploreScreen, record: RecordScreen) -> None:
    """Wait for the second key, in a record: its value, all of it in a format, or the SQL."""
    from flowtui.ui.screens.copy_menu import CopyMenu

    def chosen(id: str | None) -> None:
        if id is not None:
            _copy_of_record(explore, record, id)

    await explore.app.push_screen(CopyMenu(_menu(explore, _OF_RECORD)), chosen)


def _copy_of_record(explore: ExploreScreen, record: RecordScreen, id: str) -> None:
    match id:
        case "copy.cell" if record.field is not None:
            column, value = record.field
            _copy_cell(explore, value, column)
        case "copy.row":
            _copy_record(explore, record)
        case _ if id.startswith(_AS):
            _choose_format(explore, id)
            _copy_record(explore, record)
        case _:
            copy_sql(explore)


def _copy_record(explore: ExploreScreen, record: RecordScreen) -> None:
    """All fields; of addresses that under the cursor of the record is meant."""
    columns = explore.table.columns
    at = columns.index(record.field[0]) if record.field and record.field[0] in columns else None
    # A record shows all its fields, whatever the table does.
    rows = replace(wanted(explore, held([record.record])), shown=None, column=at)
    _copy_rows(explore, rows)
