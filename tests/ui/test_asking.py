"""Asking by keyboard: runs and what they say, filters, time, parameters, cancelling, failing."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from flowtui.domain.executions import LeftOut, QueryState, SourceFacts, Statement
from flowtui.domain.queries import Parameter, ParameterType, SavedQuery
from flowtui.errors import ConnectError, QueryFailedError
from flowtui.ui import messages
from flowtui.ui.screens.parameters import ParametersScreen
from flowtui.ui.screens.query_picker import QueryPicker
from flowtui.ui.widgets.banner import Banner
from flowtui.ui.widgets.filter_bar import FilterEditor
from tests.scripted import Answer, ScriptedEngine
from tests.ui.harness import (
    FACTS,
    NOW,
    PAIR_COLUMNS,
    PAIRS,
    Stage,
    library_of,
    stage,
    texts,
    usual,
)


def state_of(on: Stage) -> QueryState | None:
    """The state of the run on the screen."""
    walk = on.screen.course.walk
    return walk.answer.execution.state if walk and walk.answer.execution else None


async def test_the_first_question_is_asked_at_once() -> None:
    """Opening tells, in order: queries, source, SQL, the run, and what is known after it."""
    async with stage() as on:
        await on.until(lambda: on.heard_of(messages.Prepared))
        kinds = [k for k in texts(on.heard) if k[0].isupper()]
        order = ["LibraryRead", "Opened", "StatementBuilt", "ExecutionChanged"]
        assert [kinds.index(kind) for kind in order] == sorted(kinds.index(k) for k in order)
        assert on.crumbs == ("Top rejected pairs",)
        assert "● SUCCEEDED" in on.shown
        assert "203.0.113.9" in on.shown
        assert "row 1 of 3 · page 1/1" in on.shown


async def test_rows_are_shown_while_the_run_goes_on() -> None:
    """The first rows are there before the end, and grow at it; both are said truly."""
    ends = threading.Event()
    answer = Answer(PAIR_COLUMNS, PAIRS, ends=ends, rows_before_end=2)
    async with stage(answer, is_waited_for=False) as on:
        await on.until(lambda: "198.51.100.7" in on.shown)
        assert "● RUNNING" in on.shown
        assert "row 1 of 2+ · page 1/1+" in on.shown
        assert "x Cancel" in on.footer
        ends.set()
        await on.rows()
        assert "row 1 of 3 · page 1/1" in on.shown
        assert "x Cancel" not in on.footer


async def test_bytes_and_share_are_shown_while_it_runs() -> None:
    """A run that knows how much it will read shows how far it is."""
    answer = Answer(
        PAIR_COLUMNS, PAIRS, ends=threading.Event(), scanned_bytes=500_000_000,
        scanned_total=1_000_000_000,
    )  # fmt: skip
    async with stage(answer, is_waited_for=False, size=(120, 30)) as on:
        await on.until(lambda: "read 500.0 MB of 1.0 GB" in on.shown)
        assert "50%" in on.shown


@pytest.mark.parametrize("key", ["x", "ctrl+c"])
async def test_cancel_reaches_the_engine_once(key: str) -> None:
    """However often it is pressed, one run is cancelled once; the screen says it was."""
    answer = Answer(PAIR_COLUMNS, PAIRS, ends=threading.Event())
    async with stage(answer, is_waited_for=False) as on:
        await on.until(lambda: state_of(on) is QueryState.RUNNING)
        await on.press(key, key, key)
        await on.until(lambda: state_of(on) is QueryState.CANCELLED)
        assert len(on.engine.cancels) == 1
        assert "● CANCELLED" in on.shown
        assert "Cancelled before there were rows" in on.panel


async def test_rows_that_had_arrived_stay_after_a_cancel() -> None:
    """Cancelling throws nothing away."""
    answer = Answer(PAIR_COLUMNS, PAIRS, ends=threading.Event(), rows_before_end=2)
    async with stage(answer, is_waited_for=False) as on:
        await on.until(lambda: "198.51.100.7" in on.shown)
        await on.press("x")
        await on.until(lambda: state_of(on) is QueryState.CANCELLED)
        assert "198.51.100.7" in on.shown


async def test_cancel_without_a_run_says_so() -> None:
    """Ctrl-C does not quit, and tells what does."""
    async with stage() as on:
        await on.until(lambda: on.heard_of(messages.Prepared))
        await on.press("ctrl+c")
        assert "Nothing runs" in on.note


async def test_what_an_old_run_says_is_dropped() -> None:
    """Rows of a question that was left do not come onto the screen of the next one."""
    ends = threading.Event()

    def script(statement: Statement) -> Answer:
        if "GROUP BY" in statement.sql and "dstport" in statement.sql:
            return Answer(PAIR_COLUMNS, PAIRS, ends=ends)
        return usual(statement)

    async with stage(script, is_waited_for=False, query="top-rejected-pairs") as on:
        await on.until(lambda: state_of(on) is QueryState.RUNNING)
        old = on.screen.course.number
        await on.press("o")
        await on.write("records of")
        on.app.screen.query_one(Input).value = ""
        await on.write("records")
        await on.press("enter")
        await on.rows()
        assert on.screen.course.number > old
        assert on.engine.cancels == ["scripted-1"]
        on.screen.post_message(messages.RunFailed(old, QueryFailedError("of the old run")))
        await on.pilot.pause()
        assert on.panel == ""


async def test_r_runs_anew() -> None:
    """Running again asks the engine again; the same question otherwise does not."""
    async with stage() as on:
        assert len(on.engine.submitted) == 1
        await on.press("r")
        await on.rows()
        assert len(on.engine.submitted) == 2
        assert on.engine.submitted[0].sql == on.engine.submitted[1].sql


async def test_the_same_sql_is_answered_from_rows_held_here() -> None:
    """A question asked before in this sitting runs nothing, and the line says so."""
    async with stage() as on:
        await on.press("o", "down", "enter")
        await on.rows()
        await on.press("o")
        await on.write("rejected pairs")
        await on.press("enter")
        await on.rows()
        assert len(on.engine.submitted) == 2
        assert "from rows held here" in on.shown


async def test_a_failure_stays_on_the_screen() -> None:
    """What failed, where, and what to do stand in place of the rows until the next run."""
    error = QueryFailedError("Column 'x' cannot be resolved", "Check the name.", position=(3, 9))
    async with stage(Answer(error=error), is_waited_for=False) as on:
        await on.until(lambda: on.panel)
        assert "Column 'x' cannot be resolved" in on.panel
        assert "Check the name." in on.panel
        assert "Line 3, column 9" in on.panel
        assert "● FAILED" in on.shown
        await on.press("j", "T")
        assert "cannot be resolved" in on.panel


async def test_what_nobody_foresaw_does_not_end_the_session(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault inside is told, logged with its traceback, and the next question works."""
    # A log file that another test has started keeps its lines to itself.
    monkeypatch.setattr(logging.getLogger("flowtui"), "propagate", True)

    def script(statement: Statement) -> Answer:
        if "ACCEPT" in statement.sql:
            raise RuntimeError("a fault in a driver")
        return usual(statement)

    async with stage(script) as on:
        await on.press("o", "down", "enter")
        await on.until(lambda: "Something went wrong inside flowtui" in on.panel)
        assert "a fault in a driver" in caplog.text
        await on.press("q")
        await on.rows()
        assert "203.0.113.9" in on.shown


