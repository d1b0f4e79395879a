"""Commands that write SQL: of the view on the screen, and of what the list holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowtui.domain.views import View
    from flowtui.ui.editor.sheet import Sheet
    from flowtui.ui.screens.explore import ExploreScreen


async def edit_sql(screen: ExploreScreen) -> None:
    """Write the SQL of what is shown otherwise."""
    from flowtui.ui.editor.screen import EditorScreen
    from flowtui.ui.editor.sheet import Sheet

    walk = screen.course.walk
    if walk is None or screen.session is None:
        screen.note("There is no SQL yet.")
        return
    sheet = Sheet(walk.view.query.sql, walk.view)
    await screen.app.push_screen(EditorScreen(screen, screen.session, sheet))


def open_editor(screen: ExploreScreen, sheet: Sheet) -> None:
    """Write something else than what is on the screen."""
    from flowtui.ui.editor.screen import EditorScreen

    if screen.session is None:
        screen.note("The source is not open yet: SQL is judged by its columns.", "warning")
    else:
        screen.app.push_screen(EditorScreen(screen, screen.session, sheet))


def ask_typed(screen: ExploreScreen, view: View) -> None:
    """Ask a view of SQL that was typed: a view of its own, which the next text takes the place of.

    So back leads to what it was made from, and undo to the text before.
    """
    from flowtui.ui.editor.sheet import TYPED_SLUG
    from flowtui.ui.walk import Walk

    course = screen.course
    if course.walk is None:
        course.go(Walk.begin(view))
    elif course.walk.view.query.slug == TYPED_SLUG:
        course.go(course.kept().change(view))
    else:
        course.go(course.kept().push(view))
