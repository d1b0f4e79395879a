"""A hunt on Athena: its price first, one scan where that does, and never more than was said."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from flowtui.domain.executions import Estimate
from flowtui.domain.filterline import parse_filter
from flowtui.library import load_library
from flowtui.session import huntplan
from flowtui.session.budget import Budget, Verdict
from flowtui.session.hunt import Outcome, hunt
from flowtui.session.huntplan import Plan, plan_hunt
from flowtui.session.session import Session
from tests.athena_server import AthenaServer
from tests.athena_server.demo import DemoObjects
from tests.demo_sessions import NOW, over_table
from tests.hunting.conftest import hunted

NIGHT = "from:2026-11-23T01:00Z to:2026-11-23T03:30Z"
NEVER = threading.Event()
LIBRARY = load_library(None)


@pytest.fixture
def session(athena: AthenaServer, demo_objects: DemoObjects, tmp_path: Path) -> Iterator[Session]:
    """A sitting over a table of the demo."""
    demo_objects.load(athena)
    session = over_table("flows_projected", tmp_path)
    yield session
    session.close()


def planned(session: Session, line: str = NIGHT) -> Plan:
    """The plan of a hunt under a filter."""
    filter = parse_filter(line, now=NOW)
    return plan_hunt(session, LIBRARY.queries, LIBRARY.records, filter, NEVER)


def started(athena: AthenaServer) -> int:
    """Queries that were started."""
    return len(athena.ops("Athena.StartQueryExecution"))


def test_planning_runs_nothing_and_tells_the_sum(session: Session, athena: AthenaServer) -> None:
    """The records once and the lost windows: two queries, priced, none started."""
    plan = planned(session)
    assert plan.gathering is not None
    assert [step.query.slug for step in plan.paid_steps] == ["records", "lost-windows"]
    assert plan.price.startswith("up to ")
    assert plan.price.endswith(" in 2 queries")
    assert started(athena) == 0


def test_one_scan_answers_every_detection(
    session: Session, athena: AthenaServer, incident: Session
) -> None:
    """Two queries run on Athena, and the findings are those over the files."""
    (*_, last) = hunt(session, planned(session), NEVER)
    assert started(athena) == 2
    assert last.is_complete
    assert last.spent > 0
    here = hunted(incident, NIGHT)
    assert [(f.who, f.evidence) for f in last.findings] == [
        (f.who, f.evidence) for f in here.findings
    ]
    assert last.findings
    again = planned(session)
    assert again.paid_steps == ()


def test_a_whole_day_is_read_once(session: Session, athena: AthenaServer) -> None:
    """Hundreds of thousands of records are kept, and answer every detection."""
    day = planned(session, "from:2026-11-23T00:00Z to:2026-11-24T00:00Z")
    (*_, last) = hunt(session, day, NEVER)
    assert [report.reason for report in last.reports if report.reason] == []
    assert last.is_complete
    assert started(athena) == 2


def test_what_is_too_much_to_hold_is_asked_one_by_one(
    session: Session, athena: AthenaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then each detection is a query, and the sum says so."""
    monkeypatch.setattr(huntplan, "GATHERED_BYTES", 1)
    plan = planned(session)
    assert plan.gathering is None
    assert plan.price.endswith(f" in {len(plan.steps) + 1} queries")
    one = replace(plan, steps=plan.steps[:2])
    (*_, last) = hunt(session, one, NEVER)
    assert started(athena) == 3
    assert {report.outcome for report in last.reports} <= {Outcome.FOUND, Outcome.NOTHING}


@pytest.mark.parametrize(
    ("budget", "verdict"),
    [
        (Budget(ask_above=Decimal("0.0000000001")), Verdict.ASK),
        (Budget(), Verdict.GO),
    ],
)
def test_the_sum_is_what_is_agreed_to(session: Session, budget: Budget, verdict: Verdict) -> None:
    """Above the limit somebody must agree; below it nobody is bothered."""
    session.budget = budget
    assert planned(session).check.verdict is verdict


def test_a_yes_to_one_unknown_cost_is_none_to_a_hunt(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody can say what the detections cost, they are asked about together."""
    unknown = Estimate(None, "unknown: S3 may not be listed")
    monkeypatch.setattr(session, "estimate", lambda *_: unknown)
    one = session.compile(planned(session).steps[0].view)
    session.agree(one, session.check(one, unknown))
    assert session.check(one, unknown).verdict is Verdict.GO
    assert planned(session).check.verdict is Verdict.ASK


def test_detections_that_are_refused_are_told_and_not_run(
    session: Session, athena: AthenaServer
) -> None:
    """Where the settings refuse every query none runs, and that does not pass for safe."""
    session.budget = Budget(refuse_above=Decimal("0.0000000001"))
    (*_, last) = hunt(session, planned(session), NEVER)
    assert {report.outcome for report in last.reports} == {Outcome.FAILED}
    assert not last.is_complete
    assert "budget.refuse_above" in last.reports[0].reason
    assert started(athena) == 0


def test_stopping_while_the_records_are_read_cancels_on_athena(
    session: Session, athena: AthenaServer
) -> None:
    """Nothing else is started afterwards."""
    cancelled = threading.Event()
    athena.gate.clear()
    plan = planned(session)
    for last in hunt(session, plan, cancelled):
        if last.execution is not None:
            cancelled.set()
    assert len(athena.ops("Athena.StopQueryExecution")) == 1
    assert started(athena) == 1
    assert last.findings == ()
    assert not last.is_complete
