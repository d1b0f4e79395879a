"""What to copy, or how to keep: the second key after `y` and `W`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widget import Widget

from flowtui.ui.commands import Command

_BETWEEN: Final = "   "


class Choices(Widget):
    """Keys and what they do, on as many lines as they need; none is broken in two.

    Args:
        parts: In order.
    """

    DEFAULT_CSS = "Choices { height: auto; }"

    def __init__(self, parts: Sequence[Content]) -> None:
        super().__init__()
        self._parts = parts

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the width makes."""
        return len(self._lines(width))

    def render(self) -> Content:
        """The lines."""
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        lines: list[list[Content]] = [[]]
        room = width
        for part in self._parts:
            room -= part.cell_length
            if room < 0 and lines[-1]:
                lines.append([])
                room = width - part.cell_length
            lines[-1].append(part)
            room -= len(_BETWEEN)
        return [Content(_BETWEEN).join(line) for line in lines]


class CopyMenu(ModalScreen[str | None]):
    """Waits for a key, in the last lines; gives back a command's id, or None for another key."""

    DEFAULT_CSS = """
    CopyMenu { align: left bottom; background: transparent; }
    CopyMenu Choices { background: $primary; color: $text; padding: 0 1; dock: bottom; }
    """

    def __init__(self, commands: Sequence[Command], prompt: str = "Copy") -> None:
        super().__init__()
        self._prompt = prompt
        self._commands = commands

    def compose(self) -> ComposeResult:
        """The choices."""
        chosen = [
            Content.assemble((c.shown_keys[0], "bold underline"), f" {c.title}")
            for c in self._commands
        ]
        prompt = Content.styled(self._prompt, "bold")
        yield Choices([prompt, *chosen, Content("Esc nothing")])

    def on_key(self, event: events.Key) -> None:
        """Choose, or leave."""
        event.stop()
        chosen = (c.id for c in self._commands if event.key in c.keys or event.character in c.keys)
        self.dismiss(next(chosen, None))
