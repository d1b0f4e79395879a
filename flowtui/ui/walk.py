"""The way through the views, and what is known of the answer to each. Immutable.

Going back or undoing puts the answer back as it stood: rows, cursor, sort and scroll. Nothing runs
twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from flowtui.domain.executions import QueryExecution, QueryState, SortKey, Statement
from flowtui.domain.views import Trail, View
from flowtui.engines.base import Results
from flowtui.errors import FlowtuiError
from flowtui.session.sittings import Place
from flowtui.ui.table.state import TableState


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of the answer to a view."""

    statement: Statement | None = None
    execution: QueryExecution | None = None
    results: Results | None = field(default=None, compare=False)
    error: FlowtuiError | None = None
    """Why there is none."""
    order: tuple[SortKey, ...] = ()
    contains: str = ""
    """The quick filter: only rows that hold it are shown."""
    matches: int = 0
    """Rows that hold it, of those that are here."""
    search: str = ""
    """What was searched for last."""
    table: TableState | None = None
    """How the table stood when it was left."""
    reasons: tuple[str, ...] = ()
    """Why there are no rows."""
    lost_windows: int = 0
    """SKIPDATA windows in its time: its totals are floors."""
    earlier: Place | None = None
    """What filled its table in an earlier sitting."""
    is_left_running: bool = False
    """True where it goes on on the engine when the sitting ends."""

    @property
    def rows_here(self) -> int:
        """Rows that are here, whatever the quick filter says."""
        return self.execution.rows_ready if self.execution is not None else 0

    @property
    def rows_shown(self) -> int:
        """Rows that the table shows."""
        return self.matches if self.contains else self.rows_here

    @property
    def is_complete(self) -> bool:
        """True where all rows are here."""
        done = self.execution
        return done is not None and done.state is QueryState.SUCCEEDED and done.is_complete


NOTHING_YET = Answer()


@dataclass(frozen=True, slots=True)
class Step:
    """A place on the way: the answer to the view that stands there, and the views it was before."""

    answer: Answer = NOTHING_YET
    before: tuple[tuple[View, Answer], ...] = ()
    """To undo, the latest last."""
    after: tuple[tuple[View, Answer], ...] = ()
    """To redo, the next one last."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A trail with the answers to its views."""

    trail: Trail
    steps: tuple[Step, ...]
    """One for each step of the trail."""
    previous: int | None = None
    """Position in the trail that was left last."""

    @classmethod
    def begin(cls, view: View) -> Walk:
        """The first view."""
        return cls(Trail((view,)), (Step(),))

    @property
    def view(self) -> View:
        """The view on the screen."""
        return self.trail.current

    @property
    def step(self) -> Step:
        """The place where one stands."""
        return self.steps[self.trail.position]

    @property
    def answer(self) -> Answer:
        """What is known of the answer to the view on the screen."""
        return self.step.answer

    def answered(self, answer: Answer) -> Walk:
        """The same place, with another answer."""
        return self._with(replace(self.step, answer=answer))

    def push(self, view: View) -> Walk:
        """Go on to another view."""
        here = self.trail.position
        return Walk(self.trail.push(view), (*self.steps[: here + 1], Step()), here)

    def change(self, view: View) -> Walk:
        """Ask otherwise at the same place; what was asked before can be had back by `undo`.

        The answer stays where it is the same question.
        """
        is_kept = view.asks_like(self.view) and self.answer.error is None
        answer = self.answer if is_kept else NOTHING_YET
        step = Step(answer, (*self.step.before, (self.view, self.answer)))
        return self._here(view, step)

    def looked(self, before: Answer) -> Walk:
        """The same answer looked at otherwise; as it was looked at before, `undo` has it back."""
        step = Step(self.answer, (*self.step.before, (self.view, before)))
        return self._here(self.view, step)

    def undo(self) -> Walk:
        """The view before the last change, as it stood; the same walk where nothing was changed."""
        if not self.step.before:
            return self
        *before, (view, answer) = self.step.before
        after = (*self.step.after, (self.view, self.answer))
        return self._here(view, Step(self._by_now(view, answer), tuple(before), after))

    def redo(self) -> Walk:
        """What was undone last; the same walk where nothing was."""
        if not self.step.after:
            return self
        *after, (view, answer) = self.step.after
        before = (*self.step.before, (self.view, self.answer))
        return self._here(view, Step(self._by_now(view, answer), before, tuple(after)))

    def _by_now(self, view: View, then: Answer) -> Answer:
        """An answer of then; of the same question, this one, which has grown, looked at as then."""
        now = self.answer
        if not view.asks_like(self.view) or now.error is not None:
            return then
        is_grown = (then.rows_here, then.is_complete) != (now.rows_here, now.is_complete)
        table = None if is_grown else then.table
        return replace(
            now, order=then.order, contains=then.contains, matches=then.matches, table=table
        )

    def back(self) -> Walk:
        """One step back."""
        return self._moved(self.trail.back())

    def forward(self) -> Walk:
        """One step forward."""
        return self._moved(self.trail.forward())

    def toggled(self) -> Walk:
        """The view seen before this one; the same walk where there is none."""
        if self.previous is None or self.previous >= len(self.steps):
            return self
        return self._moved(replace(self.trail, position=self.previous))

    def _moved(self, trail: Trail) -> Walk:
        if trail.position == self.trail.position:
            return self
        return Walk(trail, self.steps, self.trail.position)

    def _here(self, view: View, step: Step) -> Walk:
        position = self.trail.position
        return Walk(self.trail.replaced(view), (*self.steps[:position], step), self.previous)

    def _with(self, step: Step) -> Walk:
        position = self.trail.position
        return replace(self, steps=(*self.steps[:position], step, *self.steps[position + 1 :]))
