from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from flowtui.domain.executions import QueryExecution, QueryState, Refinement, SortKey, Statement
from flowtui.engines.athena.address import TableAddress
from flowtui.engines.athena.clients import AwsSettings
from flowtui.engines.athena.engine import AthenaEngine, AthenaOptions
from flowtui.engines.athena.faults import ExpiredError
from flowtui.errors import ConnectError, CredentialsError, QueryFailedError
from flowtui.sql.ddl import Partitioning, TableDefinition, create_table
from tests.athena_server import AthenaServer
from tests.engines.athena.conftest import HEADER, LINE, TROUBLES

Put = Callable[[str, str], None]
Run = Callable[[str], None]
SELECT = Statement("SELECT srcaddr, dstaddr, bytes FROM flows ORDER BY dstport")
LONG_S = 30.0


@pytest.fixture
def table(logs: Put, run_ddl: Run) -> None:
    """The table `default.flows` over one log file of two records."""
    logs("AWSLogs/a.log.gz", f"{HEADER}\n{LINE}\n{LINE.replace('443', '22')}\n")
    run_ddl(
        create_table(TableDefinition("flows", "s3://logs/AWSLogs/", partitioning=Partitioning.NONE))
    )


@pytest.fixture
def engine(table: None, tmp_path: Path) -> Iterator[AthenaEngine]:
    """A connected engine over that table."""
    engine = AthenaEngine(
        TableAddress("default", "flows"),
        AwsSettings(),
        results_root=tmp_path / "results",
        options=AthenaOptions(output_location="s3://results/", reuse_minutes=0),
    )
    engine.connect()
    yield engine
    engine.close()


def wait(engine: AthenaEngine, id: str, until: Callable[[QueryExecution], bool]) -> QueryExecution:
    """The execution once it is so."""
    deadline = time.monotonic() + LONG_S
    while time.monotonic() < deadline:
        execution = engine.wait(id, 0.05)
        if until(execution):
            return execution
    raise AssertionError(f"still {engine.poll(id)}")


def ended(execution: QueryExecution) -> bool:
    """True once nothing more will come."""
    return execution.state.is_terminal and (
        execution.state is not QueryState.SUCCEEDED or execution.is_complete
    )


def starts(athena: AthenaServer) -> int:
    """How many queries the server was asked to start, retries with one token counted each."""
    return len(athena.ops("Athena.StartQueryExecution"))


def test_rows_come_back_typed_with_what_they_cost(engine: AthenaEngine) -> None:
    """A query succeeds, and says bytes, time and rows."""
    execution = wait(engine, engine.submit(SELECT), ended)
    assert execution.state is QueryState.SUCCEEDED, execution.reason
    assert (execution.rows_ready, execution.scanned_bytes) != (0, 0)
    page = engine.results(execution.id).page(0, 10)
    assert page.rows == (("10.0.0.1", "10.0.0.2", 840), ("10.0.0.1", "10.0.0.2", 840))
    assert [c.type for c in page.columns] == ["varchar", "varchar", "bigint"]


def test_zero_rows_keep_their_columns(engine: AthenaEngine) -> None:
    """Nothing found is a result with columns."""
    id = engine.submit(Statement("SELECT srcaddr FROM flows WHERE dstport = 1"))
    assert wait(engine, id, ended).rows_ready == 0
    assert [c.name for c in engine.results(id).page(0, 10).columns] == ["srcaddr"]


@pytest.mark.parametrize("rows", [998, 999, 1000, 2500])
def test_every_row_arrives_once_and_in_order(engine: AthenaEngine, rows: int) -> None:
    """Across the first page and the CSV behind it nothing is lost, doubled or out of order."""
    id = engine.submit(
        Statement(f"SELECT n FROM UNNEST(sequence(1, {rows})) AS t (n) ORDER BY n DESC")
    )
    assert wait(engine, id, ended).rows_ready == rows
    results = engine.results(id)
    values = [row[0] for start in range(0, rows, 500) for row in results.page(start, 500).rows]
    assert values == list(range(rows, 0, -1))
    first = results.page(0, 1, Refinement(order=(SortKey("n"),)))
    assert first.rows == ((1,),)


