"""What the source says: that it is open, how far it is prepared, what is known of it."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from flowtui.domain.executions import Progress, SourceFacts
from flowtui.errors import FlowtuiError
from flowtui.session.session import Session
from flowtui.ui.messages.heard import Heard

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen


@dataclass
class Opened(Heard):
    """The source is open."""

    session: Session
    facts: SourceFacts

    def tell(self, screen: ExploreScreen) -> Awaitable[None]:
        """Ask the first question."""
        from flowtui.ui.beginning import begin

        return begin(screen, self.session, self.facts)


@dataclass
class OpenFailed(Heard):
    """The source, or the saved queries, cannot be used."""

    error: FlowtuiError

    def tell(self, screen: ExploreScreen) -> None:
        """In the place of the rows."""
        screen.told.waiting("")
        screen.told.error(self.error)


@dataclass
class Preparing(Heard):
    """The source is being converted, or the demo written."""

    progress: Progress

    def can_replace(self, message: Message) -> bool:
        """Only the latest matters."""
        return isinstance(message, Preparing)

    def tell(self, screen: ExploreScreen) -> None:
        """Show how far it is."""
        screen.told.progress = self.progress
        screen.told.banner()


@dataclass
class Prepared(Heard):
    """Converting has ended, by itself or because it was stopped."""

    facts: SourceFacts

    def tell(self, screen: ExploreScreen) -> None:
        """Show what is known now."""
        screen.learn(self.facts)


@dataclass
class PrepareFailed(Heard):
    """Converting failed; questions can still be asked."""

    error: FlowtuiError

    def tell(self, screen: ExploreScreen) -> None:
        """Say so."""
        screen.told.progress = None
        screen.told.banner()
        screen.charting.follow()
        screen.note(self.error.message, "error")


@dataclass
class FactsLearned(Heard):
    """What is known of the source now."""

    facts: SourceFacts

    def tell(self, screen: ExploreScreen) -> None:
        """Show it; and learn names, once the first answer is here."""
        screen.learn(self.facts, screen.told.progress)
        screen.names.find_out()
