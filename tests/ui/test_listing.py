"""Queries of the list: written otherwise, copied, named, deleted; broken files among them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from flowtui.library import load_library
from flowtui.session.drafts import Drafts
from flowtui.ui.editor.screen import EditorScreen
from flowtui.ui.screens.ask_line import AskLine
from flowtui.ui.screens.confirm import ConfirmScreen
from flowtui.ui.screens.keep_form import KeepForm
from flowtui.ui.screens.query_picker import QueryPicker
from flowtui.ui.widgets.note_line import NoteLine
from flowtui.ui.widgets.query_list import QueryList
from tests.ui.harness import Stage, stage

MINE = '-- title = "Mine"\n-- tags = ["x"]\n\n-- what it is for\nSELECT srcaddr FROM flows\n'
BROKEN = '-- title = "Broken\n\nSELECT 1\n'


@asynccontextmanager
async def over(directory: Path, **files: str) -> AsyncIterator[Stage]:
    """The application over a directory of queries that holds these."""
    queries = directory / "queries"
    queries.mkdir()
    for name, text in files.items():
        (queries / f"{name}.sql").write_text(text)
    drafts = Drafts(directory / "drafts")
    async with stage(
        size=(120, 50), queries=queries, drafts=drafts, library=lambda: load_library(queries)
    ) as on:
        yield on


async def to_query(on: Stage, slug: str) -> None:
    """Give the list the keys, with the highlight on a query."""
    await on.press("tab")
    on.screen.query_one(QueryList).highlight_query(slug)
    await on.pilot.pause()


def noted(screen: EditorScreen) -> str:
    """What was said last of what happened."""
    return screen.query_one(NoteLine).note


async def editor(on: Stage) -> EditorScreen:
    """The editor, once it is open and has judged its text."""
    await on.until(lambda: isinstance(on.app.screen, EditorScreen))
    found = on.app.screen
    assert isinstance(found, EditorScreen)
    await on.until(lambda: found.said)
    return found


async def test_the_keys_of_the_list_are_shown_where_it_has_them(tmp_path: Path) -> None:
    """The footer tells them while the list has the keys, and the table's again after."""
    async with over(tmp_path) as on:
        await on.press("tab")
        assert "e Edit  c Copy  n Name  d Delete" in on.footer
        await on.press("tab")
        assert "e Edit" not in on.footer
        await on.press("o", "tab")
        assert "e edit · c copy · n name · d delete" in on.shown


async def test_a_file_of_ones_own_is_edited_as_it_stands(tmp_path: Path) -> None:
    """With its comment; ^T writes it back, and the list follows."""
    async with over(tmp_path, mine=MINE) as on:
        await to_query(on, "mine")
        await on.press("e")
        screen = await editor(on)
        assert screen.area.text == MINE.rstrip("\n")
        screen.area.put(MINE.replace('"Mine"', '"Yours"').replace("srcaddr", "dstaddr"))
        await on.press("ctrl+t")
        await on.until(lambda: "Kept in" in noted(screen))
        saved = load_library(tmp_path / "queries").get("mine")
        assert (saved.title, saved.tags) == ("Yours", ("x",))
        await on.until(lambda: on.screen.library and on.screen.library.get("mine") == saved)
        await on.press("ctrl+r")
        await on.until(lambda: on.crumbs[-1] == "Yours")
        await on.rows()
        assert "dstaddr" in on.engine.submitted[-1].sql


async def test_errors_of_a_file_are_told_with_its_lines(tmp_path: Path) -> None:
    """In the comment and in the SQL alike."""
    async with over(tmp_path, mine=MINE) as on:
        await to_query(on, "mine")
        await on.press("e")
        screen = await editor(on)
        screen.area.put(MINE.replace("srcaddr", "srcadr"))
        await on.until(lambda: "Line 5, column 8" in screen.said)
        screen.area.put(MINE.replace("tags", "tugs"))
        await on.until(lambda: "unknown key `tugs`" in screen.said)
        screen.area.put(MINE.replace('["x"]', '["x"'))
        await on.until(lambda: "Line 3" in screen.said or "Line 2" in screen.said)


async def test_a_file_that_changed_meanwhile_is_not_written_over_unasked(tmp_path: Path) -> None:
    """No leaves what another program wrote; yes writes."""
    path = tmp_path / "queries" / "mine.sql"
    async with over(tmp_path, mine=MINE) as on:
        await to_query(on, "mine")
        await on.press("e")
        screen = await editor(on)
        screen.area.put(MINE.replace("srcaddr", "dstaddr"))
        path.write_text("SELECT 42")
        for key, is_written in (("n", False), ("y", True)):
            await on.press("ctrl+t")
            await on.until(lambda: isinstance(on.app.screen, ConfirmScreen))
            await on.press(key)
            said = "Kept in" if is_written else "Nothing was written"
            await on.until(lambda said=said: said in noted(screen))  # type: ignore[misc]
            assert ("dstaddr" in path.read_text()) is is_written


