from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.filters import Condition, FlowFilter
from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import Trail, View
from tests.domain.filters_made import conditions, filters

QUERY = SavedQuery("pairs", "Pairs", "SELECT srcaddr FROM flows")
RECORDS = SavedQuery("records", "Records", "SELECT * FROM flows", is_records=True)
STEPS = st.lists(st.sampled_from(["push", "back", "forward"]), max_size=30)


def _walk(steps: list[str]) -> Trail:
    trail = Trail((View(QUERY, label="root"),))
    for number, step in enumerate(steps):
        if step == "push":
            trail = trail.push(View(QUERY, label=str(number)))
        else:
            trail = trail.back() if step == "back" else trail.forward()
    return trail


@given(STEPS)
def test_one_always_stands_somewhere(steps: list[str]) -> None:
    """Back and forward never leave the trail, and the crumbs end where one stands."""
    trail = _walk(steps)
    assert trail.crumbs()[-1] == trail.current.title
    assert trail.crumbs()[0] == "root"
    assert len(trail.crumbs()) == trail.position + 1


@given(STEPS)
def test_forward_undoes_back(steps: list[str]) -> None:
    """After going back, forward stands on the same view."""
    trail = _walk(steps)
    if trail.can_go_back:
        assert trail.back().forward() == trail
    if trail.can_go_forward:
        assert trail.forward().back() == trail


@given(STEPS)
def test_a_new_view_forgets_what_lay_ahead(steps: list[str]) -> None:
    """After a push there is no forward, and back leads to where one stood."""
    trail = _walk(steps)
    pushed = trail.push(View(RECORDS))
    assert not pushed.can_go_forward
    assert pushed.back().current == trail.current


@given(filters(), conditions())
def test_a_drilled_view_selects_a_subset(filter: FlowFilter, condition: Condition) -> None:
    """Going down to records keeps every condition of the view above."""
    parent = View(QUERY, filter)
    child = parent.drill(RECORDS, FlowFilter((condition,)), "row")
    assert child.filter <= parent.filter
    assert condition in child.filter.conditions
    assert child.title == "row"


@given(filters())
def test_flipping_twice_is_standing_still(filter: FlowFilter) -> None:
    """The other direction of the other direction is the first."""
    view = View(QUERY, filter)
    assert view.flip().flip() == view
