"""An engine that plays a script: for tests in which a state must be held still.

ends = threading.Event()
engine = ScriptedEngine(Answer(COLUMNS, rows, ends=ends, rows_before_end=100))
…                                   # RUNNING, 100 rows can be paged
ends.set()                          # SUCCEEDED, all rows
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from flowtui.domain.executions import (
    Cell,
    Column,
    Estimate,
    Progress,
    QueryExecution,
    QueryState,
    Refinement,
    ResultPage,
    Row,
    SourceFacts,
    Statement,
)
from flowtui.domain.fields import DEFAULT_FORMAT, FIELD, Kind
from flowtui.domain.schema import PhysicalColumn, TableSchema
from flowtui.domain.spans import Spans, holds, spans_of

LOCAL_SCHEMA = TableSchema(
    "vpc_flow_logs",
    tuple(PhysicalColumn(name, FIELD[name].athena_type, name) for name in DEFAULT_FORMAT),
    is_local=True,
)
"""The fourteen fields of the default format, as a local engine shows them."""

_AS_GIVEN = Refinement()
_POLL_S = 0.005


@dataclass(frozen=True)
class Answer:
    """What the engine does with a statement."""

    columns: tuple[Column, ...] = ()
    rows: Sequence[Row] = ()
    starts: threading.Event | None = None
    """QUEUED until it is set; None: starts at once."""
    ends: threading.Event | None = None
    """RUNNING until it is set; None: ends at once."""
    rows_before_end: int = 0
    """Rows that can be paged while RUNNING."""
    error: Exception | None = None
    """FAILED with this, instead of SUCCEEDED."""
    scanned_bytes: int = 0
    scanned_total: int | None = None


class ListResults:
    """Rows of a list; `visible` tells how many have arrived."""

    def __init__(self, answer: Answer, visible: Callable[[], tuple[int, bool]]) -> None:
        self._answer = answer
        self._visible = visible

    @property
    def columns(self) -> tuple[Column, ...]:
        return self._answer.columns

    def page(self, offset: int, limit: int, refinement: Refinement = _AS_GIVEN) -> ResultPage:
        rows = self._refined(refinement)
        shown = tuple(rows[offset : offset + limit])
        return ResultPage(self.columns, shown, offset, len(rows), self._visible()[1])

    def find(
        self,
        text: str,
        start: int,
        is_backward: bool = False,
        refinement: Refinement = _AS_GIVEN,
    ) -> int | None:
        rows = self._refined(refinement)
        order = range(min(start, len(rows) - 1), -1, -1) if is_backward else range(start, len(rows))
        return next((index for index in order if _holds(rows[index], text)), None)

    def top_values(
        self, column: str, limit: int, refinement: Refinement = _AS_GIVEN, measure: str = ""
    ) -> list[tuple[Cell, int]]:
        names = [c.name for c in self.columns]
        counts: Counter[Cell] = Counter()
        for row in self._refined(refinement):
            weight = row[names.index(measure)] if measure else 1
            counts[row[names.index(column)]] += weight if isinstance(weight, int) else 0
        return sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))[:limit]

    def total(self, measure: str, refinement: Refinement = _AS_GIVEN) -> int:
        return sum(n for _, n in self.top_values(measure, 10**9, refinement, measure))

    def numbers(self, places: Spans, refinement: Refinement = _AS_GIVEN) -> Spans:
        order = self._order(refinement)
        return _spans(order[place] for span in places for place in span if place < len(order))

    def places(self, numbers: Spans, refinement: Refinement = _AS_GIVEN) -> Spans:
        order = self._order(refinement)
        return _spans(place for place, number in enumerate(order) if holds(numbers, number))

    def export(
        self,
        path: Path,
        format: str,
        refinement: Refinement = _AS_GIVEN,
        cancelled: threading.Event | None = None,
        on_rows: Callable[[int], None] | None = None,
    ) -> int:
        from flowtui.engines.export import write_rows

        rows = self._refined(refinement)
        return write_rows(path, format, self.columns, iter([rows]), cancelled, on_rows)

    def _refined(self, refinement: Refinement) -> Sequence[Row]:
        rows = self._answer.rows
        if refinement == _AS_GIVEN and self._visible()[0] == len(rows):
            return rows  # however many
        return [rows[number] for number in self._order(refinement)]

    def _order(self, refinement: Refinement) -> Sequence[int]:
        """The numbers of the rows, as refined."""
        rows = self._answer.rows
        order = list(range(min(self._visible()[0], len(rows))))
        if refinement.contains:
            order = [n for n in order if _holds(rows[n], refinement.contains)]
        if refinement.only is not None:
            order = [n for n in order if holds(refinement.only, n)]
        for key in reversed(refinement.order):
            index = [c.name for c in self.columns].index(key.column)
            is_address = self.columns[index].kind is Kind.ADDRESS
            present = [n for n in order if rows[n][index] is not None]
            absent = [n for n in order if rows[n][index] is None]

            def rank(n: int, index: int = index, is_address: bool = is_address) -> Any:
                return _address_rank(str(rows[n][index])) if is_address else rows[n][index]

            order = sorted(present, key=rank, reverse=key.is_descending) + absent
        return order


def _spans(numbers: Iterable[int]) -> Spans:
    return spans_of(range(number, number + 1) for number in numbers)


def _holds(row: Row, text: str) -> bool:
    return any(cell is not None and text.lower() in str(cell).lower() for cell in row)


def _address_rank(text: str) -> tuple[int, int]:
    address = ip_address(text)
    return address.version, int(address)


@dataclass
class _Run:
    id: str
    statement: Statement
    answer: Answer
    submitted: datetime
    began: float
    is_cancelled: bool = False
    last: QueryExecution | None = field(default=None)


class ScriptedEngine:
    """Answers every statement as told, and remembers what it was asked.

    Args:
        answer: One for all statements, or a function that chooses by statement.
        schema: What `connect` finds.
        connect_error: Raised by `connect`.
        preparing: `prepare` returns once it is set; None: at once.
    """

    def __init__(
        self,
        answer: Answer | Callable[[Statement], Answer] = Answer(),
        schema: TableSchema = LOCAL_SCHEMA,
        *,
        facts: SourceFacts | None = None,
        estimate: Estimate | None = None,
        connect_error: Exception | None = None,
        preparing: threading.Event | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.schema = schema
        self.submitted: list[Statement] = []
        self.cancels: list[str] = []
        self.is_connected = False
        self.is_closed = False
        self._answer = answer
        self._facts = facts or SourceFacts("scripted")
        self._estimate = estimate or Estimate(0, "nothing is read")
        self._connect_error = connect_error
        self._preparing = preparing
        self._clock = clock
        self._runs: dict[str, _Run] = {}
        self._lock = threading.Lock()

    def connect(self) -> None:
        if self._connect_error:
            raise self._connect_error
        self.is_connected = True

    def facts(self) -> SourceFacts:
        return self._facts

    def prepare(self, cancelled: threading.Event, on_progress: Callable[[Progress], None]) -> None:
        on_progress(Progress(0, 1, 0, 0, 1, 0.0))
        while self._preparing and not self._preparing.is_set():
            if cancelled.wait(_POLL_S) or self.is_closed:
                return
        on_progress(Progress(1, 1, 1, 1, 1, 0.1))

    def estimate(self, statement: Statement) -> Estimate:
        return self._estimate

    def submit(self, statement: Statement) -> str:
        answer = self._answer if isinstance(self._answer, Answer) else self._answer(statement)
        with self._lock:
            id = f"scripted-{len(self._runs) + 1}"
            self._runs[id] = _Run(id, statement, answer, self._clock(), time.monotonic())
            self.submitted.append(statement)
        return id

    def poll(self, id: str) -> QueryExecution:
        run = self._runs[id]
        with self._lock:
            if run.last is None or not run.last.state.is_terminal:
                run.last = self._as_it_stands(run)
            return run.last

    def wait(self, id: str, timeout_s: float) -> QueryExecution:
        until = time.monotonic() + timeout_s
        before = self._runs[id].last
        while True:
            now = self.poll(id)
            if now.state.is_terminal or before is None or _differs(before, now):
                return now
            if time.monotonic() >= until:
                return now
            time.sleep(_POLL_S)

    def results(self, id: str) -> ListResults:
        run = self._runs[id]

        def visible() -> tuple[int, bool]:
            now = self.poll(id)
            return now.rows_ready, now.state.is_terminal

        return ListResults(run.answer, visible)

    def cancel(self, id: str) -> QueryExecution:
        self.poll(id)
        self.cancels.append(id)
        self._runs[id].is_cancelled = True
        return self.poll(id)

    def close(self) -> None:
        self.is_closed = True
        for id in self._runs:
            self._runs[id].is_cancelled = True
            self.poll(id)

    def _as_it_stands(self, run: _Run) -> QueryExecution:
        answer = run.answer
        now = QueryExecution(
            run.id,
            run.statement,
            QueryState.RUNNING,
            run.submitted,
            elapsed_ms=int((time.monotonic() - run.began) * 1000),
            scanned_bytes=answer.scanned_bytes,
            scanned_total=answer.scanned_total,
            rows_ready=answer.rows_before_end,
        )
        if run.is_cancelled:
            return replace(
                now,
                state=QueryState.CANCELLED,
                completed=self._clock(),
                rows_ready=run.last.rows_ready if run.last else 0,
                reason="cancelled",
            )
        if answer.starts and not answer.starts.is_set():
            return replace(now, state=QueryState.QUEUED, rows_ready=0, scanned_bytes=None)
        if answer.ends and not answer.ends.is_set():
            return now
        if answer.error:
            reason = str(answer.error)
            failed = replace(now, state=QueryState.FAILED, error=answer.error, reason=reason)
            return replace(failed, completed=self._clock())
        return replace(
            now,
            state=QueryState.SUCCEEDED,
            completed=self._clock(),
            rows_ready=len(answer.rows),
            is_complete=True,
        )


def _differs(before: QueryExecution, now: QueryExecution) -> bool:
    return replace(before, elapsed_ms=now.elapsed_ms) != now