async def test_a_source_that_cannot_be_opened_is_told_and_tried_again() -> None:
    """The panel says why and `r` opens anew."""
    engine = ScriptedEngine(
        usual, connect_error=ConnectError("No flow logs in x.", "Name another directory."),
        facts=FACTS,
    )  # fmt: skip
    async with stage(engine=engine, is_waited_for=False) as on:
        await on.until(lambda: "No flow logs in x." in on.panel)
        assert "Name another directory." in on.panel
        engine._connect_error = None
        await on.press("r")
        await on.rows()
        assert on.panel == ""


async def test_an_unknown_first_query_is_told() -> None:
    """A name that no query has is an error with the nearest one, and the list still works."""
    async with stage(query="top-rejected-pear", is_waited_for=False) as on:
        await on.until(lambda: "there is no saved query named" in on.panel)
        assert "top-rejected-pairs" in on.panel
        await on.press("o", "enter")
        await on.rows()


# Filters


async def test_the_filter_line_narrows() -> None:
    """What is typed becomes chips and SQL."""
    async with stage() as on:
        await on.press("f")
        await on.write("dstport:22,3389 last:1h")
        await on.press("enter")
        await on.rows()
        assert on.filter_line == "dstport:22,3389 last:1h"
        assert " dstport:22,3389 " in on.shown
        assert "3389" in on.engine.submitted[-1].sql


