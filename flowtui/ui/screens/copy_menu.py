"""What to copy, or how to keep: the second key after `y` and `W`."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import ModalScreen

from flowtui.ui.commands import Command
from flowtui.ui.widgets.line import Line


class CopyMenu(ModalScreen[str | None]):
    """One line that waits for a key; gives back a command's id, or None for any other key."""

    DEFAULT_CSS = """
    CopyMenu { align: left bottom; background: transparent; }
    CopyMenu Line { background: $primary; color: $text; padding: 0 1; dock: bottom; }
    """

    def __init__(self, commands: Sequence[Command], prompt: str = "Copy") -> None:
        super().__init__()
        self._prompt = prompt
        self._commands = commands

    def compose(self) -> ComposeResult:
        """The choices."""
        line = Line()
        parts: list[str | tuple[str, str]] = [(f"{self._prompt}  ", "bold")]
        for command in self._commands:
            parts += [(command.shown_keys[0], "bold underline"), f" {command.title}   "]
        line.show(Content.assemble(*parts, "Esc nothing"))
        yield line

    def on_key(self, event: events.Key) -> None:
        """Choose, or leave."""
        event.stop()
        chosen = (c.id for c in self._commands if event.key in c.keys or event.character in c.keys)
        self.dismiss(next(chosen, None))
