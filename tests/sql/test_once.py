"""Counting once: known sets, and duplicates of every kind."""

from __future__ import annotations

import threading
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowtui.demo.story import demo_truth
from flowtui.domain.counting import Counted, Sums, counted, shrink, summary
from flowtui.domain.executions import Row
from flowtui.domain.filterline import parse_filter
from flowtui.domain.schema import TableSchema
from flowtui.domain.views import View
from flowtui.library import load_library
from flowtui.session.asides import HeldBack
from flowtui.session.counting import OnceCounted, count_once
from flowtui.session.session import Session
from flowtui.sql import compile_sql, duckdb_setup, to_duckdb
from flowtui.sql.once import COUNTED
from tests.athena_server import AthenaServer
from tests.demo_sessions import (
    athena,
    athena_process,
    demo,
    demo_objects,
    demo_tables,
    local,
    remote,
)
from tests.library.tables import BARE, DUCKDB_TYPES, NOW, SCHEMAS, Record, empty, record

__all__ = ["athena", "athena_process", "demo", "demo_objects", "demo_tables", "local", "remote"]

SHOWN = "interface_id, srcaddr, dstaddr, srcport, action, start, bytes"
V5 = SCHEMAS["docs"]
V2 = BARE["seed"]


class Table:
    """A table that is filled anew for each question."""

    def __init__(self, schema: TableSchema) -> None:
        self.schema = schema
        self._duck = duckdb.connect()
        for statement in duckdb_setup():
            self._duck.execute(statement)
        columns = ", ".join(f'"{c.name}" {DUCKDB_TYPES[c.type]}' for c in schema.columns)
        self._duck.execute(f'CREATE TABLE "{schema.table}" ({columns})')

    def ask(self, records: list[Record], sql: str, line: str = "") -> list[Row]:
        """The rows of a query over these records."""
        fields = [column.field or "" for column in self.schema.columns]
        rows = [[one.get(field) for field in fields] for one in records]
        holes = ", ".join("?" * len(fields))
        self._duck.execute(f'DELETE FROM "{self.schema.table}"')
        if rows:
            self._duck.executemany(f'INSERT INTO "{self.schema.table}" VALUES ({holes})', rows)
        statement = compile_sql(sql, parse_filter(line, now=NOW), self.schema, NOW)
        return self._duck.execute(to_duckdb(statement.sql)).fetchall()

    def once(self, records: list[Record]) -> list[Row]:
        """What is kept, in a fixed order."""
        return sorted(self.ask(records, f"SELECT {SHOWN} FROM flows", "once:on"), key=str)

    def counted(self, records: list[Record]) -> Counted:
        """What is found."""
        return counted(self.ask(records, COUNTED))


@pytest.fixture(scope="module")
def v5() -> Table:
    """All 29 fields of version 5."""
    return Table(V5)


@pytest.fixture(scope="module")
def v2() -> Table:
    """The 14 fields of the default format: no direction, no packet addresses."""
    return Table(V2)


def shown(records: list[Record]) -> list[Row]:
    """The records as `Table.once` gives them."""
    return sorted((tuple(one[name] for name in SHOWN.split(", ")) for one in records), key=str)


A, B, OUTSIDE = "10.0.0.1", "10.0.1.2", "203.0.113.9"


def sent(**others: Any) -> Record:
    """A request inside, as the sender's interface logs it."""
    return record(A, B, 40000, 443) | {"interface_id": "eni-a", "bytes": 900} | others


def received(**others: Any) -> Record:
    """The same, as the receiver's interface logs it."""
    own = {"interface_id": "eni-b", "flow_direction": "ingress", "traffic_path": None}
    return sent(**own) | others


