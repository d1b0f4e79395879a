"""Commands about how the screen is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen


def draw_anew(screen: ExploreScreen) -> None:
    """Send everything, where something else has written on the terminal."""
    from flowtui.ui.app import FlowtuiApp

    if isinstance(screen.app, FlowtuiApp):
        screen.app.draw_anew()