def test_null_and_empty_text_stay_apart(engine: AthenaEngine) -> None:
    """Whichever way a row comes, NULL is NULL and '' is ''; quotes and newlines are data."""
    id = engine.submit(
        Statement(
            "SELECT n, CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'a\"b' "
            "ELSE 'x' || chr(10) || 'y,z' END AS t "
            "FROM UNNEST(sequence(1, 1500)) AS s (n) ORDER BY n"
        )
    )
    wait(engine, id, ended)
    rows = [*engine.results(id).page(0, 1000).rows, *engine.results(id).page(1000, 1000).rows]
    kinds = [None, "", 'a"b', "x\ny,z"]
    assert rows == [(n, kinds[n % 4]) for n in range(1, 1501)]


def test_types_are_the_same_by_api_and_by_csv(engine: AthenaEngine) -> None:
    """A value is the same cell in the first page and in the thousandth row."""
    sql = (
        "SELECT n, n / 2.5e0 AS d, n % 2 = 0 AS b, CAST('1.50' AS decimal(10,2)) AS m, "
        "from_unixtime(1795521600) AS t, DATE '2026-11-24' AS day "
        "FROM UNNEST(sequence(1, {})) AS s (n) ORDER BY n"
    )
    short = engine.submit(Statement(sql.format(1)))
    long = engine.submit(Statement(sql.format(1200)))
    wait(engine, short, ended)
    wait(engine, long, ended)
    (by_api,) = engine.results(short).page(0, 1).rows
    (by_csv,) = engine.results(long).page(1199, 1).rows
    assert [type(cell) for cell in by_api] == [type(cell) for cell in by_csv]
    assert by_api[3:] == by_csv[3:]


def test_rows_come_by_api_where_s3_may_not_be_read(
    engine: AthenaEngine, athena: AthenaServer
) -> None:
    """Without s3:GetObject on the results all rows still come."""
    athena.fault("S3.GetObject", code="AccessDenied", message="no", status=403, times=99)
    id = engine.submit(Statement("SELECT n FROM UNNEST(sequence(1, 2500)) AS t (n) ORDER BY n"))
    assert wait(engine, id, ended).rows_ready == 2500
    assert engine.results(id).page(2499, 1).rows == ((2500,),)


def test_the_first_page_is_there_before_the_rest(
    engine: AthenaEngine, athena: AthenaServer
) -> None:
    """Rows of the first page can be read while the CSV is still on its way."""
    athena.fault("S3.GetObject", status=0, delay=1.0)
    id = engine.submit(Statement("SELECT n FROM UNNEST(sequence(1, 5000)) AS t (n) ORDER BY n"))
    early = wait(engine, id, lambda execution: execution.rows_ready > 0)
    assert (early.rows_ready, early.is_complete) == (999, False)
    page = engine.results(id).page(0, 100)
    assert (len(page.rows), page.is_complete) == (100, False)
    assert wait(engine, id, ended).rows_ready == 5000


def test_a_broken_download_is_taken_up(engine: AthenaEngine, athena: AthenaServer) -> None:
    """A CSV that breaks off is read on from there."""
    athena.fault("S3.GetObject", truncate=3000)
    athena.fault("S3.GetObject", code="SlowDown", status=503)
    id = engine.submit(Statement("SELECT n FROM UNNEST(sequence(1, 9000)) AS t (n) ORDER BY n"))
    assert wait(engine, id, ended).rows_ready == 9000
    assert engine.results(id).page(8999, 1).rows == ((9000,),)


def test_cancel_stops_it_on_athena_once(engine: AthenaEngine, athena: AthenaServer) -> None:
    """One StopQueryExecution, however often one asks; what was scanned is told."""
    athena.gate.clear()
    id = engine.submit(SELECT)
    wait(engine, id, lambda execution: execution.state is QueryState.RUNNING)
    for _ in range(3):
        engine.cancel(id)
    execution = wait(engine, id, ended)
    assert execution.state is QueryState.CANCELLED
    assert execution.scanned_bytes is not None
    assert len(athena.ops("Athena.StopQueryExecution")) == 1
    assert athena.executions[execution.query_id].state == "CANCELLED"


def test_cancelling_what_has_ended_does_nothing(engine: AthenaEngine, athena: AthenaServer) -> None:
    """A finished query stays SUCCEEDED, and Athena is not asked to stop it."""
    execution = wait(engine, engine.submit(SELECT), ended)
    assert engine.cancel(execution.id).state is QueryState.SUCCEEDED
    assert athena.ops("Athena.StopQueryExecution") == []


