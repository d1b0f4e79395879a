"""What a table tells the screen around it."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from flowtui.domain.executions import Row


@dataclass
class PageWanted(Message):
    """Rows came into view, or soon will, that are not held; answer by `put_page`."""

    offset: int
    limit: int

    def can_replace(self, message: Message) -> bool:
        """A newer wish makes an older one that nobody has read yet needless."""
        return isinstance(message, PageWanted)


@dataclass
class CursorMoved(Message):
    """The cursor stands on another cell."""

    row: int
    column: int

    def can_replace(self, message: Message) -> bool:
        """Only where it stands now matters."""
        return isinstance(message, CursorMoved)


@dataclass
class RowChosen(Message):
    """Enter was pressed on a row that is held."""

    index: int
    row: Row
