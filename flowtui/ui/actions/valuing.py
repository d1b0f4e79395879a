"""The command that tells what a column holds."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from flowtui.ui.actions.narrowing import narrow_by
from flowtui.ui.runner import Lane

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen
    from flowtui.ui.screens.top_values import Picked

MEASURES: Final = ("records", "packets", "bytes")
"""Columns by whose sum values can be weighed."""


async def show_top_values(screen: ExploreScreen) -> None:
    """The commonest values of the column under the cursor; one of them may be narrowed to."""
    from flowtui.ui.messages import WorkFailed
    from flowtui.ui.screens.top_values import TopValuesScreen

    showing = screen.course.showing
    if showing is None or not screen.table.columns:
        return
    column = screen.table.columns[screen.table.cursor[1]]

    def picked(found: Picked | None) -> None:
        screen.runner.cancel(Lane.VALUES)
        if found is not None:
            narrow_by(screen, column, (found.value,), is_excluded=found.is_excluded)

    def count(top: TopValuesScreen, measure: str) -> None:
        piece = partial(showing.count_values, column.name, measure)
        screen.runner.start(Lane.VALUES, piece, top, WorkFailed)

    walk = screen.course.walk
    is_complete = walk is not None and walk.answer.is_complete
    measures = tuple(c for c in screen.table.columns if c.name in MEASURES and c != column)
    top = TopValuesScreen(column, screen.zone, screen.table.raw, is_complete, measures, count)
    await screen.app.push_screen(top, picked)
