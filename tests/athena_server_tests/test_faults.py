from __future__ import annotations

import http.client
import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError, ResponseStreamingError

from tests.athena_server import RESULTS, AthenaServer
from tests.athena_server_tests.conftest import finished, start


def _identity(athena: AthenaServer) -> Any:
    return athena.client("sts").get_caller_identity()


def _object(athena: AthenaServer) -> Any:
    return athena.client("s3").get_object(Bucket="results", Key="x")["Body"].read()


def _table(athena: AthenaServer) -> Any:
    return athena.client("glue").get_tables(DatabaseName="default")


def _query(athena: AthenaServer) -> Any:
    return start(athena.client("athena"), "SELECT 1")


_CALLS = {
    "STS.GetCallerIdentity": _identity,
    "S3.GetObject": _object,
    "Glue.GetTables": _table,
    "Athena.StartQueryExecution": _query,
}


@pytest.mark.parametrize("operation", list(_CALLS))
@pytest.mark.parametrize(
    ("code", "status"), [("ExpiredTokenException", 400), ("AccessDenied", 403)]
)
def test_errors_arrive_as_the_service_writes_them(
    athena: AthenaServer, operation: str, code: str, status: int
) -> None:
    """Every service's client reads the code of a fault, and the call log tells of it."""
    athena.put(f"{RESULTS}x", b"body")
    athena.fault(operation, code=code, message="no", status=status)
    with pytest.raises(ClientError) as error:
        _CALLS[operation](athena)
    assert error.value.response["Error"]["Code"] == code
    assert [call.fault for call in athena.ops(operation)] == [code]
    assert _CALLS[operation](athena)


@pytest.mark.parametrize(
    "fault",
    [
        {"code": "ThrottlingException"},
        {"status": 503, "html": True},
        {"drop": True},
        {"drop": True, "is_done": True},
        {"truncate": 10},
    ],
)
@pytest.mark.parametrize("operation", ["Athena.StartQueryExecution", "Athena.GetQueryExecution"])
def test_passing_troubles_are_retried(
    athena: AthenaServer, client: Any, operation: str, fault: dict[str, Any]
) -> None:
    """The real client tries again, and never starts a second query."""
    athena.fault(operation, **fault)
    done = finished(athena, client, "SELECT 1")
    assert done["Status"]["State"] == "SUCCEEDED"
    assert len(athena.executions) == 1
    assert len(athena.ops(operation)) == 2


def test_bodies_can_break_off(athena: AthenaServer) -> None:
    """An S3 object's body ends too early, as its reader notices."""
    athena.put(f"{RESULTS}x", b"b" * 5000)
    athena.fault("S3.GetObject", truncate=1000)
    with pytest.raises(ResponseStreamingError):
        _object(athena)
    assert _object(athena) == b"b" * 5000


def test_a_call_can_be_held(athena: AthenaServer, client: Any) -> None:
    """A blocked call waits until it is released, then has its real answer."""
    blocked = athena.block("Athena.StartQueryExecution")
    ids: list[str] = []
    thread = threading.Thread(target=lambda: ids.append(start(client, "SELECT 1")))
    thread.start()
    assert blocked.arrived.wait(30)
    assert ids == []
    blocked.release()
    thread.join(30)
    assert list(athena.executions) == ids


def test_faults_go_by_pattern_and_number(athena: AthenaServer) -> None:
    """`Glue.*` strikes whatever Glue is asked, as often as it says."""
    athena.fault("Glue.*", code="AccessDeniedException", times=2)
    glue = athena.client("glue")
    for call in (glue.get_databases, glue.get_databases):
        with pytest.raises(ClientError, match="AccessDenied"):
            call()
    assert glue.get_databases()["DatabaseList"]
    glue.close()


def test_the_call_log_tells_when_and_what(athena: AthenaServer, client: Any) -> None:
    """Each call has a time, an operation and its request; a reset empties it."""
    start(client, "SELECT 1")
    (call,) = athena.calls
    assert call.operation == "Athena.StartQueryExecution"
    assert call.request["QueryString"] == "SELECT 1"
    assert call.at > 0
    athena.reset()
    assert athena.calls == []


def test_connections_stay_open(athena: AthenaServer, client: Any) -> None:
    """Fifty calls go over one connection, as they do with AWS."""
    connection = http.client.HTTPConnection(athena.url.removeprefix("http://"))
    connection.connect()
    socket = connection.sock
    for _ in range(50):
        connection.request("POST", "/", b"{}", {"X-Amz-Target": "AmazonAthena.ListDataCatalogs"})
        assert b"AwsDataCatalog" in connection.getresponse().read()
        assert connection.sock is socket
    connection.close()
