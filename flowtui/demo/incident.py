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
    UDP,
    Lines,
    Talk,
    write,
    write_empty,
    write_through_nat,
)
from flowtui.demo.story import DAY, Span

_EVERY_TENTH = 10
"""The data leaves over a new connection every ten minutes."""


def play(minute: int, lines: Lines) -> None:
    """Add the incident's records of one minute, which begins at that unix time."""
    for scene in (_scan, _brute_force, _lateral_movement, _exfiltration, _sweep):
        scene(minute, lines)
    for scene in (_database_client, _partner, _outside_resolver, _silence):
        scene(minute, lines)


def _refused(client: End, server: End, ports: tuple[int, int], start: int) -> Talk:
    sent = (1, 44)
    return Talk(client, server, *ports, start, start, sent, flags=(SYN, 0), is_let_in=False)


def _scan(minute: int, lines: Lines) -> None:
    if minute not in story.SCAN:
        return
    first = (minute - story.SCAN.since) // 60 * story.PORTS_A_MINUTE
    for i in range(story.PORTS_A_MINUTE):
        port = 1 + first + i
        write(_refused(story.SCANNER, BASTION, (40000 + port, port), minute + i * 50 // 64), lines)


def _brute_force(minute: int, lines: Lines) -> None:
    offset = (minute - DAY) // 60
    if minute in story.BRUTE_REFUSED:
        for i in range(story.REFUSED_A_MINUTE):
            port = 33000 + offset * 16 + i
            write(_refused(story.BRUTE, BASTION, (port, 22), minute + i * 4), lines)
    elif minute in story.BRUTE_TRIES:
        for i in range(story.TRIES_A_MINUTE):
            port = 33000 + offset * 16 + i
            start = minute + i * 7
            sent, received = (19, 2890 + i), (17, 3310 + i)
            write(Talk(story.BRUTE, BASTION, port, 22, start, start + 4, sent, received), lines)
    _session(story.BRUTE, BASTION, (51555, 22), story.BRUTE_SESSION, minute, lines)


def _session(
    client: End, server: End, ports: tuple[int, int], span: Span, minute: int, lines: Lines
) -> None:
    """A long connection: SYN in its first window only, nothing but ACK after that."""
    if minute not in span:
        return
    flags = (SYN, SYN_ACK) if minute == span.since else (0, 0)
    sent, received = (40, 4200), (52, 9800)
    write(Talk(client, server, *ports, minute + 1, minute + 57, sent, received, flags=flags), lines)


def _lateral_movement(minute: int, lines: Lines) -> None:
    _session(BASTION, story.FOOTHOLD, (40222, 22), story.FOOTHOLD_SESSION, minute, lines)
    if minute not in story.LATERAL:
        return
    step = (minute - story.LATERAL.since) // 60
    for i, server in enumerate(story.LATERAL_REFUSED):
        port = story.LATERAL_PORTS[step % 2]
        write(_refused(BASTION, server, (41000 + step * 16 + i, port), minute + 2 + i * 8), lines)
    if step < len(story.LATERAL_REACHED):
        talk = Talk(
            BASTION, story.LATERAL_REACHED[step], 42000 + step, 22, minute + 3, minute + 40,
            (31, 4100), (28, 5200),
        )  # fmt: skip
        write(talk, lines)


def _exfiltration(minute: int, lines: Lines) -> None:
    if minute not in story.EXFIL:
        return
    step = (minute - story.EXFIL.since) // 60
    begins, ends = step % _EVERY_TENTH == 0, step % _EVERY_TENTH == _EVERY_TENTH - 1
    port = 44000 + step // _EVERY_TENTH
    talk = Talk(
        story.FOOTHOLD, story.DROP, port, 443, minute, minute + 59,
        (story.EXFIL_BYTES_A_MINUTE // 1240, story.EXFIL_BYTES_A_MINUTE), (2100, 109_200),
        flags=(begins * SYN + ends, begins * SYN_ACK + ends),
    )  # fmt: skip
    write_through_nat(talk, NAT, port - 30000, lines)


def _sweep(minute: int, lines: Lines) -> None:
    if minute not in story.SWEEP:
        return
    step = (minute - story.SWEEP.since) // 60
    for i, server in enumerate(PUBLIC[step :: story.SWEEP.minutes]):
        ports = (52000 + step * 16 + i, story.SWEEP_PORT)
        # A NAT gateway has no security group: the log says ACCEPT, and the gateway drops it.
        talk = _refused(story.SWEEPER, server, ports, minute + 3 * i)
        write(replace(talk, is_let_in=server is NAT), lines)


def _database_client(minute: int, lines: Lines) -> None:
    port = 33000 + (minute - DAY) // 60
    if minute in story.CUT_OFF:
        # SYN, and two more of them: no answer.
        talk = Talk(
            REPORTS, DATABASE, port, 5432, minute + 5, minute + 12, (3, 180),
            flags=(SYN, 0), is_let_in=False,
        )  # fmt: skip
    else:
        talk = Talk(
            REPORTS, DATABASE, port, 5432, minute + 5, minute + 31, (34, 5100), (96, 118_000)
        )
    write(talk, lines)


def _partner(minute: int, lines: Lines) -> None:
    is_blocked = minute in story.ACL
    for i, client in enumerate(story.ACL_CLIENTS):
        port = 35000 + (minute - DAY) // 60 * 2 + i
        sent, received, flags = ((4, 240), (4, 240), (SYN, SYN_ACK)) if is_blocked else (
            (14, 2600), (16, 8400), (3, 19),
        )  # fmt: skip
        talk = Talk(
            client, PARTNER, port, story.PARTNER_PORT, minute + 8 + i, minute + 20 + i, sent, received,
            flags=flags, is_let_back=not is_blocked,
        )  # fmt: skip
        write(talk, lines)


def _outside_resolver(minute: int, lines: Lines) -> None:
    if (minute - DAY) % story.RESOLVER_EVERY_S:
        return
    port = 36000 + (minute - DAY) // story.RESOLVER_EVERY_S
    talk = Talk(
        story.RESOLVER_CLIENT, story.RESOLVER, port, 53, minute + 4, minute + 4, (1, 71), (1, 212),
        protocol=UDP, flags=(0, 0),
    )  # fmt: skip
    write_through_nat(talk, NAT, port - 20000, lines)


def _silence(minute: int, lines: Lines) -> None:
    for end in IDLE:
        assert end.interface is not None
        write_empty(end.interface, minute, "NODATA", lines)
    if minute in story.SKIP:
        lossy = LOAD_BALANCERS[0].interface
        assert lossy is not None
        write_empty(lossy, minute, "SKIPDATA", lines)
