"""What every engine does, whatever it runs on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flowtui.domain.executions import QueryExecution, QueryState, Refinement, SortKey, Statement
from flowtui.domain.fields import Kind
from flowtui.engines.base import Engine
from flowtui.errors import FlowtuiError
from flowtui.session.session import Session
from tests.athena_server.fixtures import athena, athena_process
from tests.engines.cases import (
    ALL,
    CASES,
    COLUMNS,
    COUNT,
    ENDLESS,
    FEW,
    NONE,
    OVER_HTTP,
    ROWS,
    WRONG,
)

__all__ = ["athena", "athena_process"]

_WAIT_S = 30.0


@pytest.fixture(params=sorted([*CASES, *OVER_HTTP]))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Each engine in turn, connected, over the same records."""
    if request.param in OVER_HTTP:
        server = request.getfixturevalue("athena")
        case = OVER_HTTP[request.param](server, tmp_path)
    else:
        case = CASES[request.param](tmp_path)
    yield case.engine
    case.engine.close()
    case.close()


def _finished(engine: Engine, statement: Statement) -> QueryExecution:
    id = engine.submit(statement)
    execution = engine.poll(id)
    while not execution.state.is_terminal or (
        execution.state is QueryState.SUCCEEDED and not execution.is_complete
    ):
        execution = engine.wait(id, _WAIT_S)
    return execution


def _running(engine: Engine, statement: Statement) -> str:
    id = engine.submit(statement)
    while engine.poll(id).state is QueryState.QUEUED:
        engine.wait(id, _WAIT_S)
    assert engine.poll(id).state is QueryState.RUNNING
    return id


def test_a_statement_ends_with_all_its_rows(engine: Engine) -> None:
    """SUCCEEDED and complete, with times, columns with their kinds, and rows in order."""
    execution = _finished(engine, ALL)
    assert (execution.state, execution.rows_ready) == (QueryState.SUCCEEDED, COUNT)
    assert execution.is_complete
    assert execution.completed is not None
    assert execution.completed >= execution.submitted
    assert execution.statement == ALL
    results = engine.results(execution.id)
    assert [column.name for column in results.columns] == [column.name for column in COLUMNS]
    kinds = [column.kind for column in results.columns]
    assert kinds == [Kind.ADDRESS, Kind.PORT, Kind.BYTES, Kind.ACTION]
    assert results.page(0, COUNT).rows == ROWS


@pytest.mark.parametrize(("offset", "limit"), [(0, 1), (998, 4), (1000, 1000), (2490, 500)])
def test_pages_are_parts_of_the_whole(engine: Engine, offset: int, limit: int) -> None:
    """A page holds the rows that stand there, and knows how many there are in all."""
    results = engine.results(_finished(engine, ALL).id)
    page = results.page(offset, limit)
    assert page.rows == ROWS[offset : offset + limit]
    assert (page.offset, page.total_rows, page.is_complete) == (offset, COUNT, True)


def test_zero_rows_keep_their_columns(engine: Engine) -> None:
    """An empty result still has its heading, on every page and in every order."""
    execution = _finished(engine, NONE)
    assert (execution.state, execution.rows_ready) == (QueryState.SUCCEEDED, 0)
    results = engine.results(execution.id)
    for refinement in (Refinement(), Refinement((SortKey("bytes"),), "x")):
        page = results.page(0, 100, refinement)
        assert [c.name for c in page.columns] == ["srcaddr", "dstport", "bytes", "action"]
        assert (page.rows, page.total_rows, page.is_complete) == ((), 0, True)


def test_a_limit_ends_the_result(engine: Engine) -> None:
    """Ten rows are ten rows."""
    results = engine.results(_finished(engine, FEW).id)
    assert results.page(0, 100).rows == ROWS[:10]


def test_rows_are_refined_without_asking_again(engine: Engine) -> None:
    """Order, quick filter, search and top values over what is held."""
    results = engine.results(_finished(engine, ALL).id)
    down = Refinement((SortKey("srcaddr", True),))
    assert results.page(0, 2, down).rows == (ROWS[-1], ROWS[-2])
    rejected = results.page(0, 2, Refinement(contains="reject"))
    assert (rejected.rows, rejected.total_rows) == ((ROWS[0], ROWS[3]), 834)
    assert results.find("10.0.9.", 0) == 9 * 256
    assert results.find("10.0.9.", 0, refinement=down) == 0
    assert results.find("10.0.1.", COUNT - 1, is_backward=True) == 511
    assert results.top_values("action", 1) == [("ACCEPT", 1666)]


