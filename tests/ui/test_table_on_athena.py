"""Table work over rows that came from Athena: marks, further sort keys, files; nothing runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.athena_server import AthenaServer
from tests.ui.test_athena import athena, athena_process, flows, over_athena

__all__ = ["athena", "athena_process", "flows"]


async def test_marked_rows_of_athena(
    flows: AthenaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They follow their rows, are copied and written without the hidden column; no query runs."""
    monkeypatch.chdir(tmp_path)
    async with over_athena(tmp_path, query="records") as on:
        assert on.screen.table.total_rows == 2
        before = len(flows.ops("Athena.StartQueryExecution"))
        ports = [column.name for column in on.screen.table.columns].index("dstport")
        on.screen.table.cursor = (0, ports)
        wanted = (on.screen.table.row_at(0) or ())[ports]
        await on.press("v", "s", "s")
        await on.until(lambda: "descending" in on.note)
        await on.until(lambda: not on.screen.course.followed.is_under_way)
        (place,) = (row for span in on.screen.table.marks for row in span)
        await on.until(lambda: on.screen.table.row_at(place) is not None)
        assert (on.screen.table.row_at(place) or ())[ports] == wanted
        await on.press("plus", "c", "space", "enter", "y", "r")
        await on.until(lambda: len(on.copies.texts) == 1)
        text, what = on.copies.texts[0]
        assert what.startswith("1 marked row (TSV), without")
        assert len(text.splitlines()) == 2
        await on.press("w", "ctrl+u")
        await on.write("marked.parquet")
        await on.press("enter")
        await on.until(lambda: "Wrote 1 row" in on.note)
        assert (tmp_path / "marked.parquet").exists()
        assert len(flows.ops("Athena.StartQueryExecution")) == before
