"""Marks as values, and as signs in the table."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.executions import Column
from flowtui.ui.table import Marks
from tests.ui.table.table_app import TableApp

TOTAL = 30
STEPS = st.lists(st.tuples(st.sampled_from(("v", "V", "*")), st.integers(0, TOTAL - 1)))


@given(STEPS)
def test_marks_do_what_a_set_would(steps: list[tuple[str, int]]) -> None:
    """Any keys at any rows mark the same rows as the plain set that a person has in mind."""
    marks, wanted, anchor = Marks(), set[int](), None
    for key, row in steps:
        if key == "v":
            marks = marks.toggled(row)
            wanted ^= {row}
            anchor = row if row in wanted else None
        elif key == "V":
            marks = marks.ranged(row)
            first, last = sorted((row if anchor is None else anchor, row))
            wanted |= set(range(first, last + 1))
            anchor = row
        else:
            marks = marks.flipped(TOTAL)
            wanted = set(range(TOTAL)) - wanted
            anchor = None
        assert {row for span in marks.shown for row in span} == wanted
        assert marks.count == len(wanted)
        assert [row in marks for row in range(TOTAL)] == [row in wanted for row in range(TOTAL)]


async def test_a_marked_row_shows_a_sign() -> None:
    """Beside the sign of the cursor, and gone with the mark; readable without any colour."""
    app = TableApp(10)
    async with app.run_test(size=(80, 12)) as pilot:
        app.table.put_marks(Marks((range(2), range(4, 5))))
        await pilot.pause()
        assert [line[:2] for line in app.lines()[1:6]] == ["▸●", " ●", "  ", "  ", " ●"]
        app.table.put_marks(Marks())
        assert [line[:2] for line in app.lines()[1:6]] == ["▸ ", "  ", "  ", "  ", "  "]


async def test_marks_stand_again_with_the_table() -> None:
    """What was marked when the table was left is marked when it is back, and not in another."""
    app = TableApp(10)
    async with app.run_test(size=(80, 12)) as pilot:
        marks = Marks((range(2, 4),), (range(7, 9),), 3)
        app.table.put_marks(marks)
        state = app.table.state()
        app.table.show((Column("other", "bigint"),), 3, True)
        assert app.table.marks == ()
        app.table.restore(state)
        await pilot.pause()
        assert app.table.sheet.marks == marks
        assert [line[:2] for line in app.lines()[3:5]] == [" ●", " ●"]
