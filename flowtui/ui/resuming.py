"""From the walk to what is kept of it on disk, and from there back to a walk. Pure."""

from __future__ import annotations

from dataclasses import replace

from flowtui.domain.views import View
from flowtui.session.keeping import Standing
from flowtui.session.sittings import Changes, Place, Sitting
from flowtui.ui.keepsakes import kept_of, remembering
from flowtui.ui.table.state import TableState
from flowtui.ui.walk import Answer, Step, Walk

Views = tuple[tuple[View, Answer], ...]


def standing(walk: Walk, table: TableState | None, extra_fields: tuple[str, ...] = ()) -> Standing:
    """How a walk stands.

    Args:
        walk: The way, with the answers.
        table: The one on the screen; None: there is none, or it does not stand yet as it stood.
        extra_fields: Columns of the source that are no fields of a flow log.
    """
    here = walk.answered(replace(walk.answer, table=table))
    return Standing(
        walk.trail,
        tuple(place_of(step.answer) for step in here.steps),
        extra_fields,
        tuple(Changes(_places(step.before), _places(step.after)) for step in here.steps),
    )


def _places(views: Views) -> tuple[tuple[View, Place], ...]:
    return tuple((view, place_of(answer)) for view, answer in views)


def place_of(answer: Answer) -> Place:
    """What is kept of an answer."""
    execution, statement = answer.execution, answer.statement
    earlier = answer.earlier or Place()
    if execution is None or statement is None:
        return earlier
    left = execution.id if answer.is_left_running else ""
    place = Place(execution.query_id, statement.sql, time=statement.time, left_running=left)
    if answer.table is None:  # no rows yet: one stands where one stood
        return replace(place, row=earlier.row, column=earlier.column, kept=earlier.kept)
    row, column = answer.table.cursor
    return replace(place, row=row, column=column, kept=kept_of(answer))


def walk_of(sitting: Sitting) -> Walk:
    """The way as it was; what filled its tables is had back when one stands there."""
    changes = sitting.changes or (Changes(),) * len(sitting.places)
    steps = tuple(
        Step(remembering(place), _views(changed.before), _views(changed.after))
        for place, changed in zip(sitting.places, changes, strict=True)
    )
    return Walk(sitting.trail, steps)


def _views(places: tuple[tuple[View, Place], ...]) -> Views:
    return tuple((view, remembering(place)) for view, place in places)


def way_to(walk: Walk) -> tuple[tuple[View, Place], ...]:
    """The views before the one on the screen, the nearest first, and what filled their tables."""
    here = walk.trail.position
    places = (place_of(step.answer) for step in walk.steps[:here])
    return tuple(zip(walk.trail.steps[:here], places, strict=True))[::-1]
