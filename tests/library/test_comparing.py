"""A comparison says what the two questions say that are asked apart, whatever the records."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import duckdb
import pytest
import sqlglot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowtui.domain.comparing import compared
from flowtui.domain.filterline import parse_filter
from flowtui.domain.values import format_instant
from flowtui.domain.views import View
from flowtui.errors import QueryError
from flowtui.sql import compile_view, to_duckdb
from tests.library.tables import LIBRARY, NOW, SCHEMAS, TABLES, Ask, Record, Rows, asker, record

ARGUMENTS = {"ip": "10.0.0.0/30", "ports": "22,80", "limit": "100000"}
ADDRESSES = ("10.0.0.1", "10.0.0.2", "203.0.113.9", "2001:db8::1")


def comparable() -> list[str]:
    """The shipped queries that can be compared."""
    found = []
    for query in LIBRARY.queries:
        view = View(
            compared(query, "previous"), parse_filter(line(100, 200), now=NOW), given_to(query)
        )
        try:
            compile_view(view, SCHEMAS["docs"], NOW)
        except QueryError:
            continue
        found.append(query.slug)
    return found


def given_to(query: Any) -> tuple[tuple[str, str], ...]:
    """Arguments for its parameters: none cuts rows off."""
    needed = [p for p in query.parameters if not p.default or p.name == "limit"]
    return tuple((p.name, ARGUMENTS.get(p.name, "10.0.0.0/8")) for p in needed)


def line(since: int, until: int) -> str:
    """A filter line of a time in Unix seconds."""
    bounds = (format_instant(datetime.fromtimestamp(at, UTC)) for at in (since, until))
    return "from:{} to:{}".format(*bounds)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """A record that often crosses a bound, among few ends and ports."""
    source, target = draw(st.permutations(ADDRESSES))[:2]
    start = draw(st.integers(0, 320))
    return record(
        source, target, draw(st.sampled_from([22, 80, 40_000])), draw(st.sampled_from([22, 80])),
        start=start, end=start + draw(st.integers(0, 60)), bytes=draw(st.integers(1, 10**6)),
        packets=draw(st.integers(1, 99)), action=draw(st.sampled_from(["ACCEPT", "REJECT"])),
        tcp_flags=draw(st.sampled_from([0, 2, 18, 19])),
        interface_id=draw(st.sampled_from(["eni-1", "eni-2"])),
    )  # fmt: skip


def check(rows: Rows, now: Rows, before: Rows, keys: tuple[str, ...], absent: Any) -> None:
    """Each group of either window is there once, with the figures of both."""

    def by_key(found: Rows) -> dict[tuple[Any, ...], dict[str, Any]]:
        return {tuple(row[key] for key in keys): row for row in found}

    told, here, there = by_key(rows), by_key(now), by_key(before)
    assert len(told) == len(rows)
    assert set(told) == set(here) | set(there)
    measures = (
        [name.removesuffix("_before") for name in rows[0] if name.endswith("_before")]
        if rows
        else []
    )
    for key, row in told.items():
        for name in measures:
            was = there[key][name] if key in there else absent
            is_now = here[key][name] if key in here else absent
            assert (row[name], row[f"{name}_before"]) == (is_now, was)
            if None not in (was, is_now):
                assert row[f"{name}_diff"] == is_now - was
                ratio = pytest.approx(is_now / was, abs=0.0006) if was else None
                assert row[f"{name}_ratio"] == ratio
        assert row["change"] == word(here.get(key), there.get(key), measures[0])


def word(now: dict[str, Any] | None, before: dict[str, Any] | None, measure: str) -> str:
    """What became of a group."""
    if before is None:
        return "new"
    if now is None:
        return "gone"
    more = now[measure] - before[measure]
    return "grown" if more > 0 else "shrunk" if more < 0 else "same"


def keys_of(slug: str) -> tuple[str, ...]:
    """The columns before the word."""
    query = LIBRARY.get(slug)
    view = View(compared(query, "previous"), parse_filter(line(100, 200), now=NOW), given_to(query))
    tree = sqlglot.parse_one(compile_view(view, SCHEMAS["docs"], NOW).sql, dialect="athena")
    assert isinstance(tree, sqlglot.exp.Select)
    names = tree.named_selects
    return tuple(names[: names.index("change")])


SLUGS = comparable()


def test_what_can_be_compared() -> None:
    """Whatever groups records once can; what lists records, joins or slots time cannot."""
    assert {
        "top-rejected-pairs", "top-accepted-pairs", "peers-of-ip", "host-summary", "calls-by-ip",
        "servers-of-port", "ssh-rdp", "vertical-scan", "log-health", "addresses-of-interface",
    } <= set(SLUGS)  # fmt: skip
    assert not {"records", "records-of-ip", "timeline", "one-way"} & set(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(records(), max_size=40), st.sampled_from(["previous", "-30s", "-1m", "apart"]))
def test_it_equals_the_two_questions_asked_apart(
    slug: str, connection: duckdb.DuckDBPyConnection, made: list[Record], against: str
) -> None:
    """Windows side by side, overlapping, and apart: records on a bound count in both."""
    ask = asker(connection, SCHEMAS["docs"])
    arguments = dict(given_to(LIBRARY.get(slug)))
    since, until = (240, 300) if against == "apart" else (160, 230)
    bounds = {
        "previous": (90, 160), "-30s": (130, 200), "-1m": (100, 170), "apart": (40, 170),
    }[against]  # fmt: skip
    typed = line(*bounds).replace("from:", "").replace(" to:", "..")
    text = typed if against == "apart" else against
    rows = ask(slug, made, line(since, until), against=text, **arguments)
    now = ask(slug, made, line(since, until), **arguments)
    before = ask(slug, made, line(*bounds), **arguments)
    leaves_out = "HAVING" in LIBRARY.get(slug).sql
    check(rows, now, before, keys_of(slug), None if leaves_out else 0)


MADE = [
    record("203.0.113.9", "10.0.0.1", 1, 22, start=150, end=150, action="REJECT", bytes=10),
    record("203.0.113.9", "10.0.0.1", 2, 22, start=170, end=170, action="REJECT", bytes=30),
    record("203.0.113.9", "10.0.0.1", 3, 22, start=155, end=165, action="REJECT", bytes=100),
    record("203.0.113.8", "10.0.0.1", 4, 22, start=180, end=181, action="REJECT", bytes=1),
    record("203.0.113.7", "10.0.0.1", 5, 22, start=110, end=111, action="REJECT", bytes=1),
]


def test_every_layout_tells_the_same(ask: Ask) -> None:
    """One statement on every table; the crossing record counts in both windows."""
    rows = ask("top-rejected-pairs", MADE, line(160, 230), against="previous")
    told = [
        (r["srcaddr"], r["change"], r["records"], r["records_before"], r["bytes_diff"])
        for r in rows
    ]
    assert told == [
        ("203.0.113.7", "gone", 0, 1, -1),
        ("203.0.113.8", "new", 1, 0, 1),
        ("203.0.113.9", "same", 2, 2, 20),
    ]
    assert rows[2]["bytes_ratio"] == 1.182
    assert rows[1]["bytes_ratio"] is None


def test_a_limit_keeps_the_greatest_changes(ask: Ask) -> None:
    """Rows are cut once they are compared: a group outside the first hundred is not new."""
    more = [
        record("10.0.0.2", "10.0.0.1", p, 22, start=200, end=200, action="REJECT") for p in range(9)
    ]
    rows = ask("top-rejected-pairs", [*MADE, *more], line(160, 230), against="previous", limit="1")
    assert [(r["srcaddr"], r["records_diff"]) for r in rows] == [("10.0.0.2", 9)]


THRESHOLDS = (
    "SELECT srcaddr, count(*) AS records FROM flows GROUP BY 1 HAVING count(*) > 1",
    "SELECT srcaddr, records FROM (SELECT srcaddr, count(*) AS records FROM flows GROUP BY 1) AS t "
    "WHERE records > 1",
)


@pytest.mark.parametrize("sql", THRESHOLDS)
def test_what_a_threshold_leaves_out_does_not_count_as_nothing(
    connection: duckdb.DuckDBPyConnection, sql: str
) -> None:
    """203.0.113.8 has one record now, one too few to be told: none is said to be there."""
    more = [record("203.0.113.8", "10.0.0.1", port, 22, start=120, end=121) for port in (7, 8)]
    drill = (("srcaddr", "srcaddr"),)
    query = replace(LIBRARY.get("records"), sql=sql, is_records=False, drill=drill)
    view = View(compared(query, "previous"), parse_filter(line(160, 230), now=NOW))
    statement = compile_view(view, SCHEMAS["docs"], NOW)
    asker(connection, SCHEMAS["docs"])("records", [*MADE, *more])  # loads them
    assert connection.execute(to_duckdb(statement.sql)).fetchall() == [
        ("203.0.113.8", "gone", None, 2, None, None),
        ("203.0.113.9", "same", 2, 2, 0, 1.0),
    ]
    assert "leaves out groups" in " ".join(statement.notes)


def test_unknown_openers_stay_unknown() -> None:
    """A table without flags has no figure of openers to compare, and none is made up."""
    view = View(
        compared(LIBRARY.get("top-rejected-pairs"), "previous"), parse_filter(line(1, 9), now=NOW)
    )
    assert "openers_diff" not in compile_view(view, TABLES["v2-local"], NOW).sql


@pytest.mark.parametrize(
    ("slug", "typed", "why"),
    [
        ("records", line(1, 9), "its rows are records"),
        ("timeline", line(1, 9), "it groups by time"),
        ("one-way", line(1, 9), "more than once"),
        ("top-rejected-pairs", "", "no time to compare"),
        ("top-rejected-pairs", "from:2026-11-24T10:00Z", "no time to compare"),
        ("top-rejected-pairs", f"{line(1, 9)} once:on", "Count once"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_plain_words(slug: str, typed: str, why: str) -> None:
    """With the reason, before anything runs."""
    view = View(compared(LIBRARY.get(slug), "previous"), parse_filter(typed, now=NOW))
    with pytest.raises(QueryError, match=why):
        compile_view(view, SCHEMAS["docs"], NOW)


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELECT count(*) AS n FROM flows", "one row of all records"),
        ("SELECT count(*) AS n FROM flows GROUP BY srcaddr", "does not show"),
        ("SELECT srcaddr, max(start) AS last FROM flows GROUP BY srcaddr", "counts nothing"),
        ("SELECT upper(srcaddr) AS x, count(*) AS n FROM flows GROUP BY 1", "lead to records"),
        ("SELECT srcaddr, count(*) FROM flows GROUP BY 1", "names of their own"),
        ("SELECT srcaddr, count(*) AS n FROM flows GROUP BY ROLLUP (srcaddr)", "several ways"),
        ("SELECT srcaddr, count(*) AS n FROM (SELECT srcaddr FROM flows LIMIT 9) AS t GROUP BY 1",
         "cuts off"),
        ("SELECT srcaddr, count(*) AS n FROM flows GROUP BY 1 ORDER BY 2 OFFSET 1 LIMIT 9",
         "skips rows"),
        ("SELECT srcaddr, count(*) AS n, rank() OVER w AS r FROM flows GROUP BY 1 "
         "WINDOW w AS (ORDER BY count(*))", "names its windows"),
        ("SELECT srcaddr AS change, count(*) AS n FROM flows GROUP BY 1",
         "names that a comparison"),
        ("SELECT srcaddr, count(*) AS n FROM flows GROUP BY 1 UNION SELECT dstaddr, 1 FROM flows",
         "more than once"),
    ],
)  # fmt: skip
def test_sql_of_ones_own_is_judged_alike(sql: str, why: str) -> None:
    """Typed queries too: what is not known to be right is not compared."""
    query = replace(LIBRARY.get("records"), sql=sql, is_records=False)
    view = View(compared(query, "previous"), parse_filter(line(1, 9), now=NOW))
    with pytest.raises(QueryError, match=why):
        compile_view(view, SCHEMAS["docs"], NOW)
