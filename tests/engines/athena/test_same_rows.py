"""One SQL text on a laptop's directory and on Athena: the same question gives the same rows."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flowtui.demo.network import REGION
from flowtui.domain.executions import QueryState, Row
from flowtui.domain.filterline import parse_filter
from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import View
from flowtui.engines.athena.address import TableAddress
from flowtui.engines.athena.clients import AwsSettings
from flowtui.engines.athena.engine import AthenaEngine, AthenaOptions
from flowtui.engines.base import Engine
from flowtui.engines.local.engine import LocalEngine
from flowtui.errors import MissingFieldError
from flowtui.library import load_library
from flowtui.session.session import Session
from tests.athena_server import RESULTS, AthenaServer
from tests.athena_server.demo import DemoObjects
from tests.athena_server.demo_tables import LAYOUTS
from tests.athena_server.fixtures import demo_objects

__all__ = ["demo_objects"]

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOURS = "from:2026-11-23T13:00Z to:2026-11-23T15:00Z"
ARGUMENTS = {
    "cidr": "10.20.12.0/24",
    "cidrs": "203.0.113.0/24,10.20.12.77",
    "address": "10.20.12.77",
    "ports": "22,3389",
    "port": "443",
}
"""For parameters without a default, by type."""
FILTERS = (
    "action:REJECT",
    "-action:ACCEPT",
    "dstport:22,3389,8000-9000",
    "port:53",
    "-port:443",
    "ip:10.20.12.0/24",
    "-ip:203.0.113.0/24",
    "src:2001:db8::/32",
    "protocol:tcp -dst:10.20.0.0/16",
    "bytes>1000 packets<50",
    "flow_direction:egress traffic_path:8",
    "instance_id:-",
    "region:eu-west-1",
    "log_status:SKIPDATA",
)


@dataclass(frozen=True)
class Sources:
    """A session over the directory, and one over each table."""

    local: Session
    athena: dict[str, Session]


@pytest.fixture(scope="module")
def sources(
    athena_process: AthenaServer,
    demo_objects: DemoObjects,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Sources]:
    """The demo as files and behind every table."""
    from flowtui.demo import write_demo

    directory = tmp_path_factory.mktemp("same")
    write_demo(directory / "demo")
    athena_process.reset()
    demo_objects.load(athena_process)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in athena_process.environment().items():
            patch.setenv(name, value)
        patch.delenv("AWS_PROFILE", raising=False)
        local = Session(
            LocalEngine(str(directory / "demo"), name="demo", cache_root=directory / "cache")
        )
        local.open()
        local.engine.prepare(threading.Event(), lambda _: None)
        tables = {table: opened(table, directory) for table in LAYOUTS}
        yield Sources(local, tables)
        for session in (local, *tables.values()):
            session.close()


def opened(table: str, directory: Path) -> Session:
    """A session over a table."""
    engine: Engine = AthenaEngine(
        TableAddress("default", table),
        AwsSettings(region=REGION),
        results_root=directory / "results",
        options=AthenaOptions(output_location=RESULTS, reuse_minutes=0),
    )
    session = Session(engine, clock=lambda: NOW)
    session.open()
    return session


def rows(session: Session, view: View) -> tuple[tuple[str, ...], list[Row]]:
    """Column names and all rows of a view."""
    statement = session.compile(view)
    (*_, execution) = session.run(statement, threading.Event())
    assert execution.state is QueryState.SUCCEEDED, f"{execution.reason}\n{statement.sql}"
    results = session.results(execution)
    found = [
        row
        for offset in range(0, execution.rows_ready, 1000)
        for row in results.page(offset, 1000).rows
    ]
    return tuple(column.name for column in results.columns), found


def arguments(query: SavedQuery) -> tuple[tuple[str, str], ...]:
    """Values for the parameters that have no default."""
    return tuple((p.name, ARGUMENTS[p.type.value]) for p in query.parameters if not p.default)


LATER_FIELDS = {
    "ecs-services": "ecs_cluster_name",
    "blocked-by-policy": "reject_reason",
    "unencrypted": "encryption_status",
    "bytes-by-tag": "instance_tag",
}
"""Queries about fields that the demo's logs do not have."""
QUERIES = load_library(None).queries


@pytest.mark.parametrize("slug", LATER_FIELDS)
def test_a_query_says_which_field_is_not_there(slug: str, sources: Sources) -> None:
    """On either engine, before anything runs or costs."""
    view = View(load_library(None).get(slug))
    for session in (sources.local, *sources.athena.values()):
        with pytest.raises(MissingFieldError, match=LATER_FIELDS[slug]):
            session.compile(view)


@pytest.mark.parametrize("table", LAYOUTS)
@pytest.mark.parametrize(
    "query", [q for q in QUERIES if q.slug not in LATER_FIELDS], ids=lambda query: query.slug
)
def test_every_query_gives_the_same_rows(query: SavedQuery, table: str, sources: Sources) -> None:
    """Each shipped query, in each table layout, as on the files: names, order, values, types."""
    view = View(query, parse_filter(HOURS, now=NOW), arguments(query))
    here_names, here = rows(sources.local, view)
    names, there = rows(sources.athena[table], view)
    assert names == here_names
    assert len(there) == len(here)
    # Records that tie in every sorted column may come in any order on Athena.
    assert sorted(map(repr, there)) == sorted(map(repr, here))
    if not query.is_records:
        assert there == here


@pytest.mark.parametrize("table", LAYOUTS)
@pytest.mark.parametrize("line", FILTERS)
def test_every_filter_selects_the_same_records(line: str, table: str, sources: Sources) -> None:
    """Counts, bytes and packets under each kind of condition agree."""
    query = SavedQuery(
        "sums",
        "Sums",
        "SELECT count(*) AS records, sum(bytes) AS bytes, sum(packets) AS packets, "
        'min(start) AS first_seen, max("end") AS last_seen FROM flows',
    )
    view = View(query, parse_filter(f"{line} {HOURS}", now=NOW))
    assert rows(sources.athena[table], view) == rows(sources.local, view)


@pytest.mark.parametrize("table", LAYOUTS)
def test_a_row_drills_to_the_same_records(table: str, sources: Sources) -> None:
    """Going down from the first pair finds as many records as the pair counts, on both."""
    from flowtui.sql import drill_filter

    library = load_library(None)
    view = View(library.get("top-rejected-pairs"), parse_filter(HOURS, now=NOW))
    counts = []
    for session in (sources.local, sources.athena[table]):
        statement = session.compile(view)
        (*_, execution) = session.run(statement, threading.Event())
        results = session.results(execution)
        first = results.page(0, 1).rows[0]
        chosen = drill_filter(
            statement.drill, results.columns, first, statement.conditions, statement.time
        )
        records = rows(session, view.drill(library.records, chosen, "pair"))[1]
        counted = first[[c.name for c in results.columns].index("records")]
        assert len(records) == counted
        counts.append(len(records))
    assert counts[0] == counts[1]
