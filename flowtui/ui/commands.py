"""Every command of the screen, once: keys, words and help.

Bindings, footer, command palette, help screen and the README's key table are made from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import Final

from textual.binding import Binding

from flowtui.ui.command import Command, Context, shown_key
from flowtui.ui.registry import COMMANDS

__all__ = ["COMMANDS", "Command", "Context", "shown_key"]

_FIRST_KEYS: Final = {Context.COPY: "y", Context.KEEP: "W"}
"""What is pressed before the keys of a menu."""


def commands_with(keys: Mapping[str, str]) -> tuple[Command, ...]:
    """The commands under a user's own keys: command id to keys, comma between several."""
    return tuple(
        replace(command, keys=tuple(key.strip() for key in keys[command.id].split(",")))
        if command.id in keys
        else command
        for command in COMMANDS
    )


def bindings(*contexts: Context) -> list[Binding]:
    """What a screen of these contexts binds; each key calls `action_command(id)`."""
    return [
        Binding(",".join(c.keys), f"command('{c.id}')", c.title, id=c.id, show=False)
        for c in COMMANDS
        if c.context in contexts and c.keys
    ]


def keys_text(command: Command) -> str:
    """`q Backspace Esc`; in menus with the key before: `y c`, `W f`; by name where it has none."""
    if not command.keys:
        return f": {command.title}"
    first = _FIRST_KEYS.get(command.context)
    keys = "  ".join(command.shown_keys)
    return f"{first} {keys}" if first else keys


def help_of(command: Command) -> str:
    """What a command does, as a sentence without its end."""
    if not command.keys:
        return command.help
    first = _FIRST_KEYS.get(command.context, "")
    return command.help.removeprefix(f"{first} {command.shown_keys[0]}: ")


def key_table(commands: tuple[Command, ...] = COMMANDS) -> str:
    """The commands as a Markdown table, a row for each group, for the README."""
    rows = [
        f"| {group} | {'<br>'.join(map(_key_and_help, members))} |"
        for group, members in groupby(commands, lambda command: command.group)
    ]
    return "\n".join(["| for | keys |", "|---|---|", *rows])


def _key_and_help(command: Command) -> str:
    keys = "` `".join(keys_text(command).split("  "))
    return f"`{keys}` {help_of(command).replace('|', '/')}"
