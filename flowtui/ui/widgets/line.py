"""A line of text that never wraps, never reads markup, and costs no layout when it changes."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from flowtui.ui.safe import harmless


class Line(Widget):
    """One line, drawn from `content`; what does not fit ends in `…`."""

    DEFAULT_CSS = "Line { height: 1; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._content = Content()

    @property
    def content(self) -> Content:
        """What it shows."""
        return self._content

    def show(self, content: Content) -> None:
        """Show other text."""
        if content is not self._content:
            self._content = content
            self.refresh()

    def render(self) -> Content:
        """The text, cut at the width."""
        return self._content.truncate(self.size.width, ellipsis=True)


def plain(text: str) -> str:
    """Text from outside on one line, nothing in it hidden or acting."""
    return harmless(text)
