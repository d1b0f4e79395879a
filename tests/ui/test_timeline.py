"""The timeline on the screen: over files, over an engine held still, and over Athena."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from flowtui.domain.executions import Column, SourceFacts, Statement
from flowtui.domain.timelines import Measure
from flowtui.engines.local.engine import LocalEngine
from flowtui.errors import QueryFailedError
from flowtui.session.budget import Budget
from flowtui.session.history import History
from flowtui.ui.screens.confirm import ConfirmScreen
from flowtui.ui.widgets.timeline import TimelineStrip
from tests.athena_server import AthenaServer
from tests.athena_server.fixtures import athena, athena_process
from tests.scripted import Answer, ScriptedEngine
from tests.ui.harness import FACTS, NOW, Stage, stage, usual
from tests.ui.test_athena import HEADER, flows, over_athena

__all__ = ["athena", "athena_process", "flows"]

BEGIN = int(datetime(2026, 11, 24, 8, tzinfo=UTC).timestamp())
"""08:00; minutes below count from here."""
COLUMNS = tuple(
    Column(name, "bigint") for name in ("slot", "verdict", "records", "packets", "bytes")
)


def line(minute: int, action: str, status: str = "OK", seconds: int = 59, size: int = 600) -> str:
    """A record of a minute; of `seconds` more where it is longer."""
    start = BEGIN + 60 * minute
    head = "2 012345678901 eni-1"
    if status != "OK":
        return f"{head} - - - - - - - {start} {start + seconds} - {status}"
    ends = f"{start} {start + seconds}"
    return f"{head} 10.0.0.1 10.0.0.2 40000 443 6 10 {size} {ends} {action} OK"


def write(directory: Path, *lines: str) -> None:
    """A log file of these lines."""
    directory.mkdir(exist_ok=True)
    (directory / "a.log").write_text("\n".join((HEADER, *lines)) + "\n")


TWO_HOURS = (
    *(line(minute, "ACCEPT") for minute in range(0, 120, 2)),
    *(line(minute, "REJECT") for minute in range(60, 70)),
    line(65, "-", "SKIPDATA"),
)


@asynccontextmanager
async def over_files(directory: Path, *lines: str, **chosen: Any) -> AsyncIterator[Stage]:
    """The application over a file, with its timeline drawn."""
    write(directory, *lines)
    engine = LocalEngine(str(directory), name="files", cache_root=directory.parent / "cache")
    chosen = {"size": (100, 36), "query": "records", "has_timeline": True, **chosen}
    async with stage(engine=cast("ScriptedEngine", engine), **chosen) as on:
        yield on


def strip(on: Stage) -> TimelineStrip:
    """The strip."""
    return on.screen.query_one(TimelineStrip)


def told(on: Stage) -> list[str]:
    """The lines of the strip."""
    return strip(on).render().plain.split("\n") if on.screen.query(TimelineStrip) else []


async def drawn(on: Stage) -> None:
    """Wait until the timeline of what is asked is drawn."""
    await on.until(lambda: len(told(on)) == 4 and "question before" not in told(on)[0])


async def test_it_stands_above_the_rows(tmp_path: Path) -> None:
    """Accepted and rejected in a row each, up to their own peak, over the time of the data."""
    async with over_files(tmp_path / "logs", *TWO_HOURS) as on:
        await drawn(on)
        heading, accepted, rejected, axis = told(on)
        assert "records per 5 min" in heading
        assert "! records lost in 1 of 24" in heading
        assert accepted.startswith("accepted ██▆█"[:9])
        assert accepted.rstrip().endswith("≤3")
        assert rejected.startswith("rejected" + " " * 10)
        assert rejected.rstrip().endswith("≤5")
        assert axis.strip().startswith("╵08:00")
        assert "!" in axis


async def test_empty_buckets_are_empty(tmp_path: Path) -> None:
    """Where nothing passed there is no bar, not a small one; where little did, there is one."""
    lines = (line(0, "ACCEPT"), *[line(30, "ACCEPT")] * 900, line(59, "ACCEPT"))
    async with over_files(tmp_path / "logs", *lines) as on:
        await drawn(on)
        bars = told(on)[1][9:].split(" ≤900")[0]
        assert bars[0] == "▁"
        assert bars.count("█") >= 1
        assert bars.count(" ") > len(bars) // 2


async def test_it_sums_to_what_the_table_holds(tmp_path: Path) -> None:
    """Every record of the answer is in it once."""
    async with over_files(tmp_path / "logs", *TWO_HOURS) as on:
        await drawn(on)
        timeline = strip(on).timeline
        assert timeline is not None
        assert timeline.total.total.records == on.screen.table.total_rows == 70


async def test_it_follows_the_filter(tmp_path: Path) -> None:
    """A narrower question has its own timeline, and undo has the one before."""
    async with over_files(tmp_path / "logs", *TWO_HOURS) as on:
        await drawn(on)
        await on.press("f")
        await on.write("action:REJECT")
        await on.press("enter")
        await on.rows()
        await on.until(lambda: told(on)[1].split() == ["accepted", "≤0"])
        await on.press("u")
        await on.until(lambda: told(on)[1].strip().endswith("≤3"))


async def test_the_cursor_tells_a_bucket_in_words(tmp_path: Path) -> None:
    """Time, records, bytes, verdicts and what was lost, of the bucket under it."""
    async with over_files(tmp_path / "logs", *TWO_HOURS) as on:
        await drawn(on)
        await on.press("m", "g")
        assert told(on)[0].startswith("08:00 – 08:05 · 3 records · 1.8 kB · 3 accepted · 0 rej")
        await on.press("G")
        assert told(on)[0].startswith("09:55 – ")
        await on.press("g", *["l"] * 13)
        assert "09:05 – 09:10 · 7 records · 4.2 kB · 2 acc · 5 rej · 1 lost" in told(on)[0]
        await on.press("h", "b")
        assert strip(on).measure is Measure.BYTES
        assert "1.8 kB acc · 3.0 kB rejected" in told(on)[0]


async def test_two_marks_and_enter_set_the_time(tmp_path: Path) -> None:
    """Between them lies the time that is asked about; u takes it back."""
    async with over_files(tmp_path / "logs", *TWO_HOURS) as on:
        await drawn(on)
        await on.press("m", "g", *["l"] * 12, "v", "l", "l", "m")
        assert "09:00 – 09:15" in told(on)[0]
        assert "[" in told(on)[3]
        assert "]" in told(on)[3]
        await on.press("enter")
        await on.until(lambda: on.filter_line == "from:2026-11-24T09:00Z to:2026-11-24T09:15Z")
        await drawn(on)
        assert on.screen.charting.has_keys
        await on.press("u")
        await on.until(lambda: on.filter_line == "")
        await on.press("escape")
        assert on.screen.focused is on.screen.table


async def test_enter_without_marks_sets_the_bucket(tmp_path: Path) -> None:
    """One bucket is a span too; Escape forgets a mark before it leaves."""
    async with over_files(tmp_path / "logs", *TWO_HOURS) as on:
        await drawn(on)
        await on.press("m", "g", "v", "l", "l", "escape")
        assert on.screen.focused is strip(on)
        await on.press("enter")
        await on.until(lambda: on.filter_line == "from:2026-11-24T08:10Z to:2026-11-24T08:15Z")


async def test_zoom_keeps_the_cursor_where_it_is(tmp_path: Path) -> None:
    """Half the time around the bucket, then twice that: the same, where ends are round."""
    async with over_files(tmp_path / "logs", *TWO_HOURS, filter_line="from:08:00 to:10:00") as on:
        await drawn(on)
        await on.press("m", "g", *["l"] * 12, "greater_than_sign")
        await on.until(
            lambda: on.filter_line == "from:2026-11-24T08:31:10Z to:2026-11-24T09:31:20Z"
        )
        await drawn(on)
        instant = strip(on).instant
        assert instant == datetime(2026, 11, 24, 9, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("key", "filter_line"),
    [
        ("left_curly_bracket", "from:2026-11-24T07:00Z to:2026-11-24T08:00Z"),
        ("right_curly_bracket", "from:2026-11-24T09:00Z to:2026-11-24T10:00Z"),
        ("less_than_sign", "from:2026-11-24T07:30Z to:2026-11-24T09:30Z"),
        ("greater_than_sign", "from:2026-11-24T08:15Z to:2026-11-24T08:45Z"),
    ],
)
async def test_shift_and_zoom_need_no_timeline(key: str, filter_line: str) -> None:
    """The time of any question is shifted by its length, and zoomed around its middle."""
    async with stage(filter_line="from:08:00 to:09:00") as on:
        await on.press(key)
        await on.until(lambda: on.filter_line == filter_line)
        assert "u takes it back" in on.note
        await on.press("u")
        await on.until(lambda: on.filter_line.startswith("from:2026-11-24T08:00Z"))


async def test_where_no_time_is_set_the_datas_own_is_shifted() -> None:
    """And that is said."""
    async with stage() as on:
        await on.press("left_curly_bracket")
        await on.until(lambda: on.filter_line == "from:2026-11-22T00:00Z to:2026-11-23T00:00Z")
        assert "No time was set: from that of the data" in on.note


async def test_a_last_hour_becomes_the_hour_before() -> None:
    """`last:1h` is shifted by the bounds with which it was asked."""
    async with stage(filter_line="last:1h") as on:
        await on.press("left_curly_bracket")
        await on.until(lambda: on.filter_line == "from:2026-11-24T08:42Z to:2026-11-24T09:42Z")


@pytest.mark.parametrize(
    ("key", "filter_line", "note"),
    [
        ("right_curly_bracket", "last:1h", "has not happened yet"),
        ("less_than_sign", "", "All there is is in view already"),
        ("greater_than_sign", "from:08:00 to:08:00:10", "no finer time"),
        ("left_curly_bracket", "from:0001-01-01T00:00Z to:9999-01-01T00:00Z", "no such time"),
        ("less_than_sign", "from:0001-01-01T00:00Z to:9999-01-01T00:00Z", "All there is"),
    ],
)
async def test_where_there_is_no_such_time_it_says_so(
    key: str, filter_line: str, note: str
) -> None:
    """Nothing is asked that cannot be, and nothing breaks."""
    async with stage(filter_line=filter_line) as on:
        before = len(on.engine.submitted)
        await on.press(key)
        await on.until(lambda: note in on.note)
        assert len(on.engine.submitted) == before


async def test_without_any_known_time_t_is_named() -> None:
    """Neither filter nor source says when: there is nothing to shift, and no timeline."""
    engine = ScriptedEngine(usual, facts=SourceFacts("scripted"), clock=lambda: NOW)
    async with stage(engine=engine, has_timeline=True, size=(80, 30)) as on:
        await on.until(lambda: "nothing says what time" in "".join(told(on)))
        await on.press("left_curly_bracket")
        assert "t sets one" in on.note


def timed(ends: threading.Event) -> Any:
    """Rows at once; a timeline when it is let end."""

    def answer(statement: Statement) -> Answer:
        if "is_lost" in statement.sql or "slot" in statement.sql:
            return Answer(COLUMNS, ((BEGIN, "accepted", 1, 1, 1),), ends=ends)
        return usual(statement)

    return answer


def timelines(on: Stage) -> list[Statement]:
    """The statements that counted a timeline."""
    return [statement for statement in on.engine.submitted if "slot" in statement.sql]


async def test_it_is_counted_after_the_rows_and_stopped_by_the_next_question() -> None:
    """The answer never waits for it: it begins when the rows are there, and ends with the next."""
    ends = threading.Event()
    async with stage(timed(ends), has_timeline=True, size=(80, 30)) as on:
        await on.until(lambda: timelines(on))
        assert on.engine.submitted.index(timelines(on)[0]) > 0
        assert "Counting" in told(on)[0]
        await on.press("f")
        await on.write("dstport:22")
        await on.press("enter")
        await on.rows()
        await on.until(lambda: len(on.engine.cancels) == 1)
        await on.until(lambda: len(timelines(on)) == 2)
        ends.set()
        await drawn(on)


async def test_it_waits_until_the_files_are_read() -> None:
    """Reading the files is not slowed; then it comes by itself."""
    reading, ends = threading.Event(), threading.Event()
    ends.set()
    engine = ScriptedEngine(timed(ends), facts=FACTS, preparing=reading, clock=lambda: NOW)
    async with stage(engine=engine, has_timeline=True, size=(80, 30)) as on:
        await on.until(lambda: "when all files are read" in "".join(told(on)))
        assert not timelines(on)
        reading.set()
        await drawn(on)


async def test_a_failure_stands_in_its_place() -> None:
    """The rows are not touched by it, and hostile words of an engine stay words."""

    def answer(statement: Statement) -> Answer:
        if "slot" in statement.sql:
            return Answer(error=QueryFailedError("[bold]out\x1b[2J of memory"))
        return usual(statement)

    async with stage(answer, has_timeline=True, size=(80, 30)) as on:
        await on.until(lambda: "No timeline: [bold]out" in "".join(told(on)))
        assert "\x1b" not in "".join(told(on))
        assert on.panel == ""


async def test_b_hides_and_shows_it() -> None:
    """Hidden it counts nothing; shown again it does."""
    ends = threading.Event()
    ends.set()
    async with stage(timed(ends), has_timeline=True, size=(80, 30)) as on:
        await drawn(on)
        await on.press("m", "B")
        assert not strip(on).display
        assert on.screen.focused is on.screen.table
        before = len(timelines(on))
        await on.press("r")
        await on.rows()
        assert len(timelines(on)) == before
        await on.press("B")
        await drawn(on)
        assert strip(on).display


@pytest.mark.parametrize(("height", "is_shown"), [(24, True), (20, False), (14, False)])
async def test_a_low_screen_keeps_its_rows(height: int, is_shown: bool) -> None:
    """Ten rows at least are left; where they would not be, there is no timeline, and m says so."""
    ends = threading.Event()
    ends.set()
    async with stage(timed(ends), has_timeline=True, size=(80, height)) as on:
        if is_shown:
            await drawn(on)
            assert on.screen.table.size.height - 1 >= 10
        else:
            await on.press("m")
            assert "too low" in on.note
            assert not timelines(on)
            await on.pilot.resize_terminal(80, 40)
            await on.press("m")
            await drawn(on)
            await on.pilot.resize_terminal(80, height)
            await on.until(lambda: not strip(on).display)


async def test_times_stand_in_the_zone_that_is_shown(tmp_path: Path) -> None:
    """T changes axis and words."""
    async with over_files(tmp_path / "logs", *TWO_HOURS) as on:
        await drawn(on)
        await on.press("m", "g", "T")
        assert told(on)[0].startswith("17:00 – 17:05")
        assert "╵17:30" in told(on)[3]


async def test_the_newest_minutes_may_still_come(tmp_path: Path) -> None:
    """Buckets whose records AWS may not have delivered are marked, and the sign is explained."""
    minute = int(NOW.timestamp() - BEGIN) // 60
    lines = [line(at, "ACCEPT") for at in range(minute - 60, minute - 5)]
    async with over_files(tmp_path / "logs", *lines, filter_line="last:1h") as on:
        await drawn(on)
        assert "? may still come" in told(on)[0]
        axis = told(on)[3].rstrip()
        assert axis.endswith("?" * 15)
        assert "?" not in axis[:30]
        await on.press("m", "G")
        assert "more may still come" in told(on)[0]


async def test_what_lies_outside_is_said(tmp_path: Path) -> None:
    """Bytes of records that straddle the range are not drawn into its first bar."""
    lines = (line(55, "ACCEPT", seconds=599), line(70, "ACCEPT"))
    async with over_files(tmp_path / "logs", *lines, filter_line="from:09:00 to:09:20") as on:
        await drawn(on)
        await on.press("m", "b", "escape")
        assert "+ 300 B of them outside" in told(on)[0]


async def test_without_verdicts_there_is_one_row(tmp_path: Path) -> None:
    """A log without `action` has traffic all the same."""
    directory = tmp_path / "logs"
    directory.mkdir()
    start = BEGIN
    (directory / "a.log").write_text(
        f"srcaddr dstaddr bytes start end\n10.0.0.1 10.0.0.2 5 {start} {start + 59}\n"
    )
    engine = LocalEngine(str(directory), name="files", cache_root=directory.parent / "cache")
    async with stage(
        engine=cast("ScriptedEngine", engine), has_timeline=True, query="records", size=(100, 30)
    ) as on:
        await drawn(on)
        assert told(on)[1].startswith("traffic  █")
        assert "losses not known" in told(on)[0]


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "UTC"])
async def test_absurd_times_are_drawn_too(tmp_path: Path, zone: str) -> None:
    """A filter over all years, and records of 1970, break neither axis nor words."""
    lines = (line(0, "ACCEPT"), line(-BEGIN // 60, "ACCEPT"))
    for asked in ("", "from:0001-01-01T00:00Z to:9999-12-31T00:00Z"):
        async with over_files(
            tmp_path / "logs", *lines, filter_line=asked, zone=ZoneInfo(zone)
        ) as on:
            await drawn(on)
            await on.press("m", "g", "l", "h", "G", "v", "g")
            assert "2 rec" in told(on)[0]


async def test_it_is_counted_anew_for_another_width(tmp_path: Path) -> None:
    """A wider screen has finer buckets, of the same records."""
    async with over_files(tmp_path / "logs", *TWO_HOURS, size=(100, 36)) as on:
        await drawn(on)
        await on.pilot.resize_terminal(180, 36)
        await on.until(lambda: "per 1 min" in told(on)[0])
        timeline = strip(on).timeline
        assert timeline is not None
        assert timeline.total.total.records == 70


# Athena


def starts(server: AthenaServer) -> int:
    """Queries that Athena was asked to run."""
    return len(server.ops("Athena.StartQueryExecution"))


async def test_on_athena_nothing_runs_unasked(flows: AthenaServer, tmp_path: Path) -> None:
    """It says that it would cost, and with which key one finds out how much."""
    query = "top-rejected-pairs"
    async with over_athena(tmp_path, query=query, has_timeline=True) as on:
        await on.until(lambda: "m asks what it costs" in "".join(told(on)))
        assert starts(flows) == 1
        await on.press("m")
        await on.until(lambda: isinstance(on.app.screen, ConfirmScreen))
        assert "sizes of 1 objects" in on.shown
        await on.press("n")
        await on.pilot.pause()
        assert starts(flows) == 1
        await on.press("m")
        await on.until(lambda: isinstance(on.app.screen, ConfirmScreen))
        await on.press("y")
        await drawn(on)
        assert starts(flows) == 2
        timeline = strip(on).timeline
        assert timeline is not None
        assert timeline.total.accepted.records == timeline.total.rejected.records == 1
        await on.pilot.resize_terminal(100, 40)
        await on.pilot.pause(0.1)
        assert len(told(on)) == 4
        assert starts(flows) == 2
        past = History(tmp_path / "history.sqlite").recent(1)[0]
        assert past.title == "Timeline"


async def test_on_athena_records_held_here_serve(flows: AthenaServer, tmp_path: Path) -> None:
    """Once the records are here their timeline costs nothing, nor does that of fewer of them."""
    async with over_athena(tmp_path, query="records", has_timeline=True) as on:
        await drawn(on)
        assert "losses not known here" in told(on)[0]
        await on.press("f")
        await on.write(" action:REJECT")
        await on.press("enter")
        await on.rows()
        await drawn(on)
        await on.until(lambda: told(on)[1].rstrip().endswith(" ≤0"))
        assert starts(flows) == 1


async def test_on_athena_the_guard_refuses(flows: AthenaServer, tmp_path: Path) -> None:
    """What the budget forbids cannot be agreed to."""
    budget = Budget(refuse_above=Decimal(0), ask_above=Decimal(0))
    async with over_athena(
        tmp_path, query="top-rejected-pairs", has_timeline=True, is_waited_for=False
    ) as on:
        await on.until(lambda: "m asks what it costs" in "".join(told(on)))
        assert on.screen.session is not None
        on.screen.session.budget = budget
        await on.press("m")
        await on.until(lambda: "No timeline: It would cost up to" in "".join(told(on)))
        assert starts(flows) == 1


@pytest.mark.parametrize("size", [999_949, 654_900_000, 999_900_000_000])
async def test_the_longest_amount_breaks_no_line(tmp_path: Path, size: int) -> None:
    """Bytes in eight letters: bars, amount and axis keep a line each, and the amount is whole."""
    async with over_files(tmp_path / "logs", line(0, "ACCEPT", size=size), size=(80, 30)) as on:
        await drawn(on)
        strip(on).measure = Measure.BYTES
        lines = told(on)
        assert len(lines) == 4
        assert all(len(text) <= strip(on).size.width for text in lines)
        assert lines[1].endswith("B")
