"""What must be known before the rows are believed: one line for each, above the table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from textual.content import Content
from textual.widget import Widget

_MOST_LINES: Final = 4


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
        is_as_tall = len(found) == len(self._lines)
        self._lines = found
        self.display = bool(found)
        self.refresh(layout=not is_as_tall)

    def render(self) -> Content:
        """The lines, each cut at the width."""
        width = self.size.width
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in self._lines)
