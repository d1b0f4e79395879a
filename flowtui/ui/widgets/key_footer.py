"""The last line: the keys that matter here, as many as fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from textual import events
from textual.content import Content
from textual.message import Message

from flowtui.ui.commands import Command
from flowtui.ui.widgets.line import Line

_BETWEEN: Final = "  "


class KeyFooter(Line):
    """`o Queries  f Filter  …  ? Help`; a click does what the key does."""

    DEFAULT_CSS = "KeyFooter { background: $panel; padding: 0 1; }"

    @dataclass
    class Clicked(Message):
        """A command was chosen with the mouse."""

        id: str

    _commands: tuple[Command, ...] = ()

    def tell(self, commands: Iterable[Command]) -> None:
        """Show these commands, by rank."""
        ranked = (command for command in commands if command.rank)
        found = tuple(sorted(ranked, key=lambda command: command.rank))
        if found != self._commands:
            self._commands = found
            self.refresh()

    def render(self) -> Content:
        """The keys that fit; the last one, help, always."""
        labels = [_label(command) for command in self._fitting()]
        return Content(_BETWEEN).join(labels)

    def _fitting(self) -> tuple[Command, ...]:
        if not self._commands:
            return ()
        *others, last = self._commands
        room = self.size.width - _label(last).cell_length
        shown = []
        for command in others:
            room -= _label(command).cell_length + len(_BETWEEN)
            if room < 0:
                break
            shown.append(command)
        return (*shown, last)

    def on_click(self, event: events.Click) -> None:
        """Do what is written under the mouse."""
        at = event.x - self.styles.padding.left
        for command in self._fitting():
            width = _label(command).cell_length
            if 0 <= at < width:
                self.post_message(self.Clicked(command.id))
            at -= width + len(_BETWEEN)


def _label(command: Command) -> Content:
    return Content.assemble((command.shown_keys[0], "bold $text-accent"), f" {command.title}")
