"""Shipped queries give the right answer on records made by hand, and none inherits a known bug.

The bugs are those of published queries; see each query's `trap`.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.library.tables import Ask, Record, Rows, empty, record

HOST, PEER, SERVER = "10.0.0.5", "203.0.113.9", "10.0.0.80"


def only(rows: Rows, *names: str) -> list[tuple[Any, ...]]:
    """The rows with these columns alone."""
    return [tuple(row[name] for name in names) for row in rows]


def answers(
    server: str, client: str, port: int, client_ports: range, **others: Any
) -> list[Record]:
    """A server's answers to many ephemeral ports."""
    return [record(server, client, port, p, tcp_flags=18, **others) for p in client_ports]


def test_rejected_pairs_are_counted_in_every_measure(ask: Ask) -> None:
    """Records, packets, bytes, openers, ports and times of each pair; most records first."""
    rows = ask(
        "top-rejected-pairs",
        [
            record(
                PEER, HOST, 40000, 22, action="REJECT", packets=3, bytes=120, start=900, end=905
            ),
            record(PEER, HOST, 40001, 23, action="REJECT", tcp_flags=3, start=960, end=999),
            record(PEER, HOST, 40002, 23, action="REJECT", tcp_flags=0),
            record("10.9.9.9", HOST, 40002, 23, action="REJECT"),
            record(PEER, HOST, 40003, 80),
            empty("NODATA"),
        ],
    )
    assert rows[0] == {
        "srcaddr": PEER, "dstaddr": HOST, "records": 3, "packets": 5, "bytes": 200,
        "openers": 2, "dstports": 2, "first_seen": 900, "last_seen": 1010,
    }  # fmt: skip
    assert only(rows, "srcaddr", "records") == [(PEER, 3), ("10.9.9.9", 1)]


def test_without_flags_openers_are_unknown_not_none(ask_bare: Ask) -> None:
    """The default format cannot tell openers: NULL, never 0."""
    (row,) = ask_bare("top-rejected-pairs", [record(PEER, HOST, 40000, 22, action="REJECT")])
    assert (row["records"], row["openers"]) == (1, None)


def test_accepted_pairs_tell_when_two_interfaces_count_the_same(ask: Ask) -> None:
    """Traffic inside a VPC is logged twice; interfaces says so, and count once halves it."""
    both = [
        record(HOST, SERVER, 40000, 80, bytes=100, traffic_path=1),
        record(HOST, SERVER, 40000, 80, bytes=100, interface_id="eni-2",
               flow_direction="ingress", traffic_path=None),
        record(PEER, SERVER, 40000, 80, bytes=900, interface_id="eni-2"),
    ]  # fmt: skip
    rows = ask("top-accepted-pairs", both)
    assert only(rows, "srcaddr", "records", "bytes", "interfaces") == [
        (HOST, 2, 200, 2),
        (PEER, 1, 900, 1),
    ]


def test_the_largest_come_first_and_ties_have_an_order(ask: Ask) -> None:
    """A published ranking sorts the wrong way round and cuts off the largest."""
    records = [record(PEER, f"10.0.0.{n % 5}", 40000 + n, 80) for n in range(12)]
    rows = ask("top-accepted-pairs", records, limit="3")
    assert only(rows, "dstaddr", "records") == [("10.0.0.0", 3), ("10.0.0.1", 3), ("10.0.0.2", 2)]


@pytest.mark.parametrize("slug", ["records", "records-of-ip"])
def test_records_come_whole_and_in_order(ask: Ask, slug: str) -> None:
    """Every field of every record, by time; NODATA stays out, a dash is NULL."""
    late, early = record(PEER, HOST, 2, 3, start=1005), record(PEER, HOST, 1, 3, start=1001)
    arguments = {} if slug == "records" else {"ip": PEER}
    rows = ask(slug, [late, early, empty("NODATA")], **arguments)
    assert only(rows, "srcport", "start") == [(1, 1001), (2, 1005)]
    assert len(rows[0]) == 29
    assert (rows[0]["account_id"], rows[0]["az_id"]) == ("012345678901", None)


