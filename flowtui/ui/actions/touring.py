"""The tour: offered once, on the demo, and whenever it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from flowtui.ui.messages import Heard
from flowtui.ui.runner import Lane, Post
from flowtui.ui.tour import Moment

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen

_LOWEST: Final = 20
"""Rows of a terminal in which the tour leaves enough for the answer."""


@dataclass
class TourOffered(Heard):
    """Somebody is here for the first time."""

    def tell(self, screen: ExploreScreen) -> None:
        """Begin, where there is room."""
        if screen.app.size.height >= _LOWEST:
            screen.call_later(_begin, screen)


def offer(screen: ExploreScreen) -> None:
    """Begin where nobody was here before, and came for nothing in particular."""
    setting = screen.setting
    if setting.first_time and not (setting.query or setting.filter_line or setting.clues):
        screen.start(Lane.TOUR, partial(_look, setting.first_time))


def _look(mark: Path, post: Post, _cancelled: Event) -> None:
    from flowtui.session.firsttime import is_first_time

    if is_first_time(mark):
        post(TourOffered())


async def toggle_tour(screen: ExploreScreen) -> None:
    """Begin, or end."""
    from flowtui.ui.widgets.tour_bar import TourBar

    bars = screen.query(TourBar)
    if not bars:
        await _begin(screen)
        return
    await bars.remove()
    screen.note("Z begins the tour again; ? has help.")


async def _begin(screen: ExploreScreen) -> None:
    from flowtui.ui.widgets.note_line import NoteLine
    from flowtui.ui.widgets.tour_bar import TourBar

    if not screen.query(TourBar):
        await screen.mount(TourBar(), before=screen.query_one(NoteLine))


def look(screen: ExploreScreen, command: str = "") -> None:
    """Let the tour see what was done."""
    walk = screen.course.walk
    bars = screen.query("TourBar")
    if walk is not None and bars:
        from flowtui.ui.widgets.tour_bar import TourBar

        for bar in bars.results(TourBar):
            bar.look(Moment(walk, command))
