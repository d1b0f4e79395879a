"""The shipped queries find every fact of the demo's story, and invent none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flowtui.demo import demo_truth
from flowtui.domain.fields import FIELDS
from flowtui.domain.filterline import parse_filter
from flowtui.domain.schema import PhysicalColumn, TableSchema
from flowtui.domain.views import View
from flowtui.library import load_library
from flowtui.sql import DUCKDB_SETUP, compile_view, drill_filter, to_duckdb

TRUTH = demo_truth()
VERSION_5 = tuple(field for field in FIELDS if field.version <= 5)
SCHEMA = TableSchema(
    "vpc_flow_logs",
    tuple(PhysicalColumn.of(field.name, field.athena_type) for field in VERSION_5),
    is_local=True,
)
LIBRARY = load_library(None)
NOW = datetime(2026, 11, 24, tzinfo=UTC)

Rows = list[dict[str, Any]]
Ask = Callable[..., Rows]


@pytest.fixture(scope="module")
def connection(demo: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The demo's files, read by DuckDB alone."""
    types = {f.log_name: "BIGINT" if f.kind.is_number else "VARCHAR" for f in VERSION_5}
    renamed = ", ".join(f'"{field.log_name}" AS "{field.name}"' for field in VERSION_5)
    with duckdb.connect() as connection:
        for statement in DUCKDB_SETUP:
            connection.execute(statement)
        connection.execute(
            f"CREATE TABLE vpc_flow_logs AS SELECT {renamed} FROM read_csv($files, columns=$types,"
            " delim=' ', header=true, auto_detect=false, nullstr='-')",
            {"files": f"{demo}/**/*.log.gz", "types": types},
        )
        yield connection


@pytest.fixture(scope="module")
def ask(connection: duckdb.DuckDBPyConnection) -> Ask:
    """Runs a shipped query under a filter line; its rows."""

    def run(slug: str, filter: str = "", **arguments: str) -> Rows:
        chosen = parse_filter(filter, now=NOW)
        view = View(LIBRARY.get(slug), chosen, tuple(sorted(arguments.items())))
        return rows_of(view)

    def rows_of(view: View) -> Rows:
        result = connection.execute(to_duckdb(compile_view(view, SCHEMA, NOW).sql))
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    return run


def only(rows: Rows, *names: str) -> list[tuple[Any, ...]]:
    """The rows with these columns alone."""
    return [tuple(row[name] for name in names) for row in rows]


def test_the_vertical_scan_stands_alone(ask: Ask) -> None:
    """One pair tried all those ports, in vain, within those minutes; nobody else did."""
    (row,) = ask("vertical-scan")
    assert (row["srcaddr"], row["dstaddr"]) == (TRUTH.scanner, TRUTH.scan_target)
    assert row["dstports"] == row["rejected"] == row["records"] == TRUTH.scan_ports
    assert row["first_seen"] >= TRUTH.scan.since
    assert row["last_seen"] < TRUTH.scan.until


def test_the_sweep_stands_alone(ask: Ask) -> None:
    """One source tried that port on every public host; nobody else swept."""
    (row,) = ask("horizontal-sweep")
    assert (row["srcaddr"], row["dstport"]) == (TRUTH.sweeper, TRUTH.sweep_port)
    assert row["dstaddrs"] == row["records"] == len(TRUTH.sweep_targets)
    # The NAT gateway's interface accepts what the gateway then drops.
    assert (row["rejected"], row["accepted"]) == (len(TRUTH.sweep_targets) - 1, 1)
    pairs = ask("records", f"src:{TRUTH.sweeper}")
    assert {record["dstaddr"] for record in pairs} == set(TRUTH.sweep_targets)


def test_the_brute_force_is_seen_before_and_after_it_was_let_in(ask: Ask) -> None:
    """Rejected so many times, then let in so many times, and first among all logins."""
    rows = ask("ssh-rdp")
    assert only(rows[:2], "srcaddr", "dstaddr", "dstport", "action", "openers") == [
        (TRUTH.brute_source, TRUTH.brute_target, 22, "REJECT", TRUTH.brute_rejected),
        (TRUTH.brute_source, TRUTH.brute_target, 22, "ACCEPT", TRUTH.brute_openers),
    ]
    assert rows[1]["first_seen"] == TRUTH.brute_let_in
    assert rows[1]["last_seen"] >= TRUTH.brute_session.until - 60


