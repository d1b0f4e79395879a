"""What every query that ships must have, on every table that it may meet."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

import flowtui.library
from flowtui.domain.detections import TECHNIQUES, holes
from flowtui.domain.filterline import parse_filter
from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import View
from flowtui.errors import MissingFieldError
from flowtui.library import format_query, parse_query
from flowtui.library.shipped import SHIPPED
from flowtui.sql import compile_view
from tests.athena_server.statements import read_statement
from tests.athena_server.trino.analysis import Analysis
from tests.athena_server.trino.scopes import Column as TrinoColumn
from tests.athena_server.trino.sqltypes import from_hive
from tests.library.tables import FULL, LIBRARY, NEEDS, NOW, TABLES, asker, version_of

QUERIES = LIBRARY.queries
FOLDER = Path(flowtui.library.__file__).with_name("queries")
ARGUMENTS = {
    "ip": "10.0.0.5",
    "network": "10.0.0.0/24",
    "indicators": "203.0.113.0/24,2001:db8::/32",
    "ports": "22",
}
"""For parameters without a default."""

DETECTIONS = [query for query in QUERIES if query.detection]
COVERED = {
    1: "records-of-ip", 2: "peers-of-ip", 3: "indicator-sweep", 4: "top-rejected-pairs",
    5: "top-accepted-pairs", 6: "vertical-scan", 7: "horizontal-sweep", 8: "ssh-rdp brute-force",
    9: "scan-succeeded", 10: "large-transfers", 11: "timeline", 12: "first-appearance",
    13: "log-health", 14: "host-summary", 15: "lateral-movement", 16: "fan-out",
    17: "upload-ratio", 18: "beaconing", 19: "long-connections", 20: "new-destinations",
    21: "unusual-ports", 22: "outside-dns", 23: "udp-amplification", 24: "syn-flood",
    25: "icmp-sweep", 26: "database-exposure", 27: "one-way", 28: "rejects-by-interface",
    29: "rejected-tcp", 30: "off-hours", 31: "blocked-by-policy", 32: "nat-users",
    33: "aws-services-via-nat", 34: "cross-az", 35: "traffic-by-path",
    36: "top-talkers top-interfaces top-subnets", 37: "top-servers", 38: "pairs-by-bytes",
    39: "destinations-of-network", 40: "ip-versions", 41: "udp-users", 42: "connections",
    # Which ports were used; which rules allow them is AWS's to say.
    43: "ports-in-use",
    44: "idle-interfaces", 45: "ecs-services", 46: "unencrypted", 47: "bytes-by-tag",
    48: "records networks", 49: "daily-trend log-health", 50: "top-servers pairs-by-bytes",
}  # fmt: skip
"""Row of the list of queries that people run (domain.md 6.1) to what answers it."""
OUR_OWN = {
    "verdict-changed", "calls-by-ip", "calls-to-ip", "seen-of-ip", "servers-of-port",
    "clients-of-port", "addresses-of-interface",
}  # fmt: skip
"""Queries that nobody had published."""

each_query = pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.slug)


def _view(query: SavedQuery, line: str = "") -> View:
    asked = tuple((p.name, ARGUMENTS[p.name]) for p in query.parameters if not p.default)
    return View(query, parse_filter(line, now=NOW), asked)


def test_every_file_is_listed_and_every_listed_file_is_there() -> None:
    """The list that is shown before any folder is read equals the folder."""
    files = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.sql")}
    assert files == {f"{group.lower()}/{slug}.sql" for group, slugs in SHIPPED for slug in slugs}
    slugs = [query.slug for query in QUERIES]
    assert len(set(slugs)) == len(slugs)


@each_query
def test_every_query_says_what_it_is_and_why_it_is_right(query: SavedQuery) -> None:
    """Title, description, source, trap and tags; a technique is an ATT&CK id; parameters help."""
    assert query.title
    assert query.title != query.slug
    assert query.description.endswith(".")
    assert query.source
    assert query.trap.endswith(".")
    assert query.tags
    assert not query.technique or query.technique in TECHNIQUES
    assert all(parameter.help for parameter in query.parameters)


@each_query
def test_the_list_is_easy_to_scan(query: SavedQuery) -> None:
    """No title is cut where the list is 31 columns wide."""
    assert len(query.title) <= 25


@pytest.mark.parametrize("query", DETECTIONS, ids=lambda query: query.slug)
def test_every_detection_says_what_to_make_of_it(query: SavedQuery) -> None:
    """Technique, both cases, what is next, and words that name columns and thresholds there are."""
    detection = query.detection
    assert detection is not None
    assert query.technique
    for words in (detection.true_positive, detection.false_positive, detection.next_words):
        assert words.endswith(".")
    assert LIBRARY.get(detection.next)
    columns = re.findall(r"(?:AS |^  (?:\w+\.)?)(\w+),?$", query.sql, re.MULTILINE)
    named = [hole for hole in holes(detection.evidence) if not hole.startswith(":")]
    assert {*named, *detection.who, detection.strength} <= {*columns, "span"}
    is_counted = not detection.threshold or f"{{:{detection.threshold}}}" in detection.evidence
    assert is_counted


def test_every_row_of_the_domain_list_is_covered() -> None:
    """Each of the fifty questions that people ask has a query, and each query an asker."""
    assert set(COVERED) == set(range(1, 51))
    answering = {slug for slugs in COVERED.values() for slug in slugs.split()}
    assert answering == {query.slug for query in QUERIES} - OUR_OWN


@each_query
def test_every_query_survives_its_file(query: SavedQuery) -> None:
    """Saved as the user's own, it is the same query."""
    assert parse_query(format_query(query), query.slug, "Other") == query


