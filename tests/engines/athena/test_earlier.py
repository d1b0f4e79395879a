"""What ran before, and SQL that is checked for nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flowtui.domain.executions import QueryState, Statement
from flowtui.engines.athena.address import TableAddress
from flowtui.engines.athena.clients import AwsSettings
from flowtui.engines.athena.engine import AthenaEngine, AthenaOptions
from flowtui.errors import ConfigError, ConnectError, QueryFailedError
from flowtui.sql.ddl import Partitioning, TableDefinition, create_table
from tests.athena_server import AthenaServer
from tests.engines.athena.conftest import HEADER, LINE

GO_ON = threading.Event()


@pytest.fixture
def engine(
    logs: Callable[[str, str], None], run_ddl: Callable[[str], None], tmp_path: Path
) -> Iterator[AthenaEngine]:
    """A connected engine over `default.flows`, which has no partitions."""
    logs("AWSLogs/a.log.gz", f"{HEADER}\n{LINE}\n")
    run_ddl(
        create_table(TableDefinition("flows", "s3://logs/AWSLogs/", partitioning=Partitioning.NONE))
    )
    engine = AthenaEngine(
        TableAddress("default", "flows"), AwsSettings(), results_root=tmp_path,
        options=AthenaOptions("s3://results/", 0),
    )  # fmt: skip
    engine.connect()
    yield engine
    engine.close()


def _run(athena: AthenaServer, sql: str) -> str:
    client: Any = athena.client("athena")
    id = str(
        client.start_query_execution(
            QueryString=sql,
            QueryExecutionContext={"Database": "default"},
            ResultConfiguration={"OutputLocation": "s3://results/"},
        )["QueryExecutionId"]
    )
    client.close()
    athena.executions[id].done.wait(30)
    return id


def test_what_others_ran_is_listed_with_two_calls(
    engine: AthenaEngine, athena: AthenaServer
) -> None:
    """Fifty at most, the latest first, each with state, bytes and money."""
    ids = [_run(athena, f"SELECT {n} FROM flows") for n in range(3)]
    _run(athena, "SELECT nope FROM flows")
    found = engine.latest()
    assert [one.query_id for one in found[1:4]] == ids[::-1]
    assert found[0].state is QueryState.FAILED
    assert found[0].cost == 0
    assert found[1].scanned_bytes
    assert found[1].cost
    assert len(athena.ops("Athena.ListQueryExecutions")) == 1
    assert len(athena.ops("Athena.BatchGetQueryExecution")) == 1


def test_rows_of_an_earlier_execution_come_without_a_query(
    engine: AthenaEngine, athena: AthenaServer
) -> None:
    """Its text and its rows are found by id; nothing is started."""
    query_id = _run(athena, "SELECT srcaddr FROM flows")
    before = len(athena.ops("Athena.StartQueryExecution"))
    found = engine.earlier(query_id)
    assert found.statement.sql == "SELECT srcaddr FROM flows"
    id = engine.attach(query_id, found.statement)
    while not (now := engine.wait(id, 0.05)).is_complete:
        assert now.state is not QueryState.FAILED
    assert engine.results(id).page(0, 9).rows == (("10.0.0.1",),)
    assert now.is_attached
    assert len(athena.ops("Athena.StartQueryExecution")) == before


@pytest.mark.parametrize(
    ("id", "error"),
    [("0e0b1c9c-0000-0000-0000-000000000000", ConnectError), ("../x y", ConfigError)],
)
def test_an_unknown_id_says_so(engine: AthenaEngine, id: str, error: type[Exception]) -> None:
    """Neither a wrong nor a forgotten id is a crash."""
    with pytest.raises(error):
        engine.earlier(id)


@pytest.mark.parametrize(
    ("sql", "position"),
    [
        ("SELECT srcaddr,\n  nope\nFROM flows", (2, 3)),
        ("SELECT srcaddr\nFORM flows", (2, 6)),
        ("SELECT nope FROM flows", (1, 8)),
    ],
)
def test_wrong_sql_is_refused_before_it_runs(
    engine: AthenaEngine, sql: str, position: tuple[int, int]
) -> None:
    """The place is that in the text, whether Athena refuses at the start or after it."""
    with pytest.raises(QueryFailedError) as caught:
        engine.explain(Statement(sql), GO_ON)
    assert caught.value.position == position
    assert f"line {position[0]}:{position[1]}" in caught.value.message


def test_checking_scans_nothing(engine: AthenaEngine, athena: AthenaServer) -> None:
    """Right SQL passes, for no money; what EXPLAIN does not take is not asked."""
    engine.explain(Statement("SELECT srcaddr FROM flows"), GO_ON)
    (asked,) = [one for one in engine.latest() if one.statement.sql.startswith("EXPLAIN")]
    assert asked.state is QueryState.SUCCEEDED
    assert asked.cost == 0
    before = len(athena.ops("Athena.StartQueryExecution"))
    engine.explain(Statement("SHOW TABLES"), GO_ON)
    assert len(athena.ops("Athena.StartQueryExecution")) == before


def test_a_table_without_partitions_says_so(engine: AthenaEngine) -> None:
    """With the command that would mend it."""
    *_, note = engine.facts().notes
    assert "no partitions" in note
    assert "flowtui ddl" in note


def test_an_estimate_that_is_stopped_is_unknown(engine: AthenaEngine) -> None:
    """It lists no further, and gives no figure."""
    stopped = threading.Event()
    stopped.set()
    assert engine.estimate(Statement("SELECT 1"), stopped).bytes is None
    assert engine.estimate(Statement("SELECT 1")).bytes
