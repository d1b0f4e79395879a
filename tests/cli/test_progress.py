from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from flowtui.cli.interrupts import Interrupts
from flowtui.cli.progress import ProgressLine
from flowtui.cli.watching import stopped
from flowtui.domain.executions import QueryExecution, QueryState, Statement

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOSTILE = "no \x1b]52;c;AAAA\x07 slots\r\nleft\x9b2J"


class Terminal(io.StringIO):
    """What is drawn on a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def execution(state: QueryState, reason: str) -> QueryExecution:
    """One of Athena's, with its words."""
    return QueryExecution("ours", Statement("SELECT 1"), state, NOON, reason=reason)


def test_a_reason_draws_nothing_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS's words on the progress line are text, whatever they hold."""
    monkeypatch.setattr("flowtui.cli.progress._DELAY_S", 0.0)
    monkeypatch.setattr("flowtui.cli.progress._feeds_a_pipe", lambda: False)
    terminal = Terminal()
    with ProgressLine(terminal) as shown:
        shown.running(execution(QueryState.RUNNING, HOSTILE))
    drawn = terminal.getvalue().removeprefix("\r").removesuffix("\r\x1b[K").removesuffix("\x1b[K")
    assert "slots" in drawn
    assert drawn.isprintable()


def test_a_query_that_othersstopped_did_not_time_out(capsys: pytest.CaptureFixture[str]) -> None:
    """With a time-out that was not reached, the reason is Athena's: the work group's cutoff."""
    cut = execution(QueryState.CANCELLED, "Bytes scanned limit was exceeded")
    stopped(cut, Interrupts(), 300.0)
    said = capsys.readouterr().err
    assert "limit was exceeded" in said
    assert "Timed out" not in said
