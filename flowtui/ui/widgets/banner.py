"""What must be known before the rows are believed: one line for each, above the table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

_MOST_LINES: Final = 4
_TALL: Final = 24
"""Rows of a terminal from which on a command to copy is shown whole."""


class Banner(Widget):
    """Some lines; takes no room where there is nothing to say."""

    DEFAULT_CSS = "Banner { height: auto; padding: 0 1; display: none; }"

    _lines: tuple[Content, ...] = ()

    @property
    def text(self) -> str:
        """What it says."""
        return "\n".join(line.plain for line in self._lines)

    def tell(self, lines: Iterable[Content]) -> None:
        """Say these things, the first four of them."""
        found = tuple(lines)[:_MOST_LINES]
        if found == self._lines:
            return
        self._lines = found
        self.display = bool(found)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Its lines, wrapped where the terminal is tall."""
        return len(self._drawn(width))

    def render(self) -> Content:
        """The lines, wrapped where the terminal is tall, else cut at the width."""
        return Content("\n").join(self._drawn(self.size.width))

    def _drawn(self, width: int) -> list[Content]:
        if self.app.size.height < _TALL:
            return [line.truncate(width, ellipsis=True) for line in self._lines]
        return [part for line in self._lines for part in line.wrap(max(1, width))]
