"""What each part of the explore screen says, from what is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.widgets import Input

from flowtui.domain.chips import chips_of
from flowtui.domain.executions import Estimate, Progress, QueryExecution
from flowtui.errors import FlowtuiError, GuardError
from flowtui.session.budget import Check, Verdict, estimate_text
from flowtui.session.sittings import Sitting
from flowtui.session.suggestion import suggestion
from flowtui.ui.actions import touring
from flowtui.ui.commands import Context
from flowtui.ui.doubts import doubts
from flowtui.ui.table import ResultTable
from flowtui.ui.walk import Answer
from flowtui.ui.widgets.banner import Banner
from flowtui.ui.widgets.execution_line import ExecutionLine, progress_text
from flowtui.ui.widgets.filter_bar import FilterBar
from flowtui.ui.widgets.key_footer import KeyFooter
from flowtui.ui.widgets.line import plain
from flowtui.ui.widgets.note_line import NoteLine, hidden_text, marks_text, place_text
from flowtui.ui.widgets.panel import Panel
from flowtui.ui.widgets.query_list import QueryList
from flowtui.ui.widgets.status_title import StatusTitle
from flowtui.ui.widgets.trail_bar import TrailBar

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen


_LONGEST_QUICK: Final = 24
"""Characters of a quick filter that are told beside its counts."""


class Telling:
    """Brings the widgets of a screen up to date."""

    def __init__(self, screen: ExploreScreen) -> None:
        self._screen = screen
        self.progress: Progress | None = None
        """How far the source is being prepared; None: it is not."""
        self.advice = (0, "")
        """A cheaper way, and the run with which that is said."""
        self._is_advised = False
        self.interrupted: Sitting | None = None
        """A sitting over this source that nobody quit: it is offered on the first view."""
        self.money = ""
        """What this sitting and the day have cost; empty where nothing costs."""

    def all(self) -> None:
        """Everything around the table."""
        self.title()
        self.filter()
        self.trail()
        walk = self._screen.course.walk
        self.execution(walk.answer.execution if walk else None)
        self.banner()
        self.place()
        self.footer()

    def title(self) -> None:
        """Source, records, time, zone."""
        screen = self._screen
        screen.query_one(StatusTitle).tell(
            screen.setting.title, screen.facts, screen.zone, self.money
        )

    def filter(self) -> None:
        """Chips, and what the quick filter shows."""
        walk = self._screen.course.walk
        if walk is not None:
            quick = quick_text(walk.answer) if walk.answer.contains else ""
            bar = self._screen.query_one(FilterBar)
            bar.tell(chips_of(walk.view.filter, walk.view.parked), self._screen.zone, quick)

    def trail(self) -> None:
        """Crumbs, and the query in the list."""
        walk = self._screen.course.walk
        if walk is not None:
            self._screen.query_one(TrailBar).tell(walk.trail.crumbs())
            self._screen.query_one(QueryList).highlight_query(walk.view.query.slug)

    def execution(self, execution: QueryExecution | None) -> None:
        """How the run stands."""
        walk = self._screen.course.walk
        most_rows = walk.view.most_rows if walk else None
        self._screen.query_one(ExecutionLine).tell(execution, most_rows=most_rows)

    def waiting(self, text: str) -> None:
        """What is being waited for, before there is a run."""
        self._screen.query_one(ExecutionLine).tell(None, text)

    def banner(self) -> None:
        """What must be known before the rows are believed."""
        self._screen.query_one(Banner).tell(self._banner_lines())

    def _banner_lines(self) -> Iterator[Content]:
        screen = self._screen
        if self.progress is not None:
            yield progress_text(self.progress)
        if self.interrupted is not None and self._is_first_question():
            yield _offer(self.interrupted, screen.setting.clock())
        yield from map(_warning, doubts(screen.course.walk, screen.facts))
        if screen.facts is not None and self._is_first_question():
            yield from map(_warning, screen.facts.notes)
        number, advice = self.advice
        if advice and number == screen.course.number:
            yield Content.assemble(("▹ ", "bold $text-accent"), plain(advice))

    def _is_first_question(self) -> bool:
        """What is odd about a source is said with the first answer; L has it later."""
        walk = self._screen.course.walk
        if walk is None or len(walk.steps) > 1:
            return walk is None
        return all(view.asks_like(walk.view) for view, _ in walk.step.before)

    def suggest(self, estimate: Estimate) -> None:
        """Say once that another way is the cheaper one."""
        screen = self._screen
        walk = screen.course.walk
        if self._is_advised or walk is None or screen.facts is None:
            return
        statement = walk.answer.statement
        if statement is not None:
            advice = suggestion(screen.facts, walk.view.filter, statement, estimate)
            self._is_advised = bool(advice)
            self.advice = (screen.course.number, advice)
            self.banner()

    def place(self) -> None:
        """Where the cursor is."""
        screen = self._screen
        text = ""
        if screen.course.showing is not None and screen.course.walk is not None:
            execution = screen.course.walk.answer.execution
            is_complete = execution is None or execution.is_complete
            marks = screen.table.sheet.marks
            place = place_text(screen.table.cursor[0], screen.table.total_rows, is_complete)
            hidden = len(screen.table.columns) - len(screen.table.sheet.shown)
            told = (marks_text(marks.count, marks.hidden_count), hidden_text(hidden), place)
            text = " · ".join(part for part in told if part)
        screen.query_one(NoteLine).place_at(text)

    def footer(self) -> None:
        """The keys that make sense now."""
        screen = self._screen
        wanted: tuple[Context, ...] = (Context.EXPLORE, Context.EVERYWHERE, Context.TABLE)
        if isinstance(screen.focused, QueryList):
            wanted = (Context.LIST, Context.EVERYWHERE)
        screen.query_one(KeyFooter).tell(
            c for c in screen.commands if c.context in wanted and c.rank and screen.can(c.id)
        )
        touring.look(screen)

    # In the place of the rows

    def rows(self) -> None:
        """The table."""
        screen = self._screen
        screen.query_one(Panel).display = False
        table = screen.query_one(ResultTable)
        table.display = True
        is_elsewhere = isinstance(screen.focused, QueryList | Input)  # somebody may be typing
        if not is_elsewhere and not screen.charting.has_keys:
            # Now: `table.focus()` waits its turn, and by then `f` may have opened a line.
            screen.set_focus(table)
        self.footer()

    def nothing(self) -> None:
        """Neither rows nor words."""
        self._screen.query_one(Panel).display = False
        self._screen.query_one(ResultTable).display = False

    def error(self, error: FlowtuiError) -> None:
        """What failed, and what to do."""
        self._panel().tell_error(error)

    def empty(self, heading: str, reasons: Iterable[str]) -> None:
        """Why there are no rows."""
        self._panel().tell_empty(heading, reasons)

    def _panel(self) -> Panel:
        self._screen.query_one(ResultTable).display = False
        panel = self._screen.query_one(Panel)
        panel.display = True
        self.place()
        self.footer()
        return panel

    def held_back(self, check: Check, estimate: Estimate) -> None:
        """The guard's question, or its no."""
        from flowtui.ui.screens.confirm import ConfirmScreen

        self.execution(None)
        if check.verdict is Verdict.REFUSE:
            self.error(GuardError(check.reason))
            return

        def answered(is_agreed: bool | None) -> None:
            if is_agreed:
                self._screen.course.run(is_agreed=True)
            else:
                self.empty("Not run.", (check.reason, "Narrow the time with t, or press r."))

        question = f"{check.reason}\n{estimate_text(estimate)}\n\nRun it?"
        self._screen.app.push_screen(ConfirmScreen(question, "run it"), answered)


def quick_text(answer: Answer) -> str:
    r"""`\ ssh · 37 of 812 loaded rows`."""
    text = answer.contains
    if len(text) > _LONGEST_QUICK:
        text = text[:_LONGEST_QUICK] + "…"
    counts = f"{answer.matches:,} of {answer.rows_here:,}".replace(",", " ")
    return f"\\ {text} · {counts} loaded rows"


def _offer(sitting: Sitting, now: datetime) -> Content:
    """`Press , to go on where the last sitting stood (connection lost 3 min ago): Top … › …`."""
    from flowtui.ui.age import age_text

    ended = f"{sitting.outcome()} {age_text(now - sitting.saved)} ago"
    told = f" to go on where the last sitting stood ({ended}): {sitting.way}"
    return Content.assemble(
        ("▹ ", "bold $text-accent"), "Press ", (",", "bold $text-accent"), plain(told)
    )


def _warning(text: str) -> Content:
    return Content.assemble(("▲ ", "bold $text-warning"), (plain(text), "$text-warning"))
