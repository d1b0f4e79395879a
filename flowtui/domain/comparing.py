"""With which window of time a question is compared, as it is typed, kept and said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Final

from flowtui.domain.queries import SavedQuery
from flowtui.domain.times import TimeRange
from flowtui.domain.values import format_duration, format_instant, parse_duration, parse_instant

PREVIOUS: Final = "previous"
"""The window of the same length just before."""
EXAMPLES: Final = "previous, -7d or 2026-11-23T10:00Z..2026-11-23T11:00Z"


def read_against(text: str, now: datetime, zone: tzinfo = UTC) -> str:
    """What is typed for the other window, in the form in which it is kept.

    Args:
        text: `previous`; `-7d`, the same window that much earlier; or `FROM..TO`.
        now: Aware; what `FROM` and `TO` may be relative to.
        zone: The zone in which times without one are read.

    Raises:
        ValueError: It is none of these.
    """
    word = text.strip()
    if word.lower() == PREVIOUS:
        return PREVIOUS
    first, dots, last = word.partition("..")
    if dots:
        since = parse_instant(first, now=now, zone=zone)
        until = parse_instant(last, now=now, zone=zone, after=since)
        return span_text(TimeRange(since, until))
    if word.startswith("-"):
        return f"-{format_duration(parse_duration(word[1:]))}"
    raise ValueError(f"write {EXAMPLES}")


def other_window(against: str, window: TimeRange, now: datetime) -> TimeRange:
    """The window that a window is compared with.

    Raises:
        ValueError: The window is open at a side, or there is no such time.
    """
    length = window.duration
    if length is None:
        raise ValueError("a time that is open at a side has no window before it")
    kept = read_against(against, now)
    try:
        if kept == PREVIOUS:
            return window.shifted(-length)
        if kept.startswith("-"):
            return window.shifted(-parse_duration(kept[1:]))
    except OverflowError:
        raise ValueError("there are no such years") from None
    first, _, last = kept.partition("..")
    return TimeRange(parse_instant(first, now=now), parse_instant(last, now=now))


def span_text(window: TimeRange) -> str:
    """`2026-11-23T10:00Z..2026-11-23T11:00Z`."""
    return "..".join(format_instant(at, UTC) if at else "" for at in (window.since, window.until))


def compared(query: SavedQuery, against: str) -> SavedQuery:
    """The query as a comparison of two windows; the same query where `against` is empty."""
    slug = query.slug.removesuffix("-compared")
    title = query.title.partition(" · against ")[0]
    if not against:
        return replace(query, slug=slug, title=title, against="")
    return replace(
        query, slug=f"{slug}-compared", title=f"{title} · against {against}", against=against
    )
