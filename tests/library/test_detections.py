"""Detections give the right answer on records made by hand, and pass over what is none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.library.tables import Ask, Record, record
from tests.library.test_answers import HOST, PEER, SERVER, only

UDP = {"protocol": 17, "tcp_flags": 0}


def tries(count: int, every: int = 10, port: int = 22, **others: Any) -> list[Record]:
    """Requests from new source ports, so many seconds apart."""
    return [
        record(PEER, HOST, 40000 + n, port, start=1000 + every * n, end=1001 + every * n, **others)
        for n in range(count)
    ]


def test_tries_are_connections_and_have_a_rate(ask_any: Ask) -> None:
    """Two interfaces count once, a session is one try, noise spread over days is none."""
    brute = [
        *tries(60, action="REJECT"),
        *tries(60, interface_id="eni-2", action="REJECT"),
        *(record(PEER, HOST, 50000, 22, tcp_flags=0, start=5000 + 60 * n) for n in range(100)),
    ]
    slow = tries(60, every=3600, port=3389)
    rows = ask_any("brute-force", [*brute, *slow])
    assert [(r["srcaddr"], r["dstport"], r["rejected"]) for r in rows] == [(PEER, 22, 120)]
    # Without flags the session's source port is one more try, not a hundred.
    assert rows[0]["tries"] in (60, 61)
    assert ask_any("brute-force", brute, tries="61") == []


def test_fan_out_counts_inside_hosts_and_no_answers(ask_any: Ask) -> None:
    """Requests only, both ends inside."""
    records = [
        *(record(HOST, f"10.0.1.{n}", 40000 + n, 80 + n % 2) for n in range(21)),
        *(record(SERVER, f"10.0.1.{n}", 443, 40000 + n, tcp_flags=18) for n in range(40)),
        *(record("10.0.0.7", f"198.51.100.{n}", 40000, 443) for n in range(40)),
        *(record("192.168.0.7", f"172.16.0.{n}", 40000, 443) for n in range(20)),
    ]
    rows = ask_any("fan-out", records)
    assert only(rows, "srcaddr", "dstaddrs", "dstports") == [(HOST, 21, 2)]


def beacon(pauses: list[int], peer: str = PEER, **others: Any) -> list[Record]:
    """A connection after each pause, each of three records."""
    start, made = 1000, []
    for n, pause in enumerate(pauses):
        start += pause
        for window, flags in enumerate((2, 0, 1)):
            made.append(
                record(HOST, peer, 40000 + n, 443, tcp_flags=flags, start=start + 60 * window,
                       end=start + 60 * window + 59, **others)
            )  # fmt: skip
    return made


def test_beacons_are_regular_connections_not_regular_records(ask_any: Ask) -> None:
    """An even rhythm is found; uneven, few, quick, rejected, and one long connection are not."""
    records = [
        *beacon([600] * 12),
        *beacon([600, 600], "198.51.100.1"),
        *beacon([60, 1800, 300, 4000, 10, 900, 2500, 400, 77, 3000, 150, 600], "198.51.100.2"),
        *beacon([300] * 12, "198.51.100.3", action="REJECT"),
        *(record(HOST, "198.51.100.4", 40000, 443, tcp_flags=2 if n == 0 else 0, start=60 * n)
          for n in range(500)),
        *beacon([600] * 12, SERVER),
    ]  # fmt: skip
    rows = ask_any("beaconing", records)
    names = ("dstaddr", "connections", "interval_s", "jitter")
    assert only(rows, *names) == [(PEER, 12, 600, 0)]


def test_jitter_is_the_deviation_over_the_mean(ask: Ask) -> None:
    """Pauses of 540 and 660 in turn deviate by 60 of 600: ten percent."""
    (row,) = ask("beaconing", beacon([600, *([540, 660] * 6)]))
    assert (row["connections"], row["interval_s"], row["jitter"]) == (13, 600, 10)
    assert ask("beaconing", beacon([600, *([540, 660] * 6)]), jitter="9") == []


def lasting(minutes: int, peer: str, **others: Any) -> list[Record]:
    """Both directions of one connection, a record a minute."""
    ways = [(HOST, peer, 40000, 443), (peer, HOST, 443, 40000)]
    return [
        record(*way, tcp_flags=0, start=60 * n, end=60 * n + 59, bytes=10, **others)
        for n in range(minutes)
        for way in ways
    ]


def test_long_connections_are_stitched_and_reused_ports_are_not(ask_any: Ask) -> None:
    """Two hours of records are one connection; two short visits from one port are none."""
    visits = [
        record(HOST, "198.51.100.9", 41000, 443, start=start, end=start + 9)
        for start in (0, 90_000)
    ]
    answers = [record("198.51.100.9", HOST, 443, 41000, tcp_flags=18, start=1)]
    records = [*lasting(121, PEER), *lasting(60, "198.51.100.7"), *visits, *answers,
               *lasting(300, SERVER)]  # fmt: skip
    rows = ask_any("long-connections", records)
    names = ("inside", "outside", "outside_port", "duration_s", "sent_bytes", "received_bytes")
    assert only(rows, *names) == [(HOST, PEER, 443, 7259, 1210, 1210)]


def test_unusual_ports_are_asked_for_from_inside(ask_any: Ask) -> None:
    """Requests beside the list and protocols nobody set up; answers, usual ports, ICMP are none."""
    records = [
        record(HOST, PEER, 40000, 4444, packets=9),
        record(HOST, PEER, 0, 0, protocol=47, tcp_flags=0, packets=5),
        record(HOST, PEER, 40000, 443, packets=9),
        record(HOST, PEER, 443, 50000, tcp_flags=18, packets=9),
        record(HOST, PEER, 0, 0, protocol=1, tcp_flags=0, packets=9),
        record(PEER, HOST, 40000, 4444, packets=9),
        record(HOST, SERVER, 40000, 4444, packets=9),
        record(HOST, PEER, 40000, 5555, packets=2),
    ]
    rows = ask_any("unusual-ports", records)
    assert only(rows, "dstport", "protocol") == [(4444, 6), (0, 47)]
    assert only(ask_any("unusual-ports", records, usual="443,4444"), "dstport") == [(0,)]


def test_amplified_answers_are_large_and_cross_the_border(ask_any: Ask) -> None:
    """Victim and reflector; small answers, inside ones and a second interface change nothing."""
    flood = {**UDP, "bytes": 40_000_000, "packets": 50_000}
    records = [
        *(record(f"198.51.100.{n}", HOST, 123, 40000, **flood) for n in range(3)),
        *(record(f"198.51.100.{n}", HOST, 123, 40000, interface_id="eni-2", **flood)
          for n in range(3)),
        record(SERVER, PEER, 11211, 40000, **{**flood, "bytes": 90_000_000}),
        record(PEER, SERVER, 53, 40000, **{**flood, "packets": 400_000}),
        record(HOST, SERVER, 53, 40000, **flood),
    ]  # fmt: skip
    rows = ask_any("udp-amplification", records)
    names = ("role", "dstaddr", "srcport", "srcaddrs", "bytes", "interfaces")
    assert only(rows, *names) == [
        ("victim", HOST, 123, 3, 120_000_000, 2),
        ("reflector", PEER, 11211, 1, 90_000_000, 1),
    ]


def test_floods_are_bare_packets_in_a_slot(ask: Ask) -> None:
    """From many sources, SYN with RST too; real visitors and the next slot do not count."""
    bare = [
        record(f"198.51.{n // 200}.{n % 200}", HOST, 40000, 443, start=600 + n % 300,
               tcp_flags=(2, 6)[n % 2])
        for n in range(500)
    ]  # fmt: skip
    visitors = [
        record(f"198.18.{n // 200}.{n % 200}", SERVER, 40000, 443, start=600, packets=9, bytes=4000)
        for n in range(600)
    ]
    later = [record("203.0.113.1", HOST, 40000, 443, start=1200)]
    heavy = [record("203.0.113.2", SERVER, 1, 80, start=0, packets=10**6, bytes=44 * 10**6)]
    rows = ask("syn-flood", [*bare, *visitors, *later, *heavy])
    assert only(rows, "bucket", "dstaddr", "dstport", "sources", "packets") == [
        (600, HOST, 443, 500, 500),
        (0, SERVER, 80, 1, 10**6),
    ]
    assert ask("syn-flood", bare, sources="501") == []


def test_pings_of_many_hosts_or_many_to_one(ask_any: Ask) -> None:
    """Hosts are counted once, packets by interface; answers to strangers are no sweep."""
    icmp = {"protocol": 1, "tcp_flags": 0}
    records = [
        *(record(PEER, f"10.0.1.{n}", 0, 0, **icmp) for n in range(21)),
        *(record(HOST, f"198.51.100.{n}", 0, 0, **icmp) for n in range(60)),
        *(record("10.0.0.9", SERVER, 0, 0, interface_id=f"eni-{n}", packets=60_000, **icmp)
          for n in range(2)),
        record("10.0.0.8", SERVER, 0, 0, packets=100_001, **icmp),
    ]  # fmt: skip
    rows = ask_any("icmp-sweep", records)
    assert only(rows, "srcaddr", "dstaddrs", "most_packets") == [
        (PEER, 21, 1),
        ("10.0.0.8", 1, 100_001),
    ]


def test_a_database_is_open_where_it_answers(ask_any: Ask) -> None:
    """Let in without an answer (NAT), rejected, inside and outbound clients are no exposure."""
    records = [
        record(PEER, SERVER, 40000, 5432, packets=4, bytes=400),
        record(SERVER, PEER, 5432, 40000, tcp_flags=18, packets=6, bytes=9000),
        record(PEER, "10.0.0.1", 40000, 3306),
        record("198.51.100.8", SERVER, 40000, 6379, action="REJECT"),
        record(HOST, SERVER, 40000, 5432),
        record(SERVER, HOST, 5432, 40000, tcp_flags=18),
        record(HOST, PEER, 40000, 5432),
        record(PEER, HOST, 5432, 40000, tcp_flags=18),
    ]
    rows = ask_any("database-exposure", records)
    names = ("client", "server", "port", "answered", "sent_bytes", "records")
    assert only(rows, *names) == [(PEER, SERVER, 5432, 6, 9000, 2)]


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("UTC", {6, 20, 23}),
        ("Asia/Tokyo", {11, 12, 13, 20}),
        ("America/New_York", {6, 11}),
    ],
)
def test_off_hours_are_those_of_a_zone(ask_any: Ask, zone: str, hours: set[int]) -> None:
    """By the zone's own clock; weekends are off whatever the hour."""
    monday = 1795392000  # 2026-11-23T00:00Z
    records = [
        record(PEER, HOST, 40000 + hour, 22, start=monday + hour * 3600, end=monday + hour * 3600)
        for hour in (6, 11, 12, 13, 20, 23)
    ]
    found = {
        (row["first_seen"] - monday) // 3600
        for hour in (6, 11, 12, 13, 20, 23)
        for row in ask_any(
            "off-hours", [r for r in records if r["srcport"] == 40000 + hour], zone=zone
        )
    }
    assert found == hours
    sunday = [record(PEER, HOST, 40000, 22, start=monday - 43200, end=monday - 43200)]
    assert len(ask_any("off-hours", sunday)) == 1


def test_lateral_movement_may_be_asked_with_thresholds(ask_any: Ask) -> None:
    """Hosts tried, and hosts that refuse, at least."""
    records = [record(HOST, f"10.0.1.{n}", 40000, 22, action="REJECT") for n in range(3)]
    assert len(ask_any("lateral-movement", records, targets="3", refused="3")) == 1
    assert ask_any("lateral-movement", records, targets="4") == []
    assert ask_any("lateral-movement", records, refused="4") == []


def test_a_server_does_not_upload_to_its_visitors(ask_any: Ask) -> None:
    """Who called is told by the ports: downloads from an own server are no uploads."""
    records = [
        record(PEER, SERVER, 40000, 443, bytes=10_000),
        record(SERVER, PEER, 443, 40000, bytes=900_000_000, tcp_flags=18),
    ]
    assert ask_any("upload-ratio", records) == []
    assert len(ask_any("large-transfers", records)) == 1
