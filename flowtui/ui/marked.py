"""The values that marked rows hold in a column, found in a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowtui.domain.executions import Cell
from flowtui.domain.spans import Spans
from flowtui.ui.messages import Heard
from flowtui.ui.runner import Post
from flowtui.ui.work import Showing

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen


@dataclass
class ValuesMarked(Heard):
    """They are here: each once, the commonest first."""

    showing: int
    values: tuple[Cell, ...]
    take: Callable[[tuple[Cell, ...]], None]
    """What is to be done with them."""

    def tell(self, screen: ExploreScreen) -> None:
        """Go on with them, where the rows are still those."""
        if screen.course.showing is not None and screen.course.showing.number == self.showing:
            self.take(self.values)


def read_values(
    showing: Showing,
    marks: Spans,
    column: str,
    most: int,
    take: Callable[[tuple[Cell, ...]], None],
    post: Post,
    cancelled: threading.Event,
) -> None:
    """Find the values of a column in the rows at some places; one more than `most` at most."""
    only = showing.only(marks)
    found = only.results.top_values(column, most + 1, only.refinement)
    if not cancelled.is_set():
        post(ValuesMarked(showing.number, tuple(value for value, _ in found), take))