def test_closing_stops_what_runs(engine: AthenaEngine, athena: AthenaServer) -> None:
    """Leaving the program leaves nothing running on Athena."""
    athena.gate.clear()
    ids = [engine.submit(Statement(f"SELECT {n} AS n FROM flows")) for n in range(3)]
    started = [wait(engine, id, lambda e: e.state is QueryState.RUNNING).query_id for id in ids]
    engine.close()
    assert [athena.executions[id].state for id in started] == ["CANCELLED"] * 3


def test_a_detached_query_runs_on_and_is_found_again(
    engine: AthenaEngine, athena: AthenaServer, tmp_path: Path
) -> None:
    """What the user leaves running is taken up later by its id, without a new query."""
    athena.gate.clear()
    id = engine.submit(SELECT)
    query_id = wait(engine, id, lambda e: e.state is QueryState.RUNNING).query_id
    engine.detach(id)
    engine.close()
    athena.gate.set()
    later = AthenaEngine(
        engine.address, AwsSettings(), results_root=tmp_path / "later", options=engine.options
    )
    later.connect()
    found = wait(later, later.attach(query_id, SELECT), ended)
    later.close()
    assert (found.state, found.rows_ready, found.query_id) == (QueryState.SUCCEEDED, 2, query_id)
    assert starts(athena) == 1


@pytest.mark.parametrize("fault", TROUBLES.values(), ids=TROUBLES)
@pytest.mark.parametrize(
    "operation",
    ["Athena.StartQueryExecution", "Athena.GetQueryExecution", "Athena.GetQueryResults"],
)
def test_troubles_are_waited_out_and_start_one_query(
    fault: dict[str, Any], operation: str, engine: AthenaEngine, athena: AthenaServer
) -> None:
    """Throttling, 5xx and dropped connections at any step cost time, never a second query."""
    before = len(athena.executions)
    athena.fault(operation, **fault)
    execution = wait(engine, engine.submit(SELECT), ended)
    assert (execution.state, execution.rows_ready) == (QueryState.SUCCEEDED, 2), execution.reason
    assert len(athena.executions) == before + 1


def test_a_start_whose_answer_was_lost_is_not_made_twice(
    engine: AthenaEngine, athena: AthenaServer
) -> None:
    """The server started it, the answer broke: the same token finds the same query."""
    before = len(athena.executions)
    athena.fault("Athena.StartQueryExecution", truncate=5)
    execution = wait(engine, engine.submit(SELECT), ended)
    assert execution.state is QueryState.SUCCEEDED, execution.reason
    assert len(athena.executions) == before + 1


def test_full_slots_are_waited_for_and_said(engine: AthenaEngine, athena: AthenaServer) -> None:
    """TooManyRequests is not a failure: it says so, waits, and can be cancelled."""
    full = {"code": "TooManyRequestsException", "message": "limit", "times": 10_000}
    athena.fault("Athena.StartQueryExecution", **full)
    id = engine.submit(SELECT)
    waiting = wait(engine, id, lambda execution: bool(execution.reason))
    assert waiting.state is QueryState.QUEUED
    assert "as many queries as it may" in waiting.reason
    engine.cancel(id)
    cancelled = wait(engine, id, ended)
    assert cancelled.state is QueryState.CANCELLED
    assert "nothing was scanned" in cancelled.reason


@pytest.mark.parametrize("operation", ["StartQueryExecution", "GetQueryExecution"])
def test_expired_credentials_go_on_after_login(
    operation: str, engine: AthenaEngine, athena: AthenaServer
) -> None:
    """The query waits with the login command on the screen, and goes on by itself."""
    before = len(athena.executions)
    athena.fault(f"Athena.{operation}", code="ExpiredTokenException", message="old", times=2)
    id = engine.submit(SELECT)
    waiting = wait(engine, id, lambda execution: execution.error is not None)
    assert isinstance(waiting.error, ExpiredError)
    assert "aws sso login" in waiting.error.hint
    assert wait(engine, id, ended).state is QueryState.SUCCEEDED
    assert len(athena.executions) == before + 1


