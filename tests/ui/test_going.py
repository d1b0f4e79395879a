"""Going by keyboard: into rows and records, back and forward exactly, and what is copied there."""

from __future__ import annotations

import threading
from functools import partial

from textual import events
from textual.events import Key

from flowtui.domain.executions import Statement
from flowtui.ui import copies, messages
from flowtui.ui.screens.confirm import ConfirmScreen
from flowtui.ui.screens.copy_menu import CopyMenu
from flowtui.ui.screens.record import RecordScreen
from flowtui.ui.widgets.trail_bar import TrailBar
from tests.scripted import Answer
from tests.ui.harness import PAIR_COLUMNS, PAIRS, RECORDS, Stage, stage, usual


def sources(on: Stage) -> list[str]:
    """First column of the rows on the screen."""
    rows = (on.screen.table.row_at(index) for index in on.screen.table.visible_rows)
    return [str(row[0]) for row in rows if row is not None]


async def test_enter_goes_from_a_pair_to_its_records() -> None:
    """The row's own addresses and what the query demands join the filter; the crumb names them."""
    async with stage(filter_line="protocol:tcp") as on:
        await on.press("j", "enter")
        await on.rows()
        assert on.crumbs == ("Top rejected pairs", "198.51.100.7 → 10.0.1.21")
        assert set(on.filter_line.split()) == {
            "protocol:tcp", "srcaddr:198.51.100.7", "dstaddr:10.0.1.21", "action:REJECT",
        }  # fmt: skip
        assert "row 1 of 500 · page 1/3" in on.shown


async def test_back_is_exact_and_runs_nothing() -> None:
    """Cursor, sort and scroll stand as they stood, on the way back and on the way forward."""
    async with stage(query="records", size=(80, 20)) as on:
        await on.press("l", "l", "s", "s")
        await on.rows()
        await on.press("space", "space", "k")
        await on.rows()
        before = on.screen.table.state()
        drawn = on.shown.splitlines()[3:-2]
        await on.press("o", "up", "enter")
        await on.until(lambda: len(on.crumbs) == 2)
        asked = len(on.engine.submitted)
        await on.press("[")
        await on.rows()
        assert on.screen.table.state() == before
        assert on.shown.splitlines()[3:-2] == drawn
        assert [key.is_descending for key in before.order] == [True]
        await on.press("]")
        await on.press("-")
        await on.rows()
        assert on.screen.table.state() == before
        assert len(on.engine.submitted) == asked


async def test_pages_come_from_the_view_one_has_gone_back_to() -> None:
    """Scrolling on after going back shows that view's rows, in its order."""
    async with stage(query="records", size=(100, 24)) as on:
        await on.press("l", "l", "s", "s")
        await on.rows()
        await on.press("T", "f", "enter", "o", "enter", "[")
        await on.rows()
        await on.press("G")
        await on.rows()
        row = on.screen.table.row_at(499)
        assert row is not None
        assert row[2] == RECORDS[0][2]


async def test_minus_toggles_between_two_views() -> None:
    """The view seen before this one, again and again."""
    async with stage() as on:
        await on.press("enter")
        await on.rows()
        await on.press("-")
        assert on.crumbs == ("Top rejected pairs",)
        await on.press("-")
        assert len(on.crumbs) == 2


async def test_back_at_the_root_asks_whether_to_leave() -> None:
    """`q`, Backspace and Esc ask; no stays, `[` never asks, Q leaves at once."""
    async with stage() as on:
        for key in ("q", "backspace", "escape"):
            await on.press(key)
            assert isinstance(on.app.screen, ConfirmScreen)
            await on.press("n")
        await on.press("[")
        assert on.app.screen is on.screen
        await on.press("Q")
        assert not on.app.is_running


async def test_leaving_by_q_and_yes() -> None:
    """Yes ends the program."""
    async with stage() as on:
        await on.press("q", "y")
        assert not on.app.is_running


async def test_leaving_cancels_what_runs() -> None:
    """The engine hears of it once."""
    answer = Answer(PAIR_COLUMNS, PAIRS, ends=threading.Event())
    async with stage(answer, is_waited_for=False) as on:
        await on.until(lambda: on.heard_of(messages.ExecutionChanged))
        await on.press("Q")
    assert len(on.engine.cancels) == 1
    assert on.engine.is_closed


