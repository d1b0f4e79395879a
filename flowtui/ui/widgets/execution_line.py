"""The line that says how a run stands: by word and colour, time, bytes, rows."""

from __future__ import annotations

import time
from typing import Final

from textual.content import Content
from textual.timer import Timer

from flowtui.domain.executions import Progress, QueryExecution, QueryState
from flowtui.domain.money import dollars
from flowtui.domain.values import format_size
from flowtui.errors import FlowtuiError
from flowtui.ui.lean import SLOW
from flowtui.ui.widgets.line import Line

STYLES: Final = {
    QueryState.QUEUED: "$text-warning",
    QueryState.RUNNING: "$text-accent",
    QueryState.SUCCEEDED: "$text-success",
    QueryState.FAILED: "$text-error",
    QueryState.CANCELLED: "$text-warning",
}
_TICK_S: Final = 0.25
_SLOW_TICK_S: Final = 1.0
"""Where each figure that changes costs bytes."""
_BAR_CELLS: Final = 12


class ExecutionLine(Line):
    """`● SUCCEEDED  4.1 s · read 1.2 GB · 812 rows`; counts on while it runs."""

    DEFAULT_CSS = "ExecutionLine { padding: 0 1; }"

    _execution: QueryExecution | None = None
    _since = 0.0
    _ticking: Timer | None = None

    _most_rows: int | None = None

    def tell(
        self, execution: QueryExecution | None, waiting: str = "", most_rows: int | None = None
    ) -> None:
        """Show how a run stands, of a query that ends at `most_rows`; else what it waits for."""
        self._execution, self._most_rows = execution, most_rows
        self._since = time.monotonic()
        if execution is None:
            self._tick(bool(waiting))
            self.show(Content.styled(waiting, "dim"))
            return
        self._tick(not execution.state.is_terminal)
        self._draw()

    def _tick(self, is_wanted: bool) -> None:
        if is_wanted and self._ticking is None:
            tick_s = _SLOW_TICK_S if self.app.has_class(SLOW) else _TICK_S
            self._ticking = self.set_interval(tick_s, self._draw)
        elif not is_wanted and self._ticking is not None:
            self._ticking.stop()
            self._ticking = None

    def _draw(self) -> None:
        execution = self._execution
        if execution is None:
            return
        more_ms = 0
        if not execution.state.is_terminal:
            more_ms = int((time.monotonic() - self._since) * 1000)
        self.show(execution_text(execution, execution.elapsed_ms + more_ms, self._most_rows))


def execution_text(
    execution: QueryExecution, elapsed_ms: int, most_rows: int | None = None
) -> Content:
    """How a run stands, in one line; that its query ended at its own limit, which `P` sets."""
    state = execution.state
    facts = [f"{elapsed_ms / 1000:.1f} s"]
    if execution.is_from_store:
        facts = ["from rows held here: nothing ran"]
    elif execution.is_attached and state is QueryState.SUCCEEDED:
        facts = [f"ran {execution.submitted:%Y-%m-%d %H:%M} UTC: nothing scanned now"]
    elif execution.is_reused:
        facts.append("reused: free")
    if execution.scanned_bytes and not execution.is_from_store:
        verb = "read" if execution.cost is None else "scanned"
        read = f"{verb} {format_size(execution.scanned_bytes)}"
        if execution.scanned_total and not state.is_terminal:
            read += f" of {format_size(execution.scanned_total)} {_bar(execution)}"
        facts.append(read)
    if execution.cost is not None:
        facts.append(dollars(execution.cost))
    if execution.rows_ready or state is QueryState.SUCCEEDED:
        is_cut = most_rows is not None and execution.rows_ready >= most_rows > 0
        facts.append(_rows(execution) + (", its limit (P)" if is_cut else ""))
    if execution.statement.is_counted_once:
        facts.append("counted once")
    if not state.is_terminal:
        # A full queue or an expired login is waited out, and the person may mend it.
        facts += [*_trouble(execution), "x cancels"]
    elif state is QueryState.SUCCEEDED and not execution.is_complete:
        facts += _trouble(execution)  # so too while its rows are fetched
    return Content.assemble(
        (f"● {state.value}", f"bold {STYLES[state]}"), ("  " + " · ".join(facts), "")
    )


def _trouble(execution: QueryExecution) -> list[str]:
    hint = execution.error.hint if isinstance(execution.error, FlowtuiError) else ""
    return [text for text in (execution.reason, hint) if text]


def _rows(execution: QueryExecution) -> str:
    count = f"{execution.rows_ready:,}".replace(",", " ")
    more = "" if execution.is_complete else " so far"
    return f"{count} row{'' if execution.rows_ready == 1 else 's'}{more}"


def _bar(execution: QueryExecution) -> str:
    share = (execution.scanned_bytes or 0) / (execution.scanned_total or 1)
    return f"{bar(share)} {min(share, 1):.0%}"


def bar(share: float, cells: int = _BAR_CELLS) -> str:
    """`━━━━────`."""
    full = round(min(max(share, 0.0), 1.0) * cells)
    return "━" * full + "─" * (cells - full)


def progress_text(progress: Progress) -> Content:
    """How far preparing a source is: phase, share, files, records, rate, time left."""
    share = progress.bytes_done / progress.bytes_total if progress.bytes_total else 0.0
    facts = [
        f"{progress.phase}  {bar(share)} {share:.0%}",
        f"{progress.files_done:,} of {progress.files_total:,} files",
    ]
    if progress.records:
        facts.append(f"{progress.records:,} records")
        if progress.elapsed_s > 0:
            facts.append(f"{progress.records / progress.elapsed_s:,.0f} /s")
    if progress.seconds_left is not None:
        facts.append(f"{progress.seconds_left:.0f} s left")
    text = " · ".join(facts).replace(",", " ")
    return Content.assemble((text, "$text-accent"), (" · x stops it", "dim"))
