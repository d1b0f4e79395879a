from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.filterline import parse_filter
from flowtui.domain.partitions import value_at
from flowtui.domain.schema import PartitionKey, PartitionRole, TableSchema
from flowtui.domain.times import TimeRange
from flowtui.sql import compile_sql, to_duckdb
from flowtui.sql.pruning import time_partitions
from tests.sql.records import NOW
from tests.sql.tables import DOCS, HOURLY, HYPHENS, LOCAL, PROJECTION, TEXT, UNPADDED, connect

R = PartitionRole
MONTHS = (PartitionKey("year", "string", R.YEAR), PartitionKey("month", "string", R.MONTH))
LAYOUTS = {
    "docs": DOCS.partition_keys,
    "projection": PROJECTION.partition_keys,
    "hourly": HOURLY.partition_keys,
    "hyphens": HYPHENS.partition_keys,
    "unpadded": UNPADDED.partition_keys,
    "text": TEXT.partition_keys,
    "months": MONTHS,
    "number": (PartitionKey("eventday", "int", R.DATE, format="yyyyMMdd"),),
}
CONNECTION = connect()
INSTANTS = st.datetimes(datetime(2023, 11, 1), datetime(2027, 2, 1), timezones=st.just(UTC))  # noqa: DTZ001


def _admits(keys: tuple[PartitionKey, ...], time: TimeRange, moment: datetime) -> bool:
    """Whether the predicate lets the partition of that moment through, asked of DuckDB."""
    predicate = time_partitions(keys, time)
    if predicate is None:
        return True
    values = ", ".join(_literal(key, moment) for key in keys if value_at(key, moment))
    names = ", ".join(f'"{key.name}"' for key in keys if value_at(key, moment))
    sql = f"SELECT count(*) AS n FROM (VALUES ({values})) AS t({names}) WHERE "
    ((count,),) = CONNECTION.execute(to_duckdb(sql + predicate.sql("athena"))).fetchall()
    return bool(count)


def _literal(key: PartitionKey, moment: datetime) -> str:
    value = value_at(key, moment)
    if key.type == "int":
        return f"CAST('{value}' AS integer)"
    return f"DATE '{value}'" if key.type == "date" else f"'{value}'"


@given(
    layout=st.sampled_from(sorted(LAYOUTS)),
    since=INSTANTS,
    length=st.timedeltas(timedelta(seconds=1), timedelta(days=500)),
    place=st.floats(0, 1),
    late=st.timedeltas(timedelta(0), timedelta(minutes=30)),
)
def test_no_wanted_record_is_pruned(
    layout: str, since: datetime, length: timedelta, place: float, late: timedelta
) -> None:
    """Every partition in which a record of the range can lie is admitted, on every layout."""
    since = since.replace(microsecond=0)
    until = since + timedelta(seconds=round(length.total_seconds()))
    end = since + (until - since) * place + late
    for time in (TimeRange(since, until), TimeRange(since), TimeRange(None, until)):
        assert _admits(LAYOUTS[layout], time, end)


@given(
    layout=st.sampled_from(["docs", "projection", "hourly", "hyphens", "unpadded", "text"]),
    since=INSTANTS,
    length=st.timedeltas(timedelta(seconds=1), timedelta(days=500)),
    far=st.timedeltas(timedelta(days=1, hours=2), timedelta(days=400)),
)
def test_far_partitions_are_pruned(
    layout: str, since: datetime, length: timedelta, far: timedelta
) -> None:
    """Partitions a day before the range, or a day after its end, are left out."""
    since = since.replace(microsecond=0)
    until = since + timedelta(seconds=round(length.total_seconds()) or 1)
    for time in (TimeRange(since, until), TimeRange(since), TimeRange(None, until)):
        assert time.since is None or not _admits(LAYOUTS[layout], time, since - far)
        assert time.until is None or not _admits(LAYOUTS[layout], time, until + far)


@pytest.mark.parametrize(
    ("layout", "line", "predicate"),
    [
        ("docs", "from:2026-11-24T10:00Z to:2026-11-24T11:00Z",
         "date = CAST('2026-11-24' AS DATE)"),
        ("projection", "from:2026-11-24T10:00Z to:2026-11-24T23:30Z",
         "day >= '2026/11/24' AND day <= '2026/11/25'"),
        ("hourly", "from:2026-11-24T10:00Z to:2026-11-24T11:00Z",
         "date = '2026/11/24' AND hour IN ('10', '11')"),
        ("hyphens", "from:2026-11-24", "(year = '2026' AND ((month = '11' AND day IN ('24', "
         "'25', '26', '27', '28', '29', '30', '31')) OR month = '12')) OR year >= '2027'"),
        ("unpadded", "from:2026-01-09 to:2026-01-10T12:00Z",
         "year = 2026 AND month = 1 AND day IN ('9', '10')"),
        ("months", "from:2025-12-31 to:2026-02-01T12:00Z",
         "(year = '2025' AND month = '12') OR (year = '2026' AND month IN ('01', '02'))"),
    ],
)  # fmt: skip
def test_predicates_are_simple(layout: str, line: str, predicate: str) -> None:
    """Predicates compare single keys, which partition projection understands."""
    time = parse_filter(line, now=NOW).time
    assert isinstance(time, TimeRange)
    found = time_partitions(LAYOUTS[layout], time)
    assert found is not None
    assert found.unnest().sql("athena") == predicate


def test_regions_and_accounts_prune_when_named() -> None:
    """Keys that time does not decide stay out unless the filter names their field."""
    line = parse_filter("region:eu-west-1 account:012345678901 -region:us-east-1", now=NOW)
    sql = compile_sql("SELECT count(*) AS n FROM flows", line, PROJECTION, NOW).sql
    assert "accid = '012345678901'" in sql
    assert "region = 'eu-west-1'" in sql
    none = compile_sql(
        "SELECT count(*) AS n FROM flows", parse_filter("", now=NOW), PROJECTION, NOW
    )
    assert "accid" not in none.sql
    assert not none.has_partition_predicate


def test_required_keys_are_asked_for() -> None:
    """A key without which Athena fails is named in a note until the filter gives it."""
    key = PartitionKey("accid", "string", R.ACCOUNT, is_required=True)
    schema = TableSchema("t", DOCS.columns, (key,), database="d")
    sql = "SELECT count(*) AS n FROM flows"
    assert "account_id" in compile_sql(sql, parse_filter("", now=NOW), schema, NOW).notes[0]
    given_ = parse_filter("account:012345678901", now=NOW)
    assert compile_sql(sql, given_, schema, NOW).notes == ()


def test_local_sources_have_no_partitions() -> None:
    """The local engine prunes files by `Statement.time` itself."""
    statement = compile_sql(
        "SELECT count(*) AS n FROM flows", parse_filter("last:1h", now=NOW), LOCAL, NOW
    )
    assert statement.time == TimeRange(
        datetime(2026, 11, 24, 9, 31, tzinfo=UTC), datetime(2026, 11, 24, 10, 31, tzinfo=UTC)
    )
    assert not statement.has_partition_predicate