async def test_a_wrong_filter_is_marked_while_typing() -> None:
    """The wrong part, what is wrong and what to write are said; Enter does not take it."""
    async with stage() as on:
        await on.press("f")
        await on.write("dstprot:22 ")
        editor = on.screen.query_one(FilterEditor)
        assert "dstprot" in editor.hint
        assert "dstport" in editor.hint
        assert editor._mark.span == (0, 7)
        await on.press("enter")
        assert on.screen.query_one(FilterEditor).display
        assert len(on.engine.submitted) == 1


async def test_an_unfinished_word_is_not_called_wrong() -> None:
    """While a key is being typed its completions are offered; Tab takes the first."""
    async with stage() as on:
        await on.press("f")
        await on.write("dstp")
        editor = on.screen.query_one(FilterEditor)
        assert "Tab: dstport:" in editor.hint
        assert editor._mark.span is None
        await on.press("tab")
        assert editor.input.value == "dstport:"
        await on.write("ssh")
        await on.press("enter")
        await on.rows()
        assert on.filter_line == "dstport:22"


async def test_leaving_the_filter_line_changes_nothing() -> None:
    """Esc puts the chips back and runs nothing."""
    async with stage() as on:
        await on.press("f")
        await on.write("dstport:22")
        await on.press("escape")
        assert not on.screen.query_one(FilterEditor).display
        assert on.filter_line == ""
        assert len(on.engine.submitted) == 1


async def test_keys_are_text_while_a_field_has_the_focus() -> None:
    """Letters that are commands elsewhere are typed."""
    async with stage() as on:
        await on.press("f")
        await on.write("?:qQrx")
        assert on.screen.query_one(FilterEditor).input.value == "?:qQrx"
        assert on.app.is_running


async def test_the_form_edits_the_same_filter() -> None:
    """What the line says stands in the form, and what the form says in the chips."""
    async with stage(filter_line="dstport:22 -src:10.1.0.0/16 last:1h") as on:
        await on.press("a")
        rows = {row.name: row for row in on.app.screen.query("FormRow")}
        assert rows["dstport"].text == "22"  # type: ignore[attr-defined]
        assert rows["last"].text == "1h"  # type: ignore[attr-defined]
        assert rows[""].text == "-srcaddr:10.1.0.0/16"  # type: ignore[attr-defined]
        await on.write("REJECT")
        await on.press("enter")
        await on.rows()
        assert on.filter_line == "action:REJECT dstport:22 -srcaddr:10.1.0.0/16 last:1h"


async def test_the_form_marks_the_wrong_field() -> None:
    """A wrong value is said at the bottom, its row marked, and Enter does not take it."""
    async with stage() as on:
        await on.press("a", "down")
        await on.write("10.0.0.300")
        wrong = [row.name for row in on.app.screen.query("FormRow.-wrong")]
        assert wrong == ["ip"]
        assert "not an IPv4 or IPv6 address" in on.shown
        await on.press("enter")
        assert len(on.app.screen_stack) == 2
        await on.press("escape")
        assert on.filter_line == ""


async def test_a_wrong_filter_from_the_command_line_is_put_right_on_the_screen() -> None:
    """The first question is asked without it, and the line is open with the wrong part told."""
    async with stage(filter_line="dstprot:22 bytes>1000") as on:
        editor = on.screen.query_one(FilterEditor)
        assert editor.input.value == "dstprot:22 bytes>1000"
        assert "dstprot" in editor.hint


async def test_time_presets_and_bounds() -> None:
    """A preset is two keys; bounds are typed in the zone that is shown."""
    async with stage() as on:
        await on.press("t", "down", "down", "enter")
        await on.rows()
        assert on.filter_line == "last:1h"
        await on.press("T", "t", "tab")
        await on.write("2026-11-23T10:00")
        await on.press("tab")
        await on.write("11:00")
        await on.press("enter")
        await on.rows()
        assert on.filter_line == "from:2026-11-23T01:00Z to:2026-11-23T02:00Z"


async def test_a_wrong_time_is_said() -> None:
    """A bound that is no time is not taken."""
    async with stage() as on:
        await on.press("t", "tab")
        await on.write("yesterday")
        await on.press("enter")
        assert "not a time" in on.shown
        assert len(on.app.screen_stack) == 2


# Queries and parameters


async def test_the_picker_searches_and_shows_sql() -> None:
    """Typing narrows the list; the preview tells what the query asks, needs and runs."""
    async with stage(size=(120, 40)) as on:
        await on.press("o")
        await on.write("brute")
        assert isinstance(on.app.screen, QueryPicker)
        await on.write("")
        on.app.screen.query_one(Input).value = ""
        await on.write("peers")
        assert "Peers of an address" in on.shown
        assert "asked for" in on.shown
        assert "SELECT" in on.shown


