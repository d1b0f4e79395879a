"""From a conversation to the lines that flow logs hold of it.

One line is one direction of a 5-tuple, seen by one interface, in one window: traffic inside the VPC
is logged by both ends, and so makes four lines. See "Flow log records", Amazon VPC User Guide.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from flowtui.demo.network import End, Interface

ICMP: Final = 1
TCP: Final = 6
UDP: Final = 17
ICMP6: Final = 58

FIN: Final = 1
SYN: Final = 2
SYN_FIN: Final = 3
SYN_ACK: Final = 18
SYN_ACK_FIN: Final = 19

FIELDS: Final = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start "
    "end action log-status vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr "
    "region az-id sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service "
    "flow-direction traffic-path"
)
"""Header line: all 29 fields of record version 5."""

Lines = tuple[list[str], list[str]]
"""Lines of the files for edge and inside interfaces."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation within one window of at most a minute."""

    client: End
    server: End
    ports: tuple[int, int]
    """Of client and server; 0 for ICMP."""
    span: tuple[int, int]
    """First and last packet; unix time."""
    sent: tuple[int, int]
    """Packets and bytes from client to server."""
    received: tuple[int, int] = (0, 0)
    """Packets and bytes back; none: no answer."""
    protocol: int = TCP
    flags: tuple[int, int] = (SYN_FIN, SYN_ACK_FIN)
    """TCP flags, OR-ed over the window, of client and server."""
    is_let_in: bool = True
    """False: the server's interface rejects the request."""
    is_let_back: bool = True
    """False: the server's interface rejects the response (a stateless network ACL)."""


def write(talk: Talk, lines: Lines) -> None:
    """Add what every interface that took part logs of it."""
    client, server = talk.client, talk.server
    if client.interface:
        _seen(talk, client.interface, client.own, server.address, lines, is_client=True)
    if server.interface:
        _seen(talk, server.interface, client.address, server.own, lines, is_client=False)


def write_through_nat(talk: Talk, nat: End, nat_port: int, lines: Lines) -> None:
    """As `write`, for a client that reaches the internet through a NAT gateway.

    The gateway's interface logs four lines: on the inner leg its own address stands in for the
    outside host, which only the packet addresses tell; on the outer leg the client is lost.
    """
    assert nat.interface is not None
    write(talk, lines)
    inner = replace(
        talk,
        server=End(talk.server.address, nat.interface, nat.address, talk.server.service),
    )
    _seen(inner, nat.interface, talk.client.address, nat.address, lines, is_client=False)
    outer = replace(talk, client=nat, ports=(nat_port, talk.ports[1]))
    _seen(outer, nat.interface, nat.address, talk.server.address, lines, is_client=True)


def _seen(
    talk: Talk, interface: Interface, src: str, dst: str, lines: Lines, *, is_client: bool
) -> None:
    """The request and the response as one interface logs them."""
    out = lines[0] if interface.is_edge else lines[1]
    client, server = talk.client, talk.server
    family = "IPv6" if ":" in client.address else "IPv4"
    inbound_path = "1" if client.interface else "8"
    outbound_path = "1" if server.interface or not interface.is_edge else "8"
    span = f"{talk.span[0]} {talk.span[1]}"
    verdict = "ACCEPT" if is_client or talk.is_let_in else "REJECT"
    way = f"egress {outbound_path}" if is_client else "ingress -"
    out.append(
        f"{interface.before}{src} {dst} {talk.ports[0]} {talk.ports[1]} {talk.protocol}"
        f" {talk.sent[0]} {talk.sent[1]} {span} {verdict} OK {interface.middle}{talk.flags[0]}"
        f" {family} {client.address} {server.address}{interface.after}"
        f"{client.service} {server.service} {way}"
    )
    is_lost = is_client and not talk.is_let_back
    if not talk.received[0] or is_lost:
        return
    verdict = "ACCEPT" if talk.is_let_back else "REJECT"
    way = "ingress -" if is_client else f"egress {inbound_path}"
    out.append(
        f"{interface.before}{dst} {src} {talk.ports[1]} {talk.ports[0]} {talk.protocol}"
        f" {talk.received[0]} {talk.received[1]} {span} {verdict} OK {interface.middle}"
        f"{talk.flags[1]} {family} {server.address} {client.address}{interface.after}"
        f"{server.service} {client.service} {way}"
    )


def write_empty(end: End, start: int, status: str, lines: Lines) -> None:
    """A window without traffic (NODATA), or whose records were lost (SKIPDATA)."""
    interface = end.interface
    assert interface is not None
    out = lines[0] if interface.is_edge else lines[1]
    out.append(
        f"{interface.before}- - - - - - - {start} {start + 59} - {status} {interface.middle}"
        f"- - - -{interface.after}- - - -"
    )