def test_an_address_is_found_on_either_side_and_behind_others(ask: Ask) -> None:
    """Source, destination, and the packet addresses of pods and NAT; IPv6 by value, not by text."""
    records = [
        record(HOST, PEER, 1, 9),
        record(PEER, HOST, 2, 9),
        record(HOST, "10.0.0.1", 3, 9, pkt_dstaddr=PEER),
        record("10.0.0.1", HOST, 4, 9, pkt_srcaddr=PEER),
        record(HOST, "203.0.113.90", 5, 9),
        record("2001:db8::a", HOST, 6, 9, type="IPv6"),
    ]
    found = only(ask("records-of-ip", records, ip=PEER), "srcport")
    assert sorted(found) == [(1,), (2,), (3,), (4,)]
    assert len(ask("records-of-ip", records, ip="203.0.113.0/24")) == 5
    assert only(ask("records-of-ip", records, ip="2001:DB8:0::/64"), "srcport") == [(6,)]


def test_an_address_is_found_without_packet_addresses(ask_bare: Ask) -> None:
    """The default format has no packet addresses; the question still works."""
    records = [record(HOST, PEER, 1, 9), record(PEER, HOST, 2, 9), record(HOST, SERVER, 3, 9)]
    found = only(ask_bare("records-of-ip", records, ip=PEER), "srcport")
    assert sorted(found) == [(1,), (2,)]


def test_peers_join_both_directions(ask: Ask) -> None:
    """A conversation is one row by its service port, with what went each way."""
    records = [
        record(HOST, PEER, 40000, 443, packets=10, bytes=1000, start=900),
        record(PEER, HOST, 443, 40000, packets=20, bytes=9000, tcp_flags=18, end=1100),
        record(HOST, PEER, 40001, 443, packets=1, bytes=50),
        record(SERVER, PEER, 40001, 443),
    ]
    rows = ask("peers-of-ip", records, ip=HOST)
    assert rows == [
        {
            "ip": HOST, "peer": PEER, "port": 443, "protocol": 6, "action": "ACCEPT", "records": 3,
            "packets": 31, "bytes": 10050, "sent_bytes": 1050, "received_bytes": 9000,
            "openers": 2, "first_seen": 900, "last_seen": 1100,
        }
    ]  # fmt: skip


def test_a_host_is_summed_up_by_role_and_reach(ask: Ask) -> None:
    """Who called is told by the ports, in answers as in requests; inside by network."""
    records = [
        record(HOST, PEER, 40000, 443, bytes=10),
        record(PEER, HOST, 443, 40000, bytes=90, tcp_flags=18),
        record("198.51.100.7", HOST, 50000, 22, bytes=5),
        record(HOST, "172.16.0.9", 40002, 5432, bytes=7),
        record(HOST, "172.32.0.9", 40002, 5432, bytes=7),
    ]
    rows = ask("host-summary", records, ip=HOST)
    assert sorted(
        only(rows, "role", "reach", "port", "peers", "records", "sent_bytes", "received_bytes")
    ) == [
        ("calls", "inside", 5432, 1, 1, 7, 0),
        ("calls", "outside", 443, 1, 2, 10, 90),
        ("calls", "outside", 5432, 1, 1, 7, 0),
        ("is called", "outside", 22, 1, 1, 0, 5),
    ]


def test_indicators_are_found_in_the_right_direction(ask: Ask) -> None:
    """Inbound is from them, outbound is to them, NAT's inner leg included."""
    records = [
        record(PEER, HOST, 40000, 22, action="REJECT"),
        record(HOST, "198.51.100.9", 40000, 443),
        record(HOST, "10.0.0.1", 40000, 443, pkt_dstaddr="198.51.100.9", interface_id="eni-nat"),
        record(HOST, SERVER, 40000, 443),
    ]
    rows = ask("indicator-sweep", records, indicators=f"{PEER},198.51.100.0/24")
    assert sorted(only(rows, "direction", "srcaddr", "dstaddr", "pkt_dstaddr")) == [
        ("inbound", PEER, HOST, HOST),
        ("outbound", HOST, "10.0.0.1", "198.51.100.9"),
        ("outbound", HOST, "198.51.100.9", "198.51.100.9"),
    ]


def test_indicators_work_on_the_default_format(ask_bare: Ask) -> None:
    """Without packet addresses the plain ones decide."""
    (row,) = ask_bare("indicator-sweep", [record(PEER, HOST, 40000, 22)], indicators=PEER)
    assert (row["direction"], row["pkt_srcaddr"]) == ("inbound", None)


