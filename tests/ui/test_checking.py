"""Whatever is typed is judged in words, and never more than read."""

from __future__ import annotations

import random
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from flowtui.domain.views import View
from flowtui.library import load_library
from flowtui.session.session import Session
from flowtui.sql import check_reads_only
from flowtui.ui.editor.area import tidy
from flowtui.ui.editor.checking import Judged, checked
from flowtui.ui.editor.sheet import Sheet
from flowtui.ui.editor.words import words_for
from tests.scripted import ScriptedEngine
from tests.ui.harness import FACTS, NOW, usual

LIBRARY = load_library()
SESSION = Session(ScriptedEngine(usual, facts=FACTS), clock=lambda: NOW)
PIECES = (
    "SELECT", "FROM", "flows", "WHERE", "srcaddr", '"end"', "count(*)", "(", ")", ",", "'x'", "=",
    ":port", "GROUP BY", "1", "--", "/*", "*/", "'", '"', ";", "DROP TABLE", "[", "]", "IN", "\n",
    "port_in(dstport, :p)", "CAST(", "AS", "OVER", "UNION", "WITH x AS (", "\x1b[2J", "é漢",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join) | st.text(max_size=80))
@example("(" * 3000)
@example("SELECT " + "1 + " * 4000 + "1 FROM flows")
def test_any_text_is_judged_in_words(text: str) -> None:
    """Either a statement that only reads, or an error with a place that lies in the text."""
    for path in (None, Path("mine.sql")):
        view = View(LIBRARY.records)
        sheet = Sheet(LIBRARY.records.sql, view, path)
        found = checked(SESSION, sheet, Judged(text, view))
        assert (found.statement is None) is not (found.error is None)
        if found.statement is not None:
            check_reads_only(found.statement.sql, is_local=True)
        if found.position is not None:
            assert 1 <= found.position[0] <= text.count("\n") + 2
            assert found.position[1] >= 1


@given(st.text(max_size=200))
def test_no_text_that_is_taken_acts(text: str) -> None:
    """It holds visible characters, blanks, tabs and line ends only, and taking it again is idle."""
    taken = tidy(text)
    assert not any((ord(c) < 0x20 and c not in "\t\n") or 0x7F <= ord(c) < 0xA0 for c in taken)
    assert not set(taken) & set("\u202e\u2066\u200f\u2028")
    assert tidy(taken) == taken


@given(st.text(max_size=40), st.randoms())
def test_words_are_offered_for_any_beginning(before: str, chance: random.Random) -> None:
    """What is offered goes on with what is begun, or holds it."""
    schema = chance.choice((None, SESSION.engine.schema))
    for word in words_for(before, schema, ()):
        assert word.text
        assert word.about
