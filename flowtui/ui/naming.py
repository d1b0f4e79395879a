"""Interfaces and addresses by name: fetched beside everything else, shown after the values."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from textual.message import Message

from flowtui.domain.interfaces import InterfaceName
from flowtui.engines.base import Naming
from flowtui.errors import FlowtuiError
from flowtui.session import paths
from flowtui.session.session import Session
from flowtui.ui.cells import NO_NAMES, clipped, harmless
from flowtui.ui.runner import Post

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen

_LONGEST: Final = 20
"""Cells of a name beside an address; the record has it whole."""


class Shown(Enum):
    """Where names are shown; the value is what is said of it."""

    FITTING = "Names of interfaces are shown where there is room."
    ALWAYS = "Names of interfaces are shown."
    NEVER = "Names of interfaces are not shown."


@dataclass
class NamesLearned(Message):
    """What interfaces and addresses are called."""

    names: Mapping[str, InterfaceName]


@dataclass
class NamesFailed(Message):
    """What they are called cannot be known."""

    error: FlowtuiError


def read_names(session: Session, post: Post, cancelled: threading.Event) -> None:
    """Find out what interfaces are called; nothing where the source is not on AWS."""
    if not isinstance(session.engine, Naming):
        return
    for names in session.engine.names(paths.labels_file, session.clock()):
        if cancelled.is_set():
            return
        post(NamesLearned(names))


class Names:
    """The names that a screen knows, and where it shows them."""

    def __init__(self, screen: ExploreScreen) -> None:
        self._screen = screen
        self._names: Mapping[str, InterfaceName] = {}
        self._short: Mapping[str, str] = NO_NAMES
        self.shown = Shown.FITTING

    def learn(self, names: Mapping[str, InterfaceName]) -> None:
        """Show them."""
        self._names = names
        self._short = {key: clipped(harmless(one.name), _LONGEST) for key, one in names.items()}
        self._show()

    def toggle(self) -> None:
        """Show them otherwise: where there is room, always, never."""
        if not self._names:
            self._screen.note("No names of interfaces are known here.")
            return
        every = list(Shown)
        self.shown = every[(every.index(self.shown) + 1) % len(every)]
        self._show()
        self._screen.note(self.shown.value)

    def meaning(self, value: str) -> str:
        """What a value of a record is called; empty where that is not known."""
        found = self._names.get(value)
        if found is None:
            return ""
        return f"{found.name}, {found.kind}, seen {found.last_seen:%Y-%m-%d %H:%M} UTC"

    def _show(self) -> None:
        short = NO_NAMES if self.shown is Shown.NEVER else self._short
        self._screen.table.show_names(short, self.shown is Shown.ALWAYS)
