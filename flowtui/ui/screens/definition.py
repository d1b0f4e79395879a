"""The definition of a partitioned table: shown, copied, and made after asking."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Static

from flowtui.errors import FlowtuiError
from flowtui.session.copytext import plain
from flowtui.session.definition import Defined, define_over, make_over
from flowtui.session.session import Session
from flowtui.ui.runner import Lane, Post, Runner
from flowtui.ui.screens.ask_line import AskLine


@dataclass
class TableDefined(Message):
    """The definition is here."""

    defined: Defined


@dataclass
class TableMade(Message):
    """The table is there."""

    location: str


@dataclass
class DefiningFailed(Message):
    """The table cannot be defined, or made."""

    error: FlowtuiError


class DefinitionScreen(ModalScreen[str | None]):
    """Gives back the address of the table that was made; None where none was.

    Args:
        session: On the table whose files are meant.
        runner: Looks at the files, and makes the table.
        copy: Copies a text.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,backspace", "leave", show=False),
        Binding("y,c", "copy", show=False),
        Binding("r", "make", show=False),
        Binding("j,down", "scroll('down')", show=False),
        Binding("k,up", "scroll('up')", show=False),
        Binding("space,pagedown", "scroll('page_down')", show=False),
        Binding("b,pageup", "scroll('page_up')", show=False),
        Binding("g,home", "scroll('home')", show=False),
        Binding("G,end", "scroll('end')", show=False),
    ]
    DEFAULT_CSS = """
    DefinitionScreen .dialog { width: 116; max-height: 90%; }
    """

    def __init__(self, session: Session, runner: Runner, copy: Callable[[str], None]) -> None:
        super().__init__()
        self._session = session
        self._runner = runner
        self._copy = copy
        self._defined: Defined | None = None

    def compose(self) -> ComposeResult:
        """What is going on, and the statement."""
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = "A partitioned table over the same files"
            dialog.border_subtitle = "r makes it · y copies · j k scroll · q closes"
            yield Static(id="said")
            yield Static(id="text", markup=False)

    def on_mount(self) -> None:
        """Look at the files."""

        def look(post: Post, _cancelled: threading.Event) -> None:
            post(TableDefined(define_over(self._session)))

        self._say("Looking at the files of the table …")
        self._runner.start(Lane.CATALOGUE, look, self, DefiningFailed)

    @on(TableDefined)
    def _show(self, event: TableDefined) -> None:
        self._defined = event.defined
        self._say(" ".join(("Nothing is made yet.", *event.defined.notes)))
        self.query_one("#text", Static).update(Content(plain(event.defined.text)))

    @on(DefiningFailed)
    def _fail(self, event: DefiningFailed) -> None:
        self._say(f"{event.error.message} {event.error.hint}".rstrip(), "$text-error")

    @on(TableMade)
    def _end(self, event: TableMade) -> None:
        self.dismiss(event.location)

    def _say(self, text: str, style: str = "$text-muted") -> None:
        self.query_one("#said", Static).update(Content.styled(f"{plain(text)}\n", style))

    async def action_make(self) -> None:
        """Ask for a name, then make it."""
        defined = self._defined
        if defined is None:
            return

        def answered(name: str | None) -> None:
            if name:
                self._make(replace(defined, definition=replace(defined.definition, table=name)))

        dialog = AskLine(
            "Make this table?",
            "Enter runs the statement on Athena. It scans nothing; files and old table stay "
            "as they are. The name of the new table:",
            text=defined.definition.table,
        )
        await self.app.push_screen(dialog, answered)

    def _make(self, defined: Defined) -> None:
        def work(post: Post, cancelled: threading.Event) -> None:
            post(TableMade(make_over(self._session, defined, cancelled)))

        self._say(f"Making {defined.definition.table} …")
        self._runner.start(Lane.CATALOGUE, work, self, DefiningFailed)

    def action_copy(self) -> None:
        """Copy the statement."""
        if self._defined is not None:
            self._copy(self._defined.text)

    def action_scroll(self, how: str) -> None:
        """Scroll the statement."""
        getattr(self.query_one(VerticalScroll), f"scroll_{how}")(animate=False)

    def action_leave(self) -> None:
        """Make nothing; what is being made is stopped."""
        self._runner.cancel(Lane.CATALOGUE)
        self.dismiss(None)
