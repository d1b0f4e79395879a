"""All keys, by what they are for."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from flowtui.ui.commands import Command, help_of, keys_text
from flowtui.ui.screens.scrolling import SCROLL_KEYS


class HelpScreen(ModalScreen[None]):
    """Lists the commands with their keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,backspace,enter,?", "dismiss", show=False),
        *SCROLL_KEYS,
    ]
    DEFAULT_CSS = """
    HelpScreen .dialog { width: 90; max-height: 94%; }
    """

    def __init__(self, commands: tuple[Command, ...]) -> None:
        super().__init__()
        self._commands = commands

    def compose(self) -> ComposeResult:
        """Keys and what they do."""
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = "Keys"
            dialog.border_subtitle = "j k scroll · q closes · : finds a command by name"
            yield Static(help_text(self._commands))

    def action_scroll(self, how: str) -> None:
        """Scroll the list."""
        getattr(self.query_one(VerticalScroll), f"scroll_{how}")(animate=False)


def help_text(commands: Iterable[Command]) -> Content:
    """The commands under the headings of their groups, then their ids."""
    found = tuple(commands)
    lines: list[Content] = []
    for group, members in groupby(found, lambda command: command.group):
        lines.append(Content.styled(group, "bold $text-primary"))
        lines += [_line(command) for command in members]
        lines.append(Content())
    lines.append(Content.styled("Ids, for keys of your own in config.toml", "bold $text-primary"))
    lines += [Content(f"  {command.id:<22}{command.title}") for command in found]
    return Content("\n").join(lines)


def _line(command: Command) -> Content:
    return Content.assemble(
        (f"  {keys_text(command):<20}", "bold $text-accent"), f" {help_of(command)}"
    )
