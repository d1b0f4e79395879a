"""What a run says, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from textual.message import Message

from flowtui.domain.executions import Estimate, QueryExecution, Statement
from flowtui.domain.money import dollars
from flowtui.engines.base import Results
from flowtui.errors import FlowtuiError
from flowtui.session.budget import Check, estimate_text
from flowtui.ui.messages.heard import Heard, OfRun

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen


@dataclass
class StatementBuilt(OfRun):
    """The SQL of a run."""

    statement: Statement

    def tell_newest(self, screen: ExploreScreen) -> None:
        """Hold it."""
        screen.course.learn(statement=self.statement)
        screen.told.banner()


@dataclass
class RunHeldBack(OfRun):
    """The guard wants to be asked, or refuses."""

    check: Check
    estimate: Estimate

    def tell_newest(self, screen: ExploreScreen) -> None:
        """Ask the person."""
        screen.course.held_back()
        screen.told.suggest(self.estimate)
        screen.told.held_back(self.check, self.estimate)


@dataclass
class Estimated(OfRun):
    """What a run will read and cost; it begins now."""

    estimate: Estimate

    def tell_newest(self, screen: ExploreScreen) -> None:
        """Show it while there is nothing else to show."""
        screen.told.waiting(estimate_text(self.estimate))
        screen.told.suggest(self.estimate)


@dataclass
class ExecutionChanged(OfRun):
    """A run has come on; its rows, where there are any."""

    execution: QueryExecution
    results: Results | None = None

    def tell_newest(self, screen: ExploreScreen) -> None:
        """Show how it stands."""
        screen.course.follow(self.execution, self.results)


@dataclass
class RunFailed(OfRun):
    """A run could not be made, or not be followed to its end."""

    error: FlowtuiError

    def tell_newest(self, screen: ExploreScreen) -> None:
        """In the place of the rows."""
        screen.course.fail(self.error)


@dataclass
class EmptyExplained(OfRun):
    """Why a run gave no rows."""

    reasons: tuple[str, ...]

    def tell_newest(self, screen: ExploreScreen) -> None:
        """In the place of the rows."""
        if self.reasons and screen.course.showing is None:
            screen.course.learn(reasons=self.reasons)
            screen.told.empty("No rows.", self.reasons)


@dataclass
class LossCounted(OfRun):
    """How many SKIPDATA windows lie in the time of a run."""

    windows: int

    def tell_newest(self, screen: ExploreScreen) -> None:
        """Warn that the totals are floors."""
        screen.course.learn(lost_windows=self.windows)
        screen.told.banner()


@dataclass
class MoneySpent(Heard):
    """US dollars of this sitting and of the day."""

    sitting: Decimal
    today: Decimal

    def tell(self, screen: ExploreScreen) -> None:
        """In the title."""
        screen.told.money = f"session {dollars(self.sitting)} · today {dollars(self.today)}"
        screen.told.title()


@dataclass
class QueryEstimated(Message):
    """What a query of the list would read and cost, in words; empty: nothing is billed."""

    slug: str
    text: str
