"""The start screen under test, over the settings and the AWS of the environment."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen

from flowtui.session.config import load_config
from flowtui.session.first import First
from flowtui.session.sources import Aws
from flowtui.ui.app import FlowtuiApp
from flowtui.ui.opening import Openings
from flowtui.ui.screens.explore import ExploreScreen


@dataclass
class Stage:
    """A running application."""

    app: FlowtuiApp
    pilot: Pilot[None]

    @property
    def shown(self) -> str:
        """All that is drawn, dialogs over what lies under them."""
        return "\n".join(
            "".join(segment.text for segment in strip)
            for screen in self._screens
            for strip in screen._compositor.render_strips()
        )

    @property
    def _screens(self) -> list[Screen[Any]]:
        return [self.app.screen]

    @property
    def explored(self) -> ExploreScreen | None:
        """The screen to explore in, once it is there."""
        return self.app.screen if isinstance(self.app.screen, ExploreScreen) else None

    async def until(self, holds: str | Callable[[], Any], seconds: float = 30.0) -> None:
        """Wait until a text is shown, or something holds."""
        for _ in range(int(seconds / 0.02)):
            if holds in self.shown if isinstance(holds, str) else holds():
                await self.pilot.pause()
                return
            await self.pilot.pause(0.02)
        raise AssertionError(f"{holds} never came about; on the screen:\n{self.shown}")

    async def write(self, text: str, *keys: str) -> None:
        """Type a text, then press keys."""
        await self.pilot.press(*("space" if letter == " " else letter for letter in text), *keys)
        await self.pilot.pause()

    async def choose(self, text: str, then: str) -> None:
        """Narrow the list to a text, take the first, and wait for what follows."""
        await self.write(text, "enter")
        await self.until(then)


@asynccontextmanager
async def stage(aws: Aws | None = None, filter_line: str = "") -> AsyncIterator[Stage]:
    """The application on its start screen, 80x24."""
    openings = Openings(load_config())
    start = openings.start(aws or Aws(), First(line=filter_line), taken=("query", "demo"))
    app = FlowtuiApp(start)
    try:
        async with app.run_test(size=(80, 24)) as pilot:
            running = Stage(app, pilot)
            await running.until("What to open?")
            yield running
    finally:
        app.runner.close(5)
