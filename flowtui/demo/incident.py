"""The incident, minute by minute: what `flowtui.demo.story` says, as records."""

from __future__ import annotations

from dataclasses import replace

from flowtui.demo import story
from flowtui.demo.network import (
    BASTION,
    DATABASE,
    IDLE,
    LOAD_BALANCERS,
    NAT,
    PARTNER,
    PUBLIC,
    REPORTS,
    End,
)
from flowtui.demo.records import (
    SYN,
    SYN_ACK,
    SYN_ACK_FIN,
    SYN_FIN,
    UDP,
    Lines,
    Talk,
    write,
    write_empty,
    write_through_nat,
)
from flowtui.demo.story import DAY, Span

_DROP_MINUTES = 10
"""The data leaves over a new connection as often as this."""


def play(minute: int, lines: Lines) -> None:
    """Add the incident's records of one minute, which begins at that unix time."""
    _scan(minute, lines)
    _brute_force(minute, lines)
    _lateral_movement(minute, lines)
    _exfiltration(minute, lines)
    _sweep(minute, lines)
    _database_client(minute, lines)
    _partner(minute, lines)
    _outside_resolver(minute, lines)
    _silence(minute, lines)


def _refused(client: End, server: End, ports: tuple[int, int], start: int) -> Talk:
    return Talk(client, server, ports, (start, start), (1, 44), flags=(SYN, 0), is_let_in=False)


def _scan(minute: int, lines: Lines) -> None:
    if minute not in story.SCAN:
        return
    first = 1 + (minute - story.SCAN.since) // 60 * story.PORTS_A_MINUTE
    for i, port in enumerate(range(first, first + story.PORTS_A_MINUTE)):
        start = minute + i * 50 // story.PORTS_A_MINUTE
        write(_refused(story.SCANNER, BASTION, (40000 + port, port), start), lines)


def _brute_force(minute: int, lines: Lines) -> None:
    first_port = 33000 + (minute - DAY) // 60 * 16
    if minute in story.BRUTE_REFUSED:
        for i in range(story.REFUSED_A_MINUTE):
            ports = (first_port + i, 22)
            write(_refused(story.BRUTE, BASTION, ports, minute + i * 4), lines)
    elif minute in story.BRUTE_TRIES:
        for i in range(story.TRIES_A_MINUTE):
            start = minute + i * 7
            span, sent, received = (start, start + 4), (19, 2890 + i), (17, 3310 + i)
            write(Talk(story.BRUTE, BASTION, (first_port + i, 22), span, sent, received), lines)
    _session(story.BRUTE, BASTION, (51555, 22), story.BRUTE_SESSION, minute, lines)


def _session(
    client: End, server: End, ports: tuple[int, int], span: Span, minute: int, lines: Lines
) -> None:
    """A long connection: SYN in its first window only, nothing but ACK after that."""
    if minute in span:
        flags = (SYN, SYN_ACK) if minute == span.since else (0, 0)
        window, sent, received = (minute + 1, minute + 57), (40, 4200), (52, 9800)
        write(Talk(client, server, ports, window, sent, received, flags=flags), lines)


def _lateral_movement(minute: int, lines: Lines) -> None:
    _session(BASTION, story.FOOTHOLD, (40222, 22), story.FOOTHOLD_SESSION, minute, lines)
    if minute not in story.LATERAL:
        return
    step = (minute - story.LATERAL.since) // 60
    for i, server in enumerate(story.LATERAL_REFUSED):
        ports = (41000 + step * 16 + i, story.LATERAL_PORTS[step % len(story.LATERAL_PORTS)])
        write(_refused(BASTION, server, ports, minute + 2 + i * 8), lines)
    if step < len(story.LATERAL_REACHED):
        ports, span = (42000 + step, 22), (minute + 3, minute + 40)
        server = story.LATERAL_REACHED[step]
        write(Talk(BASTION, server, ports, span, (31, 4100), (28, 5200)), lines)


def _exfiltration(minute: int, lines: Lines) -> None:
    if minute not in story.EXFIL:
        return
    connection, step = divmod((minute - story.EXFIL.since) // 60, _DROP_MINUTES)
    fin = int(step == _DROP_MINUTES - 1)
    flags = (SYN, SYN_ACK) if step == 0 else (fin, fin)
    ports, span = (44000 + connection, 443), (minute, minute + 59)
    sent, received = (5000, story.EXFIL_BYTES_A_MINUTE), (2100, 109_200)
    talk = Talk(story.FOOTHOLD, story.DROP, ports, span, sent, received, flags=flags)
    write_through_nat(talk, NAT, 14000 + connection, lines)


def _sweep(minute: int, lines: Lines) -> None:
    if minute not in story.SWEEP:
        return
    step = (minute - story.SWEEP.since) // 60
    for i, server in enumerate(PUBLIC[step :: story.SWEEP.minutes]):
        ports = (52000 + step * 16 + i, story.SWEEP_PORT)
        talk = _refused(story.SWEEPER, server, ports, minute + 3 * i)
        # A NAT gateway has no security group: the log says ACCEPT, and the gateway drops it.
        write(replace(talk, is_let_in=server is NAT), lines)


def _database_client(minute: int, lines: Lines) -> None:
    ports = (33000 + (minute - DAY) // 60, 5432)
    if minute in story.CUT_OFF:
        # SYN, and two more of them: no answer.
        talk = replace(_refused(REPORTS, DATABASE, ports, minute + 5), sent=(3, 180))
    else:
        span, sent, received = (minute + 5, minute + 31), (34, 5100), (96, 118_000)
        talk = Talk(REPORTS, DATABASE, ports, span, sent, received)
    write(talk, lines)


def _partner(minute: int, lines: Lines) -> None:
    is_blocked = minute in story.ACL
    sent, received = ((4, 240), (4, 240)) if is_blocked else ((14, 2600), (16, 8400))
    flags = (SYN, SYN_ACK) if is_blocked else (SYN_FIN, SYN_ACK_FIN)
    for i, client in enumerate(story.ACL_CLIENTS):
        ports = (35000 + (minute - DAY) // 60 * 2 + i, story.PARTNER_PORT)
        span = (minute + 8 + i, minute + 20 + i)
        talk = Talk(client, PARTNER, ports, span, sent, received, flags=flags)
        write(replace(talk, is_let_back=not is_blocked), lines)


def _outside_resolver(minute: int, lines: Lines) -> None:
    question, rest = divmod(minute - DAY, story.RESOLVER_EVERY_S)
    if rest:
        return
    ports, span = (36000 + question, 53), (minute + 4, minute + 4)
    sent, received = (1, 71), (1, 212)
    talk = Talk(story.RESOLVER_CLIENT, story.RESOLVER, ports, span, sent, received, UDP, (0, 0))
    write_through_nat(talk, NAT, 16000 + question, lines)


def _silence(minute: int, lines: Lines) -> None:
    for end in IDLE:
        write_empty(end, minute, "NODATA", lines)
    if minute in story.SKIP:
        write_empty(LOAD_BALANCERS[0], minute, "SKIPDATA", lines)