CASES: dict[str, tuple[list[Record], int, int, int]] = {
    "sender and receiver": ([sent(), received()], 1, 1, 0),
    "a minute off": ([sent(), received(start=1069, end=1075)], 1, 1, 0),
    "later than a minute off": ([sent(), received(start=1071, end=1075)], 2, 0, 0),
    "rejected at the other end": ([sent(), received(action="REJECT")], 2, 0, 0),
    "two flow logs of one interface": ([sent(), sent(), sent()], 1, 0, 2),
    "both at once": ([sent(), sent(), received(), received()], 1, 1, 2),
    "one interface, two windows": ([sent(), sent(start=1070, end=1080)], 2, 0, 0),
    "other windows at the receiver": (
        [sent(), sent(start=1020, end=1070), received(start=1000, end=1069)], 2, 1, 0,
    ),
    "the sender fell silent": ([sent(), received(), received(start=5000, end=5060)], 2, 1, 0),
    "three interfaces": (
        [sent(), received(), received(interface_id="eni-c")], 1, 2, 0,
    ),
    "from outside at two networks": (
        [
            record(OUTSIDE, B, 40000, 443, interface_id="eni-1"),
            record(OUTSIDE, B, 40000, 443, interface_id="eni-2"),
        ], 2, 0, 0,
    ),
    "a pod behind its node": (
        [
            record(A, B, 40000, 443, interface_id="eni-a", pkt_srcaddr="10.0.0.99"),
            record(
                "10.0.0.99", B, 40000, 443, interface_id="eni-b", flow_direction="ingress",
            ),
        ], 1, 1, 0,
    ),
    "a regional NAT gateway has no interface": (
        [sent(interface_id=None), sent(interface_id=None, start=9000, end=9001)], 2, 0, 0,
    ),
    "other ports": ([sent(), received(srcport=40001)], 2, 0, 0),
    "nothing": ([], 0, 0, 0),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_known_sets(v5: Table, case: str) -> None:
    """What is kept, what was seen by another interface, and what is a copy; the filter agrees."""
    records, kept, seen, copies = CASES[case]
    found = v5.counted(records)
    # A copy of what is left out anyway is a copy.
    assert (found.once.records, found.seen.records, found.copy.records) == (kept, seen, copies)
    assert len(v5.once(records)) == kept


NAT = "10.0.0.5"
OUT = record(A, OUTSIDE, 40000, 443, interface_id="eni-a")
INNER = record(
    A, NAT, 40000, 443, interface_id="eni-nat", pkt_dstaddr=OUTSIDE, flow_direction="ingress"
)
OUTER = record(NAT, OUTSIDE, 14000, 443, interface_id="eni-nat")
OUTER_BACK = record(OUTSIDE, NAT, 443, 14000, interface_id="eni-nat")
INNER_BACK = record(
    NAT, A, 443, 40000, interface_id="eni-nat", pkt_srcaddr=OUTSIDE, flow_direction="egress"
)
BACK = record(OUTSIDE, A, 443, 40000, interface_id="eni-a")


@pytest.mark.parametrize(
    ("records", "kept", "translated"),
    [
        ([OUT, INNER, OUTER], [OUT], 1),
        ([BACK, INNER_BACK, OUTER_BACK], [INNER_BACK], 1),
        ([OUT, INNER, OUTER, BACK, INNER_BACK, OUTER_BACK], [OUT, INNER_BACK], 2),
        ([INNER, OUTER], [INNER], 1),
        ([OUT, OUTER], [OUT, OUTER], 0),
        *(
            ([INNER, OUTER | other], [INNER, OUTER | other], 0)
            for other in (
                {"dstport": 80},
                {"dstaddr": "203.0.113.8"},
                {"interface_id": "eni-2"},
                {"start": 9000, "end": 9001},
            )
        ),
    ],
    ids=["out", "back", "both", "no client", "no inner leg", "other port", "other host",
         "other interface", "another time"],
)  # fmt: skip
def test_the_outer_leg_of_a_nat_gateway(
    v5: Table, records: list[Record], kept: list[Record], translated: int
) -> None:
    """Left out where the gateway's inner leg to the same host and port is there; else it counts."""
    assert v5.counted(records).translated.records == translated
    assert v5.once(records) == shown(kept)


def test_a_node_that_sends_beside_its_pod_is_no_gateway(v5: Table) -> None:
    """The pod's record bears the node's address; the node's own traffic is other traffic."""
    pod = record(A, OUTSIDE, 40000, 443, pkt_srcaddr="10.0.0.99")
    node = record(A, OUTSIDE, 40001, 443)
    inbound = record(OUTSIDE, A, 5000, 443, pkt_dstaddr="10.0.0.99")
    assert v5.once([pod, node, inbound]) == shown([pod, node, inbound])


def test_the_senders_record_is_kept(v5: Table) -> None:
    """Whatever the ids are called, the record of egress stays."""
    last = sent() | {"interface_id": "eni-z"}
    assert v5.once([received(), last]) == shown([last])


def test_without_direction_the_first_interface_is_kept(v2: Table) -> None:
    """The default format tells no direction: both addresses private, and the first id stays."""
    assert v2.once([received(), sent()]) == shown([sent()])
    outside = [record(OUTSIDE, B, 1, 2, interface_id=interface) for interface in ("eni-1", "eni-2")]
    assert len(v2.once(outside)) == 2


def test_two_aggregation_intervals_are_told_and_kept(v5: Table) -> None:
    """With a second flow log of ten minutes, which is whole cannot be told: it is said."""
    minutes = [sent(start=1000 + 60 * i, end=1055 + 60 * i) for i in range(10)]
    found = v5.counted([*minutes, sent(start=1000, end=1595)])
    assert found.once.records == 11
    assert found.across.records >= 1


def test_log_health_is_not_counted_away(v5: Table) -> None:
    """NODATA and SKIPDATA rows of many interfaces are no traffic, and all stay."""
    rows = [empty("NODATA", interface_id=f"eni-{i}") for i in range(3)]
    query = "SELECT interface_id FROM flows WHERE log_status = 'NODATA'"
    assert len(v5.ask([*rows, sent()], query, "once:on")) == 3


ports = st.integers(1, 4)


@st.composite
def sets(draw: st.DrawFn) -> tuple[list[Record], list[Record]]:
    """Records that the sender logged in windows of their own, and what else was written of them."""
    own: list[Record] = []
    again: list[Record] = []
    for port in draw(st.sets(ports, min_size=1)):
        slots = draw(st.sets(st.integers(0, 30), min_size=1, max_size=5))
        for slot in slots:
            start = slot * 600
            end = start + draw(st.integers(0, 59))
            one = sent(srcport=port, start=start, end=end)
            own.append(one)
            again += [one] * draw(st.integers(0, 2))
            for other in range(draw(st.integers(0, 2))):
                off = draw(st.integers(-60, 60))
                times = {"start": start + off, "end": end + off}
                again.append(received(srcport=port, interface_id=f"eni-b{other}", **times))
    return own, again


@given(sets())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.parametrize("table", [V5, V2], ids=["v5", "v2"])
def test_duplicates_change_nothing(
    table: TableSchema, made: tuple[list[Record], list[Record]]
) -> None:
    """Counting once a set with duplicates gives the set without; and counting it twice the same."""
    own, again = made
    on = _TABLES[table.columns[1].name]
    assert on.once([*again, *own]) == shown(own)
    assert on.once(own) == shown(own)
    found = on.counted([*again, *own])
    assert found.all.records == len(own) + len(again)
    assert found.once.records == len(own)


_TABLES = {V5.columns[1].name: Table(V5), V2.columns[1].name: Table(V2)}


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [(4, 4, "±0 %"), (0, 0, "±0 %"), (2, 1, "-50.0 %"), (10**9, 10**9 - 1, "-0.1 %"),
     (10**9, 1, "-99.9 %"), (3, 0, "-100.0 %"), (318_441, 160_022, "-49.7 %")],
)  # fmt: skip
def test_what_shrinks_never_reads_as_nothing(before: int, after: int, text: str) -> None:
    """A difference is not 0 %, and what is left is not gone."""
    assert shrink(before, after) == text


