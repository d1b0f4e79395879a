"""What an alarm says about traffic: addresses, ports, interfaces, instances, times.

Read from any text: an address alone, prose with addresses and times, a log line, or the JSON of a
finding (`findings.py`). Nothing is guessed: what is not written plainly is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from ipaddress import ip_address
from typing import Final

from flowtui.domain.addresses import Network, parse_network
from flowtui.domain.ports import MAX_PORT
from flowtui.domain.times import TimeRange

LONGEST: Final = 1_000_000
"""Characters that are looked at; an alarm is never longer."""
MOST: Final = 200
"""Addresses, and things of each other kind, that are kept."""
_BEFORE: Final = timedelta(minutes=60)
_AFTER: Final = timedelta(minutes=30)
_MARGIN: Final = timedelta(minutes=15)
_EARLIEST: Final = datetime(2015, 6, 1, tzinfo=UTC)
"""Flow logs began in June 2015: an earlier time is about something else."""


@dataclass(frozen=True, slots=True)
class Clues:
    """What was found, each once, in the order of the text."""

    kind: str = "text"
    """What the text is: `text`, `GuardDuty finding`, `Security Hub finding` …"""
    title: str = ""
    """What the finding calls itself; empty for other texts."""
    ours: tuple[Network, ...] = ()
    """Addresses that a finding says are its resource's own."""
    others: tuple[Network, ...] = ()
    """All other addresses."""
    ports: tuple[int, ...] = ()
    interfaces: tuple[str, ...] = ()
    """`eni-…`."""
    instances: tuple[str, ...] = ()
    """`i-…`."""
    times: tuple[datetime, ...] = field(default=())
    """Aware; sorted."""
    is_cut: bool = False
    """True where there was more than is kept."""

    @property
    def addresses(self) -> tuple[Network, ...]:
        """Ours, then the others."""
        return (*self.ours, *self.others)

    def __bool__(self) -> bool:
        return bool(self.addresses or self.interfaces or self.instances or self.ports)

    def window(self, now: datetime) -> TimeRange | None:
        """The time to look at: with what came before the alarm, and never later than now.

        None where no time is named.
        """
        if not self.times:
            return None
        first, last = self.times[0], self.times[-1]
        if last - first < timedelta(minutes=1):
            since, until = first - _BEFORE, last + _AFTER
        else:
            since, until = first - _MARGIN, last + _MARGIN
        since = _floor(since)
        return TimeRange(since, max(min(_floor(until), _floor(now)), since + timedelta(minutes=1)))


