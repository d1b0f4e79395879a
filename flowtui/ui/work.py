"""What the screen has done in threads: each function blocks, and ends in messages."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flowtui.domain.executions import (
    Progress,
    QueryExecution,
    QueryState,
    Refinement,
    Row,
    Statement,
)
from flowtui.domain.queries import TYPED
from flowtui.domain.spans import Spans
from flowtui.domain.views import View
from flowtui.engines.base import Results
from flowtui.library import Library
from flowtui.session.budget import Verdict
from flowtui.session.clipboard import CopyReport
from flowtui.session.copytext import counted as counted
from flowtui.session.session import Session
from flowtui.ui.messages import (
    EmptyExplained,
    Estimated,
    ExecutionChanged,
    FactsLearned,
    LibraryRead,
    LossCounted,
    Opened,
    PageReady,
    Prepared,
    Preparing,
    RowsFiltered,
    RowsWritten,
    RunHeldBack,
    Searched,
    StatementBuilt,
    ValuesCounted,
    Writing,
)
from flowtui.ui.runner import Post
from flowtui.ui.spending import tell_money

if TYPE_CHECKING:
    from flowtui.session.rowfile import Manner

Opener = Callable[[threading.Event, Callable[[Progress], None]], Session]
"""Reaches the source and opens a sitting; may write the demo first, telling how far it is."""
Copier = Callable[[str, str], CopyReport]
"""Copies a text; the second argument says what it is."""

TOP_VALUES: Final = 100
"""Values of a column that are told with their counts."""
_CHUNK: Final = 5_000


def open_source(
    read_library: Callable[[], Library], opener: Opener, post: Post, cancelled: threading.Event
) -> None:
    """Read the saved queries and open the source."""
    post(LibraryRead(read_library()))
    session = opener(cancelled, lambda progress: post(Preparing(progress)))
    post(Opened(session, session.engine.facts()))


def prepare(session: Session, post: Post, cancelled: threading.Event) -> None:
    """Convert what is new."""
    session.engine.prepare(cancelled, lambda progress: post(Preparing(progress)))
    post(Prepared(session.engine.facts()))


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a view."""

    number: int
    view: View
    is_anew: bool = False
    """True: on the engine, even where its rows are still here."""
    is_agreed: bool = False
    """True: the person has said yes to what the guard asked."""

    def __call__(self, session: Session, post: Post, cancelled: threading.Event) -> None:
        """Build its statement, run it, and tell each change."""
        statement = session.compile(self.view)
        post(StatementBuilt(self.number, statement))
        held = None if self.is_anew else session.held(statement)
        if held is not None:
            told = replace(held, is_from_store=True)
            post(ExecutionChanged(self.number, told, session.results(held)))
            return
        here = None if self.is_anew else session.answer_here(self.view, statement, cancelled)
        if (
            here is None
            and session.is_checked
            and not self._may(session, statement, post, cancelled)
        ):
            return
        results: Results | None = None
        for execution in here or session.run(statement, cancelled, view=self.view):
            if results is None and _has_rows(execution):
                results = session.results(execution)
            post(ExecutionChanged(self.number, execution, results))
        post(FactsLearned(session.engine.facts()))
        tell_money(session, post)

    def _may(
        self, session: Session, statement: Statement, post: Post, cancelled: threading.Event
    ) -> bool:
        """True where it may run; else what is in the way has been told."""
        if session.service is not None and self.view.query.source == TYPED:
            session.service.explain(statement, cancelled)
        estimate = session.estimate(statement, cancelled)
        if cancelled.is_set():
            post(ExecutionChanged(self.number, _never_ran(session, statement)))
            return False
        post(Estimated(self.number, estimate))
        check = session.check(statement, estimate)
        if check.verdict is Verdict.ASK and self.is_agreed:
            session.agree(statement, check)
            return True
        if check.verdict is Verdict.GO:
            return True
        post(RunHeldBack(self.number, check, estimate))
        return False


def _never_ran(session: Session, statement: Statement) -> QueryExecution:
    return QueryExecution(
        "", statement, QueryState.CANCELLED, session.clock(),
        reason="Cancelled before it started; nothing was scanned.",
    )  # fmt: skip


def _has_rows(execution: QueryExecution) -> bool:
    return execution.rows_ready > 0 or (
        execution.state is QueryState.SUCCEEDED and execution.is_complete
    )


