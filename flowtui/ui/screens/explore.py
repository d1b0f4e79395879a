"""The screen: queries on the left, the filter, the run, the way, and the rows of the answer.

Facts come as messages from the runner, requests as commands and messages from the widgets. Where
one stands, and what is known there, is one value: the walk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, tzinfo
from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.screen import Screen

from flowtui.domain.executions import Estimate, Progress, SourceFacts
from flowtui.domain.filterline import parse_filter
from flowtui.domain.filters import FlowFilter
from flowtui.domain.money import dollars
from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import View
from flowtui.errors import FilterError, FlowtuiError
from flowtui.library import Library
from flowtui.session.budget import estimate_text
from flowtui.session.layouts import Layouts
from flowtui.session.session import Session
from flowtui.session.suggestion import suggestion
from flowtui.ui import messages, own, work
from flowtui.ui.actions import ACTIONS, is_possible, starting, touring
from flowtui.ui.actions.asking import ask_query, change_filter, known_fields
from flowtui.ui.actions.earlier import open_question
from flowtui.ui.actions.keeping import ask_to_overwrite
from flowtui.ui.actions.looking import search_for
from flowtui.ui.actions.panes import leave_queries
from flowtui.ui.actions.sittings import say_taken_up
from flowtui.ui.commands import Command, Context, bindings
from flowtui.ui.copies import CopyChoice
from flowtui.ui.course import Course
from flowtui.ui.layouts import read as read_layouts
from flowtui.ui.naming import Names, NamesFailed, NamesLearned, read_names
from flowtui.ui.resuming import walk_of
from flowtui.ui.runner import Lane, Runner, Work
from flowtui.ui.setting import Setting
from flowtui.ui.sitting import find_interrupted
from flowtui.ui.table import ResultTable
from flowtui.ui.telling import Telling
from flowtui.ui.walk import NOTHING_YET, Walk
from flowtui.ui.widgets.banner import Banner
from flowtui.ui.widgets.execution_line import ExecutionLine
from flowtui.ui.widgets.filter_bar import FilterBar, FilterEditor
from flowtui.ui.widgets.key_footer import KeyFooter
from flowtui.ui.widgets.note_line import NoteLine
from flowtui.ui.widgets.panel import Panel
from flowtui.ui.widgets.query_list import QueryList
from flowtui.ui.widgets.quick_line import QuickLine
from flowtui.ui.widgets.search_line import SearchLine
from flowtui.ui.widgets.status_title import StatusTitle
from flowtui.ui.widgets.trail_bar import TrailBar

if TYPE_CHECKING:
    from flowtui.ui.charting import Charting
    from flowtui.ui.hunting import Hunted


class ExploreScreen(Screen[None], inherit_bindings=False):
    """Questions and their answers.

    Args:
        setting: What to open and how.
        runner: Runs whatever would wait.
        commands: The commands, under the user's keys.
        write: Writes a sequence to the terminal.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.EXPLORE, Context.EVERYWHERE)]
    AUTO_FOCUS = ""  # the table takes it with the first rows
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as in Textual
    DEFAULT_CSS = """
    ExploreScreen { layout: vertical; }
    ExploreScreen #body, ExploreScreen #main { height: 1fr; }
    ExploreScreen #main { width: 1fr; }
    ExploreScreen #sidebar { width: 31; height: 1fr; border-right: solid $panel; }
    ExploreScreen.-narrow #sidebar { display: none; }
    ExploreScreen.-only-rows #sidebar, ExploreScreen.-only-queries #main { display: none; }
    ExploreScreen.-only-rows FilterBar, ExploreScreen.-only-rows ExecutionLine,
    ExploreScreen.-only-rows #timeline { height: 0; }
    ExploreScreen.-only-rows #timeline:focus { height: 4; }
    ExploreScreen.-only-queries #sidebar { display: block; width: 1fr; border: none; }
    """

    zone: reactive[tzinfo] = reactive[tzinfo](UTC, init=False)
    """In which times are shown and typed."""

    def __init__(
        self,
        setting: Setting,
        runner: Runner,
        commands: tuple[Command, ...],
        write: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._write = write
        self.setting = setting
        self.runner = runner
        self.commands = commands
        self.session: Session | None = None
        self.library: Library | None = None
        self.named: tuple[SavedQuery, ...] = ()
        """Of Athena's work group."""
        self.layouts: Layouts = {}
        """How the columns of queries are shown first, by slug."""
        self.facts: SourceFacts | None = None
        self.told = Telling(self)
        self.course = Course(self)
        self.names = Names(self)
        self.copying = CopyChoice()
        self.about = setting.about
        """The text that was started from last."""
        self.hunted: Hunted | None = None
        """The latest hunt."""
        self._is_naming = False
        self._is_advised = False

    def compose(self) -> ComposeResult:
        """Everything but dialogs."""
        yield StatusTitle()
        with Horizontal(id="body"):
            yield QueryList(id="sidebar")
            with Vertical(id="main"):
                yield FilterBar()
                yield ExecutionLine()
                yield TrailBar()
                yield Banner()
                yield ResultTable()
                yield Panel()
        yield NoteLine()
        yield KeyFooter()

    def on_mount(self) -> None:
        """Open the source."""
        self.set_reactive(ExploreScreen.zone, self.setting.zone)
        self.table.zone = self.setting.zone
        self.told.all()
        # A thread that imports an engine would take its time from the first frame.
        self.call_after_refresh(self.open_source)

    @property
    def table(self) -> ResultTable:
        """The table of rows."""
        return self.query_one(ResultTable)

    @cached_property
    def charting(self) -> Charting:
        """The timeline; made with the first question, after the first frame."""
        from flowtui.ui.charting import Charting

        return Charting(self)

    @property
    def has_lost_windows(self) -> bool:
        """True where records of some window of the source were lost."""
        return bool(self.facts and self.facts.skipped_windows)

    # Asking

    def start(self, lane: Lane, piece: Work) -> None:
        """Have something done in a thread; a failure is told as a note."""
        self.runner.start(lane, piece, self, messages.WorkFailed)

    def open_source(self) -> None:
        """Read the saved queries and reach the source."""
        self.told.waiting("Opening the source …")
        if self.setting.layouts is not None:
            self.start(Lane.LAYOUT, partial(read_layouts, self.setting.layouts))
        opening = partial(work.open_source, self.setting.read_library, self.setting.opener)
        self.runner.start(Lane.SOURCE, opening, self, messages.OpenFailed)

    def parse(self, line: str) -> FlowFilter:
        """The filter that a line means; raises FilterError."""
        now = self.setting.clock()
        return parse_filter(line, now=now, zone=self.zone, extra_fields=self.extra_fields)

    @property
    def extra_fields(self) -> Sequence[str]:
        """Columns of the source that are no fields of a flow log."""
        if self.session is None:
            return ()
        return [c.name for c in self.session.engine.schema.columns if c.field is None]

    @on(messages.Heard)
    def _hear(self, event: messages.Heard) -> None:
        event.tell(self)

    # What the source said

    @on(messages.LibraryRead)
    def _list_queries(self, event: messages.LibraryRead) -> None:
        self.library = event.library
        self._show_queries()

    @on(messages.QuestionFound)
    def _open_earlier(self, event: messages.QuestionFound) -> None:
        open_question(self, event)

    @on(messages.Kept)
    def _say_kept(self, event: messages.Kept) -> None:
        self.note(event.text, "good")

    @on(messages.FileThere)
    def _ask_to_overwrite(self, event: messages.FileThere) -> None:
        ask_to_overwrite(self, event)

    @on(messages.NamedRead)
    def _list_named(self, event: messages.NamedRead) -> None:
        self.named = event.queries
        self._show_queries()

    def _show_queries(self) -> None:
        if self.library is not None:
            self.library = self.library.beside(self.named)
            slug = self.course.walk.view.query.slug if self.course.walk else self.setting.query
            self.query_one(QueryList).show(self.library.queries, slug, self.library.broken)

    @on(messages.Opened)
    async def _begin(self, event: messages.Opened) -> None:
        self.session = event.session
        self.runner.close_at_end(event.session.close)
        self._learn(event.facts)
        self.start(Lane.NAMED, partial(own.read_named, event.session))
        if self.setting.is_prepared:
            piece = partial(work.prepare, event.session)
            self.runner.start(Lane.SOURCE, piece, self, messages.PrepareFailed)
        if self.setting.keeper is not None:
            self.runner.close_at_end(self.setting.keeper.close)
        if self.setting.resumed is not None:
            self.course.go(walk_of(self.setting.resumed))
            say_taken_up(self, self.setting.resumed)
            return
        touring.offer(self)
        if self.setting.keeper is not None and self.setting.is_offered:
            self.start(Lane.OFFER, partial(find_interrupted, self.setting.keeper))
        try:
            self.course.go(Walk.begin(self._first_view()))
        except FilterError as error:
            self.course.go(Walk.begin(View(self._first_query())))
            await self.edit_filter(error.text)
        except FlowtuiError as error:
            self.course.fail(error)

    def _first_query(self) -> SavedQuery:
        assert self.library is not None
        return self.library.get(self.setting.query or self.library.queries[0].slug)

    def _first_view(self) -> View:
        if self.setting.clues and (view := starting.first_view(self, self.setting.clues)):
            return view
        return View(self._first_query(), self.parse(self.setting.filter_line))

    @on(messages.OpenFailed)
    def _say_not_open(self, event: messages.OpenFailed) -> None:
        self.told.waiting("")
        self.told.error(event.error)

    @on(messages.Preparing)
    def _say_preparing(self, event: messages.Preparing) -> None:
        self.told.progress = event.progress
        self.told.banner()

    @on(messages.Prepared)
    def _say_prepared(self, event: messages.Prepared) -> None:
        self._learn(event.facts)

    @on(messages.PrepareFailed)
    def _say_not_prepared(self, event: messages.PrepareFailed) -> None:
        self.told.progress = None
        self.told.banner()
        self.charting.follow()
        self.note(event.error.message, "error")

    @on(messages.FactsLearned)
    def _learn_facts(self, event: messages.FactsLearned) -> None:
        self._learn(event.facts, self.told.progress)
        if self.session is not None and not self._is_naming:
            # Once the first answer is here: the client for EC2 takes a while to make.
            self._is_naming = True
            self.runner.start(
                Lane.NAMES,
                partial(read_names, self.session, self.setting.read_labels),
                self,
                NamesFailed,
            )

    @on(NamesLearned)
    def _show_names(self, event: NamesLearned) -> None:
        self.names.learn(event.names)

    @on(NamesFailed)
    def _say_no_names(self, event: NamesFailed) -> None:
        self.note(f"Interfaces are shown without names: {event.error.message}")

    def _learn(self, facts: SourceFacts, progress: Progress | None = None) -> None:
        self.told.progress = progress
        self.facts = facts
        self.told.title()
        self.told.banner()
        if self.course.walk is not None:
            if progress is None:
                self.course.count_loss()  # rows may be older than what is known of the files
            self.charting.follow()

    # What the run said

    @on(messages.StatementBuilt)
    def _hold_statement(self, event: messages.StatementBuilt) -> None:
        if event.number == self.course.number:
            self.course.learn(statement=event.statement)
            self.told.banner()

    @on(messages.RunHeldBack)
    def _ask_first(self, event: messages.RunHeldBack) -> None:
        if event.number == self.course.number:
            self.course.held_back()
            self._suggest(event.estimate)
            self.told.held_back(event.check, event.estimate)

    @on(messages.Estimated)
    def _say_estimate(self, event: messages.Estimated) -> None:
        if event.number == self.course.number:
            self.told.waiting(estimate_text(event.estimate))
            self._suggest(event.estimate)

    def _suggest(self, estimate: Estimate) -> None:
        """Say once that another way is the cheaper one."""
        walk = self.course.walk
        if self._is_advised or walk is None or self.facts is None:
            return
        statement = walk.answer.statement
        if statement is not None:
            advice = suggestion(self.facts, walk.view.filter, statement, estimate)
            self._is_advised = bool(advice)
            self.told.advice = (self.course.number, advice)
            self.told.banner()

    @on(messages.MoneySpent)
    def _say_money(self, event: messages.MoneySpent) -> None:
        self.told.money = f"session {dollars(event.sitting)} · today {dollars(event.today)}"
        self.told.title()

    @on(messages.RunFailed)
    def _say_failed(self, event: messages.RunFailed) -> None:
        if event.number == self.course.number:
            self.course.fail(event.error)

    @on(messages.ExecutionChanged)
    def _follow(self, event: messages.ExecutionChanged) -> None:
        if event.number == self.course.number:
            self.course.follow(event.execution, event.results)

    @on(messages.EmptyExplained)
    def _say_why_empty(self, event: messages.EmptyExplained) -> None:
        if event.number == self.course.number and event.reasons and self.course.showing is None:
            self.course.learn(reasons=event.reasons)
            self.told.empty("No rows.", event.reasons)

    @on(messages.LossCounted)
    def _say_floors(self, event: messages.LossCounted) -> None:
        if event.number == self.course.number:
            self.course.learn(lost_windows=event.windows)
            self.told.banner()

    @on(ResultTable.PageWanted)
    def _fetch(self, event: ResultTable.PageWanted) -> None:
        event.stop()
        showing = self.course.showing
        if showing is None:
            return
        failed = partial(messages.PageFailed, showing.number)
        piece = partial(showing.page, event.offset, event.limit)
        self.runner.start(Lane.PAGE, piece, self, failed)

    @on(messages.PageReady)
    def _put_page(self, event: messages.PageReady) -> None:
        if self.course.showing is not None and event.showing == self.course.showing.number:
            self.table.put_page(event.page)

    @on(messages.PageFailed)
    @on(messages.WorkFailed)
    def _say_work_failed(self, event: messages.PageFailed | messages.WorkFailed) -> None:
        self.note(f"{event.error.message} {event.error.hint}", "error")

    @on(ResultTable.CursorMoved)
    def _say_place(self) -> None:
        self.told.place()
        self.course.keep_soon()

    @on(ResultTable.RowChosen)
    async def _drill(self, event: ResultTable.RowChosen) -> None:
        event.stop()
        await self.action_command("table.choose")

    @on(messages.Searched)
    def _go_to_match(self, event: messages.Searched) -> None:
        if self.course.showing is None or event.showing != self.course.showing.number:
            return
        if event.row is None:
            self.note(f"No row holds “{event.text}”.", "warning")
            return
        self.table.cursor = (event.row, event.column)
        note = "Searched on from the other end." if event.is_wrapped else ""
        if event.column not in self.table.sheet.shown:
            hidden = self.table.columns[event.column].name
            note = f"This row holds it in {hidden}, which is hidden: c shows it. {note}"
        self.note(note)

    @on(messages.RowsFiltered)
    def _show_filtered(self, event: messages.RowsFiltered) -> None:
        self.course.filtered(event)

    @on(messages.Copied)
    def _say_copied(self, event: messages.Copied) -> None:
        report = event.report
        if report.sequence:
            self._write(report.sequence)
        tone = "good" if report.is_sent else "warning"
        self.note(report.message, tone)

    # Lines to type in

    async def edit_filter(self, line: str) -> None:
        """Let the filter be edited as a line."""
        bar = self.query_one(FilterBar)
        if not self.query(FilterEditor):
            await self.mount(FilterEditor(self.parse, known_fields(self)), before=bar)
        bar.display = False
        self.query_one(FilterEditor).begin(line)

    @on(FilterEditor.Applied)
    def _apply_filter(self, event: FilterEditor.Applied) -> None:
        self._end_typing()
        change_filter(self, event.filter)

    @on(FilterEditor.Left)
    @on(SearchLine.Left)
    @on(QuickLine.Left)
    def _end_typing(self) -> None:
        self.set_focus(self.table if self.table.display else None)
        self.query(FilterEditor).set(display=False)
        self.query(SearchLine).set(display=False)
        self.query(QuickLine).set(display=False)
        self.query_one(FilterBar).display = True
        self.query_one(NoteLine).display = True

    async def ask_search(self) -> None:
        """Let a text to search for be typed."""
        line = self.query_one(NoteLine)
        if not self.query(SearchLine):
            await self.mount(SearchLine(), before=line)
        line.display = False
        answer = self.course.walk.answer if self.course.walk else NOTHING_YET
        self.query_one(SearchLine).begin(answer.search)

    async def ask_quick(self) -> None:
        """Let a text be typed that rows must hold."""
        line = self.query_one(NoteLine)
        if not self.query(QuickLine):
            await self.mount(QuickLine(), before=line)
        line.display = False
        self.course.begin_filtering()
        answer = self.course.walk.answer if self.course.walk else NOTHING_YET
        self.query_one(QuickLine).begin(answer.contains)

    @on(QuickLine.Typed)
    def _filter_rows(self, event: QuickLine.Typed) -> None:
        self.course.filter_rows(event.text)

    @on(SearchLine.Wanted)
    def _search(self, event: SearchLine.Wanted) -> None:
        self._end_typing()
        search_for(self, event.text)

    # Keys

    @on(events.DescendantFocus)
    def _say_keys(self) -> None:
        self.told.footer()

    async def on_paste(self, event: events.Paste) -> None:
        """Start from what was pasted where nothing is being typed."""
        event.stop()
        await starting.start_from(self, event.text)

    @on(QueryList.QueryChosen)
    async def _ask_chosen(self, event: QueryList.QueryChosen) -> None:
        self.set_focus(None)
        leave_queries(self)
        await ask_query(self, event.query)

    def watch_zone(self) -> None:
        """Everything that shows a time."""
        self.table.zone = self.zone
        self.told.all()
        self.charting.show_zone()

    def note(self, text: str, tone: str = "") -> None:
        """Say what happened, under the table; and on what lies above, where that has a place."""
        self.query_one(NoteLine).tell(text, tone)
        above = self.app.screen
        if above is not self and callable(tell := getattr(above, "note", None)):
            tell(text, tone)

    @on(KeyFooter.Clicked)
    async def _clicked(self, event: KeyFooter.Clicked) -> None:
        await self.action_command(event.id)

    async def action_command(self, id: str) -> None:
        """Do what a key, the palette or a click asks; over when what it opens has the keys."""
        if self.course.followed.waits(id):
            return
        opening = ACTIONS[id](self)
        if opening is not None:
            await opening
        touring.look(self, id)

    def can(self, id: str) -> bool:
        """True where a command makes sense now."""
        return is_possible(self, id)