def test_the_timeline_has_slots_of_any_width(ask: Ask) -> None:
    """Records fall into the slot that they start in, accepted and rejected apart."""
    records = [
        record(PEER, HOST, 1, 2, start=599, end=601, bytes=1),
        record(PEER, HOST, 1, 2, start=600, bytes=2),
        record(PEER, HOST, 1, 2, start=899, bytes=4),
        record(PEER, HOST, 1, 2, start=899, action="REJECT"),
    ]
    assert only(ask("timeline", records), "bucket", "action", "records", "bytes") == [
        (300, "ACCEPT", 1, 1),
        (600, "ACCEPT", 2, 6),
        (600, "REJECT", 1, 40),
    ]
    assert only(ask("timeline", records, width="1h"), "bucket", "records") == [(0, 3), (0, 1)]


def test_first_appearances_leave_noise_and_answers_out(ask: Ask) -> None:
    """Newest first; what was rejected never appeared, and an answer is no request."""
    records = [
        record(PEER, HOST, 40000, 22, start=500),
        record(PEER, HOST, 40001, 22, start=700, end=2000),
        record(HOST, PEER, 22, 40000, start=800, tcp_flags=18),
        record("198.51.100.9", HOST, 40001, 22, start=900, action="REJECT"),
        record(HOST, SERVER, 40001, 53, start=600, protocol=17, tcp_flags=0),
    ]
    rows = ask("first-appearance", records)
    assert only(rows, "srcaddr", "dstport", "first_seen", "last_seen", "records") == [
        (HOST, 53, 600, 1010, 1),
        (PEER, 22, 500, 2000, 2),
    ]


def test_first_appearances_need_no_flags(ask_bare: Ask) -> None:
    """Without flags the higher port asks."""
    records = [record(PEER, HOST, 40000, 22), record(HOST, PEER, 22, 40000)]
    assert only(ask_bare("first-appearance", records), "srcaddr") == [(PEER,)]


def test_a_changed_verdict_is_told_with_its_moment(ask: Ask) -> None:
    """Accepted then rejected is cut off, the reverse is let in; late packets change nothing."""

    def tries(port: int, *verdicts: str, **others: Any) -> list[Record]:
        return [
            record(HOST, SERVER, 40000 + n, port, start=1000 + 60 * n, action=verdict, **others)
            for n, verdict in enumerate(verdicts)
        ]

    records = [
        *tries(5432, "ACCEPT", "ACCEPT", "REJECT", "REJECT"),
        *tries(22, "REJECT", "ACCEPT"),
        *tries(80, "ACCEPT", "REJECT", "ACCEPT"),
        *tries(443, "ACCEPT", "ACCEPT"),
        *tries(8443, "ACCEPT", "ACCEPT"),
        record(HOST, SERVER, 40000, 443, start=2000, action="REJECT", tcp_flags=1),
        # Accepted where it leaves, rejected where it arrives: no change.
        *tries(8443, "REJECT", "REJECT", interface_id="eni-2"),
    ]
    rows = ask("verdict-changed", records)
    assert sorted(only(rows, "dstport", "change", "changed_at", "accepted", "rejected")) == [
        (22, "let in", 1060, 1, 1),
        (80, "back and forth", 1060, 2, 1),
        (5432, "cut off", 1120, 2, 2),
    ]


@pytest.mark.parametrize("slug", ["vertical-scan", "horizontal-sweep"])
def test_busy_servers_are_no_scanners(ask_any: Ask, slug: str) -> None:
    """Answers to many clients' ephemeral ports, let through or not, are no tries."""
    clients = [f"198.51.100.{n}" for n in range(30)]
    records = [
        *answers(SERVER, HOST, 443, range(40000, 40030)),
        *answers(SERVER, HOST, 443, range(41000, 41030), action="REJECT"),
        *(record(SERVER, client, 443, 40000, tcp_flags=19) for client in clients),
        *(record(SERVER, client, 53, 40000, protocol=17, tcp_flags=0) for client in clients),
    ]
    assert ask_any(slug, records) == []


