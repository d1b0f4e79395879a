"""The screen in which SQL is written: judged while it is typed, run as a view of its own.

While the text has the keys, letters are text and Ctrl keys are commands; after Esc letters are
commands. What was typed is kept as a draft, however the screen is left.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import DescendantBlur, DescendantFocus
from textual.screen import Screen
from textual.widgets import Static, TextArea

from flowtui.domain.filterline import format_filter
from flowtui.errors import FlowtuiError
from flowtui.session import paths
from flowtui.session.session import Session
from flowtui.ui import own
from flowtui.ui.app import FlowtuiApp
from flowtui.ui.commands import Context, bindings
from flowtui.ui.editor.area import SqlArea
from flowtui.ui.editor.checking import Checked, Judged
from flowtui.ui.editor.completing import Completing
from flowtui.ui.editor.drafting import Drafting, DraftRead
from flowtui.ui.editor.judging import Judging
from flowtui.ui.editor.keeping import Keeping
from flowtui.ui.editor.outside import PutOut, TakenBack, edit, read_back, write_out
from flowtui.ui.editor.running import run
from flowtui.ui.editor.sheet import Sheet
from flowtui.ui.editor.telling import Saying, applied, heading, judgement, keys, mark
from flowtui.ui.editor.texts import Texts
from flowtui.ui.editor.turning import turn
from flowtui.ui.editor.word_list import WordList
from flowtui.ui.messages import FileThere, Kept, LibraryRead, WorkFailed
from flowtui.ui.runner import Lane, Work
from flowtui.ui.widgets.key_footer import KeyFooter
from flowtui.ui.widgets.line import Line
from flowtui.ui.widgets.note_line import NoteLine

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen


class EditorScreen(Screen[None], inherit_bindings=False):
    """Writes SQL, and has the explore screen ask it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Context.EDITOR),
        Binding("e,i,enter", "write", show=False),
        Binding("question_mark", "help", show=False),
    ]
    AUTO_FOCUS = ""  # else a dialog that closes over the keys gives letters to the text
    DEFAULT_CSS = """
    EditorScreen #heading { background: $panel; padding: 0 1; }
    EditorScreen #applied { padding: 0 1; }
    EditorScreen #said { padding: 0 1; height: auto; max-height: 5; }
    """

    def __init__(self, explore: ExploreScreen, session: Session, sheet: Sheet) -> None:
        super().__init__()
        self.explore = explore
        self.session = session
        self.sheet = sheet
        self.texts = Texts(sheet.text)
        self.drafting = Drafting(self)
        self.judging = Judging(self)
        self._completing = Completing(self)
        self._keeping = Keeping(self)
        self._has_failed = False
        """True while a failure is told: it stays until something else is done."""

    def compose(self) -> ComposeResult:
        """What is edited, what applies to it, the text, what is wrong, keys."""
        yield Line(id="heading")
        yield Line(id="applied")
        yield SqlArea()
        yield WordList()
        yield Static(id="said", markup=False)
        yield NoteLine()
        yield KeyFooter()

    def on_mount(self) -> None:
        """Begin with the draft, else with what there is."""
        self.area.on_special = self._completing.press
        self.area.focus()
        self.drafting.begin()
        self._tell()
        self.judging.check()

    @property
    def area(self) -> SqlArea:
        """The text."""
        return self.query_one(SqlArea)

    @property
    def said(self) -> str:
        """What is said of the text."""
        return str(self.query_one("#said", Static).content)

    def start(self, lane: Lane, piece: Work) -> None:
        """Do a piece of work in a thread; what it posts comes here."""
        self.explore.runner.start(lane, piece, self, WorkFailed)

    @on(DraftRead)
    def _take_earlier(self, event: DraftRead) -> None:
        if self.drafting.take_earlier(event):
            self._tell()
            self.judging.check()

    def keep_draft(self) -> None:
        """Have what is typed outlive this sitting."""
        self.drafting.keep()

    # Judging

    @property
    def judged(self) -> Judged:
        """The text, and under what it would be run."""
        return Judged(self.area.text, self.texts.view(self.sheet.view))

    @on(TextArea.Changed)
    def _changed(self) -> None:
        self._has_failed = False
        self.area.show_mark(None)
        self._completing.follow()
        self.judging.check_soon()

    @on(Checked)
    def _take_in(self, event: Checked) -> None:
        if not self.judging.take(event):
            return
        self.area.show_mark(mark(self.area, event.position))
        if not self._has_failed:
            self._show(judgement(event))
        self.judging.go_on(event)

    @on(WorkFailed)
    def _say_failed(self, event: WorkFailed) -> None:
        self.judging.give_up()
        self._fail(event.error)

    @on(SqlArea.Refused)
    def _say_refused(self, event: SqlArea.Refused) -> None:
        self.note(event.why, "error")

    # Saying

    def note(self, text: str, tone: str = "") -> None:
        """Say what happened."""
        self.query_one(NoteLine).tell(text, tone)

    def _fail(self, error: FlowtuiError) -> None:
        self._has_failed = True
        self._show(Saying(error.message, "error", error.hint))

    def say(self, text: str) -> None:
        """Say something of the text, in the place of the judgement."""
        self._show(Saying(text))

    def _show(self, saying: Saying) -> None:
        self.query_one("#said", Static).update(saying.content)

    def _tell(self) -> None:
        """Heading, what applies, keys."""
        texts = self.texts
        self.query_one("#heading", Line).show(heading(self.sheet, is_finished=texts.is_finished))
        line = format_filter(self.judged.view.filter, self.explore.zone)
        self.query_one("#applied", Line).show(applied(line, is_filtered=texts.is_filtered))
        shown = keys(self.explore.commands, is_text=self.area.has_focus)
        self.query_one(KeyFooter).tell(shown)

    @on(DescendantFocus)
    @on(DescendantBlur)
    def _turn_keys(self) -> None:
        """Letters are text now, or commands again."""
        self._tell()

    # Commands

    @on(KeyFooter.Clicked)
    async def _clicked(self, event: KeyFooter.Clicked) -> None:
        await self.action_command(event.id)

    async def action_command(self, id: str) -> None:
        """Do what a key asks."""
        self._has_failed = False
        match id:
            case "editor.run":
                self.judging.when_judged(partial(run, self))
            case "editor.complete":
                self.area.focus()
                self._completing.press("tab")
            case "editor.filters":
                self.texts.is_filtered = not self.texts.is_filtered
                self._tell()
                self.judging.check()
            case "editor.finished":
                turn(self)
            case "editor.outside":
                self.start(Lane.DRAFT, partial(write_out, self.area.text, paths.lent_dir()))
            case "editor.keep":
                self._keeping.keep()
            case "editor.copy":
                self._copy()
            case "editor.undo":
                self.area.undo()
            case "editor.redo":
                self.area.redo()
            case "editor.leave":
                self._leave()

    def action_write(self) -> None:
        """Back to the text."""
        self.area.focus()

    async def action_help(self) -> None:
        """All keys."""
        from flowtui.ui.actions.helping import show_help

        await show_help(self.explore)

    # Keeping

    @on(own.FileChanged)
    def _ask_to_write_over(self, event: own.FileChanged) -> None:
        self._keeping.ask_to_write_over(event)

    @on(own.FileWritten)
    def _say_written(self, event: own.FileWritten) -> None:
        self.sheet = replace(self.sheet, text=event.text)
        self.keep_draft()
        self._tell()

    @on(Kept)
    def _say_kept(self, event: Kept) -> None:
        self.note(event.text, "good")
        if self.sheet.path is None:
            self.drafting.forget()

    @on(LibraryRead)
    @on(FileThere)
    def _pass_on(self, event: LibraryRead | FileThere) -> None:
        self.explore.post_message(event)

    # The person's own editor

    @on(PutOut)
    async def _lend(self, event: PutOut) -> None:
        self.keep_draft()
        app = self.app
        assert isinstance(app, FlowtuiApp)
        try:
            await edit(app, event.path, self.explore.setting.env)
        except FlowtuiError as error:
            self._fail(error)
        else:
            self.start(Lane.DRAFT, partial(read_back, event.path, event.text))

    @on(TakenBack)
    def _take_back(self, event: TakenBack) -> None:
        if event.text == event.before.removesuffix("\n"):
            self.note("Nothing was changed.")
        elif self.area.text != event.before:
            self.note("The text here was changed meanwhile.", "error")
        else:
            self.area.put(event.text)

    def _leave(self) -> None:
        if self.area.has_focus:
            self.set_focus(None)
            return
        self.keep_draft()
        self.dismiss()

    def _copy(self) -> None:
        from flowtui.ui.actions.copying import copy_text

        copy_text(self.explore, self.area.selected_text or self.area.text, "the SQL")

    def show_other(self) -> None:
        """Show the text that has come into view, and judge it."""
        self.area.take(self.texts.in_view)
        self._tell()
        self.judging.check()
