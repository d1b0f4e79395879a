"""Which way is the cheaper one for a question: Athena over a table, or the files from S3 here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from flowtui.domain.executions import Estimate, SourceFacts, Statement
from flowtui.domain.filters import FlowFilter
from flowtui.domain.money import cost, dollars
from flowtui.domain.times import Last
from flowtui.domain.values import format_duration, format_size

SMALL_BYTES: Final = 200 * 10**6
"""So little is fetched within seconds, and every further question about it is free."""
SMALL_OBJECTS: Final = 2_000
LARGE_BYTES: Final = 5 * 10**9
"""So much is better read where it lies."""


def suggestion(
    facts: SourceFacts, filter: FlowFilter, statement: Statement, estimate: Estimate
) -> str:
    """What to open instead, and why; empty where the source that is open is the right one."""
    if estimate.bytes is None or not facts.location:
        return ""
    if estimate.is_download:
        return _to_athena(facts.location, estimate.bytes)
    objects = estimate.objects or 0
    size = estimate.bytes
    is_small = 0 < objects <= SMALL_OBJECTS and 0 < size <= SMALL_BYTES
    since = _since(filter, statement)
    if not is_small or not since:
        return ""
    files = "1 file" if objects == 1 else f"{objects:,} files"
    held = f"{files}, {format_size(size)}"
    return f"{held}, fetched once and then free: flowtui {facts.location} {since}"


def _to_athena(location: str, size: int) -> str:
    if size <= LARGE_BYTES:
        return ""
    price = dollars(cost(size))
    return f"Athena reads these {format_size(size)} in place for {price}: flowtui ddl {location}"


def _since(filter: FlowFilter, statement: Statement) -> str:
    if isinstance(filter.time, Last):
        return f"--since {format_duration(filter.time.duration)}"
    time = statement.time
    if time is None or time.since is None:
        return ""
    until = f" --until {_instant(time.until)}" if time.until else ""
    return f"--since {_instant(time.since)}{until}"


def _instant(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