def test_a_scan_of_ports_is_found(ask_any: Ask) -> None:
    """More than the asked number of distinct ports, TCP or UDP, rejected or not."""
    records = [
        *(record(PEER, HOST, 40000, port, action="REJECT") for port in range(1, 20)),
        record(PEER, HOST, 40000, 22, tcp_flags=6),
        record(PEER, HOST, 40000, 53, protocol=17, tcp_flags=0),
        *(record(PEER, SERVER, 40000 + n, 22) for n in range(50)),
    ]
    rows = ask_any("vertical-scan", records)
    assert only(rows, "srcaddr", "dstaddr", "dstports", "accepted", "rejected", "records") == [
        (PEER, HOST, 21, 2, 19, 21)
    ]
    assert ask_any("vertical-scan", records, ports="21") == []


def test_a_sweep_of_hosts_is_found(ask_any: Ask) -> None:
    """More than the asked number of distinct hosts on one port; ports are kept apart."""
    records = [
        *(record(PEER, f"10.0.1.{n}", 40000 + n, 3389, action="REJECT") for n in range(11)),
        *(record(PEER, f"10.0.1.{n}", 40000 + n, 1000 + n, action="REJECT") for n in range(20)),
    ]
    rows = ask_any("horizontal-sweep", records)
    assert only(rows, "srcaddr", "dstport", "dstaddrs", "rejected") == [(PEER, 3389, 11, 11)]
    assert ask_any("horizontal-sweep", records, hosts="11") == []


def _forced_in(source: str = PEER) -> list[Record]:
    return [
        *(record(source, HOST, 40000 + n, 22, action="REJECT", start=n) for n in range(21)),
        record(source, HOST, 50000, 22, start=500, packets=9),
        record(HOST, source, 22, 50000, start=500, tcp_flags=18, packets=8),
        record(source, HOST, 50000, 22, start=560, tcp_flags=0, packets=7),
    ]


def test_a_scan_that_got_in_is_found(ask_any: Ask) -> None:
    """Rejected again and again, then let in and answered, sessions without SYN included."""
    (row,) = ask_any("scan-succeeded", _forced_in())
    assert (row["srcaddr"], row["dstaddr"], row["dstport"]) == (PEER, HOST, 22)
    assert (row["rejected"], row["records"], row["packets"]) == (21, 2, 16)
    assert (row["answer_packets"], row["first_seen"]) == (8, 500)


def test_what_did_not_get_in_is_no_success(ask: Ask) -> None:
    """No answer (NAT), cut off later, too few tries, late packets: none is a scan that got in."""
    nat = [r for r in _forced_in("198.51.100.1") if r["srcaddr"] != HOST]
    cut_off = [
        record(HOST, SERVER, 40000, 5432, start=1),
        record(SERVER, HOST, 5432, 40000, start=1, tcp_flags=18),
        *(record(HOST, SERVER, 41000 + n, 5432, start=9, action="REJECT") for n in range(30)),
        record(HOST, "10.0.0.53", 42000, 443, start=99),
        record("10.0.0.53", HOST, 443, 42000, start=99, tcp_flags=18),
    ]
    late = [
        *(
            record("198.51.100.2", HOST, 40000 + n, 443, start=n, action="REJECT", tcp_flags=1)
            for n in range(30)
        ),
        record("198.51.100.2", HOST, 50000, 443, start=500),
        record(HOST, "198.51.100.2", 443, 50000, start=500, tcp_flags=18),
    ]
    assert ask("scan-succeeded", [*nat, *cut_off, *late]) == []
    assert ask("scan-succeeded", _forced_in(), rejects="21") == []


def test_logins_count_openers_not_records(ask: Ask) -> None:
    """One hour of SSH is one opener in 60 records; SYN with FIN and with RST are openers too."""
    session = [record(PEER, HOST, 50000, 22, tcp_flags=0, start=60 * n) for n in range(59)]
    tries = [record(PEER, HOST, 40000 + f, 22, tcp_flags=f) for f in (2, 3, 6, 7)]
    others = [
        record(HOST, PEER, 22, 50000, tcp_flags=18),
        record(PEER, HOST, 40000, 2222),
        record(PEER, HOST, 40000, 3389, protocol=17, tcp_flags=0),
        record("198.51.100.9", HOST, 40000, 3389, action="REJECT"),
    ]
    rows = ask("ssh-rdp", [*session, *tries, *others])
    assert only(rows, "srcaddr", "dstport", "action", "openers", "records") == [
        (PEER, 22, "ACCEPT", 4, 63),
        ("198.51.100.9", 3389, "REJECT", 1, 1),
    ]
    rows = ask("ssh-rdp", [*session, *tries, *others], ports="2000-3000")
    assert only(rows, "dstport") == [(2222,)]