def test_the_summary_is_one_line() -> None:
    """All, once, and the difference."""
    found = Counted(kept=Sums(160_022), seen=Sums(158_419))
    assert summary(found) == "counted once: 318 441 → 160 022 records, -49.7 %"


NEVER = threading.Event()
TRUTH = demo_truth()
LEAK = f"src:{TRUTH.exfil_source} from:2026-11-23T03:00Z to:2026-11-23T06:00Z"


def _leak(session: Session) -> OnceCounted | HeldBack | None:
    return count_once(session, parse_filter(LEAK, now=session.clock()), NEVER)


def test_the_demos_leak_counts_once(local: Session) -> None:
    """Instance, and both legs of the NAT gateway: three times the bytes; once, the very bytes."""
    leak = parse_filter(f"pkt_dstaddr:{TRUTH.exfil_destination}", now=NOW)
    found = count_once(local, leak, NEVER)
    assert isinstance(found, OnceCounted)
    assert found.counted.all.bytes == 3 * TRUTH.exfil_bytes
    assert found.counted.once.bytes == TRUTH.exfil_bytes
    assert found.counted.seen.bytes == found.counted.translated.bytes == TRUTH.exfil_bytes


def test_both_engines_agree_and_athena_waits_to_be_asked(
    local: Session, remote: Session, demo_tables: AthenaServer
) -> None:
    """Nothing runs on Athena before somebody agrees; then the figures are the same."""
    held = _leak(remote)
    assert isinstance(held, HeldBack)
    assert held.estimate.cost is not None
    assert not demo_tables.ops("Athena.StartQueryExecution")
    filter = parse_filter(LEAK, now=remote.clock())
    asked = count_once(remote, filter, NEVER, is_agreed=True)
    here = _leak(local)
    assert isinstance(asked, OnceCounted)
    assert isinstance(here, OnceCounted)
    assert asked.counted == here.counted
    assert len(demo_tables.ops("Athena.StartQueryExecution")) == 1
    assert count_once(remote, filter, NEVER) == asked  # held: not asked again


def test_records_held_here_answer_for_nothing(remote: Session, demo_tables: AthenaServer) -> None:
    """Once a view's records are here, counting them once asks Athena nothing."""
    view = View(load_library(None).records, parse_filter(LEAK, now=remote.clock()))
    list(remote.run(remote.compile(view), NEVER, view=view))
    demo_tables.calls.clear()
    assert isinstance(_leak(remote), OnceCounted)
    assert not demo_tables.ops("Athena.StartQueryExecution")


def test_records_kept_once_do_not_answer_for_fewer(remote: Session) -> None:
    """Which is kept depends on what it was chosen from: a narrower question is asked anew."""
    records = load_library(None).records
    view = View(records, parse_filter(f"once:on {LEAK}", now=remote.clock()))
    statement = remote.compile(view)
    list(remote.run(statement, NEVER, view=view))
    narrower = View(records, parse_filter(f"once:on dstport:443 {LEAK}", now=remote.clock()))
    assert remote.answer_here(narrower, remote.compile(narrower), NEVER) is None
    assert remote.answer_here(view, statement, NEVER) is not None
