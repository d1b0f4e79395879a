"""Messages that know themselves how the explore screen takes them in."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from flowtui.errors import FlowtuiError

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen


@dataclass
class Heard(Message):
    """What knows itself how the explore screen tells it: a feature keeps its messages with it."""

    def tell(self, screen: ExploreScreen) -> Awaitable[None] | None:
        """Take it in, on the event loop; what is given back is waited for."""
        raise NotImplementedError


@dataclass
class OfRun(Heard):
    """What a run says: of an old one it is dropped."""

    number: int

    def tell(self, screen: ExploreScreen) -> None:
        """Take in what the newest run says."""
        if self.number == screen.course.number:
            self.tell_newest(screen)

    def tell_newest(self, screen: ExploreScreen) -> None:
        """Take it in."""
        raise NotImplementedError


@dataclass
class WorkFailed(Heard):
    """Something beside the run failed; the session goes on."""

    error: FlowtuiError

    def tell(self, screen: ExploreScreen) -> None:
        """Say so, and what to do."""
        screen.note(f"{self.error.message} {self.error.hint}", "error")
