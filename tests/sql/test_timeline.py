from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from flowtui.domain.filterline import parse_filter
from flowtui.domain.timelines import Grid, Tally, Timeline
from flowtui.domain.times import TimeRange
from flowtui.sql import compile_view, to_duckdb
from flowtui.sql.timeline import timeline_view
from tests.sql.records import BASE, NOW
from tests.sql.tables import LOCAL_V2, TABLES, connect, fill

HOUR = Grid(BASE, BASE + 3600, 300)
HOUR_LINE = "from:2026-11-24T10:00Z to:2026-11-24T11:00Z"


@dataclass(frozen=True)
class Record:
    """A record as far as a timeline reads it."""

    start: int | None
    end: int | None
    packets: int | None
    bytes: int | None
    action: str | None
    log_status: str = "OK"


@cache
def table() -> duckdb.DuckDBPyConnection:
    """A local table without records."""
    connection = connect()
    columns = ", ".join(
        f'"{c.name}" {"BIGINT" if c.type in ("int", "bigint") else "VARCHAR"}'
        for c in LOCAL_V2.columns
    )
    connection.execute(f"CREATE TABLE vpc_flow_logs ({columns})")
    return connection


def ask(records: list[Record], grid: Grid, line: str = "") -> Timeline:
    """The timeline of some records, by DuckDB."""
    connection = table()
    connection.execute("DELETE FROM vpc_flow_logs")
    if records:
        connection.executemany(
            'INSERT INTO vpc_flow_logs (start, "end", packets, bytes, action, log_status, '
            "interface_id) VALUES (?, ?, ?, ?, ?, ?, 'eni-1')",
            [[r.start, r.end, r.packets, r.bytes, r.action, r.log_status] for r in records],
        )
    view = timeline_view(parse_filter(line, now=NOW), grid)
    statement = compile_view(view, LOCAL_V2, NOW)
    return Timeline.of_rows(grid, connection.execute(to_duckdb(statement.sql)).fetchall())


def grid_index(instant: int, grid: Grid) -> int:
    """The bucket, -1 before the time in view, the number of buckets after it."""
    if instant < grid.since:
        return -1
    return grid.index(instant) if instant < grid.until else len(grid)


