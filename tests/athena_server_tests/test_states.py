from __future__ import annotations

import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.athena_server import RESULTS, AthenaServer
from tests.athena_server_tests.conftest import finished, start

_ENDLESS = """
SELECT count(*) FROM UNNEST(sequence(1, 9000)) a (x), UNNEST(sequence(1, 9000)) b (y),
  UNNEST(sequence(1, 9000)) c (z) WHERE x * y * z = 7
"""


def _execution(client: Any, query_id: str) -> dict[str, Any]:
    return dict(client.get_query_execution(QueryExecutionId=query_id)["QueryExecution"])


def _until(athena: AthenaServer, query_id: str, state: str) -> None:
    """Wait until it stands so; nothing else tells of the change."""
    tick = threading.Event()
    while athena.executions[query_id].state != state:
        tick.wait(0.005)


def test_a_query_goes_through_its_states(tables: AthenaServer, client: Any) -> None:
    """Gates hold it in QUEUED and in RUNNING, where bytes grow."""
    tables.queued_gate.clear()
    tables.gate.clear()
    query_id = start(client, "SELECT * FROM flows")
    assert _execution(client, query_id)["Status"]["State"] == "QUEUED"
    tables.report_progress(0.5)
    tables.queued_gate.set()
    _until(tables, query_id, "RUNNING")
    while not tables.executions[query_id].planned_bytes:
        threading.Event().wait(0.005)
    halfway = _execution(client, query_id)["Statistics"]["DataScannedInBytes"]
    tables.gate.set()
    tables.executions[query_id].done.wait(30)
    done = _execution(client, query_id)
    assert done["Status"]["State"] == "SUCCEEDED"
    assert done["Status"]["CompletionDateTime"] >= done["Status"]["SubmissionDateTime"]
    assert halfway == done["Statistics"]["DataScannedInBytes"] // 2 > 0
    assert (done["StatementType"], done["SubstatementType"]) == ("DML", "SELECT")
    assert done["ResultConfiguration"]["OutputLocation"] == f"{RESULTS}{query_id}.csv"


def test_stopping_interrupts_what_runs(athena: AthenaServer, client: Any) -> None:
    """A query that would take hours is over when it is stopped; stopping again does nothing."""
    query_id = start(client, _ENDLESS)
    while athena.executions[query_id].connection is None:
        threading.Event().wait(0.005)
    for _ in range(2):
        client.stop_query_execution(QueryExecutionId=query_id)
    status = _execution(client, query_id)["Status"]
    assert (status["State"], status["StateChangeReason"]) == (
        "CANCELLED",
        "Query cancelled by user",
    )
    with pytest.raises(ClientError, match="Could not find results"):
        client.get_query_results(QueryExecutionId=query_id)


@pytest.mark.parametrize("gate", ["queued_gate", "gate"])
def test_held_queries_can_be_stopped(tables: AthenaServer, client: Any, gate: str) -> None:
    """The gate holds nobody back from stopping."""
    getattr(tables, gate).clear()
    query_id = start(client, "SELECT * FROM flows")
    client.stop_query_execution(QueryExecutionId=query_id)
    assert tables.executions[query_id].done.wait(30)
    assert _execution(client, query_id)["Status"]["State"] == "CANCELLED"


def test_a_query_that_succeeded_stays_so(athena: AthenaServer, client: Any) -> None:
    """StopQueryExecution of a finished query is no error and changes nothing."""
    done = finished(athena, client, "SELECT 1")
    client.stop_query_execution(QueryExecutionId=done["QueryExecutionId"])
    assert _execution(client, done["QueryExecutionId"])["Status"]["State"] == "SUCCEEDED"


def test_the_work_groups_limit_cancels(tables: AthenaServer, client: Any) -> None:
    """BytesScannedCutoffPerQuery: CANCELLED with a reason, and the bytes up to it are billed."""
    updates = {"BytesScannedCutoffPerQuery": 10_000_000}
    client.update_work_group(WorkGroup="primary", ConfigurationUpdates=updates)
    assert finished(tables, client, "SELECT * FROM flows")["Status"]["State"] == "SUCCEEDED"
    tables.put("s3://logs/2026/11/21/big.log", b"x" * 10_000_001)
    over = finished(tables, client, "SELECT * FROM flows")
    assert over["Status"]["State"] == "CANCELLED"
    assert "Bytes scanned limit" in over["Status"]["StateChangeReason"]
    assert over["Statistics"]["DataScannedInBytes"] == 10_000_000


