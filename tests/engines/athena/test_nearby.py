"""What is already here is not asked for again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowtui.domain.executions import QueryExecution, QueryState, Row
from flowtui.domain.filterline import parse_filter
from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import View
from flowtui.library import load_library
from flowtui.session.session import Session
from tests.athena_server import AthenaServer
from tests.athena_server.demo import DemoObjects
from tests.athena_server.fixtures import demo_objects
from tests.demo_sessions import NOW, over_table

__all__ = ["demo_objects"]

LIBRARY = load_library(None)
PAIR = "src:198.51.100.23 from:2026-11-23T01:00Z to:2026-11-23T02:00Z"
NEVER = threading.Event()


@pytest.fixture
def session(athena: AthenaServer, demo_objects: DemoObjects, tmp_path: Path) -> Iterator[Session]:
    """Over a table of the demo, with a pair's records already fetched."""
    demo_objects.load(athena)
    session = over_table("flows_projected", tmp_path)
    list(session.run(session.compile(records(PAIR)), NEVER, view=records(PAIR)))
    yield session
    session.close()


def records(line: str) -> View:
    """Raw records under a filter."""
    return View(LIBRARY.records, parse_filter(line, now=NOW))


def here(session: Session, view: View) -> QueryExecution | None:
    """How the view was answered from what is held; None: it was not."""
    answer = session.answer_here(view, session.compile(view), NEVER)
    return None if answer is None else list(answer)[-1]


def rows(session: Session, execution: QueryExecution) -> tuple[Row, ...]:
    """All rows, up to 5,000."""
    return session.results(execution).page(0, 5000).rows


@pytest.mark.parametrize(
    "view",
    [
        records(f"{PAIR} dstport:22,80"),
        records("src:198.51.100.23 from:2026-11-23T01:12Z to:2026-11-23T01:20Z"),
        View(LIBRARY.get("top-rejected-pairs"), parse_filter(PAIR, now=NOW)),
        View(LIBRARY.get("vertical-scan"), parse_filter(f"{PAIR} protocol:tcp", now=NOW)),
    ],
    ids=["narrower", "shorter", "aggregate", "both"],
)
def test_a_narrower_question_runs_nothing_and_gives_the_same(
    view: View, session: Session, athena: AthenaServer
) -> None:
    """The rows are those that Athena would give, and Athena is not asked."""
    started = len(athena.ops("Athena.StartQueryExecution"))
    execution = here(session, view)
    assert execution is not None
    assert (execution.state, execution.is_from_store) == (QueryState.SUCCEEDED, True)
    assert execution.cost is None
    assert len(athena.ops("Athena.StartQueryExecution")) == started
    (*_, asked) = session.run(session.compile(view), NEVER)
    assert rows(session, execution) == rows(session, asked)
    assert rows(session, asked)


@pytest.mark.parametrize(
    "view",
    [
        records("from:2026-11-23T01:00Z to:2026-11-23T02:00Z"),
        records("src:198.51.100.23 from:2026-11-23T00:00Z to:2026-11-23T02:00Z"),
        records("src:198.51.100.23"),
        records(f"{PAIR} log_status:NODATA"),
        View(LIBRARY.get("log-health"), parse_filter(PAIR, now=NOW)),
    ],
    ids=["wider", "longer", "always", "nodata", "health"],
)
def test_a_wider_question_is_not_answered_from_here(view: View, session: Session) -> None:
    """What is held must hold all of it: else the engine is asked."""
    assert here(session, view) is None


def test_rows_that_were_cut_answer_nothing(session: Session) -> None:
    """A query of the user's own with a LIMIT is no store of records."""
    line = "dst:10.20.0.22 from:2026-11-23T01:00Z to:2026-11-23T02:00Z"
    some = SavedQuery("records", "Records", "SELECT * FROM flows LIMIT 10", is_records=True)
    view = View(some, parse_filter(line, now=NOW))
    list(session.run(session.compile(view), NEVER, view=view))
    assert here(session, records(f"{line} dstport:22")) is None