def naive(record: Record, amount: int, grid: Grid) -> Counter[int]:
    """A record's bytes or packets by bucket, each of its seconds having the same part of them."""
    assert record.start is not None
    seconds = 1
    if record.end is not None and 0 <= record.end - record.start < 86400:
        seconds = record.end - record.start + 1
    found: Counter[int] = Counter()
    for instant in range(record.start, record.start + seconds):
        found[grid_index(instant, grid)] += amount
    return Counter({index: part // seconds for index, part in found.items()})


FOUND = (Phase.explicit, Phase.reuse, Phase.generate)
NEAR = st.integers(BASE - 2000, BASE + 5600)
RECORDS = st.builds(
    lambda start, length, packets, size, action: Record(
        start, start + length, packets, size, action
    ),
    NEAR,
    st.integers(-5, 700) | st.sampled_from([86_400, 10**9]),
    st.integers(0, 10**6),
    st.integers(0, 10**12) | st.just(2**53 - 1),
    st.sampled_from(["ACCEPT", "REJECT", None]),
)
GRIDS = st.builds(
    lambda since, length, width_s: Grid(since, since + length, width_s),
    st.integers(BASE - 100, BASE + 1000),
    st.integers(1, 4000),
    st.sampled_from([10, 30, 60, 300, 900, 3600]),
)


@settings(max_examples=40, deadline=None, phases=FOUND)
@given(st.lists(RECORDS, max_size=6), GRIDS)
def test_every_bucket_is_what_counting_by_seconds_gives(records: list[Record], grid: Grid) -> None:
    """Bytes and packets of each bucket are those of its seconds, but for a byte of each record."""
    found = ask(records, grid)
    for index, slot in enumerate([found.before, *found.slots, found.after], start=-1):
        packets = sum(naive(record, record.packets or 0, grid)[index] for record in records)
        size = sum(naive(record, record.bytes or 0, grid)[index] for record in records)
        assert abs(slot.total.packets - packets) <= len(records)
        assert abs(slot.total.bytes - size) <= len(records)
        begun = [r for r in records if r.start is not None and grid_index(r.start, grid) == index]
        assert slot.total.records == len(begun)


@settings(max_examples=40, deadline=None, phases=FOUND)
@given(st.lists(RECORDS, max_size=8), GRIDS)
def test_the_buckets_add_up_to_the_records(records: list[Record], grid: Grid) -> None:
    """Inside and outside together are all that was asked for, by verdict, to the byte."""
    total = ask(records, grid).total
    for action, tally in (
        ("ACCEPT", total.accepted), ("REJECT", total.rejected), (None, total.other),
    ):  # fmt: skip
        own = [record for record in records if record.action == action]
        packets = sum(record.packets or 0 for record in own)
        assert tally == Tally(len(own), packets, sum(record.bytes or 0 for record in own))


def test_a_long_window_makes_no_spike() -> None:
    """Ten minutes of traffic stand in all ten of its minutes, its one record in the first."""
    grid = Grid(BASE, BASE + 600, 60)
    found = ask([Record(BASE, BASE + 599, 20, 6000, "ACCEPT")], grid)
    assert [slot.accepted.bytes for slot in found.slots] == [600] * 10
    assert [slot.accepted.packets for slot in found.slots] == [2] * 10
    assert [slot.accepted.records for slot in found.slots] == [1] + [0] * 9


def test_what_lies_outside_is_told_apart() -> None:
    """Of a record that straddles the range only its seconds inside are in a bucket."""
    grid = Grid(BASE, BASE + 60, 60)
    found = ask([Record(BASE - 30, BASE + 89, 12, 120, "REJECT")], grid)
    assert found.before.rejected == Tally(1, 3, 30)
    assert found.slots[0].rejected == Tally(0, 6, 60)
    assert found.after.rejected == Tally(0, 3, 30)


@pytest.mark.parametrize(
    "record",
    [
        Record(None, None, 1, 5, "ACCEPT"),
        Record(BASE, None, 1, 5, "ACCEPT"),
        Record(-(2**63), 2**63 - 1, 1, 5, "ACCEPT"),
        Record(2**63 - 1, 2**63 - 1, 1, 5, "ACCEPT"),
        Record(2**63 - 1, -(2**63), 1, 5, "ACCEPT"),
        Record(BASE, 2**63 - 1, 1, 5, "ACCEPT"),
        Record(-(2**63), BASE, 1, 5, "ACCEPT"),
        Record(BASE + 10**12, BASE, 1, 5, "ACCEPT"),
    ],
)
def test_absurd_times_are_counted_and_harm_nobody(record: Record) -> None:
    """No time of a record makes the question fail, or gets its bytes lost."""
    assert ask([record], HOUR).total.accepted == Tally(1, 1, 5)


@pytest.mark.parametrize("size", [2**63 - 1, -(2**63), 2**53 + 1, None])
@pytest.mark.parametrize("seconds", [1, 300, 301, 777])
def test_absurd_sizes_stay_whole(size: int | None, seconds: int) -> None:
    """The greatest number that a log can hold is spread without losing a byte."""
    total = ask([Record(BASE, BASE + seconds - 1, size, size, "ACCEPT")], HOUR).total
    assert total.accepted == Tally(1, size or 0, size or 0)


def test_lost_windows_are_told_in_each_bucket_that_they_touch() -> None:
    """A SKIPDATA window is no record; NODATA is nothing at all."""
    found = ask(
        [
            Record(BASE + 290, BASE + 610, None, None, None, "SKIPDATA"),
            Record(BASE, BASE + 60, None, None, None, "NODATA"),
        ],
        HOUR,
    )
    assert [slot.lost for slot in found.slots[:4]] == [1, 1, 1, 0]
    assert found.total.total == Tally()


@pytest.mark.parametrize(
    ("line", "lost"),
    [
        ("action:REJECT dstport:22", 1),
        ("once:on", 1),
        ("interface_id:eni-1", 1),
        ("interface_id:eni-2", 0),
        ("interface_id:eni-2 dstport:22", 0),
        ("from:2026-11-24T10:30Z", 0),
        ("log_status:OK", 0),
    ],
)
def test_a_filter_hides_no_lost_window_that_it_does_not_mean(line: str, lost: int) -> None:
    """What a SKIPDATA row does not tell cannot leave it out; its interface and time can."""
    rows = [Record(BASE, BASE + 60, None, None, None, "SKIPDATA")]
    assert sum(slot.lost for slot in ask(rows, HOUR, line).slots) == lost


@pytest.fixture(scope="module", params=TABLES)
def layout(request: pytest.FixtureRequest) -> Iterator[tuple[str, duckdb.DuckDBPyConnection]]:
    """Each table layout, filled with the twenty records."""
    connection = connect()
    fill(connection, TABLES[request.param])
    yield request.param, connection
    connection.close()


@pytest.mark.parametrize(
    ("line", "accepted", "rejected"),
    [(HOUR_LINE, 14, 4), (f"action:REJECT {HOUR_LINE}", 0, 4), (f"once:on {HOUR_LINE}", 12, 4)],
)
def test_it_works_on_every_table(
    layout: tuple[str, duckdb.DuckDBPyConnection], line: str, accepted: int, rejected: int
) -> None:
    """Whatever a table calls its columns, and however it is partitioned, the counts are right."""
    name, connection = layout
    view = timeline_view(parse_filter(line, now=NOW), HOUR)
    statement = compile_view(view, TABLES[name], NOW)
    rows = connection.execute(to_duckdb(statement.sql)).fetchall()
    total = Timeline.of_rows(HOUR, rows).total
    assert (total.accepted.records, total.rejected.records) == (accepted, rejected)
    assert total.other.records == 0
    assert statement.has_partition_predicate is bool(TABLES[name].partition_keys)


def test_the_same_question_is_the_same_text() -> None:
    """Athena's result reuse can answer: no clock and no order of a set is in it."""
    time = TimeRange(datetime.fromtimestamp(BASE, UTC), datetime.fromtimestamp(BASE + 3600, UTC))
    first, again = (
        compile_view(
            timeline_view(parse_filter(HOUR_LINE, now=now), Grid.of(time, 60)),
            TABLES["docs"],
            now,
        ).sql
        for now in (NOW, datetime(2027, 1, 1, tzinfo=UTC))
    )
    assert first == again
