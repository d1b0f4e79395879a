"""Commands about what ran before: looking at it, opening it again, copying how to have it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flowtui.domain.executions import QueryState
from flowtui.ui import past as reading
from flowtui.ui.actions.copying import copy_text
from flowtui.ui.runner import Lane

if TYPE_CHECKING:
    from flowtui.errors import FlowtuiError
    from flowtui.session.history import Past
    from flowtui.ui.messages import QuestionFound
    from flowtui.ui.screens.explore import ExploreScreen
    from flowtui.ui.screens.history import Chosen, HistoryScreen


async def show_history(screen: ExploreScreen) -> None:
    """What ran, here and in the work group."""
    from flowtui.ui.messages import HistoryRead
    from flowtui.ui.screens.history import HistoryScreen

    session = screen.session
    if session is None:
        screen.note("The source is not open yet.")
        return

    def read(to: HistoryScreen) -> None:
        screen.runner.start(Lane.HISTORY, partial(reading.read_history, session), to, failed)

    def failed(error: FlowtuiError) -> HistoryRead:
        return HistoryRead((), session.spent, f"{error.message} {error.hint}")

    def chosen(found: Chosen | None) -> None:
        screen.runner.cancel(Lane.HISTORY)
        if found is None:
            return
        if found.is_copied:
            _copy_command(screen, found.past)
        else:
            _open(screen, found.past, found.is_anew)

    await screen.app.push_screen(HistoryScreen(session.clock(), session.spent, read), chosen)


def _copy_command(screen: ExploreScreen, past: Past) -> None:
    from flowtui.session.earlier import command_line

    slugs = [q.slug for q in screen.library.queries if not q.named_id] if screen.library else []
    assert screen.session is not None
    text = command_line(past, slugs, screen.session.clock())
    copy_text(screen, text, "the command line")


def _open(screen: ExploreScreen, past: Past, is_anew: bool) -> None:
    from flowtui.session.earlier import is_attachable

    session = screen.session
    assert session is not None
    is_there = session.service is not None and not is_anew
    if is_there and past.state in (QueryState.QUEUED, QueryState.RUNNING):
        screen.note("It still runs: its rows can be opened when it has ended.")
        return
    is_free = is_there and is_attachable(past, session.clock())
    if not is_free and past.source != session.source:
        screen.note(f"It ran over {past.source}: y copies the command line for it.", "warning")
        return
    if screen.library is not None:
        how = past, is_free, is_anew
        screen.start(Lane.HISTORY, partial(reading.find_question, session, screen.library, *how))


def open_question(screen: ExploreScreen, found: QuestionFound) -> None:
    """Stand at a question of history: with its rows where they can be had, else ask it."""
    from flowtui.session.sittings import Place
    from flowtui.ui.walk import Answer, Walk

    course = screen.course
    walk = course.kept().push(found.view) if course.walk else Walk.begin(found.view)
    if found.is_free:
        statement = found.statement
        place = Place(found.query_id, statement.sql, time=statement.time)
        walk = walk.answered(Answer(earlier=place))
    course.go(walk, is_anew=found.is_anew)
