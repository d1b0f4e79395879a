from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flowtui.domain.executions import Column, Estimate, Row
from flowtui.domain.filters import NO_FILTER
from flowtui.domain.timelines import Grid, Tally
from flowtui.domain.times import TimeRange
from flowtui.errors import QueryFailedError
from flowtui.session.session import Session
from flowtui.session.timeline import price_of, time_in_view, timeline_of
from tests.scripted import LOCAL_SCHEMA, Answer, ScriptedEngine

T10 = datetime(2026, 11, 24, 10, tzinfo=UTC)
T11 = T10 + timedelta(hours=1)
T12 = T10 + timedelta(hours=2)
GRID = Grid(int(T10.timestamp()), int(T11.timestamp()), 60)
COLUMNS = tuple(Column(name, "bigint") for name in ("slot", "verdict", "records", "packets", "b"))
ROWS: tuple[Row, ...] = ((GRID.since, "accepted", 3, 4, 5),)


@pytest.mark.parametrize(
    ("asked", "data", "found"),
    [
        (None, None, None),
        (None, TimeRange(T10, T11), TimeRange(T10, T11)),
        (TimeRange(T10, T11), None, TimeRange(T10, T11)),
        (TimeRange(T11, None), TimeRange(T10, T12), TimeRange(T11, T12)),
        (TimeRange(None, T11), TimeRange(T10, T12), TimeRange(T10, T11)),
        (TimeRange(T12, None), TimeRange(T10, T11), None),
        (TimeRange(T10, None), None, None),
    ],
)
def test_what_is_in_view_has_both_ends(
    asked: TimeRange | None, data: TimeRange | None, found: TimeRange | None
) -> None:
    """An open side ends where the data does; where nobody knows, nothing is guessed."""
    assert time_in_view(asked, data) == found


def test_a_local_source_is_asked_at_once() -> None:
    """Nobody needs to agree, and asking again asks nothing."""
    engine = ScriptedEngine(Answer(COLUMNS, ROWS))
    session = Session(engine)
    for _ in range(2):
        found = timeline_of(session, NO_FILTER, GRID, threading.Event())
        assert found is not None
        assert found.slots[0].accepted == Tally(3, 4, 5)
    assert len(engine.submitted) == 1


@pytest.mark.parametrize(("missing", "runs"), [(0, 1), (5_000, 0)])
def test_nothing_is_fetched_from_s3_unasked(missing: int, runs: int) -> None:
    """Where all objects are here it is counted, else not before that is agreed to."""
    estimate = Estimate(missing, "2 of 3 objects to download", is_download=True)
    engine = ScriptedEngine(Answer(COLUMNS, ROWS), estimate=estimate)
    session = Session(engine, source="s3://logs/")
    found = timeline_of(session, NO_FILTER, GRID, threading.Event())
    assert (found is not None, len(engine.submitted)) == (bool(runs), runs)
    check, told = price_of(session, NO_FILTER, GRID, threading.Event())
    assert (check.verdict.value, told.bytes) == ("go", missing)
    assert timeline_of(session, NO_FILTER, GRID, threading.Event(), is_agreed=True) is not None
    assert len(engine.submitted) == 1


def test_a_stopped_count_is_none() -> None:
    """It is cancelled on the engine, and nothing is drawn."""
    engine = ScriptedEngine(Answer(COLUMNS, ROWS, ends=threading.Event()))
    cancelled = threading.Event()
    cancelled.set()
    assert timeline_of(Session(engine), NO_FILTER, GRID, cancelled) is None
    assert len(engine.cancels) == 1


def test_a_failure_is_told() -> None:
    """The engine's own error arrives."""
    engine = ScriptedEngine(Answer(error=QueryFailedError("out of memory")))
    with pytest.raises(QueryFailedError, match="out of memory"):
        timeline_of(Session(engine), NO_FILTER, GRID, threading.Event())


def test_a_source_without_log_status_does_not_claim_to_know_losses() -> None:
    """Where the format leaves log_status out, no window can be known as lost."""
    columns = tuple(c for c in LOCAL_SCHEMA.columns if c.field != "log_status")
    engine = ScriptedEngine(Answer(COLUMNS, ROWS), replace(LOCAL_SCHEMA, columns=columns))
    found = timeline_of(Session(engine), NO_FILTER, GRID, threading.Event())
    assert found is not None
    assert not found.is_loss_known
