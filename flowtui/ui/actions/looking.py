"""Commands that look at what is here otherwise: search, sort, fields, zone, SQL, help."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.screen import Screen

from flowtui.domain.executions import SortKey
from flowtui.ui.commands import Context
from flowtui.ui.lines import ask_quick, ask_search
from flowtui.ui.runner import Lane

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen
    from flowtui.ui.screens.record import Leaving


async def search(screen: ExploreScreen) -> None:
    """Ask what to search for."""
    if screen.course.showing is not None:
        await ask_search(screen)


def search_for(screen: ExploreScreen, text: str) -> None:
    """Go to the next row, from this one on, that holds a text."""
    screen.course.learn(search=text)
    screen.table.highlight = text
    if text:
        _find(screen, text, screen.table.cursor[0], is_backward=False)


def search_next(screen: ExploreScreen) -> None:
    """The next match."""
    _find_again(screen, 1)


def search_back(screen: ExploreScreen) -> None:
    """The match before."""
    _find_again(screen, -1)


def _find_again(screen: ExploreScreen, by: int) -> None:
    text = screen.course.walk.answer.search if screen.course.walk else ""
    if not text:
        screen.note("Nothing was searched for yet: / searches.")
        return
    _find(screen, text, screen.table.cursor[0] + by, is_backward=by < 0)


def _find(screen: ExploreScreen, text: str, start: int, *, is_backward: bool) -> None:
    if screen.course.showing is not None:
        screen.start(
            Lane.SEARCH,
            partial(screen.course.showing.find, text, start, is_backward, screen.table.sheet.shown),
        )


async def filter_rows(screen: ExploreScreen) -> None:
    """Ask what the rows that are here must hold."""
    if screen.course.showing is not None:
        await ask_quick(screen)


def sort(screen: ExploreScreen) -> None:
    """Sort by the column under the cursor: up, down, as it came."""
    if screen.course.walk is None or screen.course.showing is None or not screen.table.columns:
        return
    name = screen.table.columns[screen.table.cursor[1]].name
    _sort_by(screen, next_order(screen.course.walk.answer.order, name))


def sort_more(screen: ExploreScreen) -> None:
    """Where rows are equal in the order they have, by the column under the cursor."""
    if screen.course.walk is None or screen.course.showing is None or not screen.table.columns:
        return
    name = screen.table.columns[screen.table.cursor[1]].name
    _sort_by(screen, longer_order(screen.course.walk.answer.order, name))


def _sort_by(screen: ExploreScreen, order: tuple[SortKey, ...]) -> None:
    assert screen.course.walk is not None
    answer = screen.course.walk.answer
    screen.course.sort(replace(answer, order=order))
    if not order:
        screen.note("Rows as the engine gave them.")
        return
    keys = ", then ".join(
        f"{key.column}, {'descending' if key.is_descending else 'ascending'}" for key in order
    )
    more = "" if answer.is_complete else ": the rows that are here so far"
    screen.note(f"Sorted by {keys}{more}.")


def next_order(order: tuple[SortKey, ...], column: str) -> tuple[SortKey, ...]:
    """The order after one more press on a column."""
    if not order or order[0].column != column:
        return (SortKey(column),)
    return () if order[0].is_descending else (SortKey(column, is_descending=True),)


def longer_order(order: tuple[SortKey, ...], column: str) -> tuple[SortKey, ...]:
    """The order with a column as a further key: up, then down, then not."""
    for at, key in enumerate(order):
        if key.column == column:
            changed = () if key.is_descending else (SortKey(column, is_descending=True),)
            return (*order[:at], *changed, *order[at + 1 :])
    return (*order, SortKey(column))


async def open_record(screen: ExploreScreen) -> None:
    """The row under the cursor, field by field."""
    from flowtui.ui.actions.copying import ask_what_of_record
    from flowtui.ui.screens.record import Elsewhere, RecordScreen, Rows

    if screen.course.showing is None or screen.course.walk is None or not screen.table.total_rows:
        return
    rows = Rows(
        screen.table.columns, screen.table.total_rows, screen.table.row_at,
        partial(_fetch_for, screen), screen.names.of_field,
    )  # fmt: skip
    keys = tuple(
        c for c in screen.commands if c.context in (Context.RECORD, Context.EVERYWHERE) and c.rank
    )
    elsewhere = Elsewhere(partial(ask_what_of_record, screen), screen.action_command)
    at = screen.table.cursor[0]
    crumbs = screen.course.walk.trail.crumbs()
    await screen.app.push_screen(
        RecordScreen(rows, at, crumbs, screen.zone, keys, elsewhere), partial(_left, screen)
    )


def _fetch_for(screen: ExploreScreen, index: int, to: Screen[Leaving]) -> None:
    from flowtui.ui.messages import PageFailed

    showing = screen.course.showing
    if showing is not None:
        failed = partial(PageFailed, showing.number)
        screen.runner.start(Lane.PAGE, partial(showing.page, index, 1), to, failed)


async def _left(screen: ExploreScreen, leaving: Leaving | None) -> None:
    if leaving is None:
        return
    column = leaving.column if leaving.column >= 0 else screen.table.cursor[1]
    screen.table.cursor = (leaving.row, column)
    if leaving.command:
        await screen.action_command(leaving.command)


def toggle_zone(screen: ExploreScreen) -> None:
    """UTC or the local zone, for what is shown and for what is typed."""
    from datetime import UTC

    from flowtui.ui.zones import zone_label

    screen.zone = screen.setting.local if screen.zone is UTC else UTC
    screen.note(f"Times are shown and typed in {zone_label(screen.zone)}.")


def toggle_raw(screen: ExploreScreen) -> None:
    """Codes and exact figures, or names and rounded ones."""
    screen.table.raw = not screen.table.raw
    screen.note("Raw values." if screen.table.raw else "Names in place of codes.")


def toggle_names(screen: ExploreScreen) -> None:
    """Names of interfaces beside addresses: where there is room, always, never."""
    screen.names.toggle()


async def show_sql(screen: ExploreScreen) -> None:
    """The SQL of what is shown."""
    from flowtui.ui.actions.copying import copy_sql
    from flowtui.ui.screens.sql_view import SqlScreen

    statement = screen.course.walk.answer.statement if screen.course.walk else None
    if statement is None:
        screen.note("There is no SQL yet.")
        return

    def closed(is_copied: bool | None) -> None:
        if is_copied:
            copy_sql(screen)

    await screen.app.push_screen(SqlScreen(statement), closed)


async def show_left_out(screen: ExploreScreen) -> None:
    """Input that could not be used."""
    from flowtui.ui.screens.left_out import LeftOutScreen

    if screen.facts is not None:
        await screen.app.push_screen(LeftOutScreen(screen.facts))


async def open_palette(screen: ExploreScreen) -> None:
    """Find a command by name."""
    from textual.command import CommandPalette

    if not CommandPalette.is_open(screen.app):
        await screen.app.push_screen(CommandPalette(id="--command-palette"))