def test_scans_that_got_in_are_the_attacker_and_where_it_went_on_from(ask: Ask) -> None:
    """The brute force, and the bastion towards what it reached; no scanner that NAT accepted."""
    rows = ask("scan-succeeded")
    assert only(rows, "srcaddr", "dstaddr", "dstport") == [
        (TRUTH.brute_source, TRUTH.brute_target, 22),
        *((TRUTH.lateral_source, reached, 22) for reached in TRUTH.lateral_reached),
    ]
    assert rows[0]["rejected"] == TRUTH.brute_rejected


def test_verdicts_changed_twice_that_day(ask: Ask) -> None:
    """The database's client was cut off, the attacker was let in; to the minute, nothing else."""
    rows = ask("verdict-changed")
    assert only(rows, "srcaddr", "dstaddr", "dstport", "change", "rejected") == [
        (TRUTH.database_client, TRUTH.database, 5432, "cut off", TRUTH.cut_off_rejects),
        (TRUTH.brute_source, TRUTH.brute_target, 22, "let in", TRUTH.brute_rejected),
    ]
    changed = [row["changed_at"] for row in rows]
    assert TRUTH.cut_off <= changed[0] < TRUTH.cut_off + 60
    assert changed[1] == TRUTH.brute_let_in


def test_the_database_client_is_cut_off_in_the_timeline(ask: Ask) -> None:
    """ACCEPT up to the minute, REJECT from it on, where the database is."""
    line = f"src:{TRUTH.database_client} dst:{TRUTH.database} flow_direction:ingress"
    rows = ask("timeline", line, width="1m")
    assert {row["action"] for row in rows if row["bucket"] < TRUTH.cut_off} == {"ACCEPT"}
    assert {row["action"] for row in rows if row["bucket"] >= TRUTH.cut_off} == {"REJECT"}
    assert sum(row["records"] for row in rows) == 24 * 60


def test_lateral_movement_starts_at_the_bastion(ask: Ask) -> None:
    """The bastion alone logs in inside: how many it tried, reached, and was refused by."""
    tried = len(TRUTH.lateral_reached) + len(TRUTH.lateral_refused)
    assert only(ask("lateral-movement"), "client", "port", "targets", "reached", "refused") == [
        (TRUTH.lateral_source, 22, tried, len(TRUTH.lateral_reached), len(TRUTH.lateral_refused)),
        (TRUTH.lateral_source, 3389, len(TRUTH.lateral_refused), 0, len(TRUTH.lateral_refused)),
    ]
    night = f"src:{TRUTH.lateral_source} dstport:22 to:2026-11-23T06:00Z"
    reached = {row["dstaddr"] for row in ask("top-accepted-pairs", night)}
    assert reached == {*TRUTH.lateral_reached, *TRUTH.lateral_refused}
    refused = {row["dstaddr"] for row in ask("top-rejected-pairs", night)}
    assert refused == set(TRUTH.lateral_refused)


@pytest.mark.parametrize(
    ("slug", "inside", "outside", "sent"),
    [
        ("large-transfers", "srcaddr", "dstaddr", "bytes"),
        ("upload-ratio", "inside", "outside", "sent_bytes"),
    ],
)
def test_the_exfiltration_is_found_to_the_byte(
    ask: Ask, slug: str, inside: str, outside: str, sent: str
) -> None:
    """The host and the gateway it went through, each with all bytes; no visitor, no service."""
    rows = ask(slug)
    assert sorted(only(rows, inside, outside, sent)) == [
        (TRUTH.exfil_gateway, TRUTH.exfil_destination, TRUTH.exfil_bytes),
        (TRUTH.exfil_source, TRUTH.exfil_destination, TRUTH.exfil_bytes),
    ]
    for row in rows:
        assert row["first_seen"] == TRUTH.exfil.since
        assert row["last_seen"] == TRUTH.exfil.until - 1


