"""Queries that must not go on costing, whatever Athena or the network answers."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from flowtui.domain.executions import QueryState
from flowtui.engines.athena.engine import AthenaEngine
from flowtui.engines.athena.faults import ExpiredError
from flowtui.errors import CredentialsError
from tests.athena_server import AthenaServer
from tests.engines.athena.conftest import TROUBLES
from tests.engines.athena.test_engine import SELECT, ended, engine, table, wait

__all__ = ["engine", "table"]


def running(engine: AthenaEngine, athena: AthenaServer) -> str:
    """A query held in RUNNING; our id for it."""
    athena.gate.clear()
    id = engine.submit(SELECT)
    wait(engine, id, lambda execution: execution.state is QueryState.RUNNING)
    return id


def test_a_stop_that_is_refused_is_said(engine: AthenaEngine, athena: AthenaServer) -> None:
    """Without the right to stop, the execution ends as failed, and says that it may go on."""
    id = running(engine, athena)
    athena.fault("Athena.StopQueryExecution", code="AccessDeniedException", message="no")
    engine.cancel(id)
    execution = wait(engine, id, ended)
    athena.gate.set()
    assert execution.state is QueryState.FAILED
    assert "Could not stop it" in execution.reason
    assert isinstance(execution.error, CredentialsError)


@pytest.mark.parametrize("fault", TROUBLES.values(), ids=TROUBLES)
def test_a_stop_outlasts_troubles(
    fault: dict[str, Any], engine: AthenaEngine, athena: AthenaServer
) -> None:
    """Throttling, 5xx and dropped connections put the stop off; it happens all the same."""
    id = running(engine, athena)
    athena.fault("Athena.StopQueryExecution", **fault)
    engine.cancel(id)
    execution = wait(engine, id, ended)
    assert execution.state is QueryState.CANCELLED, execution.reason
    assert athena.executions[execution.query_id].state == "CANCELLED"


def test_a_stop_waits_for_a_login_and_says_so(engine: AthenaEngine, athena: AthenaServer) -> None:
    """With expired credentials the login command is told, and the stop follows the login."""
    id = running(engine, athena)
    athena.fault("Athena.StopQueryExecution", code="ExpiredTokenException", times=2)
    engine.cancel(id)
    waiting = wait(engine, id, lambda execution: execution.error is not None)
    assert isinstance(waiting.error, ExpiredError)
    assert "aws sso login" in waiting.error.hint
    execution = wait(engine, id, ended)
    assert (execution.state, execution.error) == (QueryState.CANCELLED, None)
    assert athena.executions[execution.query_id].state == "CANCELLED"


def test_what_is_lost_from_sight_is_stopped(engine: AthenaEngine, athena: AthenaServer) -> None:
    """A query whose state we may not ask for would be billed for rows that nobody sees."""
    id = running(engine, athena)
    athena.fault("Athena.GetQueryExecution", code="AccessDeniedException", message="no")
    execution = wait(engine, id, ended)
    assert execution.state is QueryState.FAILED
    assert "denied" in execution.reason
    assert athena.executions[execution.query_id].state == "CANCELLED"
    assert len(athena.ops("Athena.StopQueryExecution")) == 1


def test_a_start_that_nobody_heard_of_is_stopped_too(
    engine: AthenaEngine, athena: AthenaServer
) -> None:
    """Cancelled while the answer to the start is lost: what it began is found, and stopped."""
    athena.gate.clear()
    before = set(athena.executions)
    lost = athena.fault("Athena.StartQueryExecution", truncate=5, times=1000)
    id = engine.submit(SELECT)
    wait(engine, id, lambda execution: execution.error is not None)
    lost.times = 0
    engine.cancel(id)
    execution = wait(engine, id, ended)
    assert execution.state is QueryState.CANCELLED
    assert set(athena.executions) - before == {execution.query_id}
    assert athena.executions[execution.query_id].state == "CANCELLED"


def test_no_thread_stays_behind(engine: AthenaEngine, athena: AthenaServer) -> None:
    """A detached query is followed no longer, and a stopped one has ended."""
    engine.detach(running(engine, athena))
    running(engine, athena)
    engine.close()
    athena.gate.set()
    for thread in threading.enumerate():
        if thread.name in ("athena-run", "athena-poll"):
            thread.join(5)
            assert not thread.is_alive()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_mistake_of_ours_ends_it(engine: AthenaEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever kills the run's thread, nobody waits for it for ever."""

    def mistaken(*_: object) -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(engine._fetcher, "fetch", mistaken)
    execution = wait(engine, engine.submit(SELECT), ended)
    assert execution.state is QueryState.FAILED
    assert "failed in itself" in execution.reason
