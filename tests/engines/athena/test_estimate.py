"""What a question will read, said before it runs, beside what Athena then bills."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flowtui.domain.comparing import compared
from flowtui.domain.executions import Statement
from flowtui.domain.filterline import parse_filter
from flowtui.domain.schema import TableSchema
from flowtui.domain.views import View
from flowtui.engines.athena.address import TableAddress
from flowtui.engines.athena.clients import AwsSettings
from flowtui.engines.athena.engine import AthenaEngine, AthenaOptions
from flowtui.library import load_library
from flowtui.sql import compile_sql, compile_view
from flowtui.sql.ddl import Partitioning, TableDefinition, create_table, repair_table
from tests.engines.athena.conftest import HEADER, LINE
from tests.engines.athena.test_engine import Put, Run, ended, wait

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ACCOUNTS, REGIONS = ("012345678901", "123456789012"), ("eu-west-1", "us-east-1")


@pytest.fixture(params=[Partitioning.DAY, Partitioning.HIVE], ids=["projected", "registered"])
def engine(
    request: pytest.FixtureRequest, logs: Put, run_ddl: Run, tmp_path: Path
) -> Iterator[AthenaEngine]:
    """A table of two accounts, two regions and three days, every file of another size."""
    is_hive = request.param is Partitioning.HIVE
    places = [(a, r, d) for a in ACCOUNTS for r in REGIONS for d in ("22", "23", "24")]
    for number, (account, region, day) in enumerate(places, start=1):
        folder = f"AWSLogs/{account}/vpcflowlogs/{region}/2026/11/{day}"
        if is_hive:
            folder = (
                f"AWSLogs/aws-account-id={account}/aws-service=vpcflowlogs/aws-region={region}/"
                f"year=2026/month=11/day={day}"
            )
        logs(f"{folder}/a.log", "\n".join([HEADER, *[LINE] * number, ""]))
    table = TableDefinition(
        "flows", "s3://logs/AWSLogs/", partitioning=request.param, accounts=ACCOUNTS,
        regions=REGIONS,
    )  # fmt: skip
    run_ddl(create_table(table))
    if is_hive:
        run_ddl(repair_table(table))
    engine = AthenaEngine(
        TableAddress("default", "flows"),
        AwsSettings(),
        results_root=tmp_path / "results",
        options=AthenaOptions(output_location="s3://results/", reuse_minutes=0),
    )
    engine.connect()
    yield engine
    engine.close()


def asked(line: str, schema: TableSchema) -> Statement:
    """A count under that filter."""
    return compile_sql("SELECT count(*) AS n FROM flows", parse_filter(line, now=NOW), schema, NOW)


@pytest.mark.parametrize(
    "line",
    [
        "from:2026-11-23T00:00Z to:2026-11-23T12:00Z",
        "region:eu-west-1 from:2026-11-22T10:00Z to:2026-11-23T10:00Z",
        "account_id:012345678901 region:us-east-1,eu-west-1 last:12h",
        "region:us-east-1",
    ],
)
def test_it_is_what_athena_then_reads(line: str, engine: AthenaEngine) -> None:
    """By time, region and account: the bytes that are billed, or a bound that says so."""
    statement = asked(line, engine.schema)
    estimate = engine.estimate(statement)
    execution = wait(engine, engine.submit(statement), ended)
    assert not estimate.is_lower_bound
    if estimate.is_upper_bound:
        assert (estimate.bytes or 0) > (execution.scanned_bytes or 0)
        assert statement.time is None
    else:
        assert estimate.bytes == execution.scanned_bytes


def test_what_was_not_counted_is_not_called_little(
    engine: AthenaEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is more to list than is worth it, what was seen is a floor, and said so."""
    monkeypatch.setattr("flowtui.engines.athena.estimate._MOST_LISTINGS", 3)
    time = f"from:{NOW - timedelta(days=2):%Y-%m-%d}"
    estimate = engine.estimate(asked(time, engine.schema))
    assert estimate.is_lower_bound
    assert estimate.bytes
    assert estimate.partitions is None


@pytest.mark.parametrize(("against", "days"), [("previous", "23,24"), ("-2d", "22,24")])
def test_two_windows_cost_what_both_read(engine: AthenaEngine, against: str, days: str) -> None:
    """A comparison reads the partitions of both windows, and none of the days between them."""
    query = compared(load_library(None).get("top-accepted-pairs"), against)
    last_day = "from:2026-11-24T00:00Z to:2026-11-24T12:00Z region:eu-west-1"
    view = View(query, parse_filter(last_day, now=NOW))
    statement = compile_view(view, engine.schema, NOW)
    estimate = engine.estimate(statement)
    run = wait(engine, engine.submit(statement), ended)
    assert estimate.bytes == run.scanned_bytes
    apart = [
        engine.estimate(asked(f"from:2026-11-{day}T00:00Z to:2026-11-{day}T12:00Z region:eu-west-1",
                              engine.schema)).bytes or 0
        for day in days.split(",")
    ]  # fmt: skip
    assert estimate.bytes == sum(apart)