def test_the_gateway_is_told_from_the_host_behind_it(ask: Ask) -> None:
    """The host comes first, and only it has an instance id."""
    host, gateway = only(ask("large-transfers"), "srcaddr", "instance_id")
    assert host[0] == TRUTH.exfil_source
    assert host[1].startswith("i-")
    assert gateway == (TRUTH.exfil_gateway, None)


def test_the_network_acl_rejects_answers(ask: Ask) -> None:
    """Exactly the partner's answers are rejected, on its interface, in that span."""
    rows = [row for row in ask("one-way") if row["answer"] == "rejected"]
    assert only(rows, "srcaddr", "dstaddr", "dstport", "interface_id") == [
        (client, TRUTH.acl_server, TRUTH.acl_port, TRUTH.acl_interface)
        for client in TRUTH.acl_clients
    ]
    assert sum(row["tries"] for row in rows) == TRUTH.acl_rejects
    assert all(row["first_seen"] in TRUTH.acl and row["last_seen"] in TRUTH.acl for row in rows)
    (row,) = ask("rejects-by-interface", f"interface_id:{TRUTH.acl_interface} port:8443")
    assert (row["flow_direction"], row["port"], row["records"]) == (
        "egress",
        TRUTH.acl_port,
        TRUTH.acl_rejects,
    )


def test_missing_answers_are_explained_by_the_story(ask: Ask) -> None:
    """NAT drops noise; the cut-off client, the refused bastion and the partner's clients wait."""
    rows = [row for row in ask("one-way") if row["answer"] == "missing"]
    to_nat = [row for row in rows if row["dstaddr"] == TRUTH.exfil_gateway]
    inside = {row["srcaddr"] for row in rows if row not in to_nat}
    assert all(row["srcaddr"].startswith(("203.0.113.", TRUTH.sweeper)) for row in to_nat)
    assert inside == {TRUTH.database_client, TRUTH.lateral_source, *TRUTH.acl_clients}


def test_lost_and_silent_windows_are_told(ask: Ask) -> None:
    """SKIPDATA on one interface in that span; three interfaces with nothing but NODATA."""
    rows = ask("log-health")
    assert only(rows[:1], "log_status", "interface_id", "records") == [
        ("SKIPDATA", TRUTH.skip_interface, TRUTH.skip_records)
    ]
    assert rows[0]["first_seen"] == TRUTH.skip.since
    assert rows[0]["last_seen"] == TRUTH.skip.until - 1
    silent = [row for row in rows if row["log_status"] == "NODATA"]
    assert {row["interface_id"] for row in silent} == set(TRUTH.idle_interfaces)
    assert all(row["records"] == row["interface_records"] for row in silent)
    assert sum(row["records"] for row in rows) == TRUTH.records


def test_one_host_asks_an_outside_resolver(ask: Ask) -> None:
    """The node, and the gateway it goes through; nobody else."""
    assert only(ask("outside-dns"), "srcaddr", "dstaddr", "records") == [
        (TRUTH.resolver_client, TRUTH.resolver, TRUTH.resolver_records),
        (TRUTH.exfil_gateway, TRUTH.resolver, TRUTH.resolver_records),
    ]


def test_the_most_rejected_are_scan_cut_off_client_and_brute_force(ask: Ask) -> None:
    """The story stands above the noise."""
    assert only(ask("top-rejected-pairs")[:3], "srcaddr", "dstaddr", "records", "dstports") == [
        (TRUTH.scanner, TRUTH.scan_target, TRUTH.scan_ports, TRUTH.scan_ports),
        (TRUTH.database_client, TRUTH.database, TRUTH.cut_off_rejects, 1),
        (TRUTH.brute_source, TRUTH.brute_target, TRUTH.brute_rejected, 1),
    ]


def test_indicators_are_traced_through_the_gateway(ask: Ask) -> None:
    """Both outside addresses of the attack, and the host behind NAT that sent to one of them."""
    rows = ask("indicator-sweep", indicators=f"{TRUTH.brute_source},{TRUTH.exfil_destination}")
    outbound = {
        (row["srcaddr"], row["dstaddr"]): row["bytes"]
        for row in rows
        if row["direction"] == "outbound"
    }
    assert outbound[TRUTH.exfil_source, TRUTH.exfil_gateway] == TRUTH.exfil_bytes
    assert outbound[TRUTH.exfil_source, TRUTH.exfil_destination] == TRUTH.exfil_bytes
    assert (TRUTH.brute_target, TRUTH.brute_source) in outbound
    assert len(rows) == 9


