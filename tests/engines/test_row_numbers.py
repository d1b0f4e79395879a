"""Rows known by their numbers: where they stand when refined, and back; checked against lists."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowtui.domain.executions import Refinement, SortKey
from flowtui.domain.spans import Spans, spans_of
from flowtui.engines.columns import column
from flowtui.engines.results import ResultStore
from flowtui.engines.shelf import ResultShelf

COLUMNS = (column("name", "varchar"), column("n", "bigint"))
NUMBERS = st.lists(st.integers(0, 40)).map(
    lambda found: spans_of(range(number, number + 1) for number in found)
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ResultShelf]:
    """A shelf for many examples: opening one takes longer than an example."""
    shelf = ResultShelf(tmp_path_factory.mktemp("shelf"))
    yield shelf
    shelf.close()


def _rows(spans: Spans) -> set[int]:
    return {row for span in spans for row in span}


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "AB", None]), st.integers(0, 3)), max_size=30),
    st.sampled_from([(), (SortKey("n"),), (SortKey("name", True), SortKey("n"))]),
    st.sampled_from(["", "a"]),
    NUMBERS,
)
def test_numbers_and_places_agree_with_a_sorted_list(
    shelf: ResultShelf,
    rows: list[tuple[str | None, int]],
    order: tuple[SortKey, ...],
    text: str,
    numbers: Spans,
) -> None:
    """Any order and quick filter: places are where the rows are, numbers whose they are."""
    store = ResultStore(shelf, COLUMNS)
    store.append([(*row,) for row in rows])
    store.finish()
    refinement = Refinement(order, text)
    found = store.page(0, 40, refinement).rows
    places = store.places(numbers, refinement)
    wanted = _rows(numbers) & set(range(len(rows)))
    if refinement != Refinement():
        kept = {n for n in wanted if not text or text in str(rows[n][0] or "").lower()}
        assert _rows(places) & set(range(len(found))) == _rows(places)
        assert _rows(store.numbers(places, refinement)) == kept
    picked = store.page(0, 40, Refinement(order, text, numbers)).rows
    assert picked == tuple(found[place] for place in sorted(_rows(places)) if place < len(found))
    values = store.top_values("n", 9, Refinement(order, text, numbers))
    assert sum(count for _, count in values) == len(picked)


def test_a_row_past_the_count_of_those_kept_is_found(shelf: ResultShelf) -> None:
    """The last row of many, one of which is left out: its number is above those kept."""
    store = ResultStore(shelf, COLUMNS)
    store.append([*[("a", 0)] * 14, ("b", 0), ("a", 0)])
    store.finish()
    assert store.places((range(15, 16),), Refinement(contains="a")) == (range(14, 15),)
