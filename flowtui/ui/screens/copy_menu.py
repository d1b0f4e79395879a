"""What to copy, or how to keep: the second key after `y` and `W`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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

    def show(self, parts: Sequence[Content]) -> None:
        """Show others."""
        self._parts = parts
        self.refresh(layout=True)

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


@dataclass(frozen=True, slots=True)
class Menu:
    """What there is to choose."""

    commands: Sequence[Command]
    prompt: str = "Copy"
    more: Mapping[str, Callable[[], Menu]] = field(default_factory=dict)
    """Ids of commands that lead to another menu in the same place."""


class CopyMenu(ModalScreen[str | None]):
    """Waits for a key, in the last lines; gives back a command's id, or None for another key.

    What leads further stays here: keys that are typed in one go all come to this screen.
    """

    DEFAULT_CSS = """
    CopyMenu { align: left bottom; background: transparent; }
    CopyMenu Choices { background: $primary; color: $text; padding: 0 1; dock: bottom; }
    """

    def __init__(self, menu: Menu) -> None:
        super().__init__()
        self._menu = menu
        self._is_answered = False

    def compose(self) -> ComposeResult:
        """The choices."""
        yield Choices(_parts(self._menu))

    def on_key(self, event: events.Key) -> None:
        """Choose, or leave; what is typed after that is for others."""
        if self._is_answered:
            return
        event.stop()
        keys = (event.key, event.character)
        chosen = next((c.id for c in self._menu.commands if set(keys) & set(c.keys)), None)
        if chosen is not None and chosen in self._menu.more:
            self._menu = self._menu.more[chosen]()
            self.query_one(Choices).show(_parts(self._menu))
            return
        self._is_answered = True
        self.dismiss(chosen)


def _parts(menu: Menu) -> list[Content]:
    keys = [
        Content.assemble((c.shown_keys[0], "bold underline"), f" {c.title}") for c in menu.commands
    ]
    return [Content.styled(menu.prompt, "bold"), *keys, Content("Esc nothing")]
