"""The cheaper way is named where there is one, with a command that can be typed."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from flowtui.domain.executions import Estimate, SourceFacts, Statement
from flowtui.domain.filterline import parse_filter
from flowtui.domain.times import resolve
from flowtui.session.suggestion import suggestion

NOW = datetime(2026, 11, 24, 10, 42, tzinfo=UTC)
PLACE = "s3://logs/AWSLogs/"
FACTS = SourceFacts("flows", location=PLACE)
SPAN = "from:2026-11-24T10:00Z to:2026-11-24T10:30Z"


def scanned(size: int | None, objects: int | None = 12) -> Estimate:
    """By Athena, of so many files."""
    return Estimate(size, "sizes", Decimal("0.01"), objects=objects)


def fetched(size: int) -> Estimate:
    """From S3."""
    return Estimate(size, "to fetch", objects=9, is_download=True)


@pytest.mark.parametrize(
    ("estimate", "line", "expected"),
    [
        (scanned(3_100_000), "last:1h",
         f"12 files, 3.1 MB, fetched once and then free: flowtui {PLACE} --since 1h"),
        (scanned(40, 1), SPAN,
         f"1 file, 40 B, fetched once and then free: flowtui {PLACE} "
         "--since 2026-11-24T10:00:00Z --until 2026-11-24T10:30:00Z"),
        (scanned(200 * 10**6), "last:1h", "200.0 MB"),
        (scanned(200 * 10**6 + 1), "last:1h", ""),
        (scanned(1_000, 2_001), "last:1h", ""),
        (scanned(0, 0), "last:1h", ""),
        (scanned(None, None), "last:1h", ""),
        (scanned(1_000), "", ""),
        (fetched(5 * 10**9), "last:7d", ""),
        (fetched(8 * 10**9), "last:7d",
         f"Athena reads these 8.0 GB in place for $0.040: flowtui ddl {PLACE}"),
    ],
)  # fmt: skip
def test_the_cheaper_way(estimate: Estimate, line: str, expected: str) -> None:
    """Few small files: from here; very many bytes: Athena; between them, and unknown: nothing."""
    filter = parse_filter(line, now=NOW)
    told = suggestion(FACTS, filter, Statement("", time=resolve(filter.time, NOW)), estimate)
    assert expected in told
    assert bool(told) is bool(expected)


def test_a_table_without_a_place_has_no_other_way() -> None:
    """A view hides where its files lie."""
    filter = parse_filter("last:1h", now=NOW)
    statement = Statement("", time=resolve(filter.time, NOW))
    assert suggestion(SourceFacts("view"), filter, statement, scanned(1_000)) == ""