async def test_going_on_from_a_running_query_cancels_it() -> None:
    """Its rows so far are kept, and its state says that it was left."""

    def script(statement: Statement) -> Answer:
        if "GROUP BY" in statement.sql:
            return Answer(PAIR_COLUMNS, PAIRS, ends=threading.Event(), rows_before_end=2)
        return usual(statement)

    async with stage(script, is_waited_for=False) as on:
        await on.until(lambda: "198.51.100.7" in on.shown)
        await on.press("enter")
        await on.rows()
        await on.press("q")
        await on.until(lambda: len(on.crumbs) == 1)
        assert "● CANCELLED" in on.shown
        assert "198.51.100.7" in on.shown
        assert len(on.engine.submitted) == 2
        assert on.engine.cancels == ["scripted-1"]


# Narrowing


async def test_only_and_not() -> None:
    """`=` and `!` take the value under the cursor; the same again changes nothing."""
    async with stage(query="records") as on:
        await on.press("=")
        await on.rows()
        assert on.filter_line == "srcaddr:203.0.113.9"
        await on.press("l", "l", "l", "!")
        await on.rows()
        assert on.filter_line == "srcaddr:203.0.113.9 -dstport:22"
        asked = len(on.engine.submitted)
        await on.press("!")
        assert "already" in on.note
        assert len(on.engine.submitted) == asked


async def test_undo_and_redo_bring_back_rows_that_are_here() -> None:
    """Each change can be taken back and done again; nothing runs for it."""
    async with stage(query="records") as on:
        await on.press("j", "j", "=")
        await on.rows()
        await on.press("u")
        await on.rows()
        assert on.filter_line == ""
        assert on.screen.table.cursor == (2, 0)
        await on.press("U")
        await on.rows()
        assert on.filter_line == "srcaddr:203.0.113.9"
        assert len(on.engine.submitted) == 2
        await on.press("u", "u")
        assert "Nothing to undo" in on.note


async def test_a_figure_of_the_query_cannot_narrow() -> None:
    """A sum tells no records apart, and that is said."""
    async with stage() as on:
        await on.press("l", "l", "=")
        assert "records is worked out by the query" in on.note
        assert len(on.engine.submitted) == 1


async def test_the_other_direction_of_a_pair() -> None:
    """From a pair and from its records: addresses exchanged, whatever became of the traffic."""
    async with stage() as on:
        await on.press("p")
        await on.rows()
        assert on.crumbs[-1] == "10.0.1.20 → 203.0.113.9"
        assert set(on.filter_line.split()) == {"srcaddr:10.0.1.20", "dstaddr:203.0.113.9"}
        await on.press("p")
        await on.rows()
        assert on.crumbs[-1] == "203.0.113.9 → 10.0.1.20"


async def test_another_query_is_asked_under_the_filter_one_chose() -> None:
    """Conditions that came by drilling down do not go along; those that were typed do."""
    async with stage(filter_line="protocol:tcp") as on:
        await on.press("enter")
        await on.rows()
        await on.press("o")
        await on.write("accepted pairs")
        await on.press("enter")
        await on.rows()
        assert on.filter_line == "protocol:tcp"


# Looking


async def test_search_goes_on_and_comes_round() -> None:
    """`/` finds, `n` and `N` go on, the end is said; what is not there is said too."""
    async with stage(query="records") as on:
        await on.press("/")
        await on.write("40123")
        await on.press("enter")
        await on.until(lambda: on.screen.table.cursor == (123, 2))
        assert on.screen.table.highlight == "40123"
        await on.press("n")
        await on.until(lambda: "from the other end" in on.note)
        assert on.screen.table.cursor == (123, 2)
        await on.press("/")
        await on.write("nowhere")
        await on.press("enter")
        await on.until(lambda: "No row holds" in on.note)


async def test_search_backwards() -> None:
    """`N` goes to the match before."""
    async with stage() as on:
        await on.press("G", "/")
        await on.write("203.")
        await on.press("enter")
        await on.until(lambda: on.screen.table.cursor[0] == 2)
        await on.press("N")
        await on.until(lambda: on.screen.table.cursor[0] == 0)
        await on.press("N")
        await on.until(lambda: on.screen.table.cursor[0] == 2)


async def test_sort_goes_up_down_and_back() -> None:
    """Three presses: ascending, descending, as it came; the header marks it."""
    async with stage() as on:
        await on.press("s")
        await on.rows()
        assert sources(on) == ["198.51.100.7", "203.0.113.9", "203.0.113.10"]
        await on.press("s")
        await on.rows()
        assert sources(on) == ["203.0.113.10", "203.0.113.9", "198.51.100.7"]
        assert "srcaddr ▾" in on.shown
        await on.press("s")
        await on.rows()
        assert sources(on) == [str(row[0]) for row in PAIRS]
        assert len(on.engine.submitted) == 1