def test_reached_hosts_are_those_that_answer(ask_any: Ask) -> None:
    """An ACCEPT where a try leaves proves nothing; an answer does."""

    def attempt(server: str, is_answered: bool) -> list[Record]:
        arrives = {"interface_id": f"eni-{server}", "flow_direction": "ingress"}
        leaves = record(HOST, server, 40000, 22)
        if not is_answered:
            return [leaves, record(HOST, server, 40000, 22, action="REJECT", **arrives)]
        answer = record(server, HOST, 22, 40000, tcp_flags=18)
        return [leaves, record(HOST, server, 40000, 22, **arrives), answer]

    records = [
        *attempt("10.0.1.1", True),
        *attempt("10.0.1.2", True),
        *attempt("10.0.1.3", False),
        record(HOST, PEER, 40000, 22),
        record(HOST, "10.0.1.4", 40000, 80),
        record(HOST, "10.0.1.5", 40000, 445, action="REJECT"),
    ]
    rows = ask_any("lateral-movement", records)
    assert only(rows, "client", "port", "targets", "reached", "refused", "records") == [
        (HOST, 22, 3, 2, 1, 8),
        (HOST, 445, 1, 0, 1, 1),
    ]


def test_transfers_are_summed_over_records_and_never_over_interfaces(ask: Ask) -> None:
    """Many windows add up; NAT's copy is a row of its own; inside traffic is none."""
    windows = [record(HOST, PEER, 40000, 443, bytes=60_000_000, start=60 * n, instance_id="i-1")
               for n in range(10)]  # fmt: skip
    nat = [record("10.0.0.1", PEER, 1024, 443, bytes=600_000_000, interface_id="eni-nat")]
    others = [
        record(HOST, SERVER, 40000, 443, bytes=9 * 10**9),
        record(PEER, HOST, 443, 40000, bytes=9 * 10**9),
        record(HOST, "198.51.100.9", 40000, 443, bytes=499_999_999),
        record(HOST, "198.51.100.8", 40000, 443, bytes=9 * 10**9, action="REJECT"),
        # IPv6 inside the VPC, and out of it.
        record("2001:db8::1", "2001:db8::2", 40000, 443, bytes=10**9, flow_direction="egress",
               traffic_path=1),
        record("2001:db8::1", "2600::2", 40000, 443, bytes=10**9, flow_direction="egress",
               traffic_path=8),
    ]  # fmt: skip
    rows = ask("large-transfers", [*windows, *nat, *others])
    assert only(rows, "srcaddr", "dstaddr", "bytes", "records", "instance_id") == [
        ("2001:db8::1", "2600::2", 10**9, 1, None),
        (HOST, PEER, 600_000_000, 10, "i-1"),
        ("10.0.0.1", PEER, 600_000_000, 1, None),
    ]
    assert len(ask("large-transfers", [*windows, *nat, *others], at_least="400MB")) == 4


def test_transfers_need_neither_direction_nor_path(ask_bare: Ask) -> None:
    """On the default format addresses alone decide."""
    records = [record(HOST, PEER, 1, 443, bytes=10**9), record(PEER, HOST, 443, 1, bytes=10**9)]
    rows = ask_bare("large-transfers", records)
    assert only(rows, "srcaddr", "bytes", "openers") == [(HOST, 10**9, None)]


def test_uploads_are_told_by_their_ratio(ask_any: Ask) -> None:
    """Much out and little in; a download and a balanced exchange are none."""

    def exchange(peer: str, sent: int, received: int) -> list[Record]:
        return [
            record(HOST, peer, 40000, 443, bytes=sent),
            record(peer, HOST, 443, 40000, bytes=received, tcp_flags=18),
        ]

    records = [
        *exchange("198.51.100.1", 400_000_000, 100_000_000),
        *exchange("198.51.100.2", 100_000_000, 400_000_000),
        *exchange("198.51.100.3", 99_999_999, 1),
        *exchange("198.51.100.4", 299_000_000, 100_000_000),
        record(HOST, "198.51.100.5", 40000, 514, protocol=17, tcp_flags=0, bytes=200_000_000),
    ]
    rows = ask_any("upload-ratio", records)
    assert only(rows, "inside", "outside", "sent_bytes", "received_bytes", "ratio") == [
        (HOST, "198.51.100.1", 400_000_000, 100_000_000, 4.0),
        (HOST, "198.51.100.5", 200_000_000, 0, None),
    ]


