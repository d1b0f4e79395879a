"""The course of a hunt: what fails, what is stopped, what cannot be asked."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flowtui.domain.detections import Detection, Severity
from flowtui.domain.executions import Column, QueryState, Statement
from flowtui.domain.fields import Kind
from flowtui.domain.filters import NO_FILTER
from flowtui.domain.huntfindings import findings_of
from flowtui.domain.queries import Parameter, ParameterType, SavedQuery
from flowtui.errors import QueryFailedError
from flowtui.library import Library, load_library
from flowtui.session.hunt import Hunt, Outcome, hunt
from flowtui.session.huntplan import plan_hunt
from flowtui.session.huntreport import hunt_markdown, hunt_text, warnings_of
from flowtui.session.session import Session
from tests.scripted import Answer, ScriptedEngine

NOW = datetime(2026, 11, 24, tzinfo=UTC)
COLUMNS = (
    Column("srcaddr", "varchar", Kind.ADDRESS),
    Column("tries", "bigint"),
    Column("first_seen", "bigint", Kind.TIME),
    Column("last_seen", "bigint", Kind.TIME),
)
HOSTILE = "\x1b]52;c;Zm9v\x07[red]|`x`"


def detection(slug: str, field: str = "srcaddr", severity: Severity = Severity.LOW) -> SavedQuery:
    """A detection of the person's own, known by its slug in the SQL."""
    return SavedQuery(
        slug,
        slug.title(),
        f'SELECT {field}, count(*) AS tries, min(start) AS first_seen, max("end") AS last_seen, '
        f"'{slug}' AS slug FROM flows GROUP BY {field}",
        parameters=(Parameter("least", ParameterType.COUNT, "10"),),
        detection=Detection(
            severity, "{tries} tries in {span}, from {:least}", ("srcaddr",), "tries", "least"
        ),
    )


def library(*queries: SavedQuery) -> Library:
    """These, and the records."""
    return Library((*queries, load_library(None).records))


def session_over(engine: ScriptedEngine) -> Session:
    """A sitting that is open."""
    session = Session(engine, clock=lambda: NOW)
    session.open()
    return session


def states(engine: ScriptedEngine, queries: Library, cancelled: threading.Event) -> list[Hunt]:
    """Every state of a hunt."""
    session = session_over(engine)
    plan = plan_hunt(session, queries.queries, queries.records, NO_FILTER, threading.Event())
    return list(hunt(session, plan, cancelled))


def row(who: str = "10.0.0.1", tries: int = 50) -> tuple[str, int, int, int]:
    """One row of a detection."""
    return who, tries, 1000, 1600


def test_one_that_fails_stops_no_other() -> None:
    """It is told with its reason; the others are asked, and the hunt does not pass for whole."""

    def script(statement: Statement) -> Answer:
        if "'bad'" in statement.sql:
            return Answer(error=QueryFailedError("the disk is full"))
        return Answer(COLUMNS, (row(),) if "'good'" in statement.sql else ())

    queries = library(detection("bad"), detection("good"), detection("dull"))
    last = states(ScriptedEngine(script), queries, threading.Event())[-1]
    assert [r.outcome for r in last.reports] == [Outcome.FAILED, Outcome.FOUND, Outcome.NOTHING]
    assert last.reports[0].reason == "the disk is full"
    assert not last.is_complete
    assert any("Failed, so nothing is known of: Bad" in warning for warning in warnings_of(last))


def test_what_a_source_cannot_tell_is_named_and_the_hunt_is_whole() -> None:
    """A field that the log lacks is no failure: the other detections are all there is to ask."""
    queries = library(detection("newer", "instance_tag"), detection("good"))
    last = states(ScriptedEngine(Answer(COLUMNS, (row(),))), queries, threading.Event())[-1]
    assert [r.outcome for r in last.reports] == [Outcome.IMPOSSIBLE, Outcome.FOUND]
    assert "instance_tag" in last.reports[0].reason
    assert last.is_complete
    assert "This source cannot tell: Newer." in warnings_of(last)


