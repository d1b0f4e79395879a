"""Queries about hosts, networks, operations and cost give the right answer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.library.tables import Ask, Record, empty, record
from tests.library.test_answers import HOST, PEER, SERVER, only

DAY = 86_400


def seen_twice(bytes: int = 100, **others: Any) -> list[Record]:
    """Traffic inside the VPC, as both interfaces log it."""
    leaves = record(HOST, SERVER, 40000, 80, bytes=bytes, traffic_path=1, **others)
    arrives = {"interface_id": "eni-2", "flow_direction": "ingress", "traffic_path": None}
    return [leaves, {**leaves, **arrives}]


def test_new_destinations_are_those_of_the_last_part(ask_any: Ask) -> None:
    """Counted back from the newest record; what the part before knew is not new."""
    records = [
        record(HOST, PEER, 40000, 443, start=0, end=9),
        record(HOST, PEER, 40001, 443, start=9000, end=9009),
        record(HOST, "198.51.100.7", 40002, 443, start=8000, end=9999),
        record(SERVER, "198.51.100.7", 40002, 443, start=8500, end=9999),
        record(HOST, "10.0.0.9", 40003, 443, start=9000),
        record("198.51.100.8", HOST, 40004, 443, start=9000),
    ]
    rows = ask_any("new-destinations", records)
    assert only(rows, "dstaddr", "srcaddrs", "first_seen") == [("198.51.100.7", 2, 8000)]
    # A range no longer than recent has no baseline: nothing can be called new.
    assert ask_any("new-destinations", records, recent="3h") == []


def test_a_connection_is_one_row(ask_any: Ask) -> None:
    """Both directions, every window, and of two interfaces the one that saw most."""
    hour = [
        record(*way, start=60 * n, end=60 * n + 59, bytes=bytes, tcp_flags=0, interface_id=eni)
        for n in range(60)
        for way, bytes in (((HOST, SERVER, 40000, 22), 10), ((SERVER, HOST, 22, 40000), 30))
        for eni in ("eni-1", "eni-2")
    ]
    equal = [
        record(HOST, PEER, 51820, 51820, protocol=17, start=9000, end=9001, bytes=7),
        record(PEER, HOST, 51820, 51820, protocol=17, start=9000, end=9001, bytes=8),
    ]
    rows = ask_any("connections", [*hour, *equal])
    names = ("client", "server_port", "duration_s", "records", "interfaces")
    assert only(rows, *names) == [(HOST, 22, 3599, 240, 2), (PEER, 51820, 1, 2, 1)]
    assert only(rows, "sent_bytes", "received_bytes") == [(600, 1800), (8, 7)]


def test_networks_are_taken_octet_by_octet(ask_any: Ask) -> None:
    """10.1 and 10.10 are two; IPv6 by its first two groups, shortened or not."""
    records = [
        record("10.1.2.3", "10.10.0.1", 1, 2),
        record("10.1.9.9", "10.10.7.7", 1, 2),
        record("2001:db8:20::1", "2001:db8::2", 1, 2, type="IPv6"),
        record("fd00::1", "::1", 1, 2, type="IPv6"),
    ]
    rows = ask_any("networks", records)
    assert only(rows, "source_network", "destination_network", "records") == [
        ("10.1.0.0/16", "10.10.0.0/16", 2),
        ("2001:db8::/32", "2001:db8::/32", 1),
        ("fd00::/32", "::/32", 1),
    ]


def test_rejected_tcp_by_day(ask_any: Ask) -> None:
    """Days are UTC; accepted and other protocols are none."""
    records = [
        record(PEER, HOST, 1, 22, action="REJECT", start=DAY - 1, end=DAY),
        record(PEER, HOST, 2, 22, action="REJECT", start=DAY),
        record(PEER, HOST, 3, 22, action="REJECT", start=DAY + 9),
        record(PEER, HOST, 4, 22),
        record(PEER, HOST, 5, 53, action="REJECT", protocol=17, tcp_flags=0),
    ]
    rows = ask_any("rejected-tcp", records)
    assert only(rows, "bucket", "dstport", "records") == [(DAY, 22, 2), (0, 22, 1)]


def test_ports_in_use_are_those_of_requests_that_came_in(ask: Ask) -> None:
    """By interface and port; answers, rejects and what the interface asks itself are none."""
    records = [
        record(PEER, SERVER, 40000, 443),
        record("198.51.100.1", SERVER, 40001, 443),
        record(SERVER, PEER, 443, 40000, tcp_flags=18),
        record(PEER, SERVER, 40000, 22, action="REJECT"),
        record(SERVER, PEER, 50000, 8443),
    ]
    rows = ask("ports-in-use", records)
    assert only(rows, "interface_id", "dstport", "srcaddrs") == [("eni-1", 443, 2)]


def test_paths_are_those_of_egress(ask: Ask) -> None:
    """By bytes; ingress has none."""
    records = [
        record(HOST, PEER, 1, 443, bytes=5, traffic_path=8),
        record(HOST, SERVER, 1, 443, bytes=9, traffic_path=1),
        record(HOST, PEER, 2, 443, bytes=2, traffic_path=8),
        record(PEER, HOST, 443, 1, bytes=900),
    ]
    assert only(ask("traffic-by-path", records), "traffic_path", "bytes") == [(1, 9), (8, 7)]


def test_ip_versions_are_told_with_and_without_the_type(ask_any: Ask) -> None:
    """From the addresses where the log has no type."""
    records = [
        record(HOST, PEER, 1, 2),
        record(HOST, PEER, 1, 2),
        record("2001:db8::1", "2001:db8::2", 1, 2, type="IPv6"),
    ]
    rows = ask_any("ip-versions", records)
    assert only(rows, "ip_version", "records") == [("IPv4", 2), ("IPv6", 1)]


def test_udp_is_told_by_service(ask_any: Ask) -> None:
    """Answers to many ephemeral ports are one row."""
    records = [
        record(SERVER, f"10.0.1.{n}", 53, 40000 + n, protocol=17, tcp_flags=0, bytes=100)
        for n in range(5)
    ]
    rows = ask_any("udp-users", [*records, record(HOST, PEER, 1, 2)])
    assert only(rows, "srcaddr", "port", "dstaddrs", "bytes") == [(SERVER, 53, 5, 500)]


def test_idle_interfaces_have_nothing_but_silence(ask_any: Ask) -> None:
    """One record, or one lost window, and it is not idle."""
    records = [
        *(empty("NODATA", interface_id="eni-idle", start=3600 * n) for n in range(3)),
        empty("NODATA", interface_id="eni-busy"),
        record(HOST, PEER, 1, 2, interface_id="eni-busy"),
        empty("NODATA", interface_id="eni-lossy"),
        empty("SKIPDATA", interface_id="eni-lossy"),
    ]
    rows = ask_any("idle-interfaces", records)
    assert only(rows, "interface_id", "records", "hours") == [("eni-idle", 3, 3)]


def test_the_trend_keeps_silence_apart(ask_any: Ask) -> None:
    """By day, status, verdict and protocol; NODATA is a row of its own."""
    records = [
        record(HOST, PEER, 1, 443, start=5, bytes=10),
        record(HOST, PEER, 2, 443, start=DAY, bytes=20),
        record(HOST, PEER, 3, 443, start=DAY, action="REJECT", bytes=1),
        empty("NODATA", start=DAY, region="eu-west-1"),
    ]
    rows = ask_any("daily-trend", records)
    assert only(rows, "bucket", "log_status", "action", "protocol", "records", "bytes") == [
        (0, "OK", "ACCEPT", 6, 1, 10),
        (DAY, "NODATA", None, None, 1, None),
        (DAY, "OK", "ACCEPT", 6, 1, 20),
        (DAY, "OK", "REJECT", 6, 1, 1),
    ]
    assert len(ask_any("daily-trend", records, width="30d")) == 3


def test_talkers_say_when_others_log_the_same(ask_any: Ask) -> None:
    """Largest first, by bytes."""
    rows = ask_any("top-talkers", [*seen_twice(), record(PEER, HOST, 1, 80, bytes=900)])
    assert only(rows, "srcaddr", "bytes", "interfaces") == [(PEER, 900, 1), (HOST, 200, 2)]


def test_interfaces_and_subnets_by_bytes(ask: Ask) -> None:
    """With what they belong to, in and out apart."""
    own = {"subnet_id": "subnet-1", "instance_id": "i-1", "vpc_id": "vpc-1", "az_id": "euw1-az1"}
    other = {"subnet_id": "subnet-2", "vpc_id": "vpc-1"}
    records = [
        record(HOST, PEER, 1, 443, bytes=5, **own),
        record(PEER, HOST, 443, 1, bytes=90, **own),
        record(SERVER, PEER, 1, 443, bytes=7, interface_id="eni-2", **other),
    ]
    rows = ask("top-interfaces", records)
    assert only(rows, "interface_id", "instance_id", "bytes", "sent_bytes", "received_bytes") == [
        ("eni-1", "i-1", 95, 5, 90),
        ("eni-2", None, 7, 7, None),
    ]
    rows = ask("top-subnets", records)
    assert only(rows, "subnet_id", "vpc_id", "az_id", "bytes") == [
        ("subnet-1", "vpc-1", "euw1-az1", 95),
        ("subnet-2", "vpc-1", None, 7),
    ]


def test_pairs_count_once_and_rank_by_either_measure(ask_any: Ask) -> None:
    """The interface that saw most tells; the smallest are what is cut."""
    records = [*seen_twice(500, packets=1), record(PEER, HOST, 1, 80, bytes=400, packets=9),
               record("198.51.100.1", HOST, 1, 80, bytes=1, packets=1)]  # fmt: skip
    rows = ask_any("pairs-by-bytes", records, limit="2")
    assert only(rows, "srcaddr", "bytes", "interfaces") == [(HOST, 500, 2), (PEER, 400, 1)]
    rows = ask_any("pairs-by-bytes", records, by="packets", limit="1")
    assert only(rows, "srcaddr", "packets") == [(PEER, 9)]


def test_servers_of_a_port_are_those_that_are_asked(ask_any: Ask) -> None:
    """By packets; answers make nobody a server."""
    records = [
        record(PEER, SERVER, 40000, 443, packets=5),
        record("198.51.100.1", SERVER, 40000, 443, packets=4),
        record(PEER, HOST, 40000, 443, packets=2),
        record(SERVER, PEER, 443, 40000, packets=99, tcp_flags=18),
        record(PEER, HOST, 40000, 8443, packets=50),
    ]
    rows = ask_any("top-servers", records)
    assert only(rows, "dstaddr", "srcaddrs", "packets") == [(SERVER, 2, 9), (HOST, 1, 2)]


def test_a_network_is_compared_as_a_network(ask_any: Ask) -> None:
    """10.0.0.0/28 ends at .15; each destination once."""
    records = [
        record(HOST, PEER, 1, 443, bytes=10),
        record("10.0.0.15", PEER, 1, 443, bytes=5, interface_id="eni-2"),
        record("10.0.0.16", PEER, 1, 443, bytes=900),
        record(HOST, "198.51.100.1", 1, 443, bytes=3),
    ]
    rows = ask_any("destinations-of-network", records, network="10.0.0.0/28")
    assert only(rows, "dstaddr", "bytes") == [(PEER, 15), ("198.51.100.1", 3)]


def through_nat(service: str = "S3") -> list[Record]:
    """A host's upload through a gateway, as each interface logs it, and the answer."""
    gateway, nat = "10.0.0.1", {"interface_id": "eni-nat"}
    to = {"pkt_dst_aws_service": service}
    back = {"pkt_src_aws_service": service}
    return [
        record(HOST, PEER, 40000, 443, bytes=100, **to),
        record(HOST, gateway, 40000, 443, bytes=100, pkt_dstaddr=PEER, **nat, **to),
        record(gateway, PEER, 1024, 443, bytes=100, **nat, **to),
        record(PEER, gateway, 443, 1024, bytes=40, **nat, **back),
        record(gateway, HOST, 443, 40000, bytes=40, pkt_srcaddr=PEER, **nat, **back),
        record(PEER, HOST, 443, 40000, bytes=40, **back),
    ]