async def test_required_parameters_are_asked() -> None:
    """A query that needs a value asks for it, says what is wrong, and runs with it."""
    async with stage() as on:
        await on.press("o")
        await on.write("peers of")
        await on.press("enter")
        assert isinstance(on.app.screen, ParametersScreen)
        await on.write("10.0.1.300")
        await on.press("enter")
        assert isinstance(on.app.screen, ParametersScreen)
        await on.press("backspace", "backspace", "enter")
        await on.rows()
        assert on.screen.course.walk is not None
        assert on.screen.course.walk.view.arguments == (("ip", "10.0.1.3"),)


async def test_parameters_can_be_changed() -> None:
    """`P` shows the values in use; a value equal to its default is left out of the view."""
    async with stage() as on:
        await on.press("P")
        await on.press("backspace", "backspace", "backspace")
        await on.write("5")
        await on.press("enter")
        await on.rows()
        assert on.screen.course.walk is not None
        assert on.screen.course.walk.view.arguments == (("limit", "5"),)
        assert "LIMIT 5" in on.engine.submitted[-1].sql
        await on.press("u")
        await on.rows()
        assert len(on.engine.submitted) == 2


async def test_the_sidebar_chooses_too() -> None:
    """At 100 columns and more the list is on the left; Tab goes there and back."""
    async with stage(size=(120, 40)) as on:
        await on.press("tab", "down", "enter")
        await on.rows()
        assert on.crumbs == ("Top rejected pairs", "Top accepted pairs")


# What must be known


async def test_what_was_left_out_is_told_and_listed() -> None:
    """One line says how much; `L` says which file and why."""
    left_out = (
        LeftOut("logs/broken.log.gz", "the gzip data ends too soon", 0),
        LeftOut("logs/odd.log", "13 fields in place of 14", 1204, 17),
    )
    engine = ScriptedEngine(usual, facts=replace(FACTS, left_out=left_out), clock=lambda: NOW)
    async with stage(engine=engine) as on:
        assert "1 file and 1 204 lines left out" in on.shown
        await on.press("L")
        assert "logs/odd.log  1 204 lines, first line 17: 13 fields in place of 14" in on.shown


async def test_lost_windows_are_told() -> None:
    """Where records were lost in the time of the run, totals are called floors."""
    engine = ScriptedEngine(usual, facts=replace(FACTS, skipped_windows=5), clock=lambda: NOW)
    async with stage(engine=engine) as on:
        await on.until(lambda: "Totals are floors" in on.shown)
        assert "5 windows" in on.shown


async def test_lost_windows_are_told_of_rows_that_came_before_the_files_were_read() -> None:
    """The first start reads files while the first answer is shown; its totals are floors too."""
    engine = ScriptedEngine(usual, facts=FACTS, clock=lambda: NOW)
    async with stage(engine=engine) as on:
        assert "Totals are floors" not in on.shown
        engine._facts = replace(FACTS, skipped_windows=5)
        on.screen.learn(engine.facts())
        await on.until(lambda: "Totals are floors" in on.shown)


async def test_filters_that_could_not_be_applied_are_told(monkeypatch: Any) -> None:
    """A statement that is not filtered says so above its rows."""
    from flowtui.session.session import Session

    compiled = Session.compile

    def unfiltered(self: Session, view: Any) -> Statement:
        return replace(compiled(self, view), is_filtered=False, notes=("The table is unknown.",))

    monkeypatch.setattr(Session, "compile", unfiltered)
    async with stage() as on:
        assert "Filters were not applied" in on.screen.query_one(Banner).text
        assert "The table is unknown." in on.screen.query_one(Banner).text


async def test_conversion_shows_progress_and_can_be_stopped() -> None:
    """While files are converted a line says how far it is; `x` stops it and keeps the session."""
    engine = ScriptedEngine(usual, facts=FACTS, preparing=threading.Event(), clock=lambda: NOW)
    async with stage(engine=engine) as on:
        await on.until(lambda: "Reading flow logs" in on.shown)
        assert "x stops it" in on.shown
        await on.press("x")
        await on.until(lambda: "Reading flow logs" not in on.shown)
        assert on.engine.cancels == []
        assert "203.0.113.9" in on.shown


# Zero rows


