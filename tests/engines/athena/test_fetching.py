"""Rows behind the first page, in the shapes that a CSV can take."""

from __future__ import annotations

import shutil
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flowtui.domain.executions import QueryState, Refinement, SortKey, Statement
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.engine import AthenaEngine
from flowtui.engines.athena.rows import download
from flowtui.errors import EngineError
from flowtui.ui.widgets.execution_line import execution_text
from tests.athena_server import AthenaServer
from tests.engines.athena.test_engine import ended, engine, table, wait

__all__ = ["engine", "table"]


def test_null_in_a_column_alone_is_a_row(engine: AthenaEngine) -> None:
    """A row that is one NULL is an empty line in the CSV, and stays a row."""
    sql = "SELECT nullif(n % 3, 0) AS t FROM UNNEST(sequence(1, 1500)) AS s (n) ORDER BY n"
    id = engine.submit(Statement(sql))
    assert wait(engine, id, ended).rows_ready == 1500
    found = engine.results(id).page(999, 501).rows
    assert found == tuple((n % 3 or None,) for n in range(1000, 1501))


def test_a_heading_may_hold_a_line_break(engine: AthenaEngine) -> None:
    """Headings are whatever a query chose."""
    sql = 'SELECT n AS "a\nb", n AS "c,""d" FROM UNNEST(sequence(1, 1500)) AS s (n) ORDER BY n'
    id = engine.submit(Statement(sql))
    execution = wait(engine, id, ended)
    assert execution.state is QueryState.SUCCEEDED, execution.reason[:300]
    assert engine.results(id).page(1499, 1).rows == ((1500, 1500),)


def test_a_long_value_is_kept_whole(engine: AthenaEngine) -> None:
    """A value of some megabytes, behind the first page, is as good as any."""
    sql = (
        "SELECT n, CASE WHEN n = 1200 THEN rpad('x', 3200000, 'y') "
        "ELSE 'x' END AS t FROM UNNEST(sequence(1, 1500)) AS s (n) ORDER BY n"
    )
    id = engine.submit(Statement(sql))
    execution = wait(engine, id, ended)
    assert execution.state is QueryState.SUCCEEDED, execution.reason[:300]
    assert execution.rows_ready == 1500
    ((_, text),) = engine.results(id).page(1199, 1).rows
    assert len(str(text)) == 3_200_000


def test_rows_that_cannot_be_kept_are_a_failure(engine: AthenaEngine, tmp_path: Path) -> None:
    """Where the disk takes no more, the execution ends and says so; nobody waits for ever."""
    (scratch,) = (tmp_path / "results").iterdir()
    shutil.rmtree(scratch)
    id = engine.submit(Statement("SELECT n FROM UNNEST(sequence(1, 1500)) AS s (n) ORDER BY n"))
    execution = wait(engine, id, ended)
    assert execution.state is QueryState.FAILED
    assert "cannot be" in execution.reason


def test_decimals_keep_every_digit(engine: AthenaEngine) -> None:
    """By their own precision and scale, on the first page and once they are sorted."""
    sql = (
        "SELECT CAST('0.12345678901234' AS decimal(20,14)) AS a, "
        "CAST('99999999999999999999999999999999999.99' AS decimal(38,2)) AS b"
    )
    id = engine.submit(Statement(sql))
    execution = wait(engine, id, ended)
    assert execution.state is QueryState.SUCCEEDED, execution.reason[:300]
    results = engine.results(id)
    row = (Decimal("0.12345678901234"), Decimal("99999999999999999999999999999999999.99"))
    assert results.page(0, 1).rows == (row,)
    assert results.page(0, 1, Refinement(order=(SortKey("a"),))).rows == (row,)
    assert [column.type for column in results.columns] == ["decimal", "decimal"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk always full")
def test_a_full_disk_is_not_taken_for_the_network(
    clients: AwsClients, athena: AthenaServer
) -> None:
    """It is said at once, and the result is not asked for again and again."""
    athena.put("s3://results/a.csv", b"x" * 100)
    with pytest.raises(EngineError, match="No space left"):
        download(clients, "s3://results/a.csv", Path("/dev/full"), threading.Event())
    assert len(athena.ops("S3.GetObject")) == 1


@pytest.mark.parametrize("operation", ["Athena.GetQueryResults", "S3.GetObject"])
def test_a_login_that_expires_while_rows_come_is_told(
    operation: str, engine: AthenaEngine, athena: AthenaServer
) -> None:
    """It is waited for, and the execution says so until it is there; then it says so no more."""
    athena.fault(operation, code="ExpiredTokenException", times=2)
    sql = "SELECT n FROM UNNEST(sequence(1, 2500)) AS t (n) ORDER BY n"
    id = engine.submit(Statement(sql))
    waiting = wait(engine, id, lambda e: isinstance(e.error, EngineError) or ended(e))
    assert waiting.state is QueryState.SUCCEEDED
    assert not waiting.is_complete
    assert "expired" in waiting.reason.casefold()
    assert "expired" in execution_text(waiting, 0).plain.casefold()
    execution = wait(engine, id, ended)
    assert (execution.rows_ready, execution.reason, execution.error) == (2500, "", None)


@pytest.mark.parametrize(
    "fault",
    [
        {"code": "ExpiredTokenException", "times": 2},
        {"code": "SlowDown", "status": 503, "times": 5},
        {"code": "InternalError", "status": 500, "times": 5},
        {"drop": True},
        {"truncate": 3000},
    ],
    ids=["expired", "throttled", "5xx", "dropped", "broken"],
)
@pytest.mark.parametrize("operation", ["Athena.GetQueryResults", "S3.GetObject"])
def test_rows_outlast_troubles_on_their_way(
    fault: dict[str, Any], operation: str, engine: AthenaEngine, athena: AthenaServer
) -> None:
    """Whatever goes wrong while rows come, they come whole, and nothing is asked anew."""
    before = len(athena.executions)
    athena.fault(operation, **fault)
    sql = "SELECT n FROM UNNEST(sequence(1, 2500)) AS t (n) ORDER BY n"
    execution = wait(engine, engine.submit(Statement(sql)), ended)
    assert (execution.state, execution.rows_ready) == (QueryState.SUCCEEDED, 2500)
    assert engine.results(execution.id).page(2499, 1).rows == ((2500,),)
    assert len(athena.executions) == before + 1
