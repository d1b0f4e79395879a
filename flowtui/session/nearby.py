"""Questions about records that are already here are answered here, whatever the engine.

Raw records that Athena has given are kept as a Parquet file, over which the embedded engine answers
every question that asks about no more than they hold: narrower filters, other queries. Nothing is
scanned twice.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowtui.domain.executions import QueryExecution, Statement
from flowtui.domain.times import TimeRange
from flowtui.domain.views import View
from flowtui.engines.base import Results
from flowtui.engines.scratch import ScratchDirectory
from flowtui.library import load_library

if TYPE_CHECKING:
    from flowtui.engines.local.engine import LocalEngine


@dataclass(slots=True)
class _Held:
    view: View
    time: TimeRange | None
    results: Results
    engine: LocalEngine | None = None
    """Made with the first question that it can answer."""


class NearbyRecords:
    """The raw records that a sitting holds."""

    def __init__(self) -> None:
        self._held: list[_Held] = []
        self._place: ScratchDirectory | None = None
        self._opening = threading.Lock()

    def keep(
        self, view: View, statement: Statement, execution: QueryExecution, results: Results
    ) -> None:
        """Take note of a finished execution, where its rows are whole records."""
        is_whole = execution.is_complete and statement.is_filtered
        if is_whole and _is_every_record(view):
            self._held.insert(0, _Held(view, statement.time, results))

    def engine_for(self, view: View, statement: Statement) -> LocalEngine | None:
        """The embedded engine over records that hold all that the view asks about; None: none do.

        Blocks while a Parquet file is written, the first time.
        """
        held = next((one for one in self._held if _covers(one, view, statement)), None)
        if held is None:
            return None
        with self._opening:  # a question and its timeline may come at once
            if held.engine is None:
                held.engine = self._open(held.results)
        return held.engine

    def close(self) -> None:
        """Delete what was kept."""
        for held in self._held:
            if held.engine is not None:
                held.engine.close()
        self._held.clear()
        if self._place is not None:
            self._place.close()

    def _open(self, results: Results) -> LocalEngine:
        from flowtui.engines.local.engine import LocalEngine

        if self._place is None:
            self._place = ScratchDirectory(None)
        opened = sum(held.engine is not None for held in self._held)
        path = self._place.path / f"{opened}.parquet"
        results.export(path, "parquet")
        engine = LocalEngine(str(path), name="records held here", cache_root=None)
        engine.connect()
        return engine


def _is_every_record(view: View) -> bool:
    # The user's own query of that name may hold a LIMIT or a condition.
    return view.query.sql == load_library(None).records.sql


def _covers(held: _Held, view: View, statement: Statement) -> bool:
    if view.query.wants_health or any(c.key == "log_status" for c in view.filter):
        # Records exclude what only log health shows.
        return False
    wanted, kept = view.filter.without_time(), held.view.filter.without_time()
    if kept.is_counted_once and wanted != kept:
        # Which record is kept depends on those it was chosen from.
        return False
    return statement.is_filtered and wanted <= kept and _within(statement.span, held.time)


def _within(inner: TimeRange | None, outer: TimeRange | None) -> bool:
    if outer is None:
        return True
    if inner is None:
        return False
    starts = outer.since is None or (inner.since is not None and inner.since >= outer.since)
    ends = outer.until is None or (inner.until is not None and inner.until <= outer.until)
    return starts and ends