@each_query
def test_every_query_uses_its_parameters_and_no_others(query: SavedQuery) -> None:
    """Each `:name` is declared, and each declared one is used."""
    assert set(re.findall(r":(\w+)", query.sql)) == {p.name for p in query.parameters}


@each_query
def test_every_query_has_one_order(query: SavedQuery) -> None:
    """Rows come in one order, so that a limit always cuts the same and results can be reused."""
    assert "ORDER BY" in query.sql
    if not query.is_records:
        assert all(word in query.sql for word in ("AS records", "AS first_seen", "AS last_seen"))


@each_query
@pytest.mark.parametrize("table", TABLES)
def test_every_query_builds_and_runs_on_every_table(
    query: SavedQuery, table: str, connection: duckdb.DuckDBPyConnection
) -> None:
    """Every layout and the barest format; without records there are no rows, and no error.

    Where a query is about a field that came later, it says which, and what to do.
    """
    ask = asker(connection, TABLES[table])
    arguments = dict(_view(query).arguments)
    if version_of(table) >= NEEDS.get(query.slug, 2):
        assert ask(query.slug, [], **arguments) == []
        return
    with pytest.raises(MissingFieldError, match="has no field") as caught:
        ask(query.slug, [], **arguments)
    assert "make a flow log whose format names it" in caught.value.hint


@each_query
def test_every_query_is_filtered_and_byte_identical(query: SavedQuery) -> None:
    """The filter and the time reach the SQL, and the same question has the same text."""
    view = _view(query, "srcaddr:10.0.0.0/8 from:2026-11-23T00:00Z to:2026-11-24T00:00Z")
    for name, schema in TABLES.items():
        if version_of(name) < NEEDS.get(query.slug, 2):
            continue
        statement = compile_view(view, schema, NOW)
        assert statement.is_filtered
        assert "10.0.0.0/8" in statement.sql
        assert "1795392000" in statement.sql
        assert statement == compile_view(view, schema, NOW)


@each_query
def test_every_row_can_be_drilled(query: SavedQuery) -> None:
    """Aggregates know which of their columns select the records behind a row."""
    statement = compile_view(_view(query), FULL["local"], NOW)
    assert statement.drill or query.is_records


@each_query
@pytest.mark.parametrize("table", [name for name, schema in TABLES.items() if not schema.is_local])
def test_athena_would_take_every_query(query: SavedQuery, table: str) -> None:
    """Grammar, names, functions, types and grouping are Athena's, judged without sqlglot."""
    schema = TABLES[table]
    if version_of(table) < NEEDS.get(query.slug, 2):
        return  # what it says then is proven above
    columns = [TrinoColumn(c.name.lower(), from_hive(c.type)) for c in schema.columns]
    sql = compile_view(_view(query, "ip:10.0.0.0/8"), schema, NOW).sql
    parsed = read_statement(sql)
    assert parsed.query is not None
    shown = Analysis(lambda name: columns if name[-1] == schema.table else None).columns(
        parsed.query
    )
    assert shown
