"""Zero rows on Athena are explained from catalogue and S3; no query runs for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flowtui.domain.filterline import parse_filter
from flowtui.domain.queries import SavedQuery
from flowtui.domain.schema import PartitionKey, PartitionRole
from flowtui.domain.times import TimeRange
from flowtui.domain.views import View
from flowtui.engines.athena.address import TableAddress
from flowtui.engines.athena.clients import AwsSettings
from flowtui.engines.athena.emptiness import projected_range
from flowtui.engines.athena.engine import AthenaEngine, AthenaOptions
from flowtui.library import load_library
from flowtui.session.emptiness import reasons
from flowtui.session.session import Session
from tests.athena_server import AthenaServer
from tests.engines.athena.conftest import HEADER, LINE

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
QUERY = SavedQuery("q", "Q", "SELECT srcaddr, count(*) AS n FROM flows GROUP BY srcaddr")
COLUMNS = """
  version int, account_id string, interface_id string, srcaddr string, dstaddr string,
  srcport int, dstport int, protocol bigint, packets bigint, bytes bigint, start bigint,
  `end` bigint, action string, log_status string
"""
TEXT = "ROW FORMAT DELIMITED FIELDS TERMINATED BY ' '"
PROJECTED = f"""
CREATE EXTERNAL TABLE projected ({COLUMNS})
PARTITIONED BY (accid string, day string) {TEXT} LOCATION 's3://logs/AWSLogs/'
TBLPROPERTIES (
  'skip.header.line.count' = '1', 'projection.enabled' = 'true',
  'projection.accid.type' = 'enum', 'projection.accid.values' = '012345678901',
  'projection.day.type' = 'date', 'projection.day.range' = '2026/01/01,NOW',
  'projection.day.format' = 'yyyy/MM/dd',
  'storage.location.template' = 's3://logs/AWSLogs/${{accid}}/${{day}}'
)
"""
REGISTERED = f"""
CREATE EXTERNAL TABLE registered ({COLUMNS})
PARTITIONED BY (year string, month string, day string) {TEXT} LOCATION 's3://hive/'
TBLPROPERTIES ('skip.header.line.count' = '1')
"""
Ask = Callable[[str, str], tuple[str, ...]]


@pytest.fixture
def ask(athena: AthenaServer, tmp_path: Path) -> Ask:
    """Why a table has nothing of a filter line; one log file lies under 24 November."""
    athena.put("s3://logs/AWSLogs/012345678901/2026/11/24/a.log", f"{HEADER}\n{LINE}\n".encode())
    athena.put("s3://hive/year=2026/month=11/day=09/a.log", f"{HEADER}\n{LINE}\n".encode())
    athena.put("s3://hive/year=2026/month=10/day=31/a.log", f"{HEADER}\n{LINE}\n".encode())
    for statement in (PROJECTED, REGISTERED, "MSCK REPAIR TABLE registered"):
        assert athena.run(statement).state == "SUCCEEDED"

    def why(table: str, line: str) -> tuple[str, ...]:
        session = opened(table, tmp_path)
        view = View(QUERY, parse_filter(line, now=NOW))
        found = reasons(session, view, session.compile(view), UTC, threading.Event())
        session.close()
        assert athena.ops("Athena.StartQueryExecution") == []
        return found

    return why


def opened(table: str, root: Path) -> Session:
    """A sitting over a table, at a time that stands still."""
    engine = AthenaEngine(
        TableAddress("default", table),
        AwsSettings(),
        results_root=root,
        options=AthenaOptions(output_location="s3://results/"),
    )
    session = Session(engine, clock=lambda: NOW)
    session.open()
    return session


@pytest.mark.parametrize(
    ("table", "line", "expected"),
    [
        (
            "projected",
            "account-id:999999999999 from:2026-11-24T10:00Z to:2026-11-24T11:00Z",
            "The table's partitions know 012345678901 as accid, and not 999999999999",
        ),
        (
            "projected",
            "from:2025-06-01T00:00Z to:2025-06-02T00:00Z",
            "lies before the range of partitions that the table projects, 2026/01/01,NOW",
        ),
        ("projected", "from:2027-06-01T00:00Z to:2027-06-02T00:00Z", "lies after the range"),
        (
            "projected",
            "from:2026-11-20T10:00Z to:2026-11-20T11:00Z",
            "No log file lies in the folder that it reads, below s3://logs/AWSLogs/",
        ),
        (
            "projected",
            "dstport:9999 from:2026-11-24T10:00Z to:2026-11-24T11:00Z",
            "The logs are there (1 file, ",
        ),
        (
            "registered",
            "from:2026-11-20T10:00Z to:2026-11-20T11:00Z",
            "No partition of the time asked for is registered; "
            "the newest has year 2026, month 11, day 09",
        ),
    ],
)
def test_the_first_reason_is_the_true_one(table: str, line: str, expected: str, ask: Ask) -> None:
    """Each cause is told apart, by requests that cost nothing."""
    assert expected in ask(table, line)[0]


@pytest.mark.parametrize(
    ("line", "is_said"),
    [
        ("last:1h", True),
        ("from:2026-11-24T14:45Z to:2026-11-24T14:50Z", True),
        ("from:2026-11-24T10:00Z to:2026-11-24T11:00Z", False),
    ],
)
def test_late_delivery_is_thought_of(line: str, is_said: bool, ask: Ask) -> None:
    """Only a time that touches the last twenty minutes may still be on its way."""
    assert any("still on their way" in reason for reason in ask("projected", line)) is is_said


def test_the_zone_is_thought_of(ask: Ask) -> None:
    """A time that was typed is said in UTC; `last:1h` needs no zone."""
    typed = ask("projected", "from:2026-11-24T10:00Z to:2026-11-24T11:00Z")
    assert "from:2026-11-24T10:00Z to:2026-11-24T11:00Z, in UTC" in typed[-1]
    assert not any("in UTC" in reason for reason in ask("projected", "last:1h"))


def test_what_may_not_be_looked_at_is_said(athena: AthenaServer, ask: Ask) -> None:
    """Without rights to list, no reason is made up."""
    line = "dstport:9 from:2026-11-24T10:00Z to:2026-11-24T11:00Z"
    athena.fault("S3.ListObjects", code="AccessDenied", status=403, times=99)
    found = ask("projected", line)
    assert not any("The logs are there" in reason for reason in found)
    assert any("asks Athena again" in reason for reason in found)


def test_records_held_here_tell_which_filter_is_to_blame(
    athena: AthenaServer, ask: Ask, tmp_path: Path
) -> None:
    """Once the records of the time are here, each filter is tried on them, for nothing."""
    session = opened("projected", tmp_path)
    day = "from:2026-11-24T11:00Z to:2026-11-24T13:00Z"
    records = View(load_library(None).records, parse_filter(day, now=NOW))
    *_, last = session.run(session.compile(records), threading.Event(), view=records)
    assert last.rows_ready == 1
    asked = len(athena.ops("Athena.StartQueryExecution"))
    view = View(QUERY, parse_filter(f"dstport:9999 action:ACCEPT {day}", now=NOW))
    found = reasons(session, view, session.compile(view), UTC, threading.Event())
    assert "Without dstport:9999 there would be 1 row: press f to drop it." in found
    assert len(athena.ops("Athena.StartQueryExecution")) == asked
    session.close()


@pytest.mark.parametrize(
    ("role", "format", "text", "expected"),
    [
        (PartitionRole.DATE, "yyyy/MM/dd", "2026/01/01,NOW", (datetime(2026, 1, 1, tzinfo=UTC),
                                                            NOW + timedelta(days=1))),
        (PartitionRole.DATE, "yyyy/MM/dd/HH", "2026/01/01/05, 2026/01/02/00",
         (datetime(2026, 1, 1, 5, tzinfo=UTC), datetime(2026, 1, 2, 1, tzinfo=UTC))),
        (PartitionRole.DATE, "", "NOW-3DAYS,NOW", (NOW - timedelta(days=3),
                                                   NOW + timedelta(days=1))),
        (PartitionRole.YEAR, "", "2020,2026", (datetime(2020, 1, 1, tzinfo=UTC),
                                               datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC))),
        (PartitionRole.HOUR, "", "00,23", (None, None)),
        (PartitionRole.DATE, "yyyy/MM/dd", "", (None, None)),
        (PartitionRole.DATE, "yyyy/MM/dd", "soon,later", (None, None)),
    ],
)  # fmt: skip
def test_projected_ranges(
    role: PartitionRole, format: str, text: str, expected: tuple[object, object]
) -> None:
    """Absolute, relative and by year; what is not understood limits nothing."""
    if role is PartitionRole.YEAR:
        since, until = projected_range(PartitionKey("k", "int", role), text, NOW)
        assert since == expected[0]
        assert until is not None
        assert until.year == 2026
        return
    assert projected_range(PartitionKey("k", "string", role, format), text, NOW) == expected


def test_a_time_that_is_open_lies_nowhere_outside(ask: Ask) -> None:
    """`from:` alone reaches on: it cannot lie before the range."""
    line = "dstport:9999 from:2026-11-24T10:00Z"
    assert TimeRange(NOW).until is None
    assert "outside" not in " ".join(ask("projected", line))
