"""History and earlier executions at the shell, over an Athena that runs the SQL."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest

from tests.athena_server import AthenaServer
from tests.athena_server.one_table import put_flows
from tests.connecting.conftest import HEADER, LINE, Run

TABLE = "athena://default.flows"
HERE = ("--output-location", "s3://results/")
ALL = ("--since", "2026-11-24T11:00Z", "--until", "2026-11-24T13:00Z")


@pytest.fixture
def flows(athena: AthenaServer) -> None:
    """The table `default.flows`, without partitions, over one record."""
    put_flows(athena, HEADER, LINE)


def _starts(athena: AthenaServer) -> list[Any]:
    return athena.ops("Athena.StartQueryExecution")


def test_rows_are_had_again_by_id_without_a_query(
    flows: None, flowtui: Run, athena: AthenaServer
) -> None:
    """What history prints as the command gives the same rows, and starts nothing."""
    first = flowtui("records", TABLE, *HERE, *ALL)
    assert first.returncode == 0, first.stderr
    assert "10.0.0.2" in first.stdout
    listed = flowtui("history", "--format", "json")
    (past,) = json.loads(listed.stdout)
    assert (past["state"], past["source"], past["rows"]) == ("SUCCEEDED", TABLE, 1)
    assert past["query_id"] in first.stderr
    assert "today $0." in listed.stderr or "today <$" in listed.stderr
    words = shlex.split(past["command"])
    assert words[:4] == ["flowtui", "query", "--attach", past["query_id"]]
    started = len(_starts(athena))
    again = flowtui(*words[1:], *HERE)
    assert (again.returncode, again.stdout) == (0, first.stdout), again.stderr
    assert "nothing is scanned now" in again.stderr
    assert len(_starts(athena)) == started
    assert len(json.loads(flowtui("history", "--format", "json").stdout)) == 1


def test_what_others_ran_is_listed_too(flows: None, flowtui: Run, athena: AthenaServer) -> None:
    """With the source the work group's last executions stand beside ours, each once."""
    assert flowtui("records", TABLE, *HERE, *ALL).returncode == 0
    theirs = athena.run("SELECT 'theirs' AS t")
    listed = json.loads(flowtui("history", "--source", TABLE, "--format", "json").stdout)
    ids = [past["query_id"] for past in listed]
    assert ids[0] == theirs.id
    assert len(ids) == len(set(ids))
    found = flowtui("history", "theirs", "--source", TABLE)
    assert len(found.stdout.splitlines()) == 2


def test_history_without_the_right_to_list_still_has_ours(
    flows: None, flowtui: Run, athena: AthenaServer
) -> None:
    """It says what is missing, and prints what is here."""
    assert flowtui("records", TABLE, *HERE, *ALL).returncode == 0
    athena.fault(
        "Athena.ListQueryExecutions", code="AccessDeniedException", status=400, times=9,
        message="not authorized to perform: athena:ListQueryExecutions",
    )  # fmt: skip
    listed = flowtui("history", "--source", TABLE, "--format", "table")
    assert listed.returncode == 0
    assert len(listed.stdout.splitlines()) == 3
    assert "athena:ListQueryExecutions" in listed.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("query", "--attach", "00000000-0000-0000-0000-000000000000", TABLE), 1, "45 days"),
        (("query", "--attach", "x y", TABLE), 2, "no id"),
        (("query", "--attach", "abc", "demo"), 2, "on Athena"),
        (("query", "--attach", "abc", "records", TABLE), 2, "SOURCE only"),
        (("query", "--attach", "abc", TABLE, "--since", "2h"), 2, "no filter"),
        (("query",), 2, "Missing argument"),
    ],
)
def test_a_wrong_use_says_what_is_right(
    flows: None, flowtui: Run, words: tuple[str, ...], code: int, said: str
) -> None:
    """Neither an unknown id nor a wrong combination runs anything."""
    done = flowtui(*words)
    assert done.returncode == code, done.stderr
    assert said in done.stderr


def test_typed_sql_is_checked_before_it_runs(
    flows: None, flowtui: Run, athena: AthenaServer
) -> None:
    """Wrong SQL from stdin is refused by EXPLAIN; right SQL runs; shipped queries are not asked."""
    wrong = flowtui("query", "-", TABLE, *HERE, input="SELECT nope(srcaddr) FROM flows")
    assert wrong.returncode == 1
    assert re.search(r"line \d+:\d+", wrong.stderr), wrong.stderr
    assert [_sql(call)[:7] for call in _starts(athena)] == ["EXPLAIN"]
    right = flowtui("query", "-", TABLE, *HERE, *ALL, input="SELECT dstaddr FROM flows")
    assert right.stdout.splitlines() == ["dstaddr", "10.0.0.2"], right.stderr
    assert len(_starts(athena)) == 3
    assert flowtui("records", TABLE, *HERE, *ALL).returncode == 0
    assert len(_starts(athena)) == 4


def _sql(call: Any) -> str:
    return str(call.request["QueryString"])


def test_a_table_without_partitions_says_so_once(flows: None, flowtui: Run) -> None:
    """One line on stderr, with the command that mends it."""
    done = flowtui("records", TABLE, *HERE, *ALL)
    (line,) = [text for text in done.stderr.splitlines() if "no partitions" in text]
    assert "flowtui ddl" in line
