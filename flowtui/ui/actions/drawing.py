"""Commands about how the screen is drawn."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from flowtui.ui.runner import Lane, Post

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen


def draw_anew(screen: ExploreScreen) -> None:
    """Send everything, where something else has written on the terminal."""
    from flowtui.ui.app import FlowtuiApp

    if isinstance(screen.app, FlowtuiApp):
        screen.app.draw_anew()


async def choose_theme(screen: ExploreScreen) -> None:
    """Look at themes, and keep one in the settings."""
    from flowtui.ui.screens.theme_picker import ThemePicker

    def chosen(name: str | None) -> None:
        if name is not None:
            screen.start(Lane.NAMED, partial(_remember, name))

    await screen.app.push_screen(ThemePicker(), chosen)


def _remember(name: str, post: Post, _cancelled: threading.Event) -> None:
    from flowtui.session.remember import remember_theme
    from flowtui.ui.messages import Kept

    path = remember_theme(name)
    post(Kept(f'theme = "{name}" is kept in {path}'))