def test_failures_are_described(athena: AthenaServer, client: Any) -> None:
    """AthenaError tells category, type, and whether trying again may help."""
    athena.fail_query("expensive", "Query exhausted resources at this scale factor", type=1)
    failed = finished(athena, client, "SELECT 1 AS expensive")["Status"]
    assert failed["State"] == "FAILED"
    assert failed["AthenaError"] == {
        "ErrorCategory": 1,
        "ErrorType": 1,
        "Retryable": True,
        "ErrorMessage": "Query exhausted resources at this scale factor",
    }
    wrong = finished(athena, client, "SELECT nope")["Status"]
    assert wrong["AthenaError"]["ErrorCategory"] == 2
    assert not wrong["AthenaError"]["Retryable"]


def test_only_so_many_run_at_once(tables: AthenaServer, client: Any) -> None:
    """Beyond the account's limit a start is refused with TooManyRequestsException."""
    tables.gate.clear()
    tables.max_active = 2
    for n in range(2):
        start(client, f"SELECT {n} FROM flows")
    with pytest.raises(ClientError, match="TooManyRequests"):
        start(client, "SELECT 3 FROM flows")


def test_the_same_token_starts_one_query(tables: AthenaServer, client: Any) -> None:
    """The same ClientRequestToken finds the same query; with other parameters it is refused."""
    token = {"ClientRequestToken": "t" * 32}
    first = start(client, "SELECT 1", **token)
    assert start(client, "SELECT 1", **token) == first
    with pytest.raises(ClientError, match="Idempotent parameters do not match"):
        start(client, "SELECT 2", **token)
    assert [e.request.get("ClientRequestToken") for e in tables.executions.values()].count(
        "t" * 32
    ) == 1


def test_results_are_used_again(tables: AthenaServer, client: Any) -> None:
    """Result reuse scans nothing, as long as the text is the same and the file still there."""
    age = {"ResultReuseByAgeConfiguration": {"Enabled": True, "MaxAgeInMinutes": 60}}
    reuse = {"ResultReuseConfiguration": age}
    first = finished(tables, client, "SELECT srcaddr FROM flows", **reuse)
    again = finished(tables, client, "SELECT srcaddr FROM flows", **reuse)
    other = finished(tables, client, "SELECT srcaddr  FROM flows", **reuse)
    assert first["Statistics"]["DataScannedInBytes"] > 0
    assert again["Statistics"]["DataScannedInBytes"] == 0
    assert again["Statistics"]["ResultReuseInformation"] == {"ReusedPreviousResult": True}
    assert again["ResultConfiguration"] == first["ResultConfiguration"]
    assert not other["Statistics"]["ResultReuseInformation"]["ReusedPreviousResult"]


def test_unknown_ids_are_refused(client: Any) -> None:
    """An id that was never given is InvalidRequestException."""
    for call in (client.get_query_execution, client.stop_query_execution, client.get_query_results):
        with pytest.raises(ClientError, match="was not found") as error:
            call(QueryExecutionId="nope")
        assert error.value.response["Error"]["Code"] == "InvalidRequestException"


def test_many_are_asked_for_at_once(athena: AthenaServer, client: Any) -> None:
    """BatchGetQueryExecution takes 50 ids, names the unknown ones, and refuses more."""
    known = start(client, "SELECT 1")
    answer = client.batch_get_query_execution(QueryExecutionIds=[known, "nope"])
    assert [e["QueryExecutionId"] for e in answer["QueryExecutions"]] == [known]
    assert [e["QueryExecutionId"] for e in answer["UnprocessedQueryExecutionIds"]] == ["nope"]
    with pytest.raises(ClientError, match="less than or equal to 50"):
        client.batch_get_query_execution(QueryExecutionIds=[known] * 51)


def test_history_is_listed_newest_first(athena: AthenaServer, client: Any) -> None:
    """ListQueryExecutions gives 50 ids a page, of one work group."""
    ids = [start(client, f"SELECT {n}") for n in range(12)]
    client.create_work_group(Name="other")
    first = client.list_query_executions(MaxResults=10)
    second = client.list_query_executions(MaxResults=10, NextToken=first["NextToken"])
    assert first["QueryExecutionIds"] + second["QueryExecutionIds"] == ids[::-1]
    assert "NextToken" not in second
    assert client.list_query_executions(WorkGroup="other")["QueryExecutionIds"] == []


def test_runtime_statistics(tables: AthenaServer, client: Any) -> None:
    """GetQueryRuntimeStatistics tells rows and bytes."""
    done = finished(tables, client, "SELECT srcaddr FROM flows")
    answer = client.get_query_runtime_statistics(QueryExecutionId=done["QueryExecutionId"])
    assert answer["QueryRuntimeStatistics"]["Rows"]["OutputRows"] == 69
