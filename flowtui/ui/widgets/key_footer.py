"""The last line: the keys that matter here, as many as fit."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from textual.content import Content
from textual.style import Style

from flowtui.ui.commands import Command
from flowtui.ui.widgets.line import Line


class KeyFooter(Line):
    """`o Queries  f Filter  …  ? Help`; a click does what the key does."""

    DEFAULT_CSS = "KeyFooter { background: $panel; padding: 0 1; }"

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
        if not self._commands:
            return Content()
        *others, last = self._commands
        room = self.size.width - _width(last)
        shown = []
        for command in others:
            if _width(command) + 2 > room:
                break
            room -= _width(command) + 2
            shown.append(command)
        parts: list[Content] = []
        for command in (*shown, last):
            parts += [_label(command), Content("  ")]
        return Content.assemble(*parts[:-1])


def _width(command: Command) -> int:
    return cell_len(command.shown_keys[0]) + 1 + cell_len(command.title)


def _label(command: Command) -> Content:
    text = Content.assemble((command.shown_keys[0], "bold $text-accent"), (f" {command.title}", ""))
    return text.stylize(Style.from_meta({"@click": f"screen.command('{command.id}')"}))
