"""What the threads tell the screen: facts, in the past.

Messages about a run carry its number, so that what an old run says can be told apart and dropped.
Those for the explore screen know themselves how it takes them in; the others are for dialogs.
"""

from flowtui.ui.messages.heard import Heard, OfRun, WorkFailed
from flowtui.ui.messages.queries import (
    FileThere,
    HistoryRead,
    Kept,
    LibraryRead,
    NamedRead,
    QuestionFound,
)
from flowtui.ui.messages.rows import (
    Copied,
    PageFailed,
    PageReady,
    RowsFiltered,
    RowsWritten,
    Searched,
    ValuesCounted,
    WriteFailed,
    Writing,
)
from flowtui.ui.messages.run import (
    EmptyExplained,
    Estimated,
    ExecutionChanged,
    LossCounted,
    MoneySpent,
    QueryEstimated,
    RunFailed,
    RunHeldBack,
    StatementBuilt,
)
from flowtui.ui.messages.source import (
    FactsLearned,
    Opened,
    OpenFailed,
    Prepared,
    PrepareFailed,
    Preparing,
)

__all__ = [
    "Copied",
    "EmptyExplained",
    "Estimated",
    "ExecutionChanged",
    "FactsLearned",
    "FileThere",
    "Heard",
    "HistoryRead",
    "Kept",
    "LibraryRead",
    "LossCounted",
    "MoneySpent",
    "NamedRead",
    "OfRun",
    "OpenFailed",
    "Opened",
    "PageFailed",
    "PageReady",
    "PrepareFailed",
    "Prepared",
    "Preparing",
    "QueryEstimated",
    "QuestionFound",
    "RowsFiltered",
    "RowsWritten",
    "RunFailed",
    "RunHeldBack",
    "Searched",
    "StatementBuilt",
    "ValuesCounted",
    "WorkFailed",
    "WriteFailed",
    "Writing",
]
