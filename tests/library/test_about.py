"""The queries that `A` asks give the right answer on records made by hand."""

from __future__ import annotations

from tests.library.tables import Ask, record
from tests.library.test_answers import HOST, PEER, SERVER, only

CALL = [
    record(HOST, SERVER, 40000, 80, bytes=100, start=1000, end=1005),
    record(SERVER, HOST, 80, 40000, tcp_flags=18, bytes=900, start=1000, end=1010),
    record(HOST, SERVER, 40001, 80, bytes=10, action="REJECT", start=1100, end=1101),
    record(PEER, HOST, 50000, 22, bytes=7, start=1200, end=1201),
    record(PEER, SERVER, 50001, 80, bytes=1, start=1300, end=1301),
]


def test_calls_by_an_address_hold_their_answers(ask: Ask) -> None:
    """Whom it called, let through and not; answers count to the call."""
    rows = ask("calls-by-ip", CALL, ip=HOST)
    assert only(rows, "called", "port", "action", "records", "sent_bytes", "received_bytes") == [
        (SERVER, 80, "ACCEPT", 2, 100, 900),
        (SERVER, 80, "REJECT", 1, 10, 0),
    ]
    assert only(rows, "ip", "openers", "first_seen", "last_seen")[0] == (HOST, 1, 1000, 1010)


def test_calls_to_an_address_are_those_of_others(ask: Ask) -> None:
    """Who called it; what it called itself is not there."""
    rows = ask("calls-to-ip", CALL, ip=HOST)
    assert only(rows, "caller", "port", "received_bytes", "sent_bytes") == [(PEER, 22, 7, 0)]
    both = ask("calls-to-ip", CALL, ip=SERVER)
    assert only(both, "caller", "records", "sent_bytes", "received_bytes") == [
        (HOST, 2, 900, 100),
        (HOST, 1, 0, 10),
        (PEER, 1, 0, 1),
    ]


def test_calls_need_no_flags(ask_bare: Ask) -> None:
    """The default format tells neither flags nor direction; openers are then unknown."""
    rows = ask_bare("calls-by-ip", CALL, ip=HOST)
    assert only(rows, "called", "records", "openers")[0] == (SERVER, 2, None)


def test_first_and_last_seen_by_side(ask: Ask) -> None:
    """Each side and interface by itself, the earliest first; packet addresses too."""
    records = [
        record(PEER, HOST, 1, 2, start=500, end=510),
        record(PEER, HOST, 1, 2, start=900, end=930),
        record(HOST, PEER, 2, 1, start=520, end=521, interface_id="eni-2"),
        record(HOST, "10.0.0.1", 2, 1, pkt_dstaddr=PEER, start=400, end=401),
        record(HOST, SERVER, 2, 1, start=1, end=2),
    ]
    rows = ask("seen-of-ip", records, ip=PEER)
    assert only(rows, "ip", "side", "first_seen", "last_seen", "records") == [
        (PEER, "destination of packets", 400, 401, 1),
        (PEER, "source", 500, 930, 2),
        (PEER, "destination", 520, 521, 1),
    ]


def test_first_and_last_seen_without_packet_addresses(ask_bare: Ask) -> None:
    """The default format has two sides."""
    rows = ask_bare("seen-of-ip", CALL, ip="10.0.0.80/32")
    assert only(rows, "side", "action", "first_seen", "last_seen") == [
        ("destination", "ACCEPT", 1000, 1301),
        ("source", "ACCEPT", 1000, 1010),
        ("destination", "REJECT", 1100, 1101),
    ]


def test_servers_and_clients_of_a_port(ask_any: Ask) -> None:
    """Asked on it or answered from it; each end once, with how many others."""
    servers = ask_any("servers-of-port", CALL, ports="80")
    assert only(
        servers, "server", "port", "action", "clients", "asked_bytes", "answered_bytes"
    ) == [
        (SERVER, 80, "ACCEPT", 2, 101, 900),
        (SERVER, 80, "REJECT", 1, 10, 0),
    ]
    clients = ask_any("clients-of-port", CALL, ports="80,22")
    assert only(clients, "client", "port", "action", "servers", "asked_bytes") == [
        (HOST, 80, "ACCEPT", 1, 100),
        (HOST, 80, "REJECT", 1, 10),
        (PEER, 22, "ACCEPT", 1, 7),
        (PEER, 80, "ACCEPT", 1, 1),
    ]


def test_addresses_of_an_interface_know_which_are_its_own(ask: Ask) -> None:
    """Its own side by flow_direction; the peers with what went each way."""
    records = [
        record(HOST, PEER, 1, 2, bytes=100, flow_direction="egress"),
        record(PEER, HOST, 2, 1, bytes=30, flow_direction="ingress"),
        record(HOST, PEER, 1, 2, bytes=5, interface_id="eni-2", flow_direction="ingress"),
    ]
    rows = ask("addresses-of-interface", records)
    first = [row for row in rows if row["interface_id"] == records[0]["interface_id"]]
    assert only(first, "address", "role", "records", "sent_bytes", "received_bytes") == [
        (HOST, "own", 2, 100, 30),
        (PEER, "peer", 2, 30, 100),
    ]
    other = [row for row in rows if row["interface_id"] == "eni-2"]
    assert only(other, "address", "role") == [(HOST, "peer"), (PEER, "own")]


def test_addresses_of_an_interface_without_direction(ask_bare: Ask) -> None:
    """Which side is its own cannot be told; the one in all records comes first."""
    rows = ask_bare("addresses-of-interface", CALL[:4])
    assert only(rows, "address", "role", "records")[0] == (HOST, None, 4)
