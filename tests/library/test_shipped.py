"""What every query that ships must have, on every table that it may meet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import flowtui.library
from flowtui.domain.filterline import parse_filter
from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import View
from flowtui.library import format_query, parse_query
from flowtui.library.shipped import SHIPPED
from flowtui.sql import compile_view
from tests.athena_server.statements import read_statement
from tests.athena_server.trino.analysis import Analysis
from tests.athena_server.trino.scopes import Column as TrinoColumn
from tests.athena_server.trino.sqltypes import from_hive
from tests.library.tables import LIBRARY, NOW, SCHEMAS, TABLES, Ask

QUERIES = LIBRARY.queries
FOLDER = Path(flowtui.library.__file__).with_name("queries")
ARGUMENTS = {"ip": "10.0.0.5", "indicators": "203.0.113.0/24,2001:db8::/32", "ports": "22"}
"""For parameters without a default."""

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
    assert not query.technique or re.fullmatch(r"T\d{4}(\.\d{3})?", query.technique)
    assert all(parameter.help for parameter in query.parameters)


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
def test_every_query_builds_and_runs_on_every_table(query: SavedQuery, ask_any: Ask) -> None:
    """Every layout and the barest format; without records there are no rows, and no error."""
    assert ask_any(query.slug, [], **dict(_view(query).arguments)) == []


@each_query
def test_every_query_is_filtered_and_byte_identical(query: SavedQuery) -> None:
    """The filter and the time reach the SQL, and the same question has the same text."""
    view = _view(query, "srcaddr:10.0.0.0/8 from:2026-11-23T00:00Z to:2026-11-24T00:00Z")
    for schema in TABLES.values():
        statement = compile_view(view, schema, NOW)
        assert statement.is_filtered
        assert "10.0.0.0/8" in statement.sql
        assert "1795392000" in statement.sql
        assert statement == compile_view(view, schema, NOW)


@each_query
def test_every_row_can_be_drilled(query: SavedQuery) -> None:
    """Aggregates know which of their columns select the records behind a row."""
    statement = compile_view(_view(query), SCHEMAS["local"], NOW)
    assert statement.drill or query.is_records


@each_query
@pytest.mark.parametrize("table", [name for name, schema in TABLES.items() if not schema.is_local])
def test_athena_would_take_every_query(query: SavedQuery, table: str) -> None:
    """Grammar, names, functions, types and grouping are Athena's, judged without sqlglot."""
    schema = TABLES[table]
    columns = [TrinoColumn(c.name.lower(), from_hive(c.type)) for c in schema.columns]
    sql = compile_view(_view(query, "ip:10.0.0.0/8"), schema, NOW).sql
    parsed = read_statement(sql)
    assert parsed.query is not None
    shown = Analysis(lambda name: columns if name[-1] == schema.table else None).columns(
        parsed.query
    )
    assert shown
