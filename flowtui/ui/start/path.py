"""A dialog that asks for files on this machine, and completes what is typed."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from flowtui.errors import FlowtuiError
from flowtui.session.copytext import plain
from flowtui.session.pathnames import common_start, completions, last_name
from flowtui.ui.runner import Lane, Post, Runner


@dataclass
class PathsFound(Message):
    """How the path can go on."""

    text: str
    paths: tuple[str, ...]


@dataclass
class PathsFailed(Message):
    """Completing failed; typing goes on without."""

    error: FlowtuiError


class AskPath(ModalScreen[str | None]):
    """Gives back a path or glob as typed; None where it was left.

    Args:
        runner: Reads directories.
        text: What to begin with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", show=False, priority=True),
        Binding("down", "move('cursor_down')", show=False),
        Binding("up", "move('cursor_up')", show=False),
        Binding("pagedown", "move('page_down')", show=False),
        Binding("pageup", "move('page_up')", show=False),
        Binding("escape", "leave", show=False),
    ]
    DEFAULT_CSS = """
    AskPath Input { background: $boost; margin-bottom: 1; }
    AskPath OptionList { height: 12; padding: 0; border: none; background: $surface;
        scrollbar-size-vertical: 1; }
    """

    def __init__(self, runner: Runner, text: str = "") -> None:
        super().__init__()
        self._runner = runner
        self._begin = text
        self._paths: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """The line, and what it can go on with."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "A directory, a log file, or a glob"
            dialog.border_subtitle = (
                "Tab completes · ↑ ↓ then Tab goes in · Enter opens · Esc leaves"
            )
            yield Input(self._begin, select_on_focus=False, compact=True)
            yield OptionList(markup=False)

    def on_mount(self) -> None:
        """List the directory that we are in."""
        self._list.can_focus = False
        self._look(self._begin)

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        self._look(event.value)

    def _look(self, text: str) -> None:
        def work(post: Post, cancelled: threading.Event) -> None:
            found = completions(text)
            if not cancelled.is_set():
                post(PathsFound(text, found))

        self._runner.start(Lane.CATALOGUE, work, self, PathsFailed)

    @on(PathsFound)
    def _list_paths(self, event: PathsFound) -> None:
        if event.text != self.query_one(Input).value:
            return
        self._paths = event.paths
        self._list.set_options(Option(Content(plain(last_name(path)))) for path in event.paths)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if text := event.value.strip():
            self.dismiss(text)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self._type(self._paths[event.option_index])

    def action_complete(self) -> None:
        """Go on with the path under the highlight, else as far as all go on alike."""
        place = self._list.highlighted
        if place is not None and place < len(self._paths):
            self._type(self._paths[place])
        elif self._paths:
            self._type(common_start(self._paths))

    def _type(self, text: str) -> None:
        line = self.query_one(Input)
        line.value = text
        line.cursor_position = len(text)

    def action_move(self, how: str) -> None:
        """Move the highlight while the line has the keys."""
        getattr(self._list, f"action_{how}")()

    def action_leave(self) -> None:
        """Give nothing."""
        self.dismiss(None)