@dataclass(frozen=True, slots=True)
class Showing:
    """What the table shows: rows of a result in an order."""

    number: int
    results: Results
    refinement: Refinement

    def page(self, offset: int, limit: int, post: Post, _cancelled: threading.Event) -> None:
        """Some of its rows: short work, and welcome even when others are wanted by now."""
        post(PageReady(self.number, self.results.page(offset, limit, self.refinement)))

    def find(
        self,
        text: str,
        start: int,
        is_backward: bool,
        shown: tuple[int, ...],
        post: Post,
        cancelled: threading.Event,
    ) -> None:
        """The next row that holds a text; from the other end where there is none on this side.

        Of its columns, the first in `shown` that holds it; another one where none does.
        """
        row = None
        if start >= 0:
            row = self.results.find(text, start, is_backward, self.refinement)
        is_wrapped = row is None
        if is_wrapped:
            total = self.results.page(0, 0, self.refinement).total_rows
            row = self.results.find(
                text, total - 1 if is_backward else 0, is_backward, self.refinement
            )
        column = self._column_of(text, row, shown) if row is not None else 0
        if not cancelled.is_set():
            post(Searched(self.number, text, row, column, is_wrapped))

    def _column_of(self, text: str, row: int, shown: tuple[int, ...]) -> int:
        rows = self.results.page(row, 1, self.refinement).rows
        wanted = text.casefold()
        cells = rows[0] if rows else ()
        found = [i for i, cell in enumerate(cells) if wanted in str(cell).casefold()]
        return next((i for i in shown if i in found), found[0] if found else 0)

    def filter(self, text: str, run: int, post: Post, cancelled: threading.Event) -> None:
        """Keep the rows with a cell that holds a text, in the same order; tells how many."""
        refinement = replace(self.refinement, contains=text)
        matches = self.results.page(0, 0, refinement).total_rows
        if not cancelled.is_set():
            post(RowsFiltered(run, text, matches))

    def write(
        self,
        path: Path,
        manner: Manner,
        marks: Spans | None,
        post: Post,
        cancelled: threading.Event,
    ) -> None:
        """Write all rows, or those at some places, to a file, telling each hundredth.

        Args:
            path: Its ending says the format.
            manner: What is done to them on the way.
            marks: Places of the rows; None: all.
            post: Gets what is told.
            cancelled: Ends it without a file.

        Raises:
            FileIsThereError: There is one, which may not be replaced.
            EngineError: It cannot be written, or was cancelled.
        """
        from flowtui.session.rowfile import write_file

        refinement = (self if marks is None else self.only(marks)).refinement
        total = self.results.page(0, 0, refinement).total_rows
        told = 0

        def on_rows(rows: int) -> None:
            nonlocal told
            if rows - told >= total // 100:
                told = rows
                post(Writing(rows, max(rows, total)))

        written = write_file(self.results, path, refinement, manner, cancelled, on_rows)
        post(RowsWritten(path, written, manner.is_anonymised))

    def count_values(
        self, column: str, measure: str, post: Post, cancelled: threading.Event
    ) -> None:
        """The commonest values of a column among the rows shown, by rows or by a measure."""
        values = self.results.top_values(column, TOP_VALUES, self.refinement, measure)
        rows = self.results.page(0, 0, self.refinement).total_rows
        total = self.results.total(measure, self.refinement) if measure else rows
        if not cancelled.is_set():
            post(ValuesCounted(tuple(values), rows, measure, total))

    def marked(self, marks: Spans, cancelled: threading.Event) -> list[Row]:
        """The rows at some places, in the order shown; blocks, and ends early when cancelled."""
        return list(self.only(marks).rows(cancelled)) if marks else []

    def only(self, marks: Spans) -> Showing:
        """The rows at some places alone, in the order shown; blocks."""
        numbers = self.results.numbers(marks, self.refinement)
        return replace(self, refinement=replace(self.refinement, only=numbers))

    def rows(self, cancelled: threading.Event) -> Iterator[Row]:
        """All rows, fetched some thousand at a time."""
        offset = 0
        while not cancelled.is_set():
            page = self.results.page(offset, _CHUNK, self.refinement)
            yield from page.rows
            offset += len(page.rows)
            if not page.rows:
                return


def explain(
    session: Session,
    view: View,
    statement: Statement,
    zone: tzinfo,
    number: int,
    post: Post,
    cancelled: threading.Event,
) -> None:
    """Find out why a run gave no rows."""
    from flowtui.session.emptiness import reasons

    post(EmptyExplained(number, reasons(session, view, statement, zone, cancelled)))


def count_loss(
    session: Session, statement: Statement, number: int, post: Post, cancelled: threading.Event
) -> None:
    """Count the windows in a run's time whose records were lost."""
    from flowtui.session.emptiness import lost_windows

    post(LossCounted(number, lost_windows(session, statement.windows, cancelled)))
