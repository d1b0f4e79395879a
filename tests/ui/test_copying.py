"""Copying by keyboard: which rows, in which form, and how to have them again."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual import events

from flowtui.domain.executions import Statement
from flowtui.domain.layouts import Layout
from flowtui.session.sources import Source, SourceKind
from flowtui.ui.screens.copy_menu import CopyMenu
from flowtui.ui.table.widget import ResultTable
from flowtui.ui.widgets.note_line import NoteLine
from tests.scripted import Answer, ScriptedEngine
from tests.ui.harness import FACTS, NOW, Stage, stage, usual

SOURCE = Source(SourceKind.ATHENA, "prod", "athena://audit@logs.flows", profile="audit",
                region="eu-west-1", output_location="s3://results/")  # fmt: skip


async def copied(on: Stage, *keys: str) -> tuple[str, str]:
    """What keys copy, and what it is said to be."""
    before = len(on.copies.texts)
    await on.press(*keys)
    await on.until(lambda: len(on.copies.texts) > before)
    return on.copies.texts[-1]


async def test_a_format_is_chosen_once_and_goes_on() -> None:
    """`y f j` copies the row as JSON; `y r` and `y a` do so from then on, and the menu says it."""
    async with stage() as on:
        text, what = await copied(on, "y", "f", "j")
        assert what == "1 row (JSON)"
        assert json.loads(text)[0]["srcaddr"] == "203.0.113.9"
        text, what = await copied(on, "y", "a")
        assert (len(json.loads(text)), what) == (3, "3 rows (JSON)")
        await on.press("y")
        assert "Copy as JSON" in on.shown


async def test_marked_rows_make_a_waf_set() -> None:
    """Marks count, not the cursor; both addresses of its column are in the set."""
    async with stage() as on:
        text, what = await copied(on, "v", "j", "v", "y", "f", "w")
        assert json.loads(text)["Addresses"] == ["203.0.113.9/32", "198.51.100.7/32"]
        assert what == "2 addresses of srcaddr (1 WAF IP set for create-ip-set)"


async def test_rows_without_addresses_are_told_so() -> None:
    """Nothing is copied, and the note says why."""

    def counts(statement: Statement) -> Answer:
        return replace(usual(statement), rows=((None, None, 1, 1, "-"),))

    async with stage(counts) as on:
        await on.press("y", "f", "d")
        await on.until(lambda: "no address" in on.note)
        assert on.copies.texts == []


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 24)])
async def test_every_choice_of_the_menus_can_be_read(size: tuple[int, int]) -> None:
    """At any width no key is cut off."""
    async with stage(size=size, source=SOURCE) as on:
        await on.press("y")
        for word in ("c cell", "r row", "p page", "a all rows", "l command line", "t ticket"):
            assert word in on.shown
        await on.press("f")
        assert isinstance(on.app.screen, CopyMenu)
        for word in ("t TSV", "m Markdown", "w WAF IP set", "d deny rules", "Esc nothing"):
            assert word in on.shown


async def test_the_command_line_says_how_the_source_is_reached() -> None:
    """Profile, region, place of results, fixed time, order and quick filter are all in it."""
    async with stage(source=SOURCE, filter_line="action:REJECT last:1h") as on:
        await on.press("s")
        await on.rows()
        await on.press("backslash")
        await on.write("203")
        await on.press("enter")
        text, what = await copied(on, "y", "l")
        assert what == "the command line"
        words = shlex.split(text)
        assert words[:4] == ["flowtui", "query", "top-rejected-pairs", "athena://audit@logs.flows"]
        assert {"--profile=audit", "--region=eu-west-1", "--output-location=s3://results/",
                "--filter=action:REJECT from:2026-11-24T09:42Z to:2026-11-24T10:42Z",
                "--sort=srcaddr", "--contains=203"} == set(words[4:])  # fmt: skip


async def test_no_time_is_said_aloud_where_it_would_be_the_last_hour() -> None:
    """On Athena a question without a time is asked again without one."""
    async with stage(source=SOURCE) as on:
        text, _ = await copied(on, "y", "l")
        assert "--filter=from:1970-01-01T00:00Z" in shlex.split(text)


async def test_a_ticket_says_all_that_is_needed() -> None:
    """Rows, which of how many, filter, time, SQL, warnings, and the command line."""
    facts = replace(FACTS, notes=("odd",))
    engine = ScriptedEngine(usual, facts=facts, clock=lambda: NOW)
    source = Source(SourceKind.LOCAL, "logs", "/var/log/flows")
    async with stage(engine=engine, source=source, filter_line="action:REJECT last:1h") as on:
        text, what = await copied(on, "v", "y", "t")
        assert what == "a ticket block of 1 marked row (Markdown)"
        assert text.startswith("### Top rejected pairs\n\n| srcaddr | dstaddr |")
        assert "\n1 marked row of 3 rows.\n" in text
        assert "- Source: `/var/log/flows`\n" in text
        assert "Filter: `action:REJECT from:2026-11-24T09:42Z to:2026-11-24T10:42Z`" in text
        assert "Time: 2026-11-24T09:42Z to 2026-11-24T10:42Z (UTC" in text
        assert "- **Mind:** odd\n" in text
        assert "```sql\nWITH" in text
        assert "```sh\nflowtui query top-rejected-pairs /var/log/flows " in text
        text, what = await copied(on, "K", "y", "t")
        assert "\nRows 1-3 of 3 rows.\n" in text


async def test_without_a_source_that_can_be_named_no_command_line_is_offered() -> None:
    """What could not be run again is not copied."""
    async with stage() as on:
        await on.press("y")
        assert "command line" not in on.shown


async def test_anonymised_copies_tell_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`y n` holds for cell, rows, SQL, command line and ticket; all agree, and say so."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    async with stage(source=SOURCE, filter_line="src:203.0.113.0/24 last:1h") as on:
        await on.press("y", "n")
        assert "Copy, anonymised" in on.shown
        await on.press("escape")
        cell, what = await copied(on, "y", "c")
        assert what == "the srcaddr, anonymised"
        rows, what = await copied(on, "y", "a")
        assert what == "3 rows (TSV, anonymised)"
        assert rows.splitlines()[1].startswith(f"{cell}\t")
        ticket, _ = await copied(on, "y", "t")
        assert f"| {cell} |" in ticket
        assert "are anonymised" in ticket
        for keys in (("y", "q"), ("y", "l"), ("y", "t"), ("y", "f", "j")):
            text, _ = await copied(on, *keys)
            assert "203.0.113" not in text
            assert "10.0.1.2" not in text
        line, _ = await copied(on, "y", "l")
        network = cell.rpartition(".")[0] + ".0/24"
        assert f"src:{network}" in line or f"srcaddr:{network}" in line


async def test_anonymised_addresses_block_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule against other addresses than those on the screen is refused."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    async with stage() as on:
        await on.press("y", "n", "f", "w")
        await on.until(lambda: "would block others" in on.note)
        assert on.copies.texts == []


async def test_keys_typed_in_one_go_are_all_followed() -> None:
    """Over a slow line `y f j y p j` comes as one lump: each key goes where it belongs."""
    async with stage() as on:
        for key in "yfjypj":
            on.app.post_message(events.Key(key, key))
        await on.until(lambda: len(on.copies.texts) == 2 and on.screen.table.cursor[0] == 1)
        assert [what for _, what in on.copies.texts] == ["1 row (JSON)", "3 rows (JSON)"]


async def test_copies_have_the_columns_that_are_shown() -> None:
    """Hidden columns stay out, moved ones stand as they are seen; rules that deny read them all."""
    async with stage(query="records") as on:
        shown = Layout((3, 0), frozenset(range(10)) - {0, 3})
        on.screen.table.set_layout(shown)
        text, _ = await copied(on, "y", "r")
        assert text == "dstport\tsrcaddr\n22\t203.0.113.9\n"
        text, _ = await copied(on, "y", "t")
        assert "| dstport | srcaddr |\n" in text
        text, _ = await copied(on, "y", "f", "d")
        assert "--protocol 6 --port-range From=22,To=22 --cidr-block 203.0.113.9/32" in text


async def test_a_record_is_copied_in_any_format() -> None:
    """`y f` there copies all its fields, or the address under the record's own cursor."""
    async with stage(query="records") as on:
        await on.press("enter")
        text, _ = await copied(on, "y", "f", "j")
        assert json.loads(text)[0]["dstport"] == 22
        text, what = await copied(on, "j", "y", "f", "a")
        assert (text, what) == ("10.0.1.20\n", "1 address of dstaddr")