def test_nat_is_counted_on_its_inner_leg(ask: Ask) -> None:
    """Each byte once of the six records; traffic that stays inside is none."""
    rows = ask("nat-users", [*through_nat(), *seen_twice()])
    names = ("client", "gateway", "destinations", "sent_bytes", "received_bytes")
    assert only(rows, *names) == [(HOST, "10.0.0.1", 1, 100, 40)]
    rows = ask("aws-services-via-nat", through_nat())
    assert only(rows, "service", "client", "sent_bytes", "received_bytes") == [
        ("S3", HOST, 100, 40)
    ]


@pytest.mark.parametrize(("kind", "rows"), [("nat_gateway", 1), ("transit_gateway", 0)])
def test_where_the_log_names_interfaces_only_nat_counts(
    ask_full: Ask, kind: str, rows: int
) -> None:
    """Record version 11 tells gateways apart."""
    records = [{**r, "interface_type": kind} for r in through_nat()]
    assert len(ask_full("nat-users", records)) == rows


def test_zones_are_crossed_once_by_egress(ask: Ask) -> None:
    """The other zone is that of the interface that owns the address in these logs."""
    a, b = {"az_id": "euw1-az1"}, {"az_id": "euw1-az2", "interface_id": "eni-2"}
    leaves = record(HOST, SERVER, 40000, 80, bytes=100, **a)
    arrives = {**leaves, **b, "flow_direction": "ingress", "traffic_path": None}
    inside = record(HOST, "10.0.0.6", 40000, 80, bytes=50, **a)
    own = {**inside, "interface_id": "eni-3", "flow_direction": "ingress"}
    rows = ask("cross-az", [leaves, arrives, inside, own, record(HOST, PEER, 1, 443, **a)])
    assert only(rows, "srcaddr", "dstaddr", "az_id", "other_az_id", "bytes") == [
        (HOST, SERVER, "euw1-az1", "euw1-az2", 100)
    ]


