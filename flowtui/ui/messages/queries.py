"""What the lists of queries say: the saved ones, the named ones, and those asked before."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message

from flowtui.domain.executions import Statement
from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import View
from flowtui.library import Library
from flowtui.session.history import Past
from flowtui.ui.messages.heard import Heard

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen


@dataclass
class LibraryRead(Heard):
    """The saved queries are here."""

    library: Library

    def tell(self, screen: ExploreScreen) -> None:
        """List them."""
        screen.library = self.library
        screen.list_queries()


@dataclass
class NamedRead(Heard):
    """The named queries of the work group are here."""

    queries: tuple[SavedQuery, ...]

    def tell(self, screen: ExploreScreen) -> None:
        """List them beside the saved ones."""
        screen.named = self.queries
        screen.list_queries()


@dataclass
class Kept(Heard):
    """A query was kept, changed or deleted."""

    text: str

    def tell(self, screen: ExploreScreen) -> None:
        """Say so."""
        screen.note(self.text, "good")


@dataclass
class FileThere(Heard):
    """A query was not kept: there is a file of that name."""

    query: SavedQuery
    path: Path

    def tell(self, screen: ExploreScreen) -> None:
        """Ask whether it may be replaced."""
        from flowtui.ui.actions.keeping import ask_to_overwrite

        ask_to_overwrite(screen, self)


@dataclass
class HistoryRead(Message):
    """What ran before is here, the latest first."""

    pasts: tuple[Past, ...]
    today: Decimal
    """US dollars."""
    trouble: str = ""
    """Why something is missing, in words."""


@dataclass
class QuestionFound(Heard):
    """The question that an execution of history answered."""

    view: View
    statement: Statement
    query_id: str
    is_free: bool
    """True where its rows can be had without a scan."""
    is_anew: bool = False
    """True where it is to be asked again on the engine."""

    def tell(self, screen: ExploreScreen) -> None:
        """Stand there."""
        from flowtui.ui.actions.earlier import open_question

        open_question(screen, self)