def test_a_denied_start_fails_with_the_action(engine: AthenaEngine, athena: AthenaServer) -> None:
    """What waiting cannot mend is said at once, with the permission that is missing."""
    text = "User x is not authorized to perform: athena:StartQueryExecution on resource: y"
    athena.fault("Athena.StartQueryExecution", code="AccessDeniedException", message=text)
    execution = wait(engine, engine.submit(SELECT), ended)
    assert execution.state is QueryState.FAILED
    assert isinstance(execution.error, CredentialsError)
    assert "athena:StartQueryExecution" in execution.error.hint


def test_a_failed_query_says_why_and_where(engine: AthenaEngine) -> None:
    """Athena's reason, its place in the SQL, and what to do about it."""
    execution = wait(engine, engine.submit(Statement("SELECT nope FROM flows")), ended)
    assert execution.state is QueryState.FAILED
    assert isinstance(execution.error, QueryFailedError)
    assert "nope" in execution.reason
    assert execution.error.hint


def test_several_queries_share_one_call(engine: AthenaEngine, athena: AthenaServer) -> None:
    """Four running queries are asked for by BatchGetQueryExecution, ever more rarely."""
    athena.gate.clear()
    ids = [engine.submit(Statement(f"SELECT {n} AS n FROM flows")) for n in range(4)]
    for id in ids:
        wait(engine, id, lambda execution: execution.state is QueryState.RUNNING)
    before = len(athena.calls)
    time.sleep(4)
    calls = Counter(call.operation for call in athena.calls[before:])
    athena.gate.set()
    assert set(calls) <= {"Athena.BatchGetQueryExecution", "Athena.GetQueryExecution"}
    # Each query alone would be asked for at least twice in that time.
    assert sum(calls.values()) <= 10
    for id in ids:
        assert wait(engine, id, ended).state is QueryState.SUCCEEDED


def test_one_query_is_asked_for_ever_more_rarely(
    engine: AthenaEngine, athena: AthenaServer
) -> None:
    """From 0.25 s to 2 s between polls: in five seconds far fewer calls than seconds times four."""
    athena.gate.clear()
    id = engine.submit(SELECT)
    time.sleep(5)
    polls = [call.at for call in athena.ops("Athena.GetQueryExecution")]
    gaps = [later - earlier for earlier, later in pairwise(polls)]
    athena.gate.set()
    assert 4 <= len(polls) <= 9
    assert gaps == sorted(gaps) or max(gaps) > 1.0
    wait(engine, id, ended)


def test_the_same_question_is_answered_for_nothing(
    engine: AthenaEngine, athena: AthenaServer, tmp_path: Path
) -> None:
    """Athena's result reuse is on: the second run scans nothing and says so."""
    reusing = AthenaEngine(
        engine.address,
        AwsSettings(),
        results_root=tmp_path / "reusing",
        options=AthenaOptions(output_location="s3://results/"),
    )
    reusing.connect()
    first = wait(reusing, reusing.submit(SELECT), ended)
    second = wait(reusing, reusing.submit(SELECT), ended)
    reusing.close()
    assert not first.is_reused
    assert second.is_reused
    assert (second.scanned_bytes, second.rows_ready) == (0, first.rows_ready)


def test_an_unpartitioned_table_is_estimated_whole(engine: AthenaEngine) -> None:
    """Bytes are those of the objects, money follows, and the basis is said."""
    estimate = engine.estimate(SELECT)
    assert estimate.bytes is not None
    assert estimate.bytes > 0
    assert estimate.cost is not None
    assert estimate.basis == "sizes of 1 objects"


def test_nowhere_to_write_is_said_before_anything_runs(
    table: None, tmp_path: Path, athena: AthenaServer
) -> None:
    """Connecting fails with the option that is missing."""
    engine = AthenaEngine(
        TableAddress("default", "flows"), AwsSettings(), results_root=tmp_path / "r"
    )
    with pytest.raises(ConnectError, match="no place for results"):
        engine.connect()
    engine.close()


def test_no_credentials_say_how_to_get_some(
    engine: AthenaEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any credentials the message says which command logs in."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        if name not in ("AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION", "AWS_EC2_METADATA_DISABLED"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    other = AthenaEngine(engine.address, AwsSettings(), results_root=tmp_path / "other")
    with pytest.raises(CredentialsError) as caught:
        other.connect()
    other.close()
    assert "aws sso login" in caught.value.hint