def test_rows_are_known_by_number_in_every_order(engine: Engine) -> None:
    """A row's number leads to its place in an order and back, and picks it out."""
    results = engine.results(_finished(engine, ALL).id)
    down = Refinement((SortKey("srcaddr", True),))
    numbers = (range(2), range(5, 6))
    places = (range(COUNT - 6, COUNT - 5), range(COUNT - 2, COUNT))
    assert results.places(numbers, down) == places
    assert results.numbers(places, down) == numbers
    assert results.places(numbers) == results.numbers(numbers) == numbers
    rejected = Refinement(contains="reject")
    assert results.places(numbers, rejected) == (range(1),)
    picked = results.page(0, 9, replace(down, only=numbers))
    assert (picked.rows, picked.total_rows) == ((ROWS[5], ROWS[1], ROWS[0]), 3)


def test_a_failure_is_a_state_with_a_typed_error(engine: Engine) -> None:
    """FAILED, with our error and its words; submitting did not raise."""
    execution = _finished(engine, WRONG)
    assert execution.state is QueryState.FAILED
    assert isinstance(execution.error, FlowtuiError)
    assert "scraddr" in execution.reason


def test_cancelling_stops_a_running_statement(engine: Engine) -> None:
    """CANCELLED, without an error, and it stays so."""
    id = _running(engine, ENDLESS)
    engine.cancel(id)
    execution = engine.poll(id)
    while not execution.state.is_terminal:
        execution = engine.wait(id, _WAIT_S)
    assert execution.state is QueryState.CANCELLED
    assert execution.error is None
    assert engine.cancel(id).state is QueryState.CANCELLED


def test_cancelling_at_once_stops_it_before_or_after_it_begins(engine: Engine) -> None:
    """However early it comes, it is not lost."""
    ids = [engine.submit(ENDLESS) for _ in range(5)]
    for id in ids:
        engine.cancel(id)
    for id in ids:
        execution = engine.poll(id)
        while not execution.state.is_terminal:
            execution = engine.wait(id, _WAIT_S)
        assert execution.state is QueryState.CANCELLED


def test_cancelling_a_finished_statement_changes_nothing(engine: Engine) -> None:
    """It stays SUCCEEDED and its rows stay."""
    execution = _finished(engine, FEW)
    assert engine.cancel(execution.id).state is QueryState.SUCCEEDED
    assert engine.results(execution.id).page(0, 100).rows == ROWS[:10]


def test_one_cancelled_statement_leaves_the_others(engine: Engine) -> None:
    """Two run side by side; stopping one does not touch the other."""
    endless = _running(engine, ENDLESS)
    execution = _finished(engine, ALL)
    engine.cancel(endless)
    assert execution.state is QueryState.SUCCEEDED
    assert engine.results(execution.id).page(0, 1).rows == ROWS[:1]


def test_waiting_returns_on_a_change_and_on_time_out(engine: Engine) -> None:
    """A wait on what does not change comes back as it was; on a change, with the change."""
    id = _running(engine, ENDLESS)
    for _ in range(3):
        assert engine.wait(id, 0.01).state is QueryState.RUNNING
    stopper = threading.Timer(0.05, engine.cancel, (id,))
    stopper.start()
    while engine.wait(id, _WAIT_S).state is QueryState.RUNNING:
        pass
    stopper.join()
    assert engine.poll(id).state is QueryState.CANCELLED


def test_closing_stops_what_runs(engine: Engine) -> None:
    """Nothing runs on after closing, and closing twice is harmless."""
    id = _running(engine, ENDLESS)
    engine.close()
    assert engine.poll(id).state is QueryState.CANCELLED
    engine.close()


def test_a_session_sees_each_state_once_and_the_end_last(engine: Engine) -> None:
    """Over the session: states in Athena's order, the last one complete."""
    session = Session(engine)
    states = [execution.state for execution in session.run(ALL, threading.Event())]
    order = [QueryState.QUEUED, QueryState.RUNNING, QueryState.SUCCEEDED]
    assert states == sorted(states, key=order.index)
    assert states[-1] is QueryState.SUCCEEDED


def test_facts_and_estimates_cost_nothing_to_ask(engine: Engine) -> None:
    """Both answer before, while and after something runs."""
    assert engine.facts().name
    assert engine.estimate(ALL).basis
    id = _running(engine, ENDLESS)
    assert engine.facts().name
    engine.cancel(id)
