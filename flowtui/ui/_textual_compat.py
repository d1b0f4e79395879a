"""What must be worked around in Textual, each with the version that was looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.color import Color
from textual.driver import Driver
from textual.filter import LineFilter, Monochrome, NoColor

from flowtui.ui.lean import Piece, ShownCells


class UnbreakableFile:
    """A terminal that may go away: from then on, what is written is lost and nothing fails.

    Textual 8.2.8 writes in a thread that ends at the first error; its queue then fills, and leaving
    waits for ever.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._is_gone = False

    def write(self, text: str) -> None:
        """Write, where anybody is there to read."""
        if not self._is_gone:
            try:
                self._file.write(text)
            except OSError:
                self._is_gone = True

    def flush(self) -> None:
        """Flush, likewise."""
        if not self._is_gone:
            try:
                self._file.flush()
            except OSError:
                self._is_gone = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class LeanUpdate(CompositorUpdate):
    """An update that sends only what differs from what is shown.

    Textual 8.2.8 tells nobody which cells it sends; how they are found is taken from there.
    """

    def __init__(self, update: CompositorUpdate, shown: ShownCells) -> None:
        self._update = update
        self._shown = shown

    def render_segments(self, console: Console) -> str:
        """What is sent; asked for once, and then sent."""
        colours = console._color_system or ColorSystem.TRUECOLOR
        return self._shown.sequence(_pieces(self._update), colours)


def _pieces(update: CompositorUpdate) -> Iterator[Piece]:
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in strips:
                yield x, y, strip
                x += strip.cell_length
    elif isinstance(update, ChopsUpdate):
        for y, x1, x2 in update.spans:
            for end, (x, piece) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if piece is not None and x <= x2 and end > x1:
                    yield x, y, piece.crop(0, min(end, x2) - x)


class Colourless(LineFilter):
    """Greys, or, under a theme of the terminal's own colours, none at all.

    Textual 8.2.8 chooses once, when it starts: another theme may then be black on black.
    """

    def __init__(self, app: App[Any]) -> None:
        super().__init__()
        self._app = app
        self._greys, self._none = Monochrome(), NoColor()

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same line without colours."""
        chosen = self._none if self._app.native_ansi_color else self._greys
        return chosen.apply(segments, background)


def is_kept_without_colours(filter: LineFilter) -> bool:
    """False for what `Colourless` stands in for."""
    return not isinstance(filter, Monochrome | NoColor)


def lasting(driver_class: type[Driver], is_slow: bool = False) -> type[Driver]:
    """The driver, made so that it outlives its terminal.

    Args:
        driver_class: Textual's choice.
        is_slow: Have clicks told, but not each movement of the mouse.
    """
    from textual.drivers.linux_driver import LinuxDriver

    if driver_class is not LinuxDriver:
        return driver_class

    class LastingDriver(LinuxDriver):
        def __init__(self, *args: Any, **chosen: Any) -> None:
            super().__init__(*args, **chosen)
            self._file: Any = UnbreakableFile(self._file)

        def _enable_mouse_support(self) -> None:
            super()._enable_mouse_support()
            if is_slow and self._mouse:
                self.write("\x1b[?1003l\x1b[?1000h")

    return LastingDriver
