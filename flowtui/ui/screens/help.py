"""Help: for what has the keys first, then all keys, words, codes, and what logs leave out."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from flowtui.ui.commands import Command
from flowtui.ui.helping import Pane, found_lines, page_text, pages
from flowtui.ui.screens.scrolling import SCROLL_KEYS
from flowtui.ui.widgets.line import Line

_SEARCH_TERM_WIDTH = 22


class HelpScreen(ModalScreen[None]):
    """Pages of help, and a search over all of them.

    Args:
        commands: Under the person's own keys.
        pane: What has the keys.
        page: Name of the page to begin with; empty: the first.
    """

    AUTO_FOCUS = ""  # it would give the keys to the search
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,backspace,enter,?", "leave", show=False),
        Binding("l,right,tab", "turn(1)", show=False),
        Binding("h,left,shift+tab", "turn(-1)", show=False),
        Binding("slash", "search", show=False),
        *SCROLL_KEYS,
    ]
    DEFAULT_CSS = """
    HelpScreen .dialog { width: 100; height: 94%; }
    HelpScreen VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
    HelpScreen #names { margin-bottom: 1; }
    HelpScreen Input { background: $boost; margin-bottom: 1; display: none; }
    """

    def __init__(self, commands: tuple[Command, ...], pane: Pane, page: str = "") -> None:
        super().__init__()
        self._pages = pages(commands, pane)
        names = [one.name for one in self._pages]
        self._at = names.index(page) if page in names else 0

    def compose(self) -> ComposeResult:
        """Names of the pages, the search, the page."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Help"
            dialog.border_subtitle = "h l page · j k scroll · / search · q closes"
            yield Line(id="names")
            yield Input(placeholder="a word, a field, a code, a key", compact=True)
            with VerticalScroll(can_focus=False):
                yield Static()

    def on_mount(self) -> None:
        """Show the page."""
        self._show()

    def on_resize(self) -> None:
        """Wrap the lines anew."""
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        text = self.query_one(Input).value if self.query_one(Input).display else ""
        width = max(20, self.query_one(VerticalScroll).size.width - 1)
        page = self._pages[self._at]
        if text.strip():
            told = page_text(
                found_lines(self._pages, text), min(_SEARCH_TERM_WIDTH, width // 3), width
            )
        else:
            told = page_text(page.lines, min(page.term_width, width // 3), width)
        self.query_one(Static).update(told)
        self.query_one("#names", Line).show(self._names())

    def _names(self) -> Content:
        return Content("  ").join(
            Content.styled(f"[{page.name}]", "bold reverse")
            if index == self._at
            else Content.styled(f" {page.name} ", "$text-muted")
            for index, page in enumerate(self._pages)
        )

    def action_turn(self, by: int) -> None:
        """Another page, round and round."""
        self._at = (self._at + by) % len(self._pages)
        self._show()
        self.action_scroll("home")

    def action_search(self) -> None:
        """Type what to look for."""
        field = self.query_one(Input)
        field.display = True
        self.set_focus(field)

    def action_leave(self) -> None:
        """Out of the search, else out."""
        field = self.query_one(Input)
        if not field.display:
            self.dismiss()
            return
        field.value = ""
        field.display = False
        self.set_focus(None)
        self._show()

    @on(Input.Changed)
    def _look(self, event: Input.Changed) -> None:
        event.stop()
        self._show()
        self.action_scroll("home")

    @on(Input.Submitted)
    def _to_the_hits(self, event: Input.Submitted) -> None:
        event.stop()
        self.set_focus(None)  # j and k scroll what was found

    def action_scroll(self, how: str) -> None:
        """Scroll the page."""
        getattr(self.query_one(VerticalScroll), f"scroll_{how}")(animate=False)