def test_stopping_cancels_on_the_engine_and_runs_no_more() -> None:
    """What was found until then stays; what did not run is named."""
    cancelled = threading.Event()

    def script(statement: Statement) -> Answer:
        if "'slow'" in statement.sql:
            return Answer(COLUMNS, (row(),), ends=threading.Event())
        return Answer(COLUMNS, (row(),))

    engine = ScriptedEngine(script)
    session = session_over(engine)
    queries = library(detection("good"), detection("slow"), detection("late"))
    plan = plan_hunt(session, queries.queries, queries.records, NO_FILTER, threading.Event())
    for last in hunt(session, plan, cancelled):
        if last.reports[1].outcome is Outcome.RUNNING:
            cancelled.set()
    outcomes = [report.outcome for report in last.reports]
    assert outcomes == [Outcome.FOUND, Outcome.CANCELLED, Outcome.CANCELLED]
    execution = last.reports[1].execution
    assert execution is not None
    assert execution.state is QueryState.CANCELLED
    assert last.is_over
    assert not last.is_complete


def test_the_detections_arguments_are_asked_and_told() -> None:
    """A hunt may ask with other thresholds than the list; the evidence states those."""
    query = detection("good")
    assert query.detection is not None
    query = replace(query, detection=replace(query.detection, arguments=(("least", "25"),)))
    last = states(ScriptedEngine(Answer(COLUMNS, (row(),))), library(query), threading.Event())[-1]
    (finding,) = last.findings
    assert finding.evidence == "50 tries in 10 min, from 25"
    assert finding.strength == 2.0


@pytest.mark.parametrize(("limit", "is_cut"), [("2", True), ("3", False)])
def test_findings_that_were_cut_are_told(limit: str, is_cut: bool) -> None:
    """Where a detection gives as many rows as it may, there may be more."""
    query = detection("good")
    parameters = (*query.parameters, Parameter("limit", ParameterType.COUNT, limit))
    query = replace(query, parameters=parameters)
    engine = ScriptedEngine(Answer(COLUMNS, (row(), row("10.0.0.2"))))
    last = states(engine, library(query), threading.Event())[-1]
    told = "Cut at its limit of rows, so there may be more: Good."
    assert (told in warnings_of(last)) is is_cut


def test_severity_ranks_before_strength() -> None:
    """A mild one that passes its threshold by far stands after a grave one."""

    def script(statement: Statement) -> Answer:
        return Answer(COLUMNS, (row(tries=9000 if "'mild'" in statement.sql else 11),))

    queries = library(detection("mild"), detection("grave", severity=Severity.HIGH))
    last = states(ScriptedEngine(script), queries, threading.Event())[-1]
    assert [finding.query.slug for finding in last.findings] == ["grave", "mild"]


@pytest.mark.parametrize("least", ["", "500MB", "2h", "many"])
def test_rows_of_any_kind_give_findings(least: str) -> None:
    """NULL, huge numbers, years that no calendar has, and columns that are not there."""
    query = detection("odd")
    assert query.detection is not None
    query = replace(query, detection=replace(query.detection, evidence="{tries} {nothing} {span}"))
    columns = COLUMNS[:2] + COLUMNS[2:3]
    rows = ((None, None, None), ("x" * 5000, 2**70, 2**60), (HOSTILE, -1, -(2**40)))
    found = findings_of(query, (("least", least),), columns, rows)
    assert len(found) == 3
    assert found[0].evidence == "? ? an unknown time"


def test_no_value_acts_on_a_terminal_or_on_markdown() -> None:
    """Escape sequences are written out, markup and table bars are escaped."""
    engine = ScriptedEngine(Answer(COLUMNS, (row(HOSTILE),)))
    last = states(engine, library(detection("good")), threading.Event())[-1]
    for text in (hunt_markdown(last, HOSTILE), hunt_text(last, HOSTILE)):
        assert "\x1b" not in text
        assert "\x07" not in text
    assert r"\|\`x\`" in hunt_markdown(last, "logs")
