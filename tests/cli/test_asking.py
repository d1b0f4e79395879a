from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import click
import pytest

from flowtui.cli.asking import _arguments, _run
from flowtui.cli.options import seconds
from flowtui.cli.output import destination
from flowtui.domain.executions import Column, Statement
from flowtui.domain.queries import Parameter, ParameterType, SavedQuery
from flowtui.domain.views import View
from flowtui.errors import QueryFailedError
from flowtui.session.session import Session
from tests.scripted import Answer, ScriptedEngine

COLUMNS = (Column("n", "bigint"),)


def run(engine: ScriptedEngine, timeout_s: float | None = None) -> int:
    """Ask the engine anything; the exit code."""
    view = View(SavedQuery("q", "Q", "SELECT"))
    to = destination("csv", None, None)
    return _run(Session(engine), Statement("SELECT"), to, timeout_s, view)


@pytest.fixture
def held() -> Iterator[threading.Event]:
    """Keeps a query running."""
    event = threading.Event()
    yield event
    event.set()


def test_success_is_zero(capsys: pytest.CaptureFixture[str]) -> None:
    """Rows are printed, and the exit code is 0."""
    assert run(ScriptedEngine(Answer(COLUMNS, [(1,)]))) == 0
    assert capsys.readouterr() == ("n\n1\n", "")


def test_failure_is_the_engines_own_error() -> None:
    """What the engine says is raised as it is; its exit code is 1."""
    error = QueryFailedError("no such column: x", "Look at the fields.")
    with pytest.raises(QueryFailedError, match="no such column") as caught:
        run(ScriptedEngine(Answer(error=error)))
    assert caught.value.exit_code == 1


def test_a_time_out_cancels_on_the_engine_once(
    held: threading.Event, capsys: pytest.CaptureFixture[str]
) -> None:
    """Time over: the engine is told once, nothing is printed, and the exit code is 4."""
    engine = ScriptedEngine(Answer(ends=held, scanned_bytes=1500))
    assert run(engine, timeout_s=0.01) == 4
    assert len(engine.cancels) == 1
    printed, said = capsys.readouterr()
    assert printed == ""
    assert "Timed out after 0.01 s; the query was cancelled after reading 1.5 kB." in said


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_cancels_on_the_engine_first(
    number: int, code: int, held: threading.Event, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C, kill and a closed terminal stop the query where it runs, then the program."""
    handler = signal.getsignal(number)
    engine = ScriptedEngine(Answer(ends=held))
    timer = threading.Timer(0.05, os.kill, (os.getpid(), number))
    timer.start()
    assert run(engine) == code
    timer.join()
    assert len(engine.cancels) == 1
    assert "Interrupted; the query was cancelled." in capsys.readouterr().err
    assert signal.getsignal(number) == handler


QUERY = SavedQuery("q", "Q", "SELECT", parameters=(Parameter("limit", ParameterType.COUNT, "10"),))


def test_parameters_are_pairs_that_the_query_knows() -> None:
    """`--param` takes NAME=VALUE, and a value may hold `=`."""
    assert _arguments(QUERY, ("limit=5",)) == (("limit", "5"),)
    assert _arguments(QUERY, ("limit=a=b",)) == (("limit", "a=b"),)


@pytest.mark.parametrize(
    ("text", "message"), [("limit", "not NAME=VALUE"), ("lmt=5", "it has limit")]
)
def test_a_wrong_parameter_names_the_right_ones(text: str, message: str) -> None:
    """A misspelt parameter is a matter of usage."""
    with pytest.raises(click.BadParameter, match=message):
        _arguments(QUERY, (text,))


def test_a_time_limit_is_a_duration() -> None:
    """`--timeout` is read as durations are elsewhere."""
    assert seconds("1m30s") == 90
    assert seconds(None) is None
    with pytest.raises(click.BadParameter, match="not a duration"):
        seconds("soon")
