"""One picture of each screen at 80x24; `pytest --snapshot-update` renews them, and one looks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from flowtui.domain.executions import Column, LeftOut, QueryExecution, Row, Statement
from flowtui.errors import QueryFailedError
from flowtui.ui.editor.screen import EditorScreen
from flowtui.ui.runner import Lane
from flowtui.ui.widgets.timeline import TimelineStrip
from tests.scripted import Answer, ScriptedEngine
from tests.ui.detected import detected
from tests.ui.evidence_script import judged
from tests.ui.harness import FACTS, NOW, PAIR_COLUMNS, Copies, Script, Stage, made, usual


class SteadyEngine(ScriptedEngine):
    """Every run takes as long."""

    def poll(self, id: str) -> QueryExecution:
        return replace(super().poll(id), elapsed_ms=412)


def failing(_statement: Statement) -> Answer:
    """A run that fails."""
    message = "COLUMN_NOT_FOUND: Column 'dstprot' cannot be resolved"
    error = QueryFailedError(message, "S shows the SQL; o another query.", position=(3, 9))
    return Answer(error=error)


def nothing(statement: Statement) -> Answer:
    """No rows under the filter, some without it."""
    return usual(statement) if "dstport" not in statement.sql else Answer(PAIR_COLUMNS)


def over_time(statement: Statement) -> Answer:
    """A day's worth of bars: much accepted, a burst of rejects, an hour lost."""
    if "slot" not in statement.sql:
        return usual(statement)
    begin = int(datetime(2026, 11, 24, 4, tzinfo=UTC).timestamp())
    rows: list[Row] = []
    for index in range(24):
        slot = begin + 900 * index
        rows.append((slot, "accepted", 900 + 40 * (index % 7), 9000, 1_200_000))
        if 8 <= index < 13:
            rows.append((slot, "rejected", 30 * (index - 7), 90, 4_000))
        if 17 <= index < 20:
            rows.append((slot, "lost", 2, 0, 0))
    columns = tuple(Column(name, "bigint") for name in ("slot", "verdict", "n", "packets", "bytes"))
    return Answer(columns, tuple(rows))


@dataclass(frozen=True)
class Picture:
    """What to show."""

    name: str
    keys: tuple[str, ...] = ()
    script: Script = usual
    query: str = ""
    line: str = ""
    size: tuple[int, int] = (80, 24)
    has_timeline: bool = False


PICTURES = (
    Picture("explore", line="action:REJECT dstport:22,3389 last:30h", query="top-rejected-pairs"),
    Picture("wide", ("j", "s"), size=(120, 30)),
    Picture("records", ("l", "j", "="), query="records"),
    Picture("record", ("enter", "j", "j", "j"), query="records"),
    Picture("filter-wrong", ("f", *"dstprot:22 ")),
    Picture("form", ("a",), line="dstport:22 -src:10.1.0.0/16 last:1h", query="records"),
    Picture("queries", ("o", *"sweep")),
    Picture("parameters", ("P",), query="vertical-scan"),
    Picture("sql", ("S",)),
    Picture(
        "editor",
        ("e", "end", "backspace", *"srcadr, dstaddr"),
        line="dstport:22 last:30h",
        query="records",
    ),
    Picture("editor-words", ("e", "end", *" src", "tab"), size=(120, 30)),
    Picture("copy", ("y",)),
    Picture(
        "timeline",
        ("m", "g", *"lllllv", *"llll"),
        script=over_time,
        line="from:2026-11-24T04:00Z to:2026-11-24T10:42Z",
        has_timeline=True,
    ),
    Picture("empty", script=nothing, line="dstport:443 protocol:tcp last:30h"),
    Picture("failed", script=failing),
    Picture("why", ("E",), script=judged),
    Picture("why-wide", ("E",), script=judged, size=(120, 40)),
    Picture("once", ("O",), script=judged),
    Picture("once-wide", ("O",), script=judged, size=(120, 40)),
    Picture("hunt", ("M", "j"), script=detected, line="last:30h"),
    Picture("hunt-wide", ("M", "j"), script=detected, line="last:30h", size=(120, 40)),
)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_pictures(picture: Picture, snap_compare: Any) -> None:
    """The screen looks as it looked when somebody last looked at it."""
    facts = replace(FACTS, left_out=(LeftOut("a.log.gz", "the gzip data ends too soon", 0),))
    engine = SteadyEngine(picture.script, facts=facts, clock=lambda: NOW)
    app = made(engine, Copies(), query=picture.query, filter_line=picture.line, is_prepared=False,
                has_timeline=picture.has_timeline)  # fmt: skip
    try:
        assert snap_compare(app, run_before=settled(picture, engine), terminal_size=picture.size)
    finally:
        app.runner.close(5)


def is_drawn(on: Stage) -> bool:
    """True where the timeline is there."""
    strips = on.screen.query(TimelineStrip)
    return bool(strips) and strips.first().timeline is not None


def settled(picture: Picture, engine: ScriptedEngine) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Opens, waits, presses the keys, waits again, and lets no cursor blink."""

    async def run(pilot: Pilot[None]) -> None:
        on = Stage(pilot.app, pilot, engine, Copies(), [])  # type: ignore[arg-type]

        def is_still() -> bool:
            answer = on.screen.course.walk.answer if on.screen.course.walk else None
            if answer is None or on.screen.course.is_running or on.screen.told.progress:
                return False
            if on.screen.runner.is_busy(Lane.VALUES) or on.screen.runner.is_busy(Lane.HUNT):
                return False
            if picture.has_timeline and not is_drawn(on):
                return False
            return bool(answer.error or answer.reasons) or on.screen.table.row_at(0) is not None

        await on.until(is_still)
        for key in picture.keys:
            await on.press("space" if key == " " else key)
            await on.until(is_still)
        top = pilot.app.screen
        if isinstance(top, EditorScreen):
            await on.until(lambda: top.judging.current is not None)
        for line in (*top.query(Input), *top.query(TextArea)):
            line.cursor_blink = False
        await pilot.pause(0.1)

    return run
