"""Addresses, ports and interfaces by name: read beside everything else, shown after the values.

What a person calls a thing wins over what AWS calls it, and that over the name of its range.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Final

from flowtui.domain.executions import Column
from flowtui.domain.fields import Kind
from flowtui.domain.interfaces import InterfaceName
from flowtui.domain.labels import NO_LABELS, Labels
from flowtui.domain.ranges import odd_range_name
from flowtui.engines.base import Naming
from flowtui.errors import FlowtuiError
from flowtui.session import paths
from flowtui.session.session import Session
from flowtui.ui.cells import NO_NAMES, is_named
from flowtui.ui.messages import Heard
from flowtui.ui.runner import Lane, Post
from flowtui.ui.safe import clipped, harmless

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen

_LONGEST: Final = 20
"""Cells of a name beside an address; the record has it whole."""
_MOST_KEPT: Final = 100_000


class Shown(Enum):
    """Where names are shown; the value is what is said of it."""

    FITTING = "Names are shown where there is room."
    ALWAYS = "Names are shown."
    NEVER = "Names are not shown."


@dataclass
class LabelsRead(Heard):
    """The names that the person's own files give."""

    labels: Labels

    def tell(self, screen: ExploreScreen) -> None:
        """Show them; say what could not be used."""
        screen.names.label(self.labels)
        wrong = [file for file in self.labels.files if file.left_out]
        if wrong:
            first = wrong[0]
            more = f" and {len(wrong) - 1} more files" if len(wrong) > 1 else ""
            screen.note(f"Names: {first.path}: {first.first_wrong}{more}.", "warning")


@dataclass
class NamesLearned(Heard):
    """What AWS calls interfaces and addresses."""

    names: Mapping[str, InterfaceName]

    def tell(self, screen: ExploreScreen) -> None:
        """Show them."""
        screen.names.learn(self.names)


@dataclass
class NamesFailed(Heard):
    """What they are called cannot be known."""

    error: FlowtuiError

    def tell(self, screen: ExploreScreen) -> None:
        """Say so."""
        screen.note(f"Interfaces are shown without names: {self.error.message}")


def read_names(
    session: Session, read_labels: Callable[[], Labels], post: Post, cancelled: threading.Event
) -> None:
    """Read the person's own names, then find out what interfaces are called, where AWS knows."""
    post(LabelsRead(read_labels()))
    if not isinstance(session.engine, Naming):
        return
    for names in session.engine.names(paths.labels_file, session.clock()):
        if cancelled.is_set():
            return
        post(NamesLearned(names))


class ShortNames:
    """What stands after a value of the table: short, harmless, found once for each value."""

    def __init__(self, labels: Labels, interfaces: Mapping[str, InterfaceName]) -> None:
        self._labels = labels
        self._interfaces = interfaces
        self._kept: dict[str, str] = {}

    def get(self, value: str) -> str | None:
        """The name of an address or id; None where it has none."""
        name = self._kept.get(value)
        if name is None:
            if len(self._kept) > _MOST_KEPT:
                self._kept.clear()
            name = self._kept[value] = clipped(harmless(self._found(value)), _LONGEST)
        return name or None

    def port(self, number: int) -> str | None:
        """What the person calls a port; None where they do not."""
        name = self._labels.ports.get(number)
        return clipped(harmless(name), _LONGEST) if name else None

    def _found(self, value: str) -> str:
        interface = self._interfaces.get(value)
        return (
            self._labels.own(value)
            or (interface.name if interface else "")
            or self._labels.aws.get(value)
            or odd_range_name(value)
        )


class Names:
    """The names that a screen knows, and where it shows them."""

    def __init__(self, screen: ExploreScreen) -> None:
        self._screen = screen
        self._labels = NO_LABELS
        self._interfaces: Mapping[str, InterfaceName] = {}
        self.shown = Shown.FITTING
        self._is_begun = False

    def find_out(self) -> None:
        """Read them, once: the client for EC2 takes a while to make."""
        screen = self._screen
        if screen.session is None or self._is_begun:
            return
        self._is_begun = True
        piece = partial(read_names, screen.session, screen.setting.read_labels)
        screen.runner.start(Lane.NAMES, piece, screen, NamesFailed)

    def label(self, labels: Labels) -> None:
        """Show the person's own names."""
        self._labels = labels
        self._show()

    def learn(self, names: Mapping[str, InterfaceName]) -> None:
        """Show what AWS calls them."""
        self._interfaces = names
        self._show()

    def toggle(self) -> None:
        """Show them otherwise: where there is room, always, never."""
        every = list(Shown)
        self.shown = every[(every.index(self.shown) + 1) % len(every)]
        self._show()
        where = ""
        if not (self._labels or self._interfaces):
            where = f" {paths.config_dir() / 'labels.csv'} gives names: 10.0.1.20,web-1"
        self._screen.note(f"{self.shown.value}{where}")

    def meaning(self, value: str) -> str:
        """What a value of a record is called, and who says so; empty where nobody does."""
        told = [
            f"{own} (your labels)" if (own := self._labels.own(value)) else "",
            self._labels.aws.get(value),
        ]
        found = self._interfaces.get(value)
        if found is not None:
            seen = f"seen {found.last_seen:%Y-%m-%d %H:%M} UTC"
            told.insert(1, f"{found.name}, {found.kind}, {seen}")
        return "; ".join(filter(None, told))

    def of_field(self, column: Column, value: str) -> str:
        """What the value of a field is called; empty where it has no name."""
        if is_named(column):
            return self.meaning(value)
        is_port = column.kind is Kind.PORT and value.isascii() and value.isdigit()
        name = self._labels.ports.get(int(value[:5])) if is_port and len(value) <= 5 else None
        return f"{name} (your labels)" if name else ""

    def _show(self) -> None:
        short = ShortNames(self._labels, self._interfaces)
        names = NO_NAMES if self.shown is Shown.NEVER else short
        self._screen.table.show_names(names, self.shown is Shown.ALWAYS)
