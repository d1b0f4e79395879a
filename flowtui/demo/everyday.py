"""What goes on every day around the incident: visitors, tiers, names, probes, internet noise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final

from flowtui.demo.network import (
    APP,
    BASTION,
    DATABASE,
    DNS,
    INSIDE,
    LOAD_BALANCERS,
    LOAD_BALANCERS_V6,
    MAIL,
    MONITOR,
    NAT,
    NODES,
    PODS,
    PUBLIC,
    VPN,
    WEB,
    WEB_V6,
    End,
)
from flowtui.demo.records import FIN, ICMP, ICMP6, SYN, UDP, Lines, Talk, write, write_through_nat
from flowtui.demo.story import DAY

Draw = Callable[[], float]
"""0 <= x < 1. Only this of `random` is the same in every version of Python."""

_OFFICE: Final = End("198.18.200.10")
_SERVICES: Final = (
    End("198.19.0.10", service="S3"),
    End("198.19.0.20", service="DYNAMODB"),
    End("198.19.0.30", service="AMAZON"),
    End("198.19.7.40"),
    End("198.19.7.41"),
)
_OUTSIDE_V6: Final = tuple(End(f"2001:db8:a000::{n}") for n in range(1, 6))
_NOISE_PORTS: Final = (23, 8080, 3389, 445, 5900, 1433, 3306, 6379, 8443, 2222, 5060, 9200)
_WATCHED: Final = (*INSIDE, *WEB)
_BUSY: Final = (
    0.65, 0.6, 0.55, 0.55, 0.55, 0.6, 0.7, 0.8, 0.95, 1.1, 1.25, 1.35,
    1.35, 1.4, 1.45, 1.45, 1.4, 1.35, 1.25, 1.1, 1.0, 0.9, 0.8, 0.7,
)  # fmt: skip
"""How busy each hour is, UTC; a table, since the last digit of a cosine depends on the machine."""
_ADMIN_MINUTES: Final = (9 * 60 + 30, 11 * 60 + 15, 15 * 60 + 40)


def play(minute: int, lines: Lines) -> None:
    """Add the everyday records of one minute, which begins at that unix time."""
    draw = Random(minute).random
    busy = _BUSY[(minute - DAY) // 3600]
    _visitors(minute, busy, draw, lines)
    _tiers(minute, busy, draw, lines)
    _names(minute, busy, draw, lines)
    _outbound(minute, busy, draw, lines)
    _monitoring(minute, lines)
    _scanners(minute, draw, lines)
    _people(minute, lines)


def _some(rate: float, draw: Draw) -> range:
    return range(int(rate + draw()))


def _span(minute: int, draw: Draw) -> tuple[int, int]:
    start = minute + int(draw() * 25)
    return start, start + 1 + int(draw() * 33)


def _port(draw: Draw) -> int:
    return 32768 + int(draw() * 28000)


def _sizes(draw: Draw) -> tuple[tuple[int, int], tuple[int, int]]:
    sent, received = 6 + int(draw() * 14), 8 + int(draw() ** 3 * 120)
    return (sent, sent * 140), (received, received * (200 + int(draw() * 1200)))


def _visitors(minute: int, busy: float, draw: Draw, lines: Lines) -> None:
    for i in _some(14 * busy, draw):
        # Few come often, most once.
        n = int(draw() ** 3 * 40000)
        if n % 8 == 3:
            client, server = End(f"2001:db8:f000:{n:x}::1"), LOAD_BALANCERS_V6[i % 2]
        else:
            client, server = End(f"198.18.{n >> 8}.{n & 255}"), LOAD_BALANCERS[i % 2]
        span, sizes = _span(minute, draw), _sizes(draw)
        visit = Talk(client, server, (_port(draw), 443), span, *sizes)
        write(visit, lines)
        if i % 2:
            web = WEB[int(draw() * len(WEB))]
            balancer = LOAD_BALANCERS[i // 2 % 2]
            write(Talk(balancer, web, (_port(draw), 8080), span, *sizes), lines)
        if draw() < 0.06:
            # Late FIN of a closed connection: rejected, and no sign of anything.
            after = (span[1], span[1])
            write(
                replace(
                    visit,
                    span=after,
                    sent=(1, 40),
                    received=(0, 0),
                    flags=(FIN, 0),
                    is_let_in=False,
                ),
                lines,
            )
    if draw() < 0.1:
        client = End(f"2001:db8:f000:{1 + int(draw() * 4000):x}::1")
        _ping(client, LOAD_BALANCERS_V6[0], minute, lines, ICMP6)


def _ping(client: End, server: End, minute: int, lines: Lines, protocol: int = ICMP) -> None:
    span, echo = (minute + 6, minute + 10), (5, 420)
    write(Talk(client, server, (0, 0), span, echo, echo, protocol, (0, 0)), lines)


def _tiers(minute: int, busy: float, draw: Draw, lines: Lines) -> None:
    for _ in _some(5.5 * busy, draw):
        web, app = WEB[int(draw() * len(WEB))], APP[int(draw() * len(APP))]
        ports = (_port(draw), 9000)
        write(Talk(web, app, ports, _span(minute, draw), *_sizes(draw)), lines)
    for i, app in enumerate(APP):
        # A pooled connection, older than the day: no flags, ever.
        asked, answered = 40 + int(draw() * 200 * busy), 60 + int(draw() * 500 * busy)
        sent, received = (asked, asked * 180), (answered, answered * 700)
        ports, span = (41000 + i, 5432), (minute + 1, minute + 58)
        write(Talk(app, DATABASE, ports, span, sent, received, flags=(0, 0)), lines)
    for _ in _some(3 * busy, draw):
        pod, n = PODS[int(draw() * len(PODS))], draw()
        server, port = (DATABASE, 5432) if n < 0.3 else (APP[int(n * len(APP))], 9000)
        ports = (_port(draw), port)
        write(Talk(pod, server, ports, _span(minute, draw), *_sizes(draw)), lines)


def _names(minute: int, busy: float, draw: Draw, lines: Lines) -> None:
    for _ in _some(6 * busy, draw):
        client = _WATCHED[int(draw() * len(_WATCHED))]
        if client is not DNS:
            start = minute + int(draw() * 59)
            ports, span = (_port(draw), 53), (start, start)
            write(Talk(client, DNS, ports, span, (1, 68), (1, 132), UDP, (0, 0)), lines)


def _outbound(minute: int, busy: float, draw: Draw, lines: Lines) -> None:
    clients = (*APP, *NODES)
    for _ in _some(2 * busy, draw):
        client = clients[int(draw() * len(clients))]
        server = _SERVICES[int(draw() * len(_SERVICES))]
        ports = (_port(draw), 443)
        talk = Talk(client, server, ports, _span(minute, draw), *_sizes(draw))
        write_through_nat(talk, NAT, 1024 + int(draw() * 30000), lines)
    if draw() < 0.8:
        client = WEB_V6[int(draw() * len(WEB_V6))]
        server = _OUTSIDE_V6[int(draw() * len(_OUTSIDE_V6))]
        ports = (_port(draw), 443)
        write(Talk(client, server, ports, _span(minute, draw), *_sizes(draw)), lines)


def _monitoring(minute: int, lines: Lines) -> None:
    step = (minute - DAY) // 60
    for i, end in enumerate(_WATCHED):
        if end is MONITOR or i % 4 != step % 4:
            continue
        _ping(MONITOR, end, minute, lines)
        ports, span = (50000 + i, 9100), (minute + 2, minute + 47)
        write(Talk(MONITOR, end, ports, span, (12, 1900), (18, 21000), flags=(0, 0)), lines)


def _scanners(minute: int, draw: Draw, lines: Lines) -> None:
    for _ in _some(25, draw):
        # Each of them cares for three hosts and four ports, too few to be a scan of its own.
        n = 70 + int(draw() ** 1.5 * 180)
        server = PUBLIC[(n * 5 + int(draw() * 3)) % len(PUBLIC)]
        port = _NOISE_PORTS[(n + int(draw() * 4)) % len(_NOISE_PORTS)]
        start, source_port = minute + int(draw() * 59), _port(draw)
        probe = Talk(
            End(f"203.0.113.{n}"),
            server,
            (source_port, port),
            (start, start),
            (1, 44),
            flags=(SYN, 0),
            is_let_in=server is NAT,
        )
        if n % 9 == 0:
            probe = replace(probe, ports=(0, 0), protocol=ICMP, flags=(0, 0))
        write(probe, lines)


def _people(minute: int, lines: Lines) -> None:
    step = (minute - DAY) // 60
    if 7 * 60 <= step < 19 * 60:
        span, sent, received = (minute, minute + 58), (210, 32000), (260, 91000)
        write(Talk(_OFFICE, VPN, (51820, 51820), span, sent, received, UDP, (0, 0)), lines)
    if step % 7 == 0:
        sender, span = End(f"198.19.25.{1 + step % 40}"), (minute + 11, minute + 15)
        write(Talk(sender, MAIL, (40000 + step, 25), span, (21, 9400), (18, 1700)), lines)
    if step in _ADMIN_MINUTES:
        for client, server in ((_OFFICE, BASTION), (BASTION, APP[step % len(APP)])):
            span, sent, received = (minute + 5, minute + 50), (120, 14000), (140, 39000)
            write(Talk(client, server, (45000 + step, 22), span, sent, received), lines)
