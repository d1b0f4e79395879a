"""Where the timeline stands, and whether the screen has room for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from textual.widget import Widget

    from flowtui.ui.screens.explore import ExploreScreen
    from flowtui.ui.widgets.timeline import TimelineStrip

LEAST_ROWS: Final = 10
"""Rows that the strip leaves to the table; where it cannot, it is not shown."""
TOO_LOW: Final = f"The screen is too low: the timeline would leave fewer than {LEAST_ROWS} rows."
_HEADINGS: Final = 1
_LINES: Final = 4
_ROWS: Final = ("ResultTable", "Panel", "TimelineStrip")
"""What shares the room that the lines above leave."""


class StripRoom:
    """The room of a screen's timeline.

    Args:
        screen: Where it stands.
        changed: Called whenever the room has changed, from the first `watch` on.
    """

    def __init__(self, screen: ExploreScreen, changed: Callable[[], None]) -> None:
        self._screen = screen
        self._changed = changed
        self._is_watched = False

    @property
    def strip(self) -> TimelineStrip | None:
        """The timeline, where it was ever shown."""
        if not self._is_watched:
            return None  # and no need to load what draws it
        from flowtui.ui.widgets.timeline import TimelineStrip

        found = self._screen.query(TimelineStrip)
        return found.first() if found else None

    def shown(self) -> TimelineStrip:
        """The strip, in view; it stands between the filter and the execution."""
        from flowtui.ui.widgets.timeline import TimelineStrip

        strip = self.strip
        if strip is None:
            strip = TimelineStrip(id="timeline")
            main = self._screen.query_one("#main")
            main.mount(strip, before="ExecutionLine")
        strip.display = True
        return strip

    def watch(self) -> None:
        """Tell of it when the room changes."""
        if not self._is_watched:
            self._is_watched = True
            main = self._screen.query_one("#main")
            refreshed = self._screen.screen_layout_refresh_signal
            refreshed.subscribe(main, lambda _screen: self._changed())

    @property
    def buckets(self) -> int:
        """How many fit beside one another."""
        from flowtui.ui.widgets.timeline import NAME_CELLS, PEAK_CELLS

        width = self._screen.query_one("#main").size.width
        return max(10, width - 2 - NAME_CELLS - PEAK_CELLS)

    @property
    def is_enough(self) -> bool:
        """True where the screen is high enough for strip and rows."""
        main = self._screen.query_one("#main")
        lines = sum(_height(child) for child in main.children)
        return main.size.height - lines - _LINES >= LEAST_ROWS + _HEADINGS


def _height(child: Widget) -> int:
    is_counted = child.display and type(child).__name__ not in _ROWS
    return child.outer_size.height if is_counted else 0
