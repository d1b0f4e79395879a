"""The course of questions and answers on the explore screen.

Holds the one walk, starts runs, takes in what they say, and has the widgets told. Each run has a
number, and so has each thing that the table shows: what comes for an older one is dropped here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from flowtui.domain.executions import QueryExecution, QueryState, Refinement
from flowtui.domain.layouts import Layout
from flowtui.domain.views import View
from flowtui.engines.base import Results
from flowtui.errors import FlowtuiError, QueryFailedError
from flowtui.session.bill import bill_so_far
from flowtui.session.sittings import Place
from flowtui.ui import messages, work
from flowtui.ui.following import Followed
from flowtui.ui.keepsakes import first_row, layout_of, marks_of, quick_filter, remembering
from flowtui.ui.layouts import usual_layout
from flowtui.ui.resuming import standing, way_to
from flowtui.ui.runner import Lane
from flowtui.ui.sitting import write_down
from flowtui.ui.table import NO_MARKS, Marks
from flowtui.ui.taking_up import TakeUp
from flowtui.ui.walk import NOTHING_YET, Answer, Walk

if TYPE_CHECKING:
    from flowtui.ui.actions.narrowing import Pivot
    from flowtui.ui.screens.explore import ExploreScreen


_KEEP_S: Final = 2.0
"""After which a moved cursor is on disk."""


class Course:
    """Where one stands, and what runs for it."""

    def __init__(self, screen: ExploreScreen) -> None:
        self._screen = screen
        self.walk: Walk | None = None
        self.number = 0
        """Of the newest run."""
        self.is_running = False
        """True from asking until the run has ended."""
        self.showing: work.Showing | None = None
        """What the table shows."""
        self.pivot: Pivot | None = None
        """What was narrowed to or left out last, where that was one address."""
        self.followed = Followed()
        """Marks on their way into what the table shows."""
        self._slug = ""
        """Of the query whose rows the table shows."""
        self._showings = 0
        self._typed = ""
        """The quick filter that was asked for last."""
        self._looked_through = 0
        """Rows that were here then."""
        self._before_typing: Answer | None = None
        """How the rows were looked at when the quick filter began to be typed."""
        self._wanted: tuple[int, int] | None = None
        """Where the cursor stood in an earlier sitting, until those rows are here."""
        self._is_to_mark = False
        """True until the rows are marked that were marked in an earlier sitting."""
        self._is_to_keep = False
        """True where something has changed since it was written down."""

    # Asking

    def kept(self, *, is_left: bool = True) -> Walk:
        """The walk, with the table as it stands now; only where there is a walk.

        Args:
            is_left: What runs for it does not go on.
        """
        assert self.walk is not None
        answer = self.walk.answer
        if self.showing is not None:
            answer = replace(answer, table=self._screen.table.state())
        is_running = answer.execution is not None and not answer.execution.state.is_terminal
        if is_left and is_running and answer.execution is not None:
            left = replace(answer.execution, state=QueryState.CANCELLED, reason="left while it ran")
            answer = replace(answer, execution=left)
        return self.walk.answered(answer)

    def change(self, view: View) -> None:
        """Ask otherwise at the same place."""
        self._turn(lambda walk: walk.change(view))

    def undo(self) -> None:
        """Have back what was before the last change, of the question or of the look of its rows."""
        self._turn(Walk.undo)

    def redo(self) -> None:
        """Do again what was undone."""
        self._turn(Walk.redo)

    def _turn(self, turn: Callable[[Walk], Walk]) -> None:
        """What asks the same goes on, whatever runs for it; else it is left."""
        before = self.kept(is_left=False)
        turned = turn(before)
        if turned.view.asks_like(before.view) and before.answer.error is None:
            self._look(turned)
        else:
            self.go(turn(self.kept()))

    def _look(self, walk: Walk) -> None:
        self._screen.note("")
        self.walk = walk
        answer = walk.answer
        self._typed, self._looked_through = answer.contains, answer.rows_here
        self._before_typing = None
        self._screen.told.filter()
        if self.showing is not None and answer.results is not None:
            self._look_at(answer)
            self._screen.told.place()
        self._screen.told.footer()
        self.keep()

    def _look_at(self, answer: Answer) -> None:
        """Show the rows or the columns as they were looked at; marks stay with their rows."""
        table, before, marks = self._screen.table, self.showing, self._screen.table.sheet.marks
        if answer.table is None:  # there are more rows by now
            self._show_rows()
            table.set_order(answer.order)
            if answer.contains:
                self.filter_rows(answer.contains)
            return
        self._show_answer(replace(answer, table=replace(answer.table, marks=NO_MARKS)))
        if before is not None and self.showing is not None:
            self._let_follow(before, marks, self.showing)

    def go(self, walk: Walk, *, is_anew: bool = False) -> None:
        """Stand somewhere: what is known there is shown, what is not is asked.

        Args:
            walk: The way there.
            is_anew: Asked on the engine, even where its rows are still here.
        """
        self._leave_run()
        self._before_typing = None
        self._screen.note("")
        self.walk = walk
        answer = walk.answer
        if answer.execution is None and answer.error is None:
            self.run(is_anew=is_anew)
            return
        self._wanted, self._is_to_mark = None, False
        self._screen.told.all()
        self._show_answer(answer)
        self._screen.charting.wait()
        self._screen.charting.follow()
        self.keep()

    def stand_at(self, row: int) -> None:
        """Put the cursor on a row of what was just asked, once it is here."""
        if self.is_running:
            self._wanted = (row, 0)

    def run(self, *, is_anew: bool = False, is_agreed: bool = False) -> None:
        """Ask the view on the screen.

        Args:
            is_anew: On the engine, even where its rows are still here.
            is_agreed: The person has said yes to what the guard asked.
        """
        screen = self._screen
        if self.walk is None or screen.session is None:
            return
        self._leave_run()
        earlier = None if is_anew or is_agreed else self.walk.answer.earlier
        self.walk = self.walk.answered(self._as_earlier(earlier))
        self._wanted = (earlier.row, earlier.column) if earlier else None
        self._is_to_mark = earlier is not None and "marks" in earlier.kept
        self.is_running = True
        self._typed = ""
        self._clear()
        run: work.Run | TakeUp = work.Run(self.number, self.walk.view, is_anew, is_agreed)
        if earlier is not None:
            run = TakeUp(self.number, self.walk.view, earlier, way_to(self.walk))
        screen.told.all()
        screen.told.waiting("Building the SQL …")
        failed = partial(messages.RunFailed, self.number)
        screen.runner.start(Lane.QUERY, partial(run, screen.session), screen, failed)
        screen.charting.begin()
        self.keep()

    def _as_earlier(self, earlier: Place | None) -> Answer:
        """What is known before rows come; the quick filter waits until there are some."""
        return replace(remembering(earlier), contains="") if earlier else NOTHING_YET

    def _leave_run(self) -> None:
        for lane in (
            Lane.QUERY, Lane.PAGE, Lane.SEARCH, Lane.FILTER, Lane.MARKS, Lane.EXPLAIN, Lane.TIMELINE
        ):  # fmt: skip
            self._screen.runner.cancel(lane)
        self.followed.end()
        self.number += 1
        self.is_running = False

    def keep(self) -> None:
        """Have written down where one stands."""
        keeper = self._screen.setting.keeper
        if keeper is None or self.walk is None:
            return
        self._is_to_keep = False
        stands = self.showing is not None and self._wanted is None and not self._is_to_mark
        table = self._screen.table.state() if stands else None
        keeper.stand(standing(self.walk, table, tuple(self._screen.extra_fields)))
        self._screen.start(Lane.SITTING, partial(write_down, keeper))

    def keep_soon(self) -> None:
        """As `keep`, once for all that happens within some seconds: for each key is too often."""
        if not self._is_to_keep and self._screen.setting.keeper is not None:
            self._is_to_keep = True
            self._screen.set_timer(_KEEP_S, self._keep_now)

    def _keep_now(self) -> None:
        if self._is_to_keep:
            self.keep()

    # Taking in

    def learn(self, **facts: Any) -> None:
        """Hold what became known of the answer to the view on the screen: fields of `Answer`."""
        assert self.walk is not None
        self.walk = self.walk.answered(replace(self.walk.answer, **facts))

    def follow(self, execution: QueryExecution, results: Results | None) -> None:
        """Take in how the newest run stands."""
        screen = self._screen
        before = self.walk.answer.execution if self.walk else None
        self.learn(execution=execution, results=results)
        screen.told.execution(execution)
        if results is not None and execution.rows_ready:
            if self.showing is None:
                self._show_as_one_had(results)
            elif self._answer.contains:
                self._filter_what_came(execution)
            else:
                is_sorted = bool(self._answer.order)
                screen.table.grow(
                    execution.rows_ready, execution.is_complete, is_mixed_in=is_sorted
                )
            self._go_where_one_stood()
            self._mark_as_one_had()
            screen.told.place()
        if execution.state.is_terminal:
            self._end(execution)
        if execution.state.is_terminal or before is None or before.query_id != execution.query_id:
            self.keep()

    def _show_as_one_had(self, results: Results) -> None:
        """The first rows: in the order, and under the quick filter, of an earlier sitting."""
        names = {column.name for column in results.columns}
        self.learn(order=tuple(key for key in self._answer.order if key.column in names))
        self._show_rows()
        table = self._screen.table
        table.set_order(self._answer.order)
        table.highlight = self._answer.search
        earlier = self._answer.earlier
        if earlier is None:
            return
        if (layout := layout_of(earlier.kept, results.columns)) is not None:
            table.set_layout(layout)
        if text := quick_filter(earlier.kept):
            self.filter_rows(text)

    def _go_where_one_stood(self) -> None:
        wanted, answer = self._wanted, self._answer
        if wanted is None or self._typed != answer.contains:
            return
        if not (answer.rows_shown > wanted[0] or answer.is_complete):
            return
        self._wanted = None
        table = self._screen.table
        if table.cursor[0] == 0:
            top = first_row(answer.earlier.kept) if answer.earlier else None
            if top is not None:
                table.scroll_to(y=top, animate=False, force=True)
            table.cursor = wanted

    def _mark_as_one_had(self) -> None:
        """Once all rows are here: of another result, the places would be those of other rows."""
        answer = self._answer
        if not (self._is_to_mark and answer.is_complete and self._typed == answer.contains):
            return
        self._is_to_mark = False
        marks = marks_of(answer.earlier.kept, answer.rows_here) if answer.earlier else None
        if marks is not None and not self._screen.table.marks:
            self._screen.table.put_marks(marks)

    def _end(self, execution: QueryExecution) -> None:
        self.is_running = False
        if execution.state is QueryState.FAILED:
            error = execution.error
            reason = execution.reason or "The query failed."
            self.fail(error if isinstance(error, FlowtuiError) else QueryFailedError(reason))
        elif self.showing is not None:
            self.count_loss()
        elif execution.is_complete or execution.state is QueryState.CANCELLED:
            self._say_no_rows()  # else they are on their way
        self._screen.told.footer()
        self._screen.charting.follow()

    def held_back(self) -> None:
        """Take in that the guard has a question."""
        self.is_running = False

    def fail(self, error: FlowtuiError) -> None:
        """Take in that there will be no answer."""
        self.is_running = False
        if self.walk is not None:
            self.learn(error=error)
            if self.walk.answer.execution is None:
                self._screen.told.waiting("")
        self._clear()
        self._screen.told.error(error)

    def _say_no_rows(self) -> None:
        assert self.walk is not None
        screen = self._screen
        answer = self.walk.answer
        if answer.execution is not None and answer.execution.state is QueryState.CANCELLED:
            bill = bill_so_far(answer.execution)
            told = (bill, "Press r to run it again.") if bill else ("Press r to run it again.",)
            screen.told.empty("Cancelled before there were rows.", told)
            return
        looking = "Looking for the reason …"
        if screen.session is not None and screen.session.service is not None:
            looking = "Looking for the reason in catalogue and S3; nothing is scanned for it …"
        screen.told.empty("No rows.", answer.reasons or (looking,))
        if screen.session is not None and answer.statement is not None and not answer.reasons:
            screen.start(
                Lane.EXPLAIN,
                partial(
                    work.explain,
                    screen.session,
                    self.walk.view,
                    answer.statement,
                    screen.zone,
                    self.number,
                ),
            )

    def count_loss(self) -> None:
        """Count what was lost in the time of the rows that are shown."""
        screen = self._screen
        if self.walk is None or self.showing is None or self.is_running:
            return
        statement = self.walk.answer.statement
        if screen.session is not None and statement is not None and screen.has_lost_windows:
            piece = partial(work.count_loss, screen.session, statement, self.number)
            screen.start(Lane.EXPLAIN, piece)

    # Showing

    def _clear(self) -> None:
        self.showing = None
        self._screen.table.highlight = ""
        self._screen.told.nothing()

    def _show_answer(self, answer: Answer) -> None:
        if answer.error is not None:
            self.fail(answer.error)
        elif answer.results is None or answer.table is None:
            self._clear()
            self._say_no_rows()
        else:
            self._hold_showing(answer, answer.results)
            self._typed = answer.contains
            self._screen.told.rows()
            self._screen.table.highlight = answer.contains or answer.search
            self._screen.table.restore(answer.table)

    def _show_rows(self) -> None:
        assert self.walk is not None
        answer = self.walk.answer
        execution, results = answer.execution, answer.results
        if execution is None or results is None:
            return
        table, before, marks = self._screen.table, self.showing, self._screen.table.sheet.marks
        slug, layout = self.walk.view.query.slug, table.sheet.layout
        if (table.columns, self._slug) != (results.columns, slug):
            layout = usual_layout(self._screen, slug, results.columns)
        self._hold_showing(answer, results)
        self._screen.told.rows()
        column = table.cursor[1] if table.columns == results.columns else None
        table.show(results.columns, answer.rows_shown, execution.is_complete, layout)
        if column is not None:
            table.cursor = (0, column)
        if before is not None and self.showing is not None:
            self._let_follow(before, marks, self.showing)

    @property
    def is_growing(self) -> bool:
        """True while more rows are to come."""
        run = self._answer.execution
        if run is None or run.is_complete:
            return False
        return run.state is QueryState.SUCCEEDED or not run.state.is_terminal

    def _let_follow(self, before: work.Showing, marks: Marks, after: work.Showing) -> None:
        is_sorted = bool(before.refinement.order or after.refinement.order)
        if not (is_sorted and self.is_growing):
            self.followed.begin(self._screen, before, marks, after)
        elif marks or self.followed.is_under_way:
            # What comes is sorted in between: no place stays a row's.
            self.followed.end()
            text = "The marks are gone: more rows are to come, and sorted in between."
            self._screen.call_next(self._screen.note, text, "warning")

    def _hold_showing(self, answer: Answer, results: Results) -> None:
        self._slug = self.walk.view.query.slug if self.walk else ""
        self._showings += 1
        refinement = Refinement(answer.order, answer.contains)
        self.showing = work.Showing(self._showings, results, refinement)

    def sort(self, answer: Answer) -> None:
        """Show the same rows in the order of this answer, cursor on the first."""
        walk = self.kept(is_left=False)
        self.walk = walk.looked(walk.answer).answered(answer)
        self._show_rows()
        self._screen.table.set_order(answer.order)
        self.keep_soon()

    def lay_out(self, layout: Layout) -> None:
        """Show the columns otherwise."""
        walk = self.kept(is_left=False)
        self.walk = walk.looked(walk.answer)
        self._screen.table.set_layout(layout)
        self._screen.told.place()
        self._screen.told.footer()

    # The quick filter

    @property
    def _answer(self) -> Answer:
        return self.walk.answer if self.walk is not None else NOTHING_YET

    def begin_filtering(self) -> None:
        """From here on, what the quick filter becomes is one change, however many letters it is."""
        self._before_typing = self.kept(is_left=False).answer

    def filter_rows(self, text: str) -> None:
        """Show only the rows that are here and hold a text, once they are found; empty: all."""
        if self.showing is None:
            return
        self._typed = text
        self._looked_through = self._answer.rows_here
        piece = partial(self.showing.filter, text, self.number)
        self._screen.start(Lane.FILTER, piece)

    def _filter_what_came(self, execution: QueryExecution) -> None:
        """A count that is under way is let end, unless it would miss the last rows."""
        is_due = execution.rows_ready != self._looked_through
        if execution.state.is_terminal or (is_due and not self._screen.runner.is_busy(Lane.FILTER)):
            self.filter_rows(self._typed)

    def filtered(self, event: messages.RowsFiltered) -> None:
        """Take in how many rows hold the text."""
        if self.showing is None or event.number != self.number or event.text != self._typed:
            return
        is_same = event.text == self._answer.contains
        if not is_same and self._before_typing is not None and self.walk is not None:
            self.walk = self.walk.looked(self._before_typing)
            self._before_typing = None
        self.learn(contains=event.text, matches=event.matches)
        if is_same:
            is_sorted = bool(self._answer.order)
            self._screen.table.grow(event.matches, self._answer.is_complete, is_mixed_in=is_sorted)
        else:
            self._show_rows()
            self._screen.table.set_order(self._answer.order)
            self._go_where_one_stood()
            self._mark_as_one_had()
            self.keep_soon()
        self._screen.table.highlight = event.text or self._answer.search
        self._screen.told.filter()
        self._screen.told.place()
        self._screen.told.footer()