def test_only_questions_to_outside_resolvers_count(ask_any: Ask) -> None:
    """Resolvers inside are fine, and answers are no questions."""
    udp = {"protocol": 17, "tcp_flags": 0}
    records = [
        record(HOST, PEER, 40000, 53, **udp),
        record(HOST, PEER, 40001, 853),
        record(PEER, HOST, 53, 40000, **udp),
        record(HOST, "10.0.0.2", 40000, 53, **udp),
        record(PEER, "198.51.100.9", 40000, 53, **udp),
    ]
    rows = ask_any("outside-dns", records)
    assert only(rows, "srcaddr", "dstaddr", "dstport", "records") == [
        (HOST, PEER, 53, 1),
        (HOST, PEER, 853, 1),
    ]


def test_a_rejected_answer_is_told_from_a_missing_one(ask_any: Ask) -> None:
    """Matched on one interface by the whole 5-tuple, and told per service, not per try."""
    acl = [
        *(record(HOST, SERVER, 40000 + n, 8443, interface_id="eni-s") for n in range(3)),
        *answers(SERVER, HOST, 8443, range(40000, 40003), interface_id="eni-s", action="REJECT"),
        *(record(HOST, SERVER, 40000 + n, 8443, interface_id="eni-h") for n in range(3)),
    ]
    fine = [
        record(HOST, SERVER, 41000, 80),
        *answers(SERVER, HOST, 80, range(41000, 41001)),
        record(PEER, HOST, 40000, 22, action="REJECT"),
        record(HOST, SERVER, 42000, 53, protocol=17, tcp_flags=0),
        record(SERVER, HOST, 53, 42000, protocol=17, tcp_flags=0),
    ]
    rows = ask_any("one-way", [*acl, *fine])
    assert only(rows, "srcaddr", "dstport", "answer", "tries", "interface_id") == [
        (HOST, 8443, "rejected", 3, "eni-s"),
        (HOST, 8443, "missing", 3, "eni-h"),
    ]


def test_rejected_answers_make_one_row(ask_any: Ask) -> None:
    """Grouped by service port, where ephemeral ports would make a row each."""
    records = [
        *answers(SERVER, HOST, 8443, range(40000, 40050), action="REJECT"),
        record(PEER, SERVER, 40000, 22, action="REJECT"),
        record(PEER, SERVER, 40000, 22),
    ]
    rows = ask_any("rejects-by-interface", records)
    assert only(rows, "port", "records", "srcaddrs") == [(8443, 50, 1), (22, 1, 1)]


def test_health_sees_what_no_other_query_sees(ask_any: Ask) -> None:
    """SKIPDATA first, then silent interfaces, then the rest, with hours that have records."""
    records = [
        record(PEER, HOST, 1, 2, start=100),
        record(PEER, HOST, 1, 2, start=7300),
        empty("SKIPDATA", start=3600),
        empty("NODATA", interface_id="eni-2", start=0),
        empty("NODATA", interface_id="eni-2", start=60),
    ]
    rows = ask_any("log-health", records)
    names = ("log_status", "interface_id", "records", "interface_records", "hours")
    assert only(rows, *names) == [
        ("SKIPDATA", "eni-1", 1, 3, 1),
        ("NODATA", "eni-2", 2, 2, 1),
        ("OK", "eni-1", 2, 3, 2),
    ]


def test_filters_apply_to_every_query(ask: Ask) -> None:
    """A filter narrows the records before the query counts them."""
    records = [record(PEER, HOST, 40000, 22), record(PEER, SERVER, 40000, 80)]
    assert only(ask("top-accepted-pairs", records, "dstport:80"), "dstaddr") == [(SERVER,)]
    assert ask("log-health", records, "dst:192.0.2.1") == []