async def test_that_there_are_no_rows_makes_a_ticket() -> None:
    """The block says so with its filter, SQL and command, and shows no row of a view before."""

    def none(statement: Statement) -> Answer:
        return replace(usual(statement), rows=()) if "443" in statement.sql else usual(statement)

    async with stage(none, source=SOURCE) as on:
        await on.press("f")
        await on.write("dstport:443")
        await on.press("enter")
        await on.until(lambda: "No rows." in on.shown)
        text, what = await copied(on, "y", "t")
        assert what == "a ticket block of 0 rows (Markdown)"
        assert "\n\nNo rows.\n" in text
        assert "dstport:443" in text
        assert "```sql" in text
        assert "| srcaddr" not in text


async def test_a_long_note_is_told_to_its_end() -> None:
    """On two lines of whole words where one is too short; the cursor stays in view."""
    async with stage(query="records", size=(80, 24)) as on:
        await on.press("G")
        note = on.app.screen.query_one(NoteLine)
        told = "Sent 3 deny rules of dstaddr, 3 of them private (AWS CLI; nothing was run), to tmux"
        note.tell(told)
        await on.until(lambda: note.size.height == 2)
        assert note.render().plain.replace("\n", " ") == told
        table = on.app.screen.query_one(ResultTable)
        assert table.cursor[0] in table.visible_rows
        note.tell("Short.")
        await on.until(lambda: note.size.height == 1)


async def test_rows_cut_at_the_limit_of_their_query_are_called_so() -> None:
    """Where `:limit` rows came, screen and ticket say there may be more; with one fewer neither."""

    def answer(rows: int) -> Callable[[Statement], Answer]:
        row = usual(Statement("")).rows[0]
        return lambda statement: replace(usual(statement), rows=(row,) * rows)

    async with stage(answer(100), source=SOURCE) as on:
        assert "100 rows, its limit (P)" in on.shown
        text, _ = await copied(on, "y", "t")
        assert "The query ends at 100 rows: there may be more." in text
    async with stage(answer(99), source=SOURCE) as on:
        assert "its limit" not in on.shown
        text, _ = await copied(on, "y", "t")
        assert "there may be more" not in text
