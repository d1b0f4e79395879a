"""The command that asks about an address, a port or an interface under the cursor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flowtui.ui.actions.narrowing import filter_key

if TYPE_CHECKING:
    from flowtui.domain.subjects import Subject
    from flowtui.ui.screens.about import Asked
    from flowtui.ui.screens.explore import ExploreScreen


async def ask_about(screen: ExploreScreen) -> None:
    """Choose a question about what is under the cursor, or stands in its row."""
    from flowtui.domain.subjects import QUESTIONS
    from flowtui.ui.screens.about import AboutScreen

    if screen.library is None:
        return
    subjects = tuple(dict.fromkeys(_subjects(screen)))
    if not subjects:
        screen.note("There is no address, port or interface in this row.", "warning")
        return
    slugs = {query.slug for query in screen.library.queries}
    there = {
        what: tuple(question for question in questions if question.slug in slugs)
        for what, questions in QUESTIONS.items()
    }

    def chosen(asked: Asked | None) -> None:
        if asked is not None:
            _ask(screen, asked)

    await screen.app.push_screen(AboutScreen(subjects, there), chosen)


def _subjects(screen: ExploreScreen) -> Iterator[Subject]:
    """Those of the cell first, then those of the rest of its row."""
    from flowtui.domain.subjects import subjects_in

    at, column = screen.table.cursor
    row = screen.table.row_at(at)
    if row is None:
        return
    for index in (column, *(i for i in range(len(row)) if i != column)):
        name = screen.table.columns[index].name
        yield from subjects_in(filter_key(screen, name) or "", row[index])


def _ask(screen: ExploreScreen, asked: Asked) -> None:
    from flowtui.domain import subjects
    from flowtui.domain.filterline import format_condition

    assert screen.course.walk is not None
    assert screen.library is not None
    query = screen.library.get(asked.question.slug)
    view, left_out = subjects.ask_about(
        screen.course.walk.view, asked.subject, asked.question, query
    )
    screen.course.go(screen.course.kept().push(view))
    if left_out:
        told = "  ".join(map(format_condition, left_out))
        screen.note(f"Asked without {told}: it would stand in the way.")