def test_the_bastion_is_summed_up(ask: Ask) -> None:
    """Called from outside on 22, calling inside on 22: the two rows that tell the story."""
    rows = ask("host-summary", ip=TRUTH.lateral_source)
    told = {(r["role"], r["reach"], r["port"], r["action"]): r for r in rows}
    assert told["is called", "outside", 22, "ACCEPT"]["peers"] == 2
    tried = len(TRUTH.lateral_reached) + len(TRUTH.lateral_refused)
    assert told["calls", "inside", 22, "ACCEPT"]["peers"] == tried
    first = ask("first-appearance", f"src:{TRUTH.brute_source}")
    assert only(first, "dstaddr", "first_seen") == [(TRUTH.brute_target, TRUTH.brute_let_in)]


def test_peers_of_the_foothold_show_the_way_of_the_data(ask: Ask) -> None:
    """In from the bastion on 22, out to one outside host on 443."""
    peers = {(row["peer"], row["port"]): row for row in ask("peers-of-ip", ip=TRUTH.exfil_source)}
    assert peers[TRUTH.exfil_destination, 443]["sent_bytes"] == TRUTH.exfil_bytes
    assert peers[TRUTH.lateral_source, 22]["first_seen"] >= TRUTH.lateral.since


def test_pods_are_found_behind_their_nodes(ask: Ask) -> None:
    """Each pod's records are found on its node's interface, where only the packet names it."""
    for pod in TRUTH.pods:
        rows = ask("records-of-ip", ip=pod)
        assert {row["srcaddr"] for row in rows if row["pkt_srcaddr"] == pod} & set(TRUTH.nodes)


def test_every_part_of_the_network_is_busy(ask: Ask) -> None:
    """Load balancer, web, DNS, IPv6 and ICMP are there to be explored."""
    accepted = {row["dstaddr"] for row in ask("top-accepted-pairs", limit="100000")}
    assert accepted >= {*TRUTH.load_balancers, *TRUTH.web, TRUTH.dns}
    assert ask("top-accepted-pairs", "type:IPv6", limit="5")
    assert {row["port"] for row in ask("peers-of-ip", "protocol:icmp", ip="10.20.2.90")} == {0}


NOT_IN_THE_STORY = {
    "new-destinations", "fan-out", "unusual-ports", "database-exposure", "syn-flood", "icmp-sweep",
    "udp-amplification", "ecs-services", "blocked-by-policy", "unencrypted", "bytes-by-tag",
}  # fmt: skip
"""Queries of what did not happen that day, or of fields that its log has not."""


@pytest.mark.parametrize("slug", [query.slug for query in LIBRARY.queries if not query.is_records])
def test_a_row_leads_to_the_records_behind_it(
    connection: duckdb.DuckDBPyConnection, slug: str
) -> None:
    """Drilling into a first row selects at least the records that it counts."""
    query = LIBRARY.get(slug)
    if slug in NOT_IN_THE_STORY:
        return  # its rows are proven on records made by hand
    typed = {
        "ip": TRUTH.brute_target,
        "indicators": TRUTH.exfil_destination,
        "network": f"{TRUTH.exfil_source}/24",
        "ports": "22",
    }
    asked = tuple((p.name, typed[p.name]) for p in query.parameters if not p.default)
    statement = compile_view(View(query, arguments=asked), SCHEMA, NOW)
    result = connection.execute(to_duckdb(statement.sql))
    names = [column[0] for column in result.description or ()]
    row = result.fetchone()
    assert row is not None
    chosen = drill_filter(statement.drill, names, row, statement.conditions, statement.time)
    assert chosen
    records = compile_view(View(LIBRARY.records, chosen), SCHEMA, NOW)
    found = connection.execute(to_duckdb(records.sql)).fetchall()
    assert len(found) >= row[names.index("records")]
