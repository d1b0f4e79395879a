"""From the walk to what is kept of it on disk, and from there back to a walk. Pure."""

from __future__ import annotations

from flowtui.domain.views import View
from flowtui.session.keeping import Standing
from flowtui.session.sittings import Place, Sitting
from flowtui.ui.walk import Answer, Step, Walk


def standing(walk: Walk, cursor: tuple[int, int], extra_fields: tuple[str, ...] = ()) -> Standing:
    """How a walk stands.

    Args:
        walk: The way, with the answers.
        cursor: Row and column in the table on the screen.
        extra_fields: Columns of the source that are no fields of a flow log.
    """
    places = [place_of(step.answer) for step in walk.steps]
    places[walk.trail.position] = place_of(walk.answer, cursor)
    return Standing(walk.trail, tuple(places), extra_fields)


def place_of(answer: Answer, cursor: tuple[int, int] | None = None) -> Place:
    """What is kept of an answer; `cursor` where its table is the one on the screen."""
    execution, statement = answer.execution, answer.statement
    if execution is None or statement is None:
        return answer.earlier or Place()
    row, column = cursor or (answer.table.cursor if answer.table else (0, 0))
    left = execution.id if answer.is_left_running else ""
    return Place(execution.query_id, statement.sql, row, column, statement.time, left)


def walk_of(sitting: Sitting) -> Walk:
    """The way as it was; what filled its tables is had back when one stands there."""
    steps = tuple(Step(Answer(earlier=place)) for place in sitting.places)
    return Walk(sitting.trail, steps)


def way_to(walk: Walk) -> tuple[tuple[View, Place], ...]:
    """The views before the one on the screen, the nearest first, and what filled their tables."""
    here = walk.trail.position
    places = (place_of(step.answer) for step in walk.steps[:here])
    return tuple(zip(walk.trail.steps[:here], places, strict=True))[::-1]
