"""Help: for what has the keys, every key, words and codes, what logs leave out, and the search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.fields import FIELD
from flowtui.domain.glossary import NOT_RECORDED, WORDS, code_chapters, fields_chapter
from flowtui.ui.commands import COMMANDS
from flowtui.ui.helping import LIST, NO_ROWS, RECORD, TABLE, found_lines, page_text, pages
from tests.scripted import Answer
from tests.ui.harness import PAIR_COLUMNS, stage


async def test_help_lists_every_key() -> None:
    """The page of keys holds each command, and its id for the settings."""
    async with stage(size=(100, 400)) as on:
        await on.press("?")
        await on.press("l")
        for command in on.screen.commands:
            assert command.id in on.shown


@pytest.mark.parametrize(
    ("keys", "heading"),
    [((), TABLE.title), (("tab",), LIST.title), (("enter", "enter"), RECORD.title)],
)
async def test_help_begins_with_what_has_the_keys(keys: tuple[str, ...], heading: str) -> None:
    """Rows, list or record: the first page is about that part of the screen."""
    async with stage(size=(120, 40)) as on:
        for key in keys:
            await on.press(key)
            await on.rows()
        await on.press("?")
        assert heading in on.shown


async def test_help_where_nothing_was_found() -> None:
    """Where there are no rows, the first page says how to go on."""
    async with stage(lambda _s: Answer(PAIR_COLUMNS), is_waited_for=False) as on:
        await on.until(lambda: "No rows." in on.panel)
        await on.press("?")
        assert NO_ROWS.title in on.shown


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 15)])
@pytest.mark.parametrize(
    ("name", "said"),
    [("Glossary", "aggregation interval"), ("What flow logs do not", "no proof that nothing")],
)
async def test_the_palette_leads_to_the_pages(size: tuple[int, int], name: str, said: str) -> None:
    """Glossary and limits are found by name, at every size of the terminal."""
    async with stage(size=size) as on:
        await on.press(":")
        await on.write(name)
        await on.until(lambda: name in on.shown)
        await on.press("enter")
        words = said.split()
        await on.until(lambda: all(word in on.shown for word in words))


async def test_a_search_looks_through_every_page() -> None:
    """A code, a field and a key are found wherever they stand; Esc shows the page again."""
    async with stage(size=(100, 40)) as on:
        await on.press("?")
        await on.press("slash")
        await on.write("reject")
        await on.until(lambda: "reject_reason" in on.shown and "which of them" in on.shown)
        await on.press("enter", "j", "escape")
        await on.until(lambda: TABLE.title in on.shown)
        await on.press("escape")
        assert on.app.screen is on.screen


async def test_pages_turn_round() -> None:
    """Past the last page comes the first."""
    async with stage(size=(100, 40)) as on:
        await on.press("?")
        await on.press("h")
        assert "[Not recorded]" in on.shown
        await on.press("l")
        assert "[Here]" in on.shown


def test_every_field_and_code_is_explained() -> None:
    """The glossary holds all fields; no term stands there without words."""
    assert [entry.term for entry in fields_chapter().entries] == list(FIELD)
    for chapter in (WORDS, NOT_RECORDED, fields_chapter(), *code_chapters()):
        assert all(entry.term and entry.meaning for entry in chapter.entries)
        assert len({entry.term for entry in chapter.entries}) == len(chapter.entries)


@pytest.mark.parametrize("pane", [TABLE, LIST, NO_ROWS, RECORD], ids=lambda pane: pane.title)
def test_a_pane_names_commands_that_there_are(pane: object) -> None:
    """Each beginning of an id that a pane lists is that of some command."""
    for beginning in getattr(pane, "commands"):  # noqa: B009
        assert any(command.id.startswith(beginning) for command in COMMANDS), beginning


@given(st.text(max_size=40), st.integers(1, 200), st.integers(1, 40))
def test_any_search_at_any_width_is_drawn(text: str, width: int, term_width: int) -> None:
    """Whatever is typed, at whatever width, there are lines to draw."""
    told = page_text(found_lines(pages(COMMANDS, TABLE), text), term_width, width)
    assert told.plain