async def test_a_query_that_ships_is_copied_and_not_changed(tmp_path: Path) -> None:
    """Edit opens its SQL, copy makes a file, and neither name nor delete touch it."""
    async with over(tmp_path) as on:
        await to_query(on, "timeline")
        await on.press("d")
        assert "stays" in on.note
        await on.press("n")
        assert "c copies it" in on.note
        await on.press("c")
        await on.until(lambda: isinstance(on.app.screen, KeepForm))
        await on.press("enter")
        await on.until(lambda: "Kept in" in on.note)
        library = load_library(tmp_path / "queries")
        (slug,) = library.own
        shipped = load_library().get("timeline")
        assert library.get(slug).sql == shipped.sql
        assert library.get(slug).parameters == shipped.parameters
        assert library.get("timeline") == shipped
        on.screen.query_one(QueryList).highlight_query("timeline")
        await on.press("e")
        assert (await editor(on)).area.text == shipped.sql


async def test_a_query_of_ones_own_gets_another_title_and_file(tmp_path: Path) -> None:
    """Title and file name change, all else in the file stays; a name that is taken is refused."""
    queries = tmp_path / "queries"
    async with over(tmp_path, mine=MINE, other="SELECT 1") as on:
        await to_query(on, "mine")
        await on.press("n")
        await on.until(lambda: isinstance(on.app.screen, AskLine))
        await on.write(" two")
        await on.press("enter")
        await on.until(lambda: (queries / "mine-two.sql").exists())
        await on.until(lambda: "It is in" in on.note)
        assert not (queries / "mine.sql").exists()
        assert (queries / "mine-two.sql").read_text() == MINE.replace('"Mine"', '"Mine two"')
        on.screen.query_one(QueryList).highlight_query("mine-two")
        await on.press("n", *["backspace"] * 10)
        await on.write("other")
        await on.press("enter")
        await on.until(lambda: "is there already" in on.note)
        assert (queries / "other.sql").read_text() == "SELECT 1"


async def test_deleting_asks_and_gives_back_what_was_overridden(tmp_path: Path) -> None:
    """After no it is there; after yes the one that ships is in its place."""
    async with over(tmp_path, timeline=MINE) as on:
        await to_query(on, "timeline")
        for key, is_there in (("n", True), ("y", False)):
            await on.press("d")
            await on.until(lambda: isinstance(on.app.screen, ConfirmScreen))
            await on.press(key)
            said = "Nothing was deleted" if is_there else "ships with flowtui is back"
            await on.until(lambda said=said: said in on.note)  # type: ignore[misc]
            assert (tmp_path / "queries" / "timeline.sql").exists() is is_there
        await on.until(
            lambda: on.screen.library and on.screen.library.get("timeline").group == "Triage"
        )


async def test_a_broken_file_is_listed_with_its_error_and_mended_here(tmp_path: Path) -> None:
    """Name and line in both lists, all others work, Enter opens it, and mended it is a query."""
    async with over(tmp_path, oops=BROKEN, good="SELECT srcaddr FROM flows") as on:
        assert "✗ oops.sql" in on.shown
        assert "line 1" in on.shown
        await on.press("o")
        await on.write("oops")
        assert isinstance(on.app.screen, QueryPicker)
        assert "the comment at the top is not valid TOML" in on.shown
        assert "a blank line ends it" in on.shown
        await on.press("enter")
        screen = await editor(on)
        assert screen.area.text == BROKEN.rstrip("\n")
        assert "Line 1" in screen.said
        screen.area.put(BROKEN.replace('"Broken', '"Mended"'))
        await on.press("ctrl+t")
        await on.until(lambda: "Kept in" in noted(screen))
        assert not load_library(tmp_path / "queries").broken
        await on.press("escape", "q")
        await on.until(lambda: "✗ oops.sql" not in on.shown)
        await on.press("o")
        await on.write("mended")
        assert "Mended" in on.shown


HOSTILE = {
    "nested": '-- title = "x"\n-- tags = ' + "[" * 5000 + "\n\nSELECT 1",
    "number": "-- title = " + "9" * 5000 + "\n\nSELECT 1",
    "empty": "",
    "escape": "-- title = \x1b]52;c;AAAA\x07\n\nSELECT 1",
    "huge": "x" * 1_500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_no_file_breaks_the_list(name: str, tmp_path: Path) -> None:
    """Whatever it holds, it is listed as broken, nothing acts, and all else goes on."""
    async with over(tmp_path, **{name: HOSTILE[name]}) as on:
        await on.press("tab", "home")
        await on.pilot.pause()
        assert f"✗ {name}.sql" in on.shown
        assert "\x1b" not in on.shown
        await on.press("o", "tab", "home")
        assert "\x1b" not in on.shown
        await on.press("escape", "tab", "r")
        await on.rows()


def test_a_pipe_in_the_directory_is_not_waited_for(tmp_path: Path) -> None:
    """Reading it would never end."""
    os.mkfifo(tmp_path / "pipe.sql")
    (broken,) = load_library(tmp_path).broken
    assert broken.message == "it is no file"


@pytest.mark.parametrize("name", ["weird\udce9", "a b", "[red]x[@click=app.quit]"])
async def test_names_of_files_are_only_shown(name: str, tmp_path: Path) -> None:
    """Bytes that are no text, blanks and markup in a name."""
    async with over(tmp_path, **{name: BROKEN}) as on:
        await on.press("tab", "home", "enter")
        await editor(on)
        await on.press("escape", "escape")
        assert on.app.is_running
