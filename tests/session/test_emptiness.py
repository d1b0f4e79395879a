"""Zero rows are explained truly: what cannot be told from the filters alone is counted."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.executions import Column, SourceFacts, Statement
from flowtui.domain.filterline import parse_filter
from flowtui.domain.filters import Condition, NumberRange
from flowtui.domain.queries import Parameter, ParameterType, SavedQuery
from flowtui.domain.times import TimeRange
from flowtui.domain.views import View
from flowtui.session.emptiness import exclude_each_other, lost_windows, reasons
from flowtui.session.session import Session
from tests.scripted import Answer, ScriptedEngine

NOW = datetime(2026, 11, 24, 10, 42, tzinfo=UTC)
DAY = TimeRange(datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC))
QUERY = SavedQuery("q", "Q", "SELECT srcaddr, count(*) AS n FROM flows GROUP BY srcaddr")


@pytest.mark.parametrize(
    ("line", "is_impossible"),
    [
        ("action:ACCEPT action:REJECT", True),
        ("dstport:22 dstport:443", True),
        ("dstport:22,443 dstport:443", False),
        ("dstport:1-100 dstport:50-200", False),
        ("dstport:1-100 dstport:101-200", True),
        ("dstport:22 -dstport:22", True),
        ("dstport:22,23 -dstport:22", False),
        ("dstport:22,23 -dstport:1-1000", True),
        ("srcaddr:10.0.0.0/8 srcaddr:10.1.2.3", False),
        ("srcaddr:10.0.0.0/8 srcaddr:11.0.0.0/8", True),
        ("srcaddr:10.0.0.0/8 srcaddr:2001:db8::/32", True),
        ("srcaddr:10.1.2.3 -srcaddr:10.0.0.0/8", True),
        ("ip:10.0.0.1 ip:10.0.0.2", False),
        ("ip:10.0.0.1 -ip:10.0.0.1", True),
        ("bytes>1000 bytes<500", True),
        ("bytes>1000 bytes<1001", True),
        ("bytes>1000 bytes<1002", False),
        ("bytes>1000 packets<5", False),
        ("bytes>1000 bytes>2000", False),
        ("vpc_id:- vpc_id:vpc-1", True),
        ("vpc_id:- -vpc_id:-", True),
    ],
)
def test_conditions_that_exclude_each_other(line: str, is_impossible: bool) -> None:
    """Only what no record can meet is called impossible, in either order."""
    a, b = parse_filter(line, now=NOW).conditions
    assert exclude_each_other(a, b) is is_impossible
    assert exclude_each_other(b, a) is is_impossible


PORTS = st.one_of(
    st.integers(0, 30),
    st.tuples(st.integers(0, 30), st.integers(0, 30)).map(
        lambda pair: NumberRange(min(pair), max(pair))
    ),
)


def meets(port: int, condition: Condition) -> bool:
    """What a condition means, said another way."""
    found = any(
        value.first <= port <= value.last if isinstance(value, NumberRange) else value == port
        for value in condition.values
    )
    return found is not condition.is_excluded


CONDITIONS = st.builds(
    Condition,
    st.just("dstport"),
    st.lists(PORTS, min_size=1, max_size=3).map(tuple),
    is_excluded=st.booleans(),
)


@given(CONDITIONS, CONDITIONS)
def test_what_is_called_impossible_is(a: Condition, b: Condition) -> None:
    """No port meets two conditions that exclude each other."""
    if exclude_each_other(a, b):
        assert not any(meets(port, a) and meets(port, b) for port in range(32))


@given(st.ip_addresses(v=4), st.integers(0, 32), st.ip_addresses(v=4), st.integers(0, 32))
def test_networks_exclude_each_other_where_none_holds_the_other(
    one: object, bits: int, other: object, more_bits: int
) -> None:
    """As Python's own addresses say."""
    a = ip_network(f"{one}/{bits}", strict=False)
    b = ip_network(f"{other}/{more_bits}", strict=False)
    told = exclude_each_other(Condition("srcaddr", (a,)), Condition("srcaddr", (b,)))
    holds = ip_address(str(a[0])) in b or ip_address(str(b[0])) in a
    assert told is not holds


def why(
    line: str, counts: dict[str, int], *, facts: SourceFacts, query: SavedQuery = QUERY
) -> tuple[str, ...]:
    """The reasons for zero rows, on an engine that counts as told by parts of the SQL."""

    def script(statement: Statement) -> Answer:
        found = [n for part, n in counts.items() if part not in statement.sql]
        return Answer((Column("n", "bigint"),), ((found[0] if found else 0,),))

    session = Session(ScriptedEngine(script, facts=facts, clock=lambda: NOW), clock=lambda: NOW)
    session.open()
    view = View(query, parse_filter(line, now=NOW))
    statement = session.compile(view)
    return reasons(session, view, statement, UTC, threading.Event())


FACTS = SourceFacts("x", 1, 100, DAY)


def test_each_condition_is_weighed() -> None:
    """The one whose absence gives most stands first; the time is one of them."""
    told = why("dstport:22 last:30h", {"dstport": 3, "start": 1204}, facts=FACTS)
    assert told == (
        "Without last:30h there would be 1 204 rows: press f to drop it.",
        "Without dstport:22 there would be 3 rows: press f to drop it.",
    )


def test_no_single_condition_to_blame() -> None:
    """That is said too, with what to do."""
    (told,) = why("dstport:22 protocol:udp", {}, facts=FACTS)
    assert "No single filter is to blame" in told


def test_a_query_without_filters() -> None:
    """The query alone finds nothing; its parameters can be changed where it has any."""
    assert "the query itself finds nothing" in why("", {}, facts=FACTS)[0]
    asking = SavedQuery(
        "q", "Q", "SELECT srcaddr FROM flows LIMIT :n",
        parameters=(Parameter("n", ParameterType.COUNT, "5"),),
    )  # fmt: skip
    assert "Press P" in why("", {}, facts=FACTS, query=asking)[0]


def test_a_time_before_the_data() -> None:
    """Both sides are told apart, in the zone that is shown."""
    (told,) = why("to:2026-11-20T00:00Z", {}, facts=FACTS)
    assert "lies before the data, which spans 2026-11-23T00:00Z to 2026-11-24T00:00Z" in told


def test_the_querys_own_condition() -> None:
    """A filter against the query's own WHERE is told as such."""
    own = SavedQuery("q", "Q", "SELECT srcaddr FROM flows WHERE action = 'REJECT'")
    (told,) = why("action:ACCEPT", {}, facts=FACTS, query=own)
    assert "The query itself wants action:REJECT, which excludes action:ACCEPT" in told


def test_windows_lost_in_a_time_are_counted_there() -> None:
    """Without a time, all that the source knows of; with one, those in it."""
    engine = ScriptedEngine(
        Answer((Column("n", "bigint"),), ((2,),)),
        facts=SourceFacts("x", 1, 100, DAY, skipped_windows=5),
    )
    session = Session(engine)
    session.open()
    assert lost_windows(session, (), threading.Event()) == 5
    assert lost_windows(session, (DAY,), threading.Event()) == 2
    assert "SKIPDATA" in engine.submitted[0].sql
    apart = Statement("", time=DAY, before=DAY.shifted(timedelta(days=-7)))
    assert lost_windows(session, apart.windows, threading.Event()) == 4
    beside = Statement("", time=DAY, before=DAY.shifted(timedelta(days=-1)))
    assert lost_windows(session, beside.windows, threading.Event()) == 2
