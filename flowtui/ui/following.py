"""Marks that follow their rows into another order, or out of sight: found in a thread."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flowtui.domain.spans import Spans, spans_of, without
from flowtui.errors import FlowtuiError
from flowtui.ui.messages import Heard
from flowtui.ui.runner import Lane, Post
from flowtui.ui.table import Marks
from flowtui.ui.work import Showing

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen

_ON_MARKS: Final = ("mark.", "copy.", "rows.", "filter.only", "filter.not")
"""How the ids of commands begin that act on marked rows."""
MOST_SPANS: Final = 20_000
"""Stretches of marked rows that a table keeps; drawing and marking stay quick with so many."""


@dataclass(frozen=True, slots=True)
class Follow:
    """Where marked rows of one showing stand in another one of the same result."""

    before: Showing
    marks: Marks
    after: Showing

    def __call__(self, post: Post, cancelled: threading.Event) -> None:
        """Find them."""
        results = self.before.results
        numbers = results.numbers(self.marks.shown, self.before.refinement)
        numbers = spans_of((*numbers, *self.marks.hidden))
        shown = results.places(numbers, self.after.refinement)
        hidden: Spans = ()
        if self.after.refinement.contains:
            hidden = without(numbers, results.numbers(shown, self.after.refinement))
        if not cancelled.is_set():
            post(MarksFollowed(self.after.number, Marks(shown, hidden)))


@dataclass
class MarksFollowed(Heard):
    """Where the marked rows stand now."""

    showing: int
    marks: Marks

    def tell(self, screen: ExploreScreen) -> None:
        """Mark them, if that is still what the table shows."""
        screen.course.followed.take_in(screen, self)


@dataclass
class MarksLost(Heard):
    """Where they stand could not be found out."""

    error: FlowtuiError

    def tell(self, screen: ExploreScreen) -> None:
        """Say so: no row is marked any more."""
        screen.course.followed.end()
        screen.note(f"The marks are gone. {self.error.message} {self.error.hint}", "error")


class Followed:
    """The marks of a screen on their way: none is lost while rows are sorted again and again."""

    def __init__(self) -> None:
        self._way: Follow | None = None
        self._waiting = ""
        """Command that acts on marked rows, asked for meanwhile."""

    def waits(self, id: str) -> bool:
        """True where a command acts on marked rows, and is done once they are known."""
        if self._way is None or not id.startswith(_ON_MARKS):
            return False
        self._waiting = id
        return True

    @property
    def is_under_way(self) -> bool:
        """True while the table does not show the marks that there are."""
        return self._way is not None

    def begin(self, screen: ExploreScreen, before: Showing, marks: Marks, after: Showing) -> None:
        """Let the marks of what the table showed follow to what it shows now."""
        if self._way is not None:
            before, marks = self._way.before, self._way.marks
        if marks:
            self._way = Follow(before, marks, after)
            screen.runner.start(Lane.MARKS, self._way, screen, MarksLost)

    def end(self) -> None:
        """Let go of those on their way."""
        self._way, self._waiting = None, ""

    def take_in(self, screen: ExploreScreen, found: MarksFollowed) -> None:
        """Mark the rows found."""
        if self._way is None or found.showing != self._way.after.number:
            return
        self._way = None
        if max(len(found.marks.shown), len(found.marks.hidden)) > MOST_SPANS:
            screen.note("The marks are gone: too many rows, too far apart, to follow.", "warning")
        else:
            screen.table.put_marks(found.marks)
        screen.told.place()
        if self._waiting:
            screen.call_next(screen.action_command, self._waiting)
            self._waiting = ""