def test_the_logs_own_next_zone_wins(ask_full: Ask) -> None:
    """Record version 11 knows zones of addresses that no interface here owns."""
    far = record(HOST, "10.9.9.9", 1, 443, az_id="euw1-az1", next_hop_az_id="euw1-az3")
    assert only(ask_full("cross-az", [far]), "other_az_id") == [("euw1-az3",)]


def test_later_fields_are_summed_up(ask_full: Ask) -> None:
    """ECS services, policy, encryption, tags: each by its field, decoded, dashes left out."""
    ecs = {"ecs_cluster_name": "shop", "ecs_service_name": "web"}
    records = [
        record(HOST, PEER, 40001, 443, bytes=10, ecs_task_id="a", encryption_status=0,
               instance_tag="team%20a", **ecs),
        record(HOST, PEER, 40002, 443, bytes=20, ecs_task_id="b", encryption_status=3,
               instance_tag="team%20a", **ecs),
        record(PEER, SERVER, 3, 22, bytes=0, action="REJECT", reject_reason="BPA"),
        record(PEER, SERVER, 3, 22, action="REJECT"),
    ]  # fmt: skip
    rows = ask_full("ecs-services", records)
    assert only(rows, "ecs_cluster_name", "ecs_service_name", "tasks", "bytes") == [
        ("shop", "web", 2, 30)
    ]
    rows = ask_full("blocked-by-policy", records)
    assert only(rows, "reject_reason", "srcaddr", "dstport", "records") == [("BPA", PEER, 22, 1)]
    assert only(ask_full("unencrypted", records), "srcaddr", "port", "bytes") == [(HOST, 443, 10)]
    rows = ask_full("bytes-by-tag", records)
    assert ("team a", "ACCEPT", 30) in only(rows, "tag", "action", "bytes")
