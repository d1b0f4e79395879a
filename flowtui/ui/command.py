"""What a command of the screen is, and how its keys are written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Context(Enum):
    """Where a command works."""

    EVERYWHERE = "everywhere"
    TABLE = "table"
    """In every table; bound by the table itself."""
    EXPLORE = "explore"
    RECORD = "record"
    COPY = "copy"
    """After `y`."""
    KEEP = "keep"
    """After `W`."""
    LIST = "list"
    """While the list of queries has the keys."""
    EDITOR = "editor"
    """While SQL is written; letters only once Esc has left the text."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something that a person can ask for."""

    id: str
    keys: tuple[str, ...]
    """As Textual names them; the first one is shown. None: the palette finds it by its title."""
    title: str
    """A few words, for the footer and the palette."""
    help: str
    group: str
    context: Context = Context.EXPLORE
    rank: int = 0
    """Place in the footer, from 1; 0: not there."""

    @property
    def shown_keys(self) -> tuple[str, ...]:
        """The keys as they are printed on a keyboard."""
        return tuple(map(shown_key, self.keys))


_KEY_NAMES: Final = {
    "enter": "Enter", "space": "Space", "tab": "Tab", "escape": "Esc", "backspace": "Backspace",
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pagedown": "PgDn", "pageup": "PgUp",
    "home": "Home", "end": "End", "delete": "Del",
    "slash": "/", "colon": ":", "question_mark": "?", "equals_sign": "=", "exclamation_mark": "!",
    "minus": "-", "backslash": "\\", "left_square_bracket": "[", "right_square_bracket": "]",
    "dollar_sign": "$", "comma": ",", "asterisk": "*", "plus": "+", "underscore": "_",
}  # fmt: skip


def shown_key(key: str) -> str:
    """`Ctrl-C` for `ctrl+c`, `/` for `slash`."""
    if key.startswith("ctrl+"):
        return f"Ctrl-{shown_key(key.removeprefix('ctrl+')).upper()}"
    return _KEY_NAMES.get(key, key)
