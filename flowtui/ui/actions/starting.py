"""Starting from anything: an address, an alarm that was pasted, a finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import tzinfo
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from flowtui.domain.views import View
from flowtui.errors import FlowtuiError
from flowtui.ui.runner import Lane, Post

if TYPE_CHECKING:
    from datetime import datetime

    from flowtui.domain.clues import Clues
    from flowtui.domain.proposals import Proposal
    from flowtui.ui.screens.explore import ExploreScreen
    from flowtui.ui.screens.start_from import StartFromScreen


async def start_from(screen: ExploreScreen, text: str = "") -> None:
    """Let a text be typed or pasted, and ask what it suggests."""
    from flowtui.ui.screens.start_from import StartFromScreen

    if screen.session is None or screen.library is None:
        screen.note("The source is not open yet.")
        return
    text = text or screen.about
    is_billed = screen.session.service is not None
    price = partial(_price, screen) if is_billed else None
    dialog = StartFromScreen(partial(_read, screen), price, text)
    await screen.app.push_screen(dialog, partial(_ask, screen))


def _price(screen: ExploreScreen, proposal: Proposal, to: StartFromScreen) -> None:
    from flowtui.ui.messages import QueryEstimated
    from flowtui.ui.spending import estimate_query

    assert screen.session is not None

    def failed(error: FlowtuiError) -> QueryEstimated:
        return QueryEstimated(proposal.slug, error.message)

    piece = partial(estimate_query, screen.session, _view_now(screen, proposal))
    screen.runner.start(Lane.ESTIMATE, piece, to, failed)


def _read(screen: ExploreScreen, text: str, to: StartFromScreen) -> None:
    screen.about = text
    piece = partial(_find, text, screen.setting.clock(), screen.zone, tuple(_fields(screen)))
    screen.start(Lane.CLUES, partial(piece, to))


def _find(
    text: str, now: datetime, zone: tzinfo, fields: tuple[str, ...], to: StartFromScreen,
    _post: Post, cancelled: Event,
) -> None:  # fmt: skip
    from flowtui.domain.clues import read_clues
    from flowtui.domain.proposals import proposals
    from flowtui.ui.screens.start_from import CluesRead

    clues = read_clues(text, now=now, zone=zone)
    if not cancelled.is_set():
        to.post_message(CluesRead(text, clues, proposals(clues, now, fields.__contains__)))


def _ask(screen: ExploreScreen, proposal: Proposal | None) -> None:
    from flowtui.ui.walk import Walk

    screen.runner.cancel(Lane.ESTIMATE)
    if proposal is None:
        return
    view = _view_now(screen, proposal)
    is_first = screen.course.walk is None
    screen.course.go(Walk.begin(view) if is_first else screen.course.kept().push(view))


def first_view(screen: ExploreScreen, clues: Clues) -> View | None:
    """The question with which a sitting about something begins; None where none comes to mind."""
    from flowtui.domain.proposals import proposals

    found = proposals(clues, screen.setting.clock(), tuple(_fields(screen)).__contains__)
    if not found:
        screen.call_later(
            screen.note,
            "The records have no field that tells what was given: I starts from another text.",
            "warning",
        )
        return None
    given = screen.parse(screen.setting.filter_line)
    view = _view(screen, found[0])
    more = f" I shows {len(found) - 1} more questions." if len(found) > 1 else ""
    screen.call_later(screen.note, f"{found[0].why}.{more}")
    return replace(view, filter=replace(given & view.filter, time=given.time or view.filter.time))


def _view_now(screen: ExploreScreen, proposal: Proposal) -> View:
    """In the time that one looks at, where the text names none."""
    view = _view(screen, proposal)
    walk = screen.course.walk
    if walk is None or view.filter.time is not None:
        return view
    return replace(view, filter=replace(view.filter, time=walk.view.filter.time))


def _view(screen: ExploreScreen, proposal: Proposal) -> View:
    assert screen.library is not None
    query = screen.library.get(proposal.slug)
    return View(query, screen.parse(proposal.line), proposal.arguments)


def _fields(screen: ExploreScreen) -> tuple[str, ...]:
    return screen.session.engine.schema.fields if screen.session is not None else ()
