"""The first question, once the source is open: the one left off at, or the one asked for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flowtui.domain.executions import SourceFacts
from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import View
from flowtui.errors import FilterError, FlowtuiError
from flowtui.session.session import Session
from flowtui.ui import messages, own, work
from flowtui.ui.actions import starting, touring
from flowtui.ui.actions.sittings import say_taken_up
from flowtui.ui.lines import edit_filter
from flowtui.ui.resuming import walk_of
from flowtui.ui.runner import Lane
from flowtui.ui.sitting import find_interrupted
from flowtui.ui.walk import Walk

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen


async def begin(screen: ExploreScreen, session: Session, facts: SourceFacts) -> None:
    """Ask it; meanwhile read the named queries and prepare the source."""
    setting = screen.setting
    screen.session = session
    screen.runner.close_at_end(session.close)
    screen.learn(facts)
    screen.start(Lane.NAMED, partial(own.read_named, session))
    if setting.is_prepared:
        piece = partial(work.prepare, session)
        screen.runner.start(Lane.SOURCE, piece, screen, messages.PrepareFailed)
    if setting.keeper is not None:
        screen.runner.close_at_end(setting.keeper.close)
    if setting.resumed is not None:
        screen.course.go(walk_of(setting.resumed))
        say_taken_up(screen, setting.resumed)
        return
    touring.offer(screen)
    if setting.keeper is not None and setting.is_offered:
        screen.start(Lane.OFFER, partial(find_interrupted, setting.keeper))
    await _ask_first(screen)


async def _ask_first(screen: ExploreScreen) -> None:
    try:
        screen.course.go(Walk.begin(_first_view(screen)))
    except FilterError as error:
        screen.course.go(Walk.begin(View(_first_query(screen))))
        await edit_filter(screen, error.text)
    except FlowtuiError as error:
        screen.course.fail(error)


def _first_query(screen: ExploreScreen) -> SavedQuery:
    assert screen.library is not None
    return screen.library.get(screen.setting.query or screen.library.queries[0].slug)


def _first_view(screen: ExploreScreen) -> View:
    clues = screen.setting.clues
    if clues and (view := starting.first_view(screen, clues)):
        return view
    return View(_first_query(screen), screen.parse(screen.setting.filter_line))
