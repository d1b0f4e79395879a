"""What stands above the table can be read to its end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from textual.content import Content

from flowtui.domain.times import TimeRange
from flowtui.ui.widgets.banner import Banner
from flowtui.ui.widgets.status_title import span_text
from tests.ui.harness import stage

DAY = datetime(2026, 11, 23, tzinfo=UTC)
COMMAND = "flowtui s3://flow-logs/AWSLogs/ --since 2026-11-23T00:00Z --until 2026-11-24T00:00:00Z"


@pytest.mark.parametrize(("height", "is_whole"), [(24, True), (12, False)])
async def test_a_command_is_shown_whole_where_there_is_room(height: int, is_whole: bool) -> None:
    """It wraps on a usual terminal; a low one keeps its rows for the table."""
    async with stage(size=(80, height)) as on:
        await on.rows()
        banner = on.screen.query_one(Banner)
        banner.tell([Content(COMMAND)])
        await on.until(lambda: banner.size.height == (2 if is_whole else 1))
        shown = banner.render().plain.replace("\n", " ")
        assert (shown == COMMAND) is is_whole
        assert is_whole or shown.endswith("…")


@pytest.mark.parametrize(
    ("until", "text"),
    [
        (DAY.replace(hour=8), "11-23 00:00 … 11-23 08:00"),
        (DAY.replace(year=2030), "2026-11-23 00:00 … 2030-11-23 00:00"),
    ],
)
def test_a_span_of_years_has_years(until: datetime, text: str) -> None:
    """Else a span of four years would look like none."""
    assert span_text(TimeRange(DAY, until), UTC) == text
