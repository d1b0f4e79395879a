"""What the threads tell the screen: facts, in the past.

Messages about a run carry its number, so that what an old run says can be told apart and dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message

from flowtui.domain.executions import (
    Cell,
    Estimate,
    Progress,
    QueryExecution,
    ResultPage,
    SourceFacts,
    Statement,
)
from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import View
from flowtui.engines.base import Results
from flowtui.errors import FlowtuiError
from flowtui.library import Library
from flowtui.session.budget import Check
from flowtui.session.clipboard import CopyReport
from flowtui.session.history import Past
from flowtui.session.session import Session

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen


@dataclass
class Heard(Message):
    """What knows itself how the explore screen tells it: a feature keeps its messages with it."""

    def tell(self, screen: ExploreScreen) -> None:
        """Take it in, on the event loop."""
        raise NotImplementedError


@dataclass
class LibraryRead(Message):
    """The saved queries are here."""

    library: Library


@dataclass
class Opened(Message):
    """The source is open."""

    session: Session
    facts: SourceFacts


@dataclass
class OpenFailed(Message):
    """The source, or the saved queries, cannot be used."""

    error: FlowtuiError


@dataclass
class Preparing(Message):
    """The source is being converted, or the demo written."""

    progress: Progress

    def can_replace(self, message: Message) -> bool:
        """Only the latest matters."""
        return isinstance(message, Preparing)


@dataclass
class Prepared(Message):
    """Converting has ended, by itself or because it was stopped."""

    facts: SourceFacts


@dataclass
class PrepareFailed(Message):
    """Converting failed; questions can still be asked."""

    error: FlowtuiError


@dataclass
class FactsLearned(Message):
    """What is known of the source now."""

    facts: SourceFacts


@dataclass
class StatementBuilt(Message):
    """The SQL of a run."""

    number: int
    statement: Statement


@dataclass
class RunHeldBack(Message):
    """The guard wants to be asked, or refuses."""

    number: int
    check: Check
    estimate: Estimate


@dataclass
class Estimated(Message):
    """What a run will read and cost; it begins now."""

    number: int
    estimate: Estimate


@dataclass
class QueryEstimated(Message):
    """What a query of the list would read and cost, in words; empty: nothing is billed."""

    slug: str
    text: str


@dataclass
class MoneySpent(Message):
    """US dollars of this sitting and of the day."""

    sitting: Decimal
    today: Decimal


@dataclass
class HistoryRead(Message):
    """What ran before is here, the latest first."""

    pasts: tuple[Past, ...]
    today: Decimal
    """US dollars."""
    trouble: str = ""
    """Why something is missing, in words."""


@dataclass
class QuestionFound(Message):
    """The question that an execution of history answered."""

    view: View
    statement: Statement
    query_id: str
    is_free: bool
    """True where its rows can be had without a scan."""
    is_anew: bool = False
    """True where it is to be asked again on the engine."""


@dataclass
class Kept(Message):
    """A query was kept, changed or deleted."""

    text: str


@dataclass
class FileThere(Message):
    """A query was not kept: there is a file of that name."""

    query: SavedQuery
    path: Path


@dataclass
class NamedRead(Message):
    """The named queries of the work group are here."""

    queries: tuple[SavedQuery, ...]


@dataclass
class ExecutionChanged(Message):
    """A run has come on; its rows, where there are any."""

    number: int
    execution: QueryExecution
    results: Results | None = None


@dataclass
class RunFailed(Message):
    """A run could not be made, or not be followed to its end."""

    number: int
    error: FlowtuiError


@dataclass
class PageReady(Message):
    """Rows that the table asked for."""

    showing: int
    page: ResultPage


@dataclass
class PageFailed(Message):
    """Rows that the table asked for cannot be had."""

    showing: int
    error: FlowtuiError


@dataclass
class Searched(Message):
    """A search has ended."""

    showing: int
    text: str
    row: int | None
    column: int = 0
    is_wrapped: bool = False


@dataclass
class RowsFiltered(Message):
    """How many of the rows that are here hold a text."""

    number: int
    text: str
    matches: int


@dataclass
class ValuesCounted(Message):
    """The commonest values of a column, and how many of the rows hold each."""

    values: tuple[tuple[Cell, int], ...]
    total_rows: int
    measure: str = ""
    """The column whose sum stands in place of the rows; empty: rows are counted."""
    total: int = 0
    """Of all rows: their number, or the sum of the measure."""


@dataclass
class EmptyExplained(Message):
    """Why a run gave no rows."""

    number: int
    reasons: tuple[str, ...]


@dataclass
class LossCounted(Message):
    """How many SKIPDATA windows lie in the time of a run."""

    number: int
    windows: int


@dataclass
class Writing(Message):
    """Rows are being written to a file."""

    rows: int
    total: int

    def can_replace(self, message: Message) -> bool:
        """Only the latest matters."""
        return isinstance(message, Writing)


@dataclass
class RowsWritten(Message):
    """The rows are in a file."""

    path: Path
    rows: int
    is_anonymised: bool = False


@dataclass
class WriteFailed(Message):
    """The rows were not written: they cannot be, or it was stopped."""

    path: Path
    error: FlowtuiError


@dataclass
class Copied(Message):
    """A copy went as far as the report says."""

    report: CopyReport


@dataclass
class WorkFailed(Message):
    """Something beside the run failed; the session goes on."""

    error: FlowtuiError
