"""Keeping a view as a query of one's own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flowtui.domain.comparing import compared
from flowtui.domain.executions import Column
from flowtui.domain.filterline import parse_filter
from flowtui.domain.views import View
from flowtui.errors import ConfigError
from flowtui.library import load_library
from flowtui.session.ownqueries import Words, file_for, kept_parameters, own_query, write_query
from flowtui.session.session import Session
from tests.scripted import Answer, ScriptedEngine

NOW = datetime(2026, 11, 24, 10, 42, tzinfo=UTC)
LIBRARY = load_library()


@pytest.fixture
def session() -> Session:
    """A sitting over local files."""
    return Session(ScriptedEngine(Answer((Column("n", "bigint"),))), clock=lambda: NOW)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Top pairs!", "top-pairs.sql"),
        ("../../etc/passwd", "etc-passwd.sql"),
        ("Größe\x1b[2J", "groe-2j.sql"),
        ("…", "query.sql"),
        ("Records", "records-mine.sql"),
        ("x" * 300, "x" * 60 + ".sql"),
    ],
)
def test_a_title_gives_a_file_in_the_directory(title: str, name: str) -> None:
    """No title reaches out of the directory, or hides a query that ships."""
    assert file_for(title, Path("/q")) == Path("/q") / name


def test_arguments_become_defaults(session: Session) -> None:
    """What was typed for a parameter is what the kept query begins with."""
    view = View(LIBRARY.get("records-of-ip"), arguments=(("ip", "10.0.0.9"),))
    kept = own_query(session, view, Words("One host", "", kept_parameters(view)))
    parameter = kept.parameter("ip")
    assert parameter is not None
    assert parameter.default == "10.0.0.9"
    assert kept.sql == view.query.sql


def test_conditions_are_kept_and_the_time_is_not(session: Session, tmp_path: Path) -> None:
    """The file reads back, asks under any time, and still drills."""
    line = "last:1h dstport:22,3389 -src:10.0.0.0/8"
    view = View(LIBRARY.get("top-rejected-pairs"), parse_filter(line, now=NOW))
    kept = own_query(
        session, view, Words("Mine \x1b]0;x\x07 \"'", "Why\nand how", kept_parameters(view))
    )
    path = file_for("mine", tmp_path / "queries")
    write_query(kept, path)
    again = load_library(path.parent).get("mine")
    assert (again.title, again.description, again.group) == (kept.title, "Why\nand how", "Mine")
    early = parse_filter("from:2026-01-01 to:2026-01-02", now=NOW)
    statement = session.compile(View(again, early))
    assert "3389" in statement.sql
    assert str(int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())) in statement.sql
    assert str(NOW.date()) not in again.sql
    assert dict(statement.drill)["srcaddr"] == "srcaddr"


def test_a_directory_that_cannot_be_made_says_so(session: Session, tmp_path: Path) -> None:
    """A file in its place is an error in words."""
    (tmp_path / "queries").write_text("")
    kept = own_query(session, View(LIBRARY.get("timeline")), Words("T", ""))
    with pytest.raises(ConfigError, match="cannot be made"):
        write_query(kept, tmp_path / "queries" / "t.sql")


def test_a_comparison_is_kept_as_one(session: Session) -> None:
    """With its conditions in its SQL, it still compares whatever time it is asked under."""
    line = parse_filter("last:1h dstport:22", now=NOW)
    query = compared(LIBRARY.get("top-rejected-pairs"), "-7d")
    view = View(query, line)
    kept = own_query(session, view, Words("SSH against last week", "", kept_parameters(view)))
    assert kept.against == "-7d"
    again = session.compile(View(kept, parse_filter("last:2h", now=NOW)))
    assert again.before is not None
    assert "dstport = 22" in again.sql
    assert "records_diff" in again.sql