async def test_zone_and_raw_values() -> None:
    """`T` shows times of the other zone and says which; `R` shows codes for names."""
    async with stage(query="records", size=(140, 24)) as on:
        assert "11-23 00:00:00" in on.shown
        await on.press("T")
        assert "11-23 09:00:00" in on.shown
        assert "Asia/Tokyo" in on.shown.splitlines()[0]
        await on.press("R")
        assert " tcp " not in on.shown
        await on.press("R")
        assert " tcp " in on.shown


async def test_the_sql_is_shown_and_copied() -> None:
    """`S` shows the statement complete; `y` there copies it."""
    async with stage() as on:
        await on.press("S")
        assert "WITH flows AS" in on.shown
        await on.press("y")
        await on.until(lambda: on.copies.texts)
        assert on.copies.texts == [(on.engine.submitted[0].sql, "the SQL")]


async def test_the_palette_finds_commands_and_queries() -> None:
    """A word finds a command, and Enter does it; queries are found too."""
    async with stage(size=(100, 40)) as on:
        await on.press(":")
        await on.write("left out")
        await on.until(lambda: "Left out  (L)" in on.shown)
        await on.press("enter")
        await on.until(lambda: "Nothing was left out" in on.shown)
        await on.press("q", "ctrl+p")
        await on.write("timeline")
        await on.until(lambda: "Query: Timeline" in on.shown)


# Records


async def test_a_record_is_explained_field_by_field() -> None:
    """Enter on a record, `i` on any row: name, value, meaning, and help of each field."""
    async with stage(query="records") as on:
        await on.press("enter")
        assert isinstance(on.app.screen, RecordScreen)
        assert on.app.screen.query_one(TrailBar).crumbs == ("Records", "record")
        for text in ("Record 1 of 500", "protocol", "TCP", "ssh", "stopped by", "documentation"):
            assert text in on.shown
        await on.press("G")
        assert "SYN" in on.shown
        assert "OR of FIN 1, SYN 2" in on.shown


async def test_records_before_and_after() -> None:
    """`l` and `h` go through the records; back stands on the one seen last."""
    async with stage(query="records") as on:
        await on.press("enter", "l", "right", "h", "j", "j")
        assert "40001" in on.shown
        assert "Record 2 of 500" in on.shown
        await on.press("h", "h")
        assert "first record" in on.shown
        await on.press("l", "l", "q")
        assert on.screen.table.cursor == (2, 0)


async def test_a_record_that_is_not_held_is_fetched() -> None:
    """Going on beyond the rows around the screen brings the next ones."""
    async with stage(query="records") as on:
        await on.press("G", "g", "enter")
        record = on.app.screen
        assert isinstance(record, RecordScreen)
        record._rows = type(record._rows)(
            record._rows.columns, record._rows.total, lambda _index: None, record._rows.fetch
        )
        await on.press("l")
        await on.until(lambda: "40001" in on.shown)


async def test_narrowing_from_a_record() -> None:
    """`=` there takes the field under the cursor."""
    async with stage(query="records") as on:
        await on.press("enter", "j", "j", "j", "=")
        await on.rows()
        assert on.filter_line == "dstport:22"


async def test_an_aggregate_row_has_fields_too() -> None:
    """`i` shows a row of any query in full."""
    async with stage() as on:
        await on.press("i")
        assert "48200" in on.shown or "48 200" in on.shown
        assert "A column of this query." in on.shown or "Source;" in on.shown


# Copying


def _has_more(on: Stage, count: int) -> bool:
    return len(on.copies.texts) > count


async def test_copying_cell_row_page_all_and_sql() -> None:
    """`y` and a second key; what became of it is told, and the sequence goes to the terminal."""
    async with stage(query="records", size=(100, 24)) as on:
        written: list[str] = []
        on.screen.write_sequence = written.append
        for key in ("c", "r", "p", "a", "q"):
            count = len(on.copies.texts)
            await on.press("y")
            assert isinstance(on.app.screen, CopyMenu)
            assert "c cell" in on.shown
            await on.press(key)
            await on.until(partial(_has_more, on, count))
            await on.until(lambda: on.note.startswith("Sent"))
        cell, row, page, everything, sql = on.copies.texts
        assert cell == ("203.0.113.9", "the srcaddr")
        assert row[0].splitlines()[0].startswith("srcaddr\tdstaddr\tsrcport")
        assert row[1] == "1 row (TSV)"
        assert len(page[0].splitlines()) == len(on.screen.table.visible_rows) + 1
        assert len(everything[0].splitlines()) == 501
        assert everything[1] == "500 rows (TSV)"
        assert sql[1] == "the SQL"
        assert written == ["\x1b]52;c;Zm9v\x07"] * 5


