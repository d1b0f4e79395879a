"""The finished SQL of what is on the screen."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from flowtui.domain.executions import Statement
from flowtui.session.copytext import plain
from flowtui.ui.screens.scrolling import SCROLL_KEYS
from flowtui.ui.sqlcolours import coloured


class SqlScreen(ModalScreen[bool]):
    """Shows a statement; gives back True where it is to be copied."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,backspace,enter,S", "dismiss(False)", show=False),
        Binding("y,c", "dismiss(True)", show=False),
        *SCROLL_KEYS,
    ]
    DEFAULT_CSS = """
    SqlScreen .dialog { width: 116; max-height: 90%; }
    """

    def __init__(self, statement: Statement) -> None:
        super().__init__()
        self._statement = statement

    def compose(self) -> ComposeResult:
        """The text, and what to know about it."""
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = "SQL, in Athena's dialect, complete as it runs"
            dialog.border_subtitle = "y copies · j k scroll · q closes"
            for note in self._statement.notes:
                yield Static(Content.styled(plain(note), "$text-warning"))
            yield Static(coloured(self._statement.sql))

    def action_scroll(self, how: str) -> None:
        """Scroll the text."""
        getattr(self.query_one(VerticalScroll), f"scroll_{how}")(animate=False)