async def test_a_time_outside_the_data_is_told() -> None:
    """Zero rows because of the time: both spans, and the key to change it."""
    async with stage(Answer(PAIR_COLUMNS), is_waited_for=False, filter_line="last:1h") as on:
        await on.until(lambda: "lies after the data" in on.panel)
        assert "2026-11-23T00:00Z to 2026-11-24T00:00Z" in on.panel
        assert "press t" in on.panel


async def test_filters_that_exclude_each_other_are_told() -> None:
    """Zero rows because no record can meet both."""
    async with stage(
        Answer(PAIR_COLUMNS), is_waited_for=False, filter_line="dstport:22 dstport:443"
    ) as on:
        await on.until(lambda: "exclude each other" in on.panel)
        assert "dstport:22 and dstport:443" in on.panel


async def test_the_filter_that_took_the_last_row_is_told() -> None:
    """Zero rows: how many there would be without each condition, the worst one first."""

    def script(statement: Statement) -> Answer:
        if "COUNT(*) AS n" not in statement.sql:
            return Answer(PAIR_COLUMNS)
        left = "dstport = 22" not in statement.sql, "protocol = 17" not in statement.sql
        from flowtui.domain.executions import Column

        return Answer((Column("n", "bigint"),), (({(True, False): 1204}.get(left, 0),),))

    async with stage(script, is_waited_for=False, filter_line="dstport:22 protocol:udp") as on:
        await on.until(lambda: "Without dstport:22" in on.panel)
        assert "Without dstport:22 there would be 1 204 rows" in on.panel
        assert "protocol" not in on.panel


async def test_an_empty_source_is_told() -> None:
    """Zero rows because there are no records."""
    engine = ScriptedEngine(
        Answer(PAIR_COLUMNS), facts=SourceFacts("empty", 0, 0), clock=lambda: NOW
    )
    async with stage(engine=engine, is_waited_for=False) as on:
        await on.until(lambda: "There are no records in this source." in on.panel)


async def test_hostile_queries_and_values_are_only_shown() -> None:
    """Markup and escape sequences in files, rows and errors are text, wherever they stand."""
    evil = "[red]x[/] \x1b[31m\x1b]52;c;AAAA\x07 [@click=app.quit]y[/]\u202e"
    query = SavedQuery(
        "evil", evil, "SELECT srcaddr FROM flows", description=evil, group=evil,
        parameters=(Parameter("n", ParameterType.COUNT, "5", evil),), trap=evil, tags=(evil,),
    )  # fmt: skip
    columns = (replace(PAIR_COLUMNS[0], name=evil, kind=None), *PAIR_COLUMNS[1:])
    rows = ((evil, evil, 1, 2, evil),)
    engine = ScriptedEngine(
        Answer(columns, rows),
        facts=SourceFacts(evil, 1, 1, left_out=(LeftOut(evil, evil, 0),), notes=(evil,)),
        clock=lambda: NOW,
    )
    async with stage(engine=engine, library=library_of(query), size=(120, 40)) as on:
        for keys in (["o"], ["P"], ["S"], ["L"], ["i"], [":"], ["?"], ["a"], ["t"], ["y"]):
            await on.press(*keys)
            assert "\x1b" not in on.shown
            assert "\u202e" not in on.shown
            await on.press("escape")
            while len(on.app.screen_stack) > 1:
                await on.press("escape")
        assert "[red]x[/]" in on.shown
        assert on.app.is_running


def test_nothing_here_reads_the_users_files(tmp_path: Path) -> None:
    """The harness keeps to the shipped queries."""
    from flowtui.library import load_library

    assert load_library(tmp_path).queries == load_library().queries


async def test_rows_that_arrive_take_no_keys_from_a_line_being_typed() -> None:
    """The filter can be edited while the question runs; what is typed goes on where it is."""
    ends = threading.Event()
    answer = Answer(PAIR_COLUMNS, PAIRS, ends=ends)
    async with stage(answer, is_waited_for=False) as on:
        await on.until(lambda: state_of(on) is QueryState.RUNNING)
        await on.press("f")
        await on.write("dst")
        ends.set()
        await on.rows()
        await on.write("port:22")
        assert on.screen.query_one(FilterEditor).input.value == "dstport:22"


@pytest.mark.parametrize(("key", "width"), [("S", 116), ("o", 116), ("question_mark", 100)])
async def test_a_dialog_is_as_wide_as_it_says(key: str, width: int) -> None:
    """What all dialogs share does not narrow one that asks for more."""
    async with stage(size=(120, 40)) as on:
        await on.rows()
        await on.press(key)
        await on.until(lambda: on.app.screen.query(".dialog"))
        assert on.app.screen.query_one(".dialog").outer_size.width == width
