"""What ran before can be asked again, and reproduced from a shell."""

from __future__ import annotations

import shlex
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from flowtui.domain.executions import Column, QueryState
from flowtui.domain.filterline import parse_filter
from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import View
from flowtui.library import load_library
from flowtui.session.earlier import command_line, heading, is_attachable, question_of
from flowtui.session.history import History, Past
from flowtui.session.session import Session
from flowtui.session.sittings import Reach
from tests.scripted import Answer, ScriptedEngine

NOW = datetime(2026, 11, 24, 10, 42, 7, tzinfo=UTC)
LIBRARY = load_library()
SLUGS = [query.slug for query in LIBRARY.queries]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A sitting that writes its history down; its clock goes on by itself."""
    moments = iter(NOW + timedelta(minutes=3 * n) for n in range(1000))
    engine = ScriptedEngine(Answer((Column("n", "bigint"),), ((1,),)))
    return Session(
        engine, clock=lambda: next(moments), history=History(tmp_path / "h.sqlite"), source="logs/"
    )


def _ask(session: Session, view: View) -> Past:
    for _ in session.run(session.compile(view), threading.Event(), view=view):
        pass
    assert session.history is not None
    return session.history.recent(1)[0]


def _view(slug: str, line: str = "", *arguments: tuple[str, str]) -> View:
    return View(LIBRARY.get(slug), parse_filter(line, now=NOW), arguments)


@pytest.mark.parametrize(
    "view",
    [
        _view("top-rejected-pairs", "last:1h dstport:22,3389 -src:10.0.0.0/8"),
        _view("records-of-ip", "from:2026-11-24T09:00Z", ("ip", "10.0.0.1")),
        _view("timeline"),
    ],
    ids=lambda view: view.query.slug,
)
def test_the_same_question_comes_back(session: Session, view: View) -> None:
    """Query, arguments and filter are there again, and the time is the one that was meant then."""
    past = _ask(session, view)
    again, statement = question_of(past, session, LIBRARY)
    assert statement.sql == past.sql
    assert again.query == view.query
    assert again.arguments == view.arguments
    assert again.filter.conditions == view.filter.conditions
    assert statement.drill or view.query.is_records


def test_what_nobody_asked_for_is_no_history(session: Session) -> None:
    """Counts of our own that cost nothing do not stand among a person's questions."""
    asked = _ask(session, _view("timeline"))
    list(session.run(session.compile(_view("records")), threading.Event()))
    assert session.history is not None
    assert session.history.recent() == [asked]


def test_what_was_drilled_into_keeps_its_name(session: Session) -> None:
    """A drill-down is the records under its own label."""
    view = replace(_view("records", "src:10.0.0.1 last:1h"), label="10.0.0.1 → 10.0.0.2")
    again, _ = question_of(_ask(session, view), session, LIBRARY)
    assert (again.query.slug, again.title) == ("records", "10.0.0.1 → 10.0.0.2")


def test_sql_that_no_saved_query_gives_comes_back_as_it_ran(session: Session) -> None:
    """Neither an unknown name nor a file of the same name as a saved query is mistaken for it."""
    for slug in ("gone", "timeline"):
        query = SavedQuery(slug, "Own", "SELECT srcaddr FROM flows WHERE dstport = 22")
        past = _ask(session, View(query))
        again, statement = question_of(past, session, LIBRARY)
        assert statement.sql == past.sql == again.query.sql
        assert again.title == "Own"


def test_sql_that_cannot_be_read_is_still_shown(session: Session) -> None:
    """SQL of others that we do not understand has its rows, and nothing is lost."""
    past = replace(_ask(session, _view("timeline")), sql="SELECT FROM WHERE", title="", slug="")
    again, statement = question_of(past, session, LIBRARY)
    assert statement.sql == "SELECT FROM WHERE"
    assert again.title == heading(past) == "SELECT FROM WHERE"


def test_the_command_line_names_the_query_and_its_time(session: Session) -> None:
    """A shell reads it back as the same words, whatever they hold."""
    view = _view("records-of-ip", "last:1h dstport:22", ("ip", "10.0.0.1"))
    words = shlex.split(command_line(_ask(session, view), SLUGS, NOW))
    assert words[:4] == ["flowtui", "query", "records-of-ip", "logs/"]
    assert words[words.index("--param") + 1] == "ip=10.0.0.1"
    line = words[words.index("--filter") + 1]
    assert "last:" not in line
    assert "from:2026-11-24T" in line


def test_sql_goes_in_by_stdin(session: Session) -> None:
    """Quotes and line ends of unnamed SQL pass through the shell untouched."""
    past = replace(_ask(session, _view("timeline")), slug="", sql="SELECT 'it''s'\nFROM flows")
    words = shlex.split(command_line(past, SLUGS, NOW))
    assert past.sql in words
    assert words[-4:] == ["flowtui", "query", "-", "logs/"]


@pytest.mark.parametrize(
    ("age", "state", "id", "can"),
    [
        (timedelta(days=44), QueryState.SUCCEEDED, "abc", True),
        (timedelta(0), QueryState.RUNNING, "abc", True),
        (timedelta(days=46), QueryState.SUCCEEDED, "abc", False),
        (timedelta(0), QueryState.FAILED, "abc", False),
        (timedelta(0), QueryState.SUCCEEDED, "", False),
    ],
)
def test_rows_are_there_for_45_days(age: timedelta, state: QueryState, id: str, can: bool) -> None:
    """Only what succeeded or still runs on Athena can be had again without a scan."""
    past = Past("x", id, "athena://d.t", "", "", "SELECT 1", state, NOW - age, 1, 1, None, 1, "")
    assert is_attachable(past, NOW) is can
    assert ("--attach" in command_line(past, SLUGS, NOW)) is can


def test_the_day_is_summed_over_all_sittings(session: Session, tmp_path: Path) -> None:
    """Today counts what other sittings spent, and nothing of yesterday."""
    past = _ask(session, _view("timeline"))
    history = History(tmp_path / "h.sqlite")
    for days, cost in ((0, "0.25"), (1, "4")):
        history.record(
            replace(
                session.engine.poll(past.id), id=f"d{days}", submitted=NOW - timedelta(days=days)
            ),
            source="athena://d.t", title="", filter="", cost=Decimal(cost),
        )  # fmt: skip
    assert session.spent_today() == Decimal("0.25")


def test_the_command_line_says_how_the_source_was_reached(tmp_path: Path) -> None:
    """Profile, region and place of results are kept with a run, and are in its command line."""
    reach = Reach("", "audit", "eu-west-1", "s3://results/")
    history = History(tmp_path / "history.sqlite")
    engine = ScriptedEngine(Answer((Column("n", "bigint"),), ((1,),)))
    session = Session(engine, clock=lambda: NOW, history=history, source="logs/", reach=reach)
    past = _ask(session, _view("timeline"))
    assert past.reach == reach
    wanted = {"--profile=audit", "--region=eu-west-1", "--output-location=s3://results/"}
    for one in (past, replace(past, slug=""), replace(past, query_id="abc")):
        assert wanted < set(shlex.split(command_line(one, SLUGS, NOW)))