def _floor(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(second=0, microsecond=0)


def read_clues(text: str, *, now: datetime, zone: tzinfo = UTC) -> Clues:
    """What a text says about traffic; empty clues where it says nothing.

    Args:
        text: Anything; only its first million characters are looked at.
        now: Aware; what lies later is no time of an alarm.
        zone: For times without a zone.
    """
    from flowtui.domain.findings import read_finding

    finding = read_finding(text[:LONGEST], now=now)
    found = finding if finding is not None else _of_prose(text[:LONGEST], now, zone)
    return replace(found, is_cut=found.is_cut or len(text) > LONGEST)


def _of_prose(text: str, now: datetime, zone: tzinfo) -> Clues:
    plain = undefanged(text)
    endpoints = list(find_endpoints(plain))
    ports = [port for _, port in endpoints if port is not None]
    networks = [network for network, _ in endpoints]
    times = list(find_times(plain, now, zone))
    return gathered(
        others=networks,
        ports=(*ports, *find_ports(plain)),
        interfaces=find_ids(plain, "eni"),
        instances=find_ids(plain, "i"),
        times=times,
    )


def gathered(
    *,
    kind: str = "text",
    title: str = "",
    ours: Iterable[Network] = (),
    others: Iterable[Network] = (),
    ports: Iterable[int] = (),
    interfaces: Iterable[str] = (),
    instances: Iterable[str] = (),
    times: Iterable[datetime] = (),
) -> Clues:
    """Clues with each thing once, at most so many of each kind."""
    own = tuple(dict.fromkeys(ours))
    lists = (
        own,
        tuple(n for n in dict.fromkeys(others) if n not in own),
        tuple(dict.fromkeys(ports)),
        tuple(dict.fromkeys(interfaces)),
        tuple(dict.fromkeys(instances)),
    )
    is_cut = any(len(one) > MOST for one in lists)
    a, b, c, d, e = lists
    return Clues(
        kind, title, a[:MOST], b[:MOST], c[:MOST], d[:MOST], e[:MOST],
        tuple(sorted(set(times))), is_cut,
    )  # fmt: skip


# What stands in prose

_DEFANGED: Final = (("[.]", "."), ("(.)", "."), ("[dot]", "."), ("[:]", ":"), ("hxxp", "http"))
_IPV4: Final = re.compile(
    r"(?<![\w.])((?:\d{1,3}\.){3}\d{1,3})(/\d{1,2})?(?::(\d{1,5}))?(?!\.?\w)", re.ASCII
)
_IPV6: Final = re.compile(
    r"(?<![\w:.])(?:\[([0-9A-Fa-f:.]{2,45})\]:(\d{1,5})|([0-9A-Fa-f:.]{2,45})(/\d{1,3})?)(?![\w:])"
)
_PORT: Final = re.compile(
    r"(?i)\b(?:(?:src|dst|source|destination|local|remote)[ _-]?)?ports?\b[\"'=:\s]{0,4}"
    r"(\d{1,5}(?:\s*(?:,|and|or|/)\s*\d{1,5}\b)*)\b"
)
_PROTOCOL_PORT: Final = re.compile(r"(?i)\b(?:tcp|udp)[/: ](\d{1,5})\b")
_STAMP: Final = re.compile(
    r"(?<![\d.])(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d{1,9})?\s?"
    r"(Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d\b)?"
)
_DAY: Final = re.compile(r"(?<![\d-])(\d{4}-\d\d-\d\d)(?![\d-]|[T ]\d\d:\d\d)")
_CLOCK: Final = re.compile(r"(?<![\d:.])([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?![\d:])")
_UNIX: Final = re.compile(r"(?<![\d.\w-])(1\d{9})(\d{3})?(?![\d.\w-])", re.ASCII)


def undefanged(text: str) -> str:
    """The text with `203[.]0[.]113[.]9` and its like written plainly."""
    for defanged, plain in _DEFANGED:
        text = text.replace(defanged, plain)
    return text


def find_endpoints(text: str) -> Iterator[tuple[Network, int | None]]:
    """Addresses and networks, with the port that stands behind each, in order."""
    found = [(m.start(), m[1] + (m[2] or ""), m[3]) for m in _IPV4.finditer(text)]
    for match in _IPV6.finditer(text):
        bare = match[1] or match[3].rstrip(".:") + ("::" if match[3].endswith("::") else "")
        if bare.count(":") >= 2 and _is_address(bare):
            found.append((match.start(), bare + (match[4] or ""), match[2]))
    for _, address, port in sorted(found):
        network = _network(address)
        if network is not None:
            yield network, _port(port)


def _is_address(text: str) -> bool:
    try:
        return ip_address(text).version == 6
    except ValueError:
        return False


def _network(text: str) -> Network | None:
    try:
        return parse_network(text)
    except ValueError:
        return None


def _port(text: str | None) -> int | None:
    return int(text) if text and 0 < int(text) <= MAX_PORT else None


def find_ports(text: str) -> Iterator[int]:
    """Ports that the text calls so: `port 22`, `dstport=443`, `ports 80 and 443`, `tcp/22`."""
    for match in _PORT.finditer(text):
        for number in re.findall(r"\d+", match[1]):
            if (port := _port(number)) is not None:
                yield port
    for match in _PROTOCOL_PORT.finditer(text):
        if (port := _port(match[1])) is not None:
            yield port


def find_ids(text: str, prefix: str) -> tuple[str, ...]:
    """`eni-0123456789abcdef0`, `i-0123456789abcdef0`, in order; short ones of old, too."""
    pattern = rf"(?<![\w-]){prefix}-[0-9a-f]{{8}}(?:[0-9a-f]{{9}})?(?![\w])"
    return tuple(re.findall(pattern, text))


def find_times(text: str, now: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Instants: ISO 8601, Unix seconds and milliseconds, and clock times of the one day named."""
    stamps = list(_STAMP.finditer(text))
    days = {match[1] for match in (*stamps, *_DAY.finditer(text))}
    found = [at for match in stamps if (at := _instant(match[1], match[2], match[3], zone))]
    found += [datetime.fromtimestamp(int(match[1]), UTC) for match in _UNIX.finditer(text)]
    if len(days) == 1:
        found += _on_the_day(days.pop(), text, stamps, zone)
    yield from (at for at in found if _EARLIEST <= at <= now + timedelta(days=1))


def _on_the_day(
    day: str, text: str, stamps: list[re.Match[str]], zone: tzinfo
) -> Iterator[datetime]:
    rest = list(text)
    for match in stamps:  # what is told already
        rest[match.start() : match.end()] = " " * (match.end() - match.start())
    for match in _CLOCK.finditer("".join(rest)):
        clock = f"{int(match[1]):02}:{match[2]}:{match[3] or '00'}"
        behind = text[match.end() : match.end() + 4].strip().upper()
        mark = "Z" if behind.startswith(("Z", "UTC", "GMT")) else None
        if at := _instant(day, clock, mark, zone):
            yield at
    if not stamps and not _CLOCK.search(text):
        for clock in ("00:00:00", "23:59:59"):
            if at := _instant(day, clock, None, zone):
                yield at


def _instant(day: str, clock: str, mark: str | None, zone: tzinfo) -> datetime | None:
    offset = "+00:00" if mark and mark.upper() in ("Z", "UTC", "GMT") else (mark or "")
    try:
        at = datetime.fromisoformat(f"{day}T{clock}{offset}")
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
