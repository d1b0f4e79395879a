"""Commands that keep what is asked: as a file, or in Athena for everybody in the work group."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flowtui.ui import own
from flowtui.ui.commands import Context
from flowtui.ui.runner import Lane

if TYPE_CHECKING:
    from flowtui.domain.queries import SavedQuery
    from flowtui.session.ownqueries import Words
    from flowtui.ui.messages import FileThere
    from flowtui.ui.screens.explore import ExploreScreen

_AS_FILE = "The query with its filter, for any time, in {}."
_AS_NAMED = "The SQL as it ran, filter and time in it, for everybody who uses the work group."


async def ask_how(screen: ExploreScreen) -> None:
    """Wait for the second key; where there is one way only, go it."""
    from flowtui.ui.screens.copy_menu import CopyMenu, Menu

    choices = [c for c in screen.commands if c.context is Context.KEEP and screen.can(c.id)]

    async def chosen(id: str | None) -> None:
        if id is not None:
            await screen.action_command(id)

    if not choices:
        screen.note("There is nothing to keep yet.")
    elif len(choices) == 1:
        await screen.action_command(choices[0].id)
    else:
        await screen.app.push_screen(CopyMenu(Menu(choices, "Keep")), chosen)


def can_keep(screen: ExploreScreen, id: str) -> bool:
    """True where there is something to keep, and somewhere to."""
    walk, session = screen.course.walk, screen.session
    if walk is None or session is None or walk.answer.statement is None:
        return False
    match id:
        case "keep.named":
            return session.service is not None
        case "keep.update" | "keep.delete":
            return session.service is not None and bool(walk.view.query.named_id)
        case _:
            return True


async def keep_file(screen: ExploreScreen) -> None:
    """As a file of one's own."""
    from flowtui.session.ownqueries import Words, kept_parameters
    from flowtui.ui.screens.keep_form import KeepForm

    walk, session = screen.course.walk, screen.session
    if walk is None or session is None:
        return
    view, directory = walk.view, screen.setting.queries

    def given(words: Words | None) -> None:
        if words is not None:
            piece = partial(own.keep_file, session, view, words, directory)
            screen.start(Lane.NAMED, partial(piece, screen.setting.read_library))

    words = Words(view.title, view.query.description, kept_parameters(view))
    about = _AS_FILE.format(directory)
    await screen.app.push_screen(KeepForm("Keep as a file", about, words), given)


def ask_to_overwrite(screen: ExploreScreen, found: FileThere) -> None:
    """The file is there already."""
    from flowtui.ui.screens.confirm import ConfirmScreen

    def answered(is_agreed: bool | None) -> None:
        if is_agreed:
            piece = partial(own.write_file, found.query, found.path, screen.setting.read_library)
            screen.start(Lane.NAMED, piece)
        else:
            screen.note("Nothing was written.")

    question = f"{found.path} is there already. Write over it?"
    screen.app.push_screen(ConfirmScreen(question, "write over it"), answered)


async def keep_named(screen: ExploreScreen) -> None:
    """As a new named query."""
    from flowtui.session.ownqueries import Words
    from flowtui.ui.screens.keep_form import KeepForm

    query, sql = _asked(screen)

    def given(words: Words | None) -> None:
        if words is not None:
            _on_athena(screen, partial(own.keep_named, words, sql))

    words = Words(screen.course.walk.view.title if screen.course.walk else "", query.description)
    await screen.app.push_screen(KeepForm("Keep as a named query", _AS_NAMED, words), given)


async def update_named(screen: ExploreScreen) -> None:
    """Put the SQL that is shown in the place of the named query's, after asking."""
    from flowtui.session.ownqueries import Words
    from flowtui.ui.screens.keep_form import KeepForm

    query, sql = _asked(screen)

    def given(words: Words | None) -> None:
        if words is not None:
            change_named(screen, query, words, sql)

    words = Words(query.title, query.description)
    await screen.app.push_screen(KeepForm("Change the named query", _AS_NAMED, words), given)


def change_named(screen: ExploreScreen, query: SavedQuery, words: Words, sql: str) -> None:
    """Give a named query other words and SQL, after asking."""
    from flowtui.ui.screens.confirm import ConfirmScreen

    piece = partial(own.update_named, query.named_id, words, sql)
    question = f"Change the named query {query.title} for everybody in the work group?"
    screen.app.push_screen(ConfirmScreen(question, "change it"), partial(_if_agreed, screen, piece))


async def delete_named(screen: ExploreScreen) -> None:
    """Delete the named query, after asking."""
    delete_named_query(screen, _asked(screen)[0])


def delete_named_query(screen: ExploreScreen, query: SavedQuery) -> None:
    """Delete a named query, after asking."""
    from flowtui.ui.screens.confirm import ConfirmScreen

    piece = partial(own.delete_named, query.named_id, query.title)
    question = f"Delete the named query {query.title} for everybody in the work group?"
    screen.app.push_screen(ConfirmScreen(question, "delete it"), partial(_if_agreed, screen, piece))


def _if_agreed(screen: ExploreScreen, piece: own.NamedWork, is_agreed: bool | None) -> None:
    if is_agreed:
        _on_athena(screen, piece)
    else:
        screen.note("Nothing was changed.")


def _on_athena(screen: ExploreScreen, piece: own.NamedWork) -> None:
    if screen.session is not None and screen.session.service is not None:
        screen.start(Lane.NAMED, partial(piece, screen.session.service.named))


def _asked(screen: ExploreScreen) -> tuple[SavedQuery, str]:
    walk = screen.course.walk
    assert walk is not None
    assert walk.answer.statement is not None
    return walk.view.query, walk.answer.statement.sql
