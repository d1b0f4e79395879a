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

from flowtui.domain.executions import Progress, SourceFacts
from flowtui.domain.filterline import parse_filter
from flowtui.domain.filters import FlowFilter
from flowtui.domain.queries import SavedQuery
from flowtui.library import Library
from flowtui.session.layouts import Layouts
from flowtui.session.session import Session
from flowtui.ui import messages, work
from flowtui.ui.actions import ACTIONS, is_possible, starting, touring
from flowtui.ui.actions.asking import ask_query, change_filter
from flowtui.ui.actions.looking import search_for
from flowtui.ui.actions.panes import leave_queries
from flowtui.ui.commands import Command, Context, bindings
from flowtui.ui.copies import CopyChoice
from flowtui.ui.course import Course
from flowtui.ui.layouts import read as read_layouts
from flowtui.ui.lines import end_typing
from flowtui.ui.naming import Names
from flowtui.ui.runner import Lane, Runner, Work
from flowtui.ui.setting import Setting
from flowtui.ui.table import ResultTable
from flowtui.ui.telling import Telling
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
        self.write_sequence = write
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
    async def _hear(self, event: messages.Heard) -> None:
        if (more := event.tell(self)) is not None:
            await more

    def list_queries(self) -> None:
        """Show the saved queries, and the named ones beside them."""
        if self.library is not None:
            self.library = self.library.beside(self.named)
            slug = self.course.walk.view.query.slug if self.course.walk else self.setting.query
            self.query_one(QueryList).show(self.library.queries, slug, self.library.broken)

    def learn(self, facts: SourceFacts, progress: Progress | None = None) -> None:
        """Show what is known of the source now, and how far it is being prepared."""
        self.told.progress = progress
        self.facts = facts
        self.told.title()
        self.told.banner()
        if self.course.walk is not None:
            if progress is None:
                self.course.count_loss()  # rows may be older than what is known of the files
            self.charting.follow()

    # The table

    @on(ResultTable.PageWanted)
    def _fetch(self, event: ResultTable.PageWanted) -> None:
        event.stop()
        showing = self.course.showing
        if showing is None:
            return
        failed = partial(messages.PageFailed, showing.number)
        piece = partial(showing.page, event.offset, event.limit)
        self.runner.start(Lane.PAGE, piece, self, failed)

    @on(ResultTable.CursorMoved)
    def _say_place(self) -> None:
        self.told.place()
        self.course.keep_soon()

    @on(ResultTable.RowChosen)
    async def _drill(self, event: ResultTable.RowChosen) -> None:
        event.stop()
        await self.action_command("table.choose")

    # Lines to type in

    @on(FilterEditor.Applied)
    def _apply_filter(self, event: FilterEditor.Applied) -> None:
        end_typing(self)
        change_filter(self, event.filter)

    @on(FilterEditor.Left)
    @on(SearchLine.Left)
    @on(QuickLine.Left)
    def _end_typing(self) -> None:
        end_typing(self)

    @on(QuickLine.Typed)
    def _filter_rows(self, event: QuickLine.Typed) -> None:
        self.course.filter_rows(event.text)

    @on(SearchLine.Wanted)
    def _search(self, event: SearchLine.Wanted) -> None:
        end_typing(self)
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
