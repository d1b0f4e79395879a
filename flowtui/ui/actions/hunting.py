"""The command that runs every detection and shows what they found."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from flowtui.domain.filters import NO_FILTER, FlowFilter
from flowtui.ui.runner import Lane

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen
    from flowtui.ui.screens.hunt import Opened


async def show_hunt(screen: ExploreScreen) -> None:
    """The findings under the filter at hand; those that are known already at once."""
    from flowtui.ui.screens.hunt import Elsewhere, HuntScreen

    if screen.session is None or screen.library is None:
        screen.note("The source is not open yet.")
        return
    filter = _filter(screen)
    if screen.hunted is None or screen.hunted.filter != filter:
        _begin(screen, filter)
    assert screen.hunted is not None
    does = Elsewhere(
        copy=partial(_copy, screen),
        agree=partial(_agree, screen),
        again=partial(_again, screen),
        stop=partial(_stop, screen),
    )
    dialog = HuntScreen(screen.hunted, screen.setting.title, screen.zone, does)
    await screen.app.push_screen(dialog, partial(_left, screen))


def _filter(screen: ExploreScreen) -> FlowFilter:
    from flowtui.ui.actions.asking import before_drilling

    walk = screen.course.walk
    return before_drilling(walk.trail).filter if walk else NO_FILTER


def _begin(screen: ExploreScreen, filter: FlowFilter) -> None:
    from flowtui.ui.hunting import Hunted, failed, go_hunting

    assert screen.session is not None
    assert screen.library is not None
    number = screen.hunted.number + 1 if screen.hunted is not None else 0
    screen.hunted = Hunted(filter, number=number)
    piece = partial(go_hunting, screen.session, screen.library, screen.hunted)
    screen.runner.start(Lane.HUNT, piece, screen, failed(screen.hunted))


def _agree(screen: ExploreScreen) -> None:
    """Run what was planned: somebody has said yes to its price."""
    from flowtui.ui.hunting import failed, run_hunt

    if screen.hunted is not None and screen.session is not None:
        screen.hunted = replace(screen.hunted, is_held_back=False)
        piece = partial(run_hunt, screen.session, screen.hunted)
        screen.runner.start(Lane.HUNT, piece, screen, failed(screen.hunted))


def _again(screen: ExploreScreen) -> None:
    from flowtui.ui.hunting import HuntChanged

    _begin(screen, _filter(screen))
    assert screen.hunted is not None
    HuntChanged(screen.hunted).tell(screen)


def _stop(screen: ExploreScreen) -> bool:
    return screen.runner.cancel(Lane.HUNT)


def _copy(screen: ExploreScreen, text: str, what: str) -> None:
    from flowtui.ui.actions.copying import copy_text

    copy_text(screen, text, what)


async def _left(screen: ExploreScreen, opened: Opened | None) -> None:
    """Open what was chosen; a hunt that was left goes on only where its rows are looked at."""
    from flowtui.domain.views import View
    from flowtui.ui.actions.asking import ask_query
    from flowtui.ui.walk import Walk

    if opened is None:
        if screen.hunted is not None and _stop(screen):
            screen.note("The hunt was stopped; M shows what it found until then.")
        return
    if screen.hunted is not None:
        screen.hunted = replace(screen.hunted, at=opened.at)
    if opened.next is not None:
        assert screen.library is not None
        await ask_query(screen, screen.library.get(opened.next))
        return
    view: View = opened.view
    walk = screen.course.walk
    screen.course.go(Walk.begin(view) if walk is None else screen.course.kept().push(view))
    screen.course.stand_at(opened.row)
