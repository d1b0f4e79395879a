"""Layouts as values: whatever is done, each column is there once and one at least is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.executions import Column
from flowtui.domain.layouts import (
    AS_GIVEN,
    NARROWEST,
    WIDEST,
    Kept,
    KeptLayout,
    Layout,
    kept,
    layout_for,
)

COUNT = 6
COLUMNS = tuple(Column(name, "varchar") for name in ("a", "b", "a", "c", "b", "d"))
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("hide", "move", "widen", "freeze")),
        st.integers(0, COUNT - 1),
        st.integers(-300, 300),
    )
)


def done(steps: list[tuple[str, int, int]]) -> Layout:
    """The layout after some keys in the dialog."""
    layout = AS_GIVEN
    for what, column, number in steps:
        match what:
            case "hide":
                layout = layout.toggled(column, COUNT)
            case "move":
                layout = layout.moved(column, number, COUNT)
            case "widen":
                layout = layout.widened(column, number if number % 7 else None)
            case _:
                layout = layout.frozen_up_to(column, COUNT)
    return layout


@given(STEPS)
def test_no_column_is_lost(steps: list[tuple[str, int, int]]) -> None:
    """All columns are there once; shown are those not hidden, one at least; widths are sane."""
    layout = done(steps)
    assert sorted(layout.all(COUNT)) == list(range(COUNT))
    shown = layout.shown(COUNT)
    assert shown
    assert set(shown) == set(range(COUNT)) - layout.hidden
    assert 0 <= layout.frozen <= len(shown)
    assert all(NARROWEST <= width <= WIDEST for _, width in layout.widths)


@given(STEPS, st.integers(0, COUNT - 1))
def test_doing_it_twice_undoes_it(steps: list[tuple[str, int, int]], column: int) -> None:
    """Hidden and shown again, moved there and back, frozen and thawed: as it was."""
    layout = done(steps)
    if layout.shown(COUNT) != (column,):
        twice = layout.toggled(column, COUNT).toggled(column, COUNT)
        assert twice.shown(COUNT) == layout.shown(COUNT)
    at = layout.all(COUNT).index(column)
    if at + 1 < COUNT:
        there = layout.moved(column, 1, COUNT)
        assert there.all(COUNT).index(column) == at + 1
        assert there.moved(column, -1, COUNT).all(COUNT) == layout.all(COUNT)
    assert layout.widened(column, 9).widened(column, None).width_of(column) is None
    if column in layout.shown(COUNT):
        frozen = layout.frozen_up_to(column, COUNT)
        assert frozen.frozen in (0, layout.shown(COUNT).index(column) + 1)


@given(STEPS)
def test_a_layout_is_the_same_by_names(steps: list[tuple[str, int, int]]) -> None:
    """Kept by names, headings that stand twice too, it comes back for the same columns."""
    layout = done(steps)
    back = layout_for(kept(layout, COLUMNS), COLUMNS)
    assert back.all(COUNT) == layout.all(COUNT)
    assert back.shown(COUNT) == layout.shown(COUNT)
    assert (back.widths, back.frozen) == (layout.widths, layout.frozen)


def test_a_layout_for_other_columns() -> None:
    """Columns that are not there are passed over, new ones come last, and one is always shown."""
    layout = KeptLayout(
        (Kept("gone", is_hidden=True), Kept("b"), Kept("a", is_hidden=True, width=9)), frozen=5
    )
    columns = (Column("a", "varchar"), Column("new", "bigint"), Column("b", "varchar"))
    found = layout_for(layout, columns)
    assert found.all(3) == (2, 0, 1)
    assert found.shown(3) == (2, 1)
    assert (found.width_of(0), found.frozen) == (9, 2)
    assert layout_for(layout, (columns[0],)).shown(1) == (0,)
    assert layout_for(layout, ()).shown(0) == ()
