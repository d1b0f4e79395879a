"""Going back, forward, undoing and redoing lose nothing and bring each answer back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import View
from flowtui.ui.walk import Answer, Walk


def view(name: str) -> View:
    """A view told from others by its name."""
    return View(SavedQuery(name, name, "SELECT 1"))


def answered(walk: Walk) -> Walk:
    """The walk, the view it stands on answered by an answer that names it."""
    return walk.answered(Answer(search=walk.view.title))


MOVES = st.lists(
    st.sampled_from(["push", "change", "undo", "redo", "back", "forward", "toggled"]), max_size=30
)


@given(MOVES)
def test_every_view_keeps_its_own_answer(moves: list[str]) -> None:
    """Whatever the way, the answer at hand is that of the view on the screen."""
    walk = answered(Walk.begin(view("0")))
    for number, move in enumerate(moves, 1):
        if move in ("push", "change"):
            walk = answered(getattr(walk, move)(view(str(number))))
        else:
            walk = getattr(walk, move)()
        assert walk.answer.search == walk.view.title
        assert len(walk.steps) == len(walk.trail.steps)


@given(MOVES)
def test_undo_takes_back_a_change_and_redo_does_it_again(moves: list[str]) -> None:
    """After a change, undo stands where it was before, and redo where it was after."""
    walk = answered(Walk.begin(view("0")))
    for number, move in enumerate(moves, 1):
        walk = (
            answered(getattr(walk, move)(view(str(number))))
            if move in ("push", "change")
            else getattr(walk, move)()
        )
    changed = answered(walk.change(view("changed")))
    undone = changed.undo()
    assert (undone.view, undone.answer) == (walk.view, walk.answer)
    assert (undone.redo().view, undone.redo().answer) == (changed.view, changed.answer)


def test_a_new_change_forgets_what_was_undone() -> None:
    """Redo never brings back another branch."""
    walk = Walk.begin(view("a")).change(view("b")).undo().change(view("c"))
    assert walk.redo() == walk
    assert walk.undo().view == view("a")


def test_nothing_to_undo_or_to_go_to_changes_nothing() -> None:
    """At the ends every move is harmless."""
    walk = Walk.begin(view("a"))
    for same in (walk.undo(), walk.redo(), walk.back(), walk.forward(), walk.toggled()):
        assert same == walk


def test_toggling_goes_between_the_two_views_seen_last() -> None:
    """Also over several steps."""
    walk = Walk.begin(view("a")).push(view("b")).push(view("c")).back().back()
    assert walk.toggled().view == view("b")
    assert walk.toggled().toggled().view == view("a")


def test_going_on_forgets_what_lay_ahead() -> None:
    """A new view takes the place of those that back had left."""
    walk = Walk.begin(view("a")).push(view("b")).back().push(view("c"))
    assert walk.trail.crumbs() == ("a", "c")
    assert replace(walk, previous=7).toggled() == replace(walk, previous=7)
