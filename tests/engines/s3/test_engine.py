from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flowtui.domain.executions import Progress, QueryExecution, QueryState, Statement
from flowtui.domain.times import TimeRange
from flowtui.engines.athena.clients import AwsSettings
from flowtui.engines.s3.engine import S3Engine
from flowtui.errors import ConnectError
from tests.athena_server import AthenaServer
from tests.engines.s3.conftest import BUCKET, Put

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = TimeRange(NOON - timedelta(hours=1), NOON)
HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
    "start end action log-status"
)
COUNT = "SELECT count(*) AS n FROM vpc_flow_logs"


def log(moment: datetime, records: int) -> bytes:
    """A log file of so many records that end in the five minutes from the moment on."""
    start = int(moment.timestamp())
    line = f"2 012345678901 eni-1 10.0.0.1 10.0.0.2 40000 443 6 1 40 {start} {start + 60} ACCEPT OK"
    return gzip.compress("\n".join([HEADER, *[line] * records, ""]).encode())


@pytest.fixture
def day(put: Put) -> None:
    """Files every five minutes from ten to noon, ten records each; one of the week before."""
    for minutes in range(0, 120, 5):
        moment = NOON - timedelta(hours=2) + timedelta(minutes=minutes)
        put(moment, log(moment, 10))
    put(NOON - timedelta(days=7), log(NOON - timedelta(days=7), 10))


@pytest.fixture
def engine(day: None, tmp_path: Path) -> Iterator[S3Engine]:
    """Connected, looking at the last hour before noon."""
    engine = S3Engine(
        f"s3://{BUCKET}/AWSLogs/",
        AwsSettings(),
        name="logs",
        time=HOUR,
        downloads_root=tmp_path / "s3",
        cache_root=tmp_path / "cache",
    )
    engine.connect()
    yield engine
    engine.close()


def finish(engine: S3Engine, id: str) -> QueryExecution:
    """The execution once it is over."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        execution = engine.wait(id, 0.05)
        if execution.state.is_terminal and (
            execution.is_complete or execution.state is not QueryState.SUCCEEDED
        ):
            return execution
    raise AssertionError(f"still {engine.poll(id)}")


def count(engine: S3Engine, time: TimeRange | None, sql: str = COUNT) -> int:
    """How many records a statement over that time counts."""
    execution = finish(engine, engine.submit(Statement(sql, time=time)))
    assert execution.state is QueryState.SUCCEEDED, execution.reason
    ((n,),) = engine.results(execution.id).page(0, 1).rows
    assert isinstance(n, int)
    return n


def in_range(span: TimeRange) -> str:
    """The counting statement with its bounds, as the SQL layer writes them."""
    assert span.since is not None
    assert span.until is not None
    return (
        f"{COUNT} WHERE start < {int(span.until.timestamp())} "
        f'AND "end" >= {int(span.since.timestamp())}'
    )


def test_connecting_fetches_one_object(engine: S3Engine, athena: AthenaServer) -> None:
    """The newest object tells the fields; the others wait until they are wanted."""
    assert len(athena.ops("S3.GetObject")) == 1
    assert "srcaddr" in engine.schema.fields


def test_a_window_is_answered_from_its_objects_alone(
    engine: S3Engine, athena: AthenaServer
) -> None:
    """What the hour needs is fetched, far fewer objects than there are, and never again."""
    estimate = engine.estimate(Statement(COUNT, time=HOUR))
    assert "objects to download" in estimate.basis
    assert count(engine, HOUR, in_range(HOUR)) == 120
    fetched = len(athena.ops("S3.GetObject"))
    assert 12 <= fetched < 24
    assert count(engine, HOUR, in_range(HOUR)) == 120
    assert len(athena.ops("S3.GetObject")) == fetched
    assert engine.estimate(Statement(COUNT, time=HOUR)).bytes == 0


def test_a_wider_question_fetches_the_rest(engine: S3Engine) -> None:
    """All there is means all there is, the week before included."""
    assert count(engine, None) == 250


def test_preparing_shows_progress(engine: S3Engine) -> None:
    """Downloading and converting both tell how far they are."""
    seen: list[Progress] = []
    engine.prepare(threading.Event(), seen.append)
    assert {progress.phase for progress in seen} >= {"Downloading from S3"}
    assert engine.facts().records is not None


def test_cancelling_a_download_ends_the_query(engine: S3Engine, athena: AthenaServer) -> None:
    """What has arrived is kept, and the state is CANCELLED."""
    athena.fault("S3.GetObject", status=0, delay=0.5, times=99)
    id = engine.submit(Statement(COUNT, time=None))
    wait_for(lambda: engine.poll(id).scanned_total is not None or bool(athena.ops("S3.GetObject")))
    engine.cancel(id)
    assert finish(engine, id).state is QueryState.CANCELLED
    athena.faults.clear()
    assert count(engine, None) == 250


def test_objects_that_cannot_be_had_are_named(engine: S3Engine, athena: AthenaServer) -> None:
    """The answer stands on what could be read, and says what is missing."""
    athena.fault("S3.GetObject", code="AccessDenied", message="no", status=403, times=1)
    assert count(engine, None) == 240
    (left_out,) = engine.facts().left_out
    assert left_out.path.startswith(f"s3://{BUCKET}/")
    assert "Access denied" in left_out.reason


def test_a_time_without_logs_says_so(day: None, tmp_path: Path) -> None:
    """An empty window is an error with a remedy, not an empty table."""
    later = TimeRange(NOON + timedelta(days=5), NOON + timedelta(days=6))
    engine = S3Engine(
        f"s3://{BUCKET}/",
        AwsSettings(),
        name="logs",
        time=later,
        downloads_root=tmp_path / "s3",
        cache_root=None,
    )
    with pytest.raises(ConnectError, match="No flow logs of that time"):
        engine.connect()
    engine.close()


def wait_for(condition: Callable[[], bool]) -> None:
    """Until it is so."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