async def test_another_key_copies_nothing() -> None:
    """Esc, and any key that is no choice, leave the menu."""
    async with stage() as on:
        for key in ("escape", "z"):
            await on.press("y", key)
            assert on.app.screen is on.screen
        assert on.copies.texts == []


async def test_a_result_too_long_is_copied_in_part_and_said_so(monkeypatch: object) -> None:
    """All rows means at most so many; the message says that they are the first."""
    limit = copies.COPIED_ROWS
    try:
        copies.COPIED_ROWS = 100  # type: ignore[misc]
        async with stage(query="records") as on:
            await on.press("y", "a")
            await on.until(lambda: on.copies.texts)
            text, what = on.copies.texts[0]
            assert what == "the first 100 rows (TSV)"
            assert len(text.splitlines()) == 101
    finally:
        copies.COPIED_ROWS = limit  # type: ignore[misc]


async def test_copying_in_a_record() -> None:
    """`y` there copies the value under the cursor, or the record."""
    async with stage(query="records") as on:
        await on.press("enter", "j", "y", "c")
        await on.until(lambda: len(on.copies.texts) == 1)
        await on.press("y", "r")
        await on.until(lambda: len(on.copies.texts) == 2)
        assert on.copies.texts[0] == ("10.0.1.20", "the dstaddr")
        assert on.copies.texts[1][1] == "1 row (TSV)"
        await on.until(lambda: "Sent 1 row (TSV)" in on.shown)


# Sizes and colours


async def test_any_size_at_any_moment() -> None:
    """From one cell up, on every screen, nothing breaks, and the cursor's row stays in view."""
    async with stage(query="records") as on:
        for keys in ((), ("f",), ("a",), ("o",), ("t",), ("S",), ("?",), ("enter",), ("y",)):
            if keys:
                await on.press(*keys)
            for size in ((1, 1), (20, 5), (40, 12), (300, 80), (80, 24)):
                await on.pilot.resize_terminal(*size)
                await on.pilot.pause()
            await on.press("escape")
            while len(on.app.screen_stack) > 1:
                await on.press("escape")
        await on.press("j", "j")
        await on.pilot.resize_terminal(40, 12)
        assert on.screen.table.cursor[0] in on.screen.table.visible_rows
        assert "203.0.113.9" in on.shown


async def test_the_list_of_queries_gives_way_below_100_columns() -> None:
    """The table keeps the width."""
    async with stage(size=(120, 30)) as on:
        assert "Triage" in on.shown
        await on.pilot.resize_terminal(99, 30)
        await on.pilot.pause()
        assert "Triage" not in on.shown
        await on.press("tab", "j", "enter")
        await on.rows()
        assert len(on.crumbs) == 2


async def test_themes_and_no_colour(monkeypatch: object) -> None:
    """Light, dark and no colours at all: state and verdict are said by word."""
    for theme in ("textual-light", "textual-dark", ""):
        async with stage(theme=theme, size=(100, 24)) as on:
            assert "● SUCCEEDED" in on.shown
            assert "REJECT" in on.shown


# A slow line


async def test_keys_that_come_in_one_lump_go_where_they_were_meant() -> None:
    """`f` and the filter after it, `/` and its text, `y` and `c`, arriving at once."""
    async with stage(query="records") as on:
        lumps = (
            ["f", *"dstport:22", "enter"],
            ["slash", *"40123", "enter"],
            ["y", "c"],
            ["o", *"timeline", "enter"],
            ["q", "j", "enter"],
        )
        wanted = (
            lambda: on.filter_line == "dstport:22",
            lambda: on.screen.table.cursor == (123, 2),
            lambda: on.copies.texts == [("40123", "the srcport")],
            lambda: on.crumbs[-1] == "Timeline",
            lambda: len(on.crumbs) == 1 and len(on.app.screen_stack) == 2,
        )
        for keys, holds in zip(lumps, wanted, strict=True):
            for key in keys:
                name, character = ("slash", "/") if key == "slash" else (key, key)
                on.app.post_message(Key(name, character if len(character) == 1 else None))
            await on.until(holds)
            await on.until(lambda: not on.screen.course.is_running)
            if len(on.app.screen_stack) == 1:
                await on.rows()


async def test_keys_stay_with_a_table_that_is_shown_again_at_once() -> None:
    """It is told that it was hidden when it has rows again: the keys are not taken from it."""
    async with stage() as s:
        s.screen.table.post_message(events.Hide())
        await s.pilot.pause()
        assert s.screen.focused is s.screen.table
        s.screen.told.nothing()
        await s.pilot.pause()
        assert s.screen.focused is None
