"""Writing SQL on the screen: judged while it is typed, run as a view, and never lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual import events

from flowtui.domain.queries import TYPED
from flowtui.session.drafts import MOST_SQL_BYTES, Draft, Drafts
from flowtui.ui.editor.screen import EditorScreen
from flowtui.ui.screens.keep_form import KeepForm
from flowtui.ui.screens.parameters import ParametersScreen
from flowtui.ui.widgets.note_line import NoteLine
from tests.ui.harness import Stage, stage


def editor(on: Stage) -> EditorScreen:
    """The editor that is open."""
    screen = on.app.screen_stack[1]
    assert isinstance(screen, EditorScreen)
    return screen


def noted(screen: EditorScreen) -> str:
    """What was said last of what happened."""
    return screen.query_one(NoteLine).note


async def open_editor(on: Stage) -> EditorScreen:
    """Open the editor, and wait until its text is judged."""
    await on.press("e")
    found = editor(on)
    await on.until(lambda: found.said)
    return found


async def write_anew(on: Stage, text: str) -> EditorScreen:
    """Open the editor, put another text in it, and wait until that is judged."""
    found = await open_editor(on)
    found.area.put(text)
    await on.until(lambda: is_judged(found))
    return found


def is_judged(screen: EditorScreen) -> bool:
    """True where what is said is said of the text that is there."""
    return screen.judging.current is not None


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    """Where drafts are kept."""
    return Drafts(tmp_path / "drafts")


async def test_the_authors_sql_comes_first_and_the_finished_one_by_a_key(drafts: Drafts) -> None:
    """`e` shows the short text with its parameters; ^O the statement as it runs, and back."""
    async with stage(filter_line="dstport:22 last:30h", drafts=drafts) as on:
        screen = await open_editor(on)
        assert "LIMIT :limit" in screen.area.text
        assert "Filters on dstport:22" in on.shown
        await on.press("ctrl+o")
        await on.until(lambda: screen.texts.is_finished)
        assert "LIMIT 100" in screen.area.text
        assert "dstport = 22" in screen.area.text
        assert "from:2026-11-23T04:42Z" in on.shown
        await on.press("ctrl+o")
        assert "LIMIT :limit" in screen.area.text


async def test_running_pushes_a_view_and_the_next_text_changes_it(drafts: Drafts) -> None:
    """Back leads to what the SQL was made from, undo to the text before."""
    async with stage(filter_line="dstport:22", drafts=drafts) as on:
        await write_anew(on, "SELECT srcaddr, count(*) AS n FROM flows GROUP BY srcaddr")
        await on.press("ctrl+r")
        await on.until(lambda: len(on.crumbs) == 2)
        await on.rows()
        assert on.crumbs[1] == "Top rejected pairs (edited)"
        assert "dstport = 22" in on.engine.submitted[-1].sql
        assert on.screen.course.walk is not None
        assert on.screen.course.walk.view.query.source == TYPED
        await write_anew(on, "SELECT * FROM flows LIMIT 7")
        await on.press("ctrl+r")
        await on.until(lambda: "LIMIT 7" in on.engine.submitted[-1].sql)
        await on.rows()
        assert len(on.crumbs) == 2
        await on.press("enter")
        assert type(on.app.screen).__name__ == "RecordScreen"
        await on.press("q", "u")
        assert "GROUP BY" in on.screen.course.walk.view.query.sql
        await on.press("q")
        assert on.crumbs[-1] == "Top rejected pairs"
        assert len(on.engine.submitted) == 3


async def test_filters_can_be_left_out(drafts: Drafts) -> None:
    """A switch says whether the filter applies, and it does what it says."""
    async with stage(filter_line="dstport:22", drafts=drafts) as on:
        await write_anew(on, "SELECT srcaddr FROM flows")
        await on.press("ctrl+f")
        assert "Filters off" in on.shown
        await on.press("ctrl+r")
        await on.until(lambda: len(on.crumbs) == 2)
        await on.rows()
        assert "22" not in on.engine.submitted[-1].sql
        assert on.filter_line == ""


@pytest.mark.parametrize(
    ("text", "said", "place"),
    [
        ("SELECT srcadr\nFROM flows", "has no column srcadr", (0, 7, 13)),
        (
            "SELECT srcaddr\nFROM flows\nWHERE (dstport =",
            "something is missing after =",
            (2, 15, 16),
        ),
        ("SELECT 'x\nFROM flows", "the quote ' is left open", (0, 7, 9)),
        ("SELECT srcaddr,\n  cuont_if(bytes)\nFROM flows", "cuont_if is no function", (1, 2, 10)),
        ("SELECT 1;\nDROP TABLE flows", "Only one statement", (1, 0, 4)),
        ("DELETE FROM flows", "Refused", None),
        ("", "There is no SQL here", None),
    ],
)
async def test_what_is_wrong_is_said_with_its_place(
    text: str, said: str, place: tuple[int, int, int] | None, drafts: Drafts
) -> None:
    """While typing: the message with line and column, and the word underlined; it does not run."""
    async with stage(drafts=drafts) as on:
        screen = await write_anew(on, text)
        assert said in screen.said
        mark = screen.area.mark
        if place is not None:
            assert mark is not None
            assert (mark.row, mark.start, mark.end) == place
            assert f"Line {place[0] + 1}, column {place[1] + 1}" in screen.said
            line = screen.area.get_line(mark.row)
            assert any(s.start == mark.start and "underline" in str(s.style) for s in line.spans)
        await on.press("ctrl+r")
        assert on.app.screen is screen
        assert len(on.engine.submitted) == 1


async def test_the_nearest_name_is_told(drafts: Drafts) -> None:
    """An unknown field or function comes with the one that may be meant."""
    async with stage(drafts=drafts) as on:
        await write_anew(on, "SELECT srcadr FROM flows")
        assert "Did you mean srcaddr?" in on.shown


async def test_words_are_completed_with_tab(drafts: Drafts) -> None:
    """Fields with their type and meaning, functions, tables after FROM; Enter takes one."""
    async with stage(size=(120, 40), drafts=drafts) as on:
        screen = await write_anew(on, "")
        await on.write("SELECT dsta")
        await on.press("tab")
        assert screen.area.text == "SELECT dstaddr"
        await on.write(", en")
        await on.press("tab", "enter")
        assert screen.area.text == 'SELECT dstaddr, "end"'
        await on.write(", src")
        await on.press("tab")
        assert "Source port; 0 for ICMP" in on.shown
        await on.write("p")
        await on.press("enter")
        assert screen.area.text.endswith(", srcport")
        await on.write(" FROM fl")
        await on.press("tab")
        assert screen.area.text.endswith("FROM flows")
        await on.press("enter")
        assert screen.area.text.endswith("FROM flows\n")


async def test_new_parameters_are_asked_for(drafts: Drafts) -> None:
    """A `:name` that nobody declared is asked for before it runs, by the type of its place."""
    async with stage(drafts=drafts) as on:
        screen = await write_anew(on, "SELECT srcaddr FROM flows WHERE dstport IN (:ports)")
        assert "it asks for :ports (ports)" in screen.said
        await on.press("ctrl+r")
        await on.until(lambda: isinstance(on.app.screen, ParametersScreen))
        await on.write("22,3389")
        await on.press("enter")
        await on.until(lambda: len(on.crumbs) == 2)
        await on.rows()
        assert "3389" in on.engine.submitted[-1].sql


async def test_nothing_typed_is_lost(drafts: Drafts, tmp_path: Path) -> None:
    """Esc leaves the text, then the editor; the draft is there again, in the next sitting too."""
    async with stage(drafts=drafts) as on:
        await open_editor(on)
        await on.write("/* mine */ ")
        await on.press("escape")
        assert not editor(on).area.has_focus
        await on.press("escape")
        assert on.app.screen is on.screen
        assert "/* mine" in (await open_editor(on)).area.text
        await on.press("escape", "q", "T")
    (file,) = (tmp_path / "drafts").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    async with stage(drafts=Drafts(tmp_path / "drafts")) as on:
        screen = await open_editor(on)
        await on.until(lambda: "/* mine" in screen.area.text)
        await on.press("ctrl+r")
        await on.until(lambda: len(on.crumbs) == 2)
        await on.rows()
        await on.press("q")
        assert "/* mine" not in (await open_editor(on)).area.text
    assert list((tmp_path / "drafts").iterdir()) == []


async def test_an_edited_finished_statement_is_kept_too(drafts: Drafts) -> None:
    """Both texts are there after leaving."""
    async with stage(drafts=drafts) as on:
        screen = await open_editor(on)
        await on.press("ctrl+o")
        await on.until(lambda: screen.texts.is_finished)
        await on.write("-- short ")
        await on.press("escape", "escape")
        screen = await open_editor(on)
        assert screen.texts.is_finished
        assert screen.area.text.startswith("-- short ")
        await on.press("ctrl+o")
        assert "LIMIT :limit" in screen.area.text


async def test_it_is_kept_as_a_query_with_its_parameters(drafts: Drafts, tmp_path: Path) -> None:
    """Title, description, and type, default and help of each `:name`; wrong ones are told."""
    from flowtui.library import load_library

    queries = tmp_path / "queries"
    async with stage(
        size=(120, 40), drafts=drafts, queries=queries, library=lambda: load_library(queries)
    ) as on:
        screen = await write_anew(on, "SELECT * FROM flows WHERE bytes > :least")
        await on.press("escape", "W")
        await on.until(lambda: isinstance(on.app.screen, KeepForm))
        await on.press(*["backspace"] * 30)
        await on.write("Large ones")
        await on.press("down", "down", *["backspace"] * 5)
        await on.write("bites")
        await on.press("enter")
        assert "Types are: count, port" in on.shown
        await on.press(*["backspace"] * 5)
        await on.write("bytes")
        await on.press("down")
        await on.write("1MB")
        await on.press("down")
        await on.write("How large")
        await on.press("enter")
        await on.until(lambda: "Kept in" in noted(screen))
        saved = load_library(queries).get("large-ones")
        (parameter,) = saved.parameters
        assert (parameter.type.value, parameter.default, parameter.help) == (
            "bytes", "1MB", "How large",
        )  # fmt: skip
        assert saved.sql == "SELECT * FROM flows WHERE bytes > :least"


@pytest.mark.parametrize(
    "pasted",
    [
        "\x1b]52;c;QUJD\x07\x1b[2J\x1b[31mSELECT",
        "a\u202eb\u2066\u200f",
        "x\r\ny\rz\x0b\x0c\x1c\x85\u2028",
        "\x00\x08\x9b31m",
    ],
)
async def test_what_is_pasted_never_acts(pasted: str, drafts: Drafts) -> None:
    """Control characters are written out: in the text, on the screen, and in what is kept."""
    async with stage(drafts=drafts) as on:
        screen = await write_anew(on, "")
        screen.area.post_message(events.Paste(pasted))
        await on.until(lambda: screen.area.text)
        await on.until(lambda: is_judged(screen))
        assert all(c.isprintable() or c == "\n" for c in screen.area.text)
        assert all(c.isprintable() or c == "\n" for c in on.shown)


async def test_a_text_that_athena_would_not_take_is_not_taken(drafts: Drafts) -> None:
    """Megabytes are refused with a word; what was there stays."""
    async with stage(drafts=drafts) as on:
        screen = await write_anew(on, "SELECT 1")
        screen.area.post_message(events.Paste("x" * 5_000_000))
        await on.until(lambda: "too long" in noted(screen))
        assert screen.area.text == "SELECT 1"
        screen.area.post_message(events.Paste("y" * (MOST_SQL_BYTES - 20)))
        await on.until(lambda: len(screen.area.text) > 200_000)
        await on.until(lambda: "judged before it runs" in screen.said)
        await on.press("backspace", "escape", "escape")
        assert on.app.screen is on.screen


def test_a_draft_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    """Whatever stands in the file."""
    drafts = Drafts(tmp_path)
    texts = ('{"text": 1}', "[]", "{", '{"text": "x", "is_finished": "y"}', "[" * 100_000, "\udcff")
    for text in texts:
        (tmp_path / "k.json").write_text(text, errors="surrogateescape")
        assert drafts.load("k") is None


def test_old_drafts_go(tmp_path: Path) -> None:
    """Fifty are kept, the newest ones."""
    drafts = Drafts(tmp_path)
    for index in range(60):
        drafts.hold(f"{index}", Draft(f"{index}"))
        drafts.write()
        os.utime(tmp_path / f"{index}.json", (index, index))
    assert len(list(tmp_path.iterdir())) == 50
    assert drafts.load("59") == Draft("59")
    assert drafts.load("3") is None


async def test_help_over_the_keys_leaves_them_keys(drafts: Drafts) -> None:
    """Where letters were commands before help was read they are after it, and Esc leads back."""
    async with stage(drafts=drafts) as on:
        screen = await open_editor(on)
        await on.press("escape")
        assert "Esc Back" in on.shown
        before = screen.area.text
        await on.press("question_mark", "q", "f")
        assert screen.area.text == before
        assert "Filters off" in on.shown
