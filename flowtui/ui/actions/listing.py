"""Commands about the queries of the list: write them, copy, rename, delete them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import View
from flowtui.library import BrokenQuery
from flowtui.ui import own
from flowtui.ui.runner import Lane
from flowtui.ui.widgets.query_list import QueryList

if TYPE_CHECKING:
    from flowtui.session.ownqueries import Words
    from flowtui.ui.listed import Listed
    from flowtui.ui.screens.explore import ExploreScreen

_SHIPPED = "It ships with flowtui: c copies it into a query of your own."


def has_list(screen: ExploreScreen) -> bool:
    """True while the list of queries has the keys."""
    return isinstance(screen.focused, QueryList) and screen.focused.item_at_highlight is not None


def edit(screen: ExploreScreen) -> None:
    """Write the SQL of the query under the highlight otherwise."""
    _work_on_highlight(screen, "list.edit")


def copy(screen: ExploreScreen) -> None:
    """Make a query of one's own out of it."""
    _work_on_highlight(screen, "list.copy")


def rename(screen: ExploreScreen) -> None:
    """Give it another title."""
    _work_on_highlight(screen, "list.rename")


def delete(screen: ExploreScreen) -> None:
    """Delete it, after asking."""
    _work_on_highlight(screen, "list.delete")


def _work_on_highlight(screen: ExploreScreen, command: str) -> None:
    item = screen.query_one(QueryList).item_at_highlight
    if item is not None:
        work_on(screen, command, item)


def work_on(screen: ExploreScreen, command: str, item: Listed) -> None:
    """Do what was asked with a query of the list."""
    match command:
        case "list.edit":
            _edit(screen, item)
        case "list.copy":
            _copy(screen, item)
        case "list.rename":
            _rename(screen, item)
        case _:
            _delete(screen, item)


def _file_of(screen: ExploreScreen, item: Listed) -> Path | None:
    """Its file, where it is one of the person's own."""
    if isinstance(item, BrokenQuery):
        return item.path
    is_own = screen.library is not None and item.slug in screen.library.own
    return screen.setting.queries / f"{item.slug}.sql" if is_own and not item.named_id else None


def _edit(screen: ExploreScreen, item: Listed) -> None:
    from flowtui.ui.actions.asking import before_drilling
    from flowtui.ui.actions.editing import open_editor
    from flowtui.ui.editor.sheet import Sheet

    path = _file_of(screen, item)
    walk = screen.course.walk
    if isinstance(item, BrokenQuery):
        item = SavedQuery(item.path.stem, item.path.name, "")
    view = View(item)
    if walk is not None:
        view = replace(before_drilling(walk.trail), query=item, arguments=(), label="")
    if path is None:
        open_editor(screen, Sheet(item.sql, view))
    else:
        screen.start(Lane.DRAFT, partial(own.read_file, path, view))


def _copy(screen: ExploreScreen, item: Listed) -> None:
    from flowtui.session.ownqueries import Words, told
    from flowtui.ui.screens.keep_form import KeepForm

    if isinstance(item, BrokenQuery):
        screen.note("It cannot be copied as it is: e opens it, to mend it.", "warning")
        return
    query, directory = item, screen.setting.queries

    def given(words: Words | None) -> None:
        if words is not None:
            piece = partial(own.keep_new, told(query, words), directory)
            screen.start(Lane.NAMED, partial(piece, screen.setting.read_library))

    words = Words(f"{query.title} copy", query.description, query.parameters)
    about = f"A query of your own, in {directory}."
    screen.app.push_screen(KeepForm("Copy", about, words), given)


def _rename(screen: ExploreScreen, item: Listed) -> None:
    from flowtui.ui.screens.ask_line import AskLine

    path = _file_of(screen, item)
    if isinstance(item, BrokenQuery):
        screen.note("It has no title as long as it is broken: e opens it.", "warning")
        return
    if path is None and not item.named_id:
        screen.note(_SHIPPED, "warning")
        return
    query = item

    def given(title: str | None) -> None:
        if title is None or title == query.title:
            return
        if path is None:
            _rename_named(screen, query, title)
        else:
            piece = partial(own.rename_file, path, title, screen.setting.read_library)
            screen.start(Lane.NAMED, piece)

    screen.app.push_screen(AskLine("Title", text=query.title, wrong=_wrong_title), given)


def _wrong_title(title: str) -> str:
    from flowtui.session.ownqueries import LONGEST_TITLE

    if not title:
        return "It needs a title."
    return "" if len(title) <= LONGEST_TITLE else "That is too long for a title."


def _rename_named(screen: ExploreScreen, query: SavedQuery, title: str) -> None:
    from flowtui.session.ownqueries import Words
    from flowtui.ui.actions.keeping import change_named

    change_named(screen, query, Words(title, query.description), query.sql)


def _delete(screen: ExploreScreen, item: Listed) -> None:
    from flowtui.ui.actions.keeping import delete_named_query
    from flowtui.ui.screens.confirm import ConfirmScreen

    path = _file_of(screen, item)
    if path is None:
        assert isinstance(item, SavedQuery)
        if item.named_id:
            delete_named_query(screen, item)
        else:
            screen.note("It ships with flowtui, and stays.", "warning")
        return

    def answered(is_meant: bool | None) -> None:
        if is_meant:
            screen.start(Lane.NAMED, partial(own.delete_file, path, screen.setting.read_library))
        else:
            screen.note("Nothing was deleted.")

    screen.app.push_screen(ConfirmScreen(f"Delete {path}?", "delete it"), answered)
