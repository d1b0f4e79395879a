"""Durations, sizes and instants as people type and read them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

_UNITS: Final = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DURATION: Final = re.compile(r"(?:\d{1,12}[wdhms])+", re.ASCII)
_PART: Final = re.compile(r"(\d+)([wdhms])", re.ASCII)
MAX_DURATION: Final = timedelta(days=36_525)
"""A century; more is a slip of the finger."""

_SIZE: Final = re.compile(
    r"(\d{1,19})(?:\.(\d{1,9}))?\s?([kmgtp]?)(i?)b?", re.ASCII | re.IGNORECASE
)
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_EPOCH: Final = re.compile(r"\d{9,14}", re.ASCII)
_FIRST_MILLISECONDS: Final = 10**11
"""Epoch numbers from here on are milliseconds: as seconds they would lie in the year 5138."""


def parse_duration(text: str) -> timedelta:
    """`90s`, `15m`, `2h`, `7d`, `1w`, `1h30m` as a span, more than zero.

    Raises:
        ValueError: It is none of these.
    """
    if not _DURATION.fullmatch(text.lower()):
        raise ValueError("not a duration: write 90s, 15m, 2h or 7d")
    seconds = sum(int(n) * _UNITS[unit] for n, unit in _PART.findall(text.lower()))
    if seconds == 0:
        raise ValueError("a duration must be longer than nothing")
    if seconds > MAX_DURATION.total_seconds():
        raise ValueError("a duration is at most a hundred years")
    return timedelta(seconds=seconds)


def format_duration(duration: timedelta) -> str:
    """The shortest exact text, in one unit: `90m`, `2h`, `7d`."""
    seconds = int(duration.total_seconds())
    for unit in ("d", "h", "m"):
        if seconds and seconds % _UNITS[unit] == 0:
            return f"{seconds // _UNITS[unit]}{unit}"
    return f"{seconds}s"


def parse_size(text: str) -> int:
    """`1500`, `500MB`, `1.5GiB` as bytes; `k`, `M` are powers of 1000, `Ki`, `Mi` of 1024.

    Raises:
        ValueError: It is none of these, or over 2**63.
    """
    found = _SIZE.fullmatch(text.strip())
    if not found:
        raise ValueError("not a size: write 1500, 500MB or 1GiB")
    whole, fraction, prefix, binary = found.groups(default="")
    if binary and not prefix:
        raise ValueError("not a size: write 1500, 500MB or 1GiB")
    power = " kmgtp".index(prefix.lower() or " ")
    factor: int = (1024 if binary else 1000) ** power
    size = int(whole + fraction) * factor // int(10 ** len(fraction))
    if size >= 2**63:
        raise ValueError("too large")
    return size


def format_size(size: int) -> str:
    """Bytes in three or four digits: `48.2 kB`, `1.2 GB`, `812 B`."""
    if abs(size) < 1000:
        return f"{size} B"
    amount = float(size)
    for unit in ("kB", "MB", "GB", "TB", "PB", "EB"):
        amount /= 1000
        # 999.95 would round up to a fourth digit before the point.
        if abs(amount) < 999.95 or unit == "EB":
            return f"{amount:.1f} {unit}"
    raise AssertionError("unreachable")


def parse_instant(
    text: str, *, now: datetime, zone: tzinfo = UTC, after: datetime | None = None
) -> datetime:
    """An instant, in UTC, read in a zone where it does not name its own.

    Takes ISO 8601 (`2026-11-24T10:00Z`, a space for the `T`), a date (its midnight), `14:03`, Unix
    seconds or milliseconds, `now`, and `-2h` before now.

    Args:
        text: What was typed.
        now: Aware.
        zone: The zone that is on the screen.
        after: A time of day is the first one after this; without it, the last one before now.

    Raises:
        ValueError: It is none of these.
    """
    word = text.strip()
    try:
        return _instant(word, now, zone, after).astimezone(UTC)
    except OverflowError:
        raise ValueError("outside the years 1 to 9999") from None


def _instant(word: str, now: datetime, zone: tzinfo, after: datetime | None) -> datetime:
    if word.lower() == "now":
        return now.replace(microsecond=0)
    if word.startswith("-"):
        return now.replace(microsecond=0) - parse_duration(word[1:])
    if _EPOCH.fullmatch(word):
        number = int(word)
        seconds = number // 1000 if number >= _FIRST_MILLISECONDS else number
        return datetime.fromtimestamp(seconds, UTC)
    if clock := _CLOCK.fullmatch(word):
        hour, minute, second = (int(part or 0) for part in clock.groups())
        return _at_clock(hour, minute, second, now, zone, after)
    return _iso(word, zone)


def _iso(word: str, zone: tzinfo) -> datetime:
    try:
        found = datetime.fromisoformat(word.upper())
    except ValueError:
        raise ValueError(
            "not a time: write 2026-11-24T10:00Z, 2026-11-24, 14:03 or Unix seconds"
        ) from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    return found.replace(microsecond=0)


def _at_clock(
    hour: int, minute: int, second: int, now: datetime, zone: tzinfo, after: datetime | None
) -> datetime:
    def on(day: date) -> datetime:
        return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone)

    day = timedelta(days=1)
    if after is not None:
        begin = after.astimezone(zone).date()
        found = on(begin)
        # Across zones, Python compares instants only when the zones differ: compare in UTC.
        return found if found.astimezone(UTC) > after else on(begin + day)
    today = now.astimezone(zone).date()
    found = on(today)
    return found if found.astimezone(UTC) <= now else on(today - day)


def format_instant(instant: datetime, zone: tzinfo = UTC) -> str:
    """ISO 8601 to the second, with its offset, so that it reads back as the same instant."""
    try:
        local = instant.astimezone(zone)
    except OverflowError:
        local = instant.astimezone(UTC)
    spec = "seconds" if local.second else "minutes"
    text = local.replace(microsecond=0).isoformat(timespec=spec)
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text
