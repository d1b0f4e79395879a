"""Shipped queries, asked of records made by hand in every layout."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from flowtui.sql import DUCKDB_SETUP
from tests.library.tables import BARE, FULL, SCHEMAS, TABLES, Ask, asker


@pytest.fixture(scope="session")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB that is set up as the local engine's."""
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        for statement in DUCKDB_SETUP:
            connection.execute(statement)
        yield connection


@pytest.fixture(params=SCHEMAS)
def ask(request: pytest.FixtureRequest, connection: duckdb.DuckDBPyConnection) -> Ask:
    """Asks a shipped query of hand-made records, in every layout with all fields."""
    return asker(connection, SCHEMAS[request.param])


@pytest.fixture(params=BARE)
def ask_bare(request: pytest.FixtureRequest, connection: duckdb.DuckDBPyConnection) -> Ask:
    """The same over the default format, which tells neither flags nor direction."""
    return asker(connection, BARE[request.param])


@pytest.fixture(params=TABLES)
def ask_any(request: pytest.FixtureRequest, connection: duckdb.DuckDBPyConnection) -> Ask:
    """The same over every layout, for answers that do not depend on the fields there are."""
    return asker(connection, TABLES[request.param])


@pytest.fixture(params=FULL)
def ask_full(request: pytest.FixtureRequest, connection: duckdb.DuckDBPyConnection) -> Ask:
    """The same over layouts with every field of record version 11."""
    return asker(connection, FULL[request.param])
