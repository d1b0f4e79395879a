"""Starting from anything: a text that is typed, pasted, or given to the command line."""

from __future__ import annotations

from textual import events
from textual.widgets import TextArea

from flowtui.domain.clues import read_clues
from flowtui.ui.screens.start_from import StartFromScreen
from tests.ui.harness import NOW, Stage, stage

ALARM = "Brute force from 203.0.113.66 against 10.20.0.22 at 2026-11-23T02:12Z"
BETWEEN = "ip:10.20.0.22 from:2026-11-23T01:12Z to:2026-11-23T02:42Z"


async def paste(on: Stage, text: str) -> None:
    """Paste into whatever has the keys."""
    (on.app.focused or on.app.screen).post_message(events.Paste(text))
    await on.pilot.pause()


async def test_an_alarm_pasted_over_the_rows_becomes_a_question() -> None:
    """Paste, Enter: the conversation that the alarm is about, in its time."""
    async with stage() as on:
        await paste(on, ALARM)
        await on.until(lambda: "What went between 10.20.0.22 and 203.0.113.66" in on.shown)
        await on.press("enter")
        await on.rows()
        assert on.crumbs[-1] == "Peers of an address"
        assert on.filter_line == BETWEEN
        walk = on.screen.course.walk
        assert walk is not None
        assert walk.view.arguments == (("ip", "203.0.113.66"),)


async def test_a_text_can_be_typed_and_another_question_chosen() -> None:
    """I, a text, Tab, j, Enter: the second of the questions; I again shows the text again."""
    async with stage(size=(120, 40)) as on:
        await on.press("I")
        await on.write("10.0.3.7:22")
        await on.until(lambda: "Whom 10.0.3.7 talked to on port 22" in on.shown)
        await on.press("tab", "j", "enter")
        await on.rows()
        assert on.filter_line == ""
        await on.press("I")
        await on.until(lambda: "10.0.3.7:22" in on.shown)


async def test_the_time_at_hand_stays_where_a_text_names_none() -> None:
    """An address alone is asked about in the time that one looks at."""
    async with stage(filter_line="last:2h") as on:
        await paste(on, "10.0.3.7")
        await on.until(lambda: "Whom 10.0.3.7 talked to" in on.shown)
        await on.press("enter")
        await on.rows()
        assert on.filter_line == "last:2h"


async def test_what_says_nothing_is_said_to() -> None:
    """A text without traffic in it offers no question, and Esc leaves."""
    async with stage() as on:
        await paste(on, "all is well")
        await on.until(lambda: "No address, port" in on.shown)
        await on.press("enter", "escape")
        assert on.app.screen is on.screen
        assert on.crumbs == ("Top rejected pairs",)


async def test_hostile_pastes_are_plain_text() -> None:
    """Escape sequences and markup are shown written out, before and inside the dialog."""
    bad = "\x1b]52;c;Zm9v\x07[red]203.0.113.9[/]\x1b[2J"
    async with stage(size=(100, 30)) as on:
        await paste(on, bad)
        await on.until(lambda: "Whom 203.0.113.9 talked to" in on.shown)
        screen = on.app.screen
        assert isinstance(screen, StartFromScreen)
        await on.press("tab")
        await paste(on, bad)
        assert "\x1b" not in screen.query_one(TextArea).text
        assert "\x1b" not in on.shown
        assert "[red]" in on.shown


async def test_a_sitting_can_begin_with_an_alarm() -> None:
    """What the command line was given is the first question; the rest is said and kept at I."""
    clues = read_clues(ALARM, now=NOW)
    async with stage(clues=clues, about=ALARM, size=(120, 40)) as on:
        assert on.crumbs == ("Peers of an address",)
        assert on.filter_line == BETWEEN
        await on.until(lambda: "I shows" in on.note)
        await on.press("I")
        await on.until(lambda: "Brute force from" in on.shown)


async def test_a_time_that_was_given_wins() -> None:
    """--since beside an alarm is what counts."""
    clues = read_clues(ALARM, now=NOW)
    async with stage(clues=clues, filter_line="last:1h") as on:
        assert on.filter_line == "ip:10.20.0.22 last:1h"


async def test_records_without_the_field_begin_as_usual() -> None:
    """An instance, in records that do not tell instances: the usual question, and it is said."""
    clues = read_clues("i-0a1b2c3d4e5f60718", now=NOW)
    async with stage(clues=clues) as on:
        assert on.crumbs == ("Top rejected pairs",)
        assert "no field that tells" in on.note
