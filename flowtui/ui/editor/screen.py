"""The screen in which SQL is written: judged while it is typed, run as a view of its own.

While the text has the keys, letters are text and Ctrl keys are commands; after Esc letters are
commands. What was typed is kept as a draft, however the screen is left.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static, TextArea

from flowtui.domain.chips import chips_of, with_chips
from flowtui.domain.filterline import format_filter
from flowtui.domain.filters import NO_FILTER
from flowtui.domain.views import View
from flowtui.errors import FlowtuiError
from flowtui.session import paths
from flowtui.session.drafts import Draft
from flowtui.session.session import Session
from flowtui.ui import own
from flowtui.ui.app import FlowtuiApp
from flowtui.ui.commands import Command, Context, bindings
from flowtui.ui.editor.area import Mark, SqlArea
from flowtui.ui.editor.checking import Checked, Judged, check
from flowtui.ui.editor.drafting import DraftRead, read_draft, write_drafts
from flowtui.ui.editor.outside import PutOut, TakenBack, edit, read_back, write_out
from flowtui.ui.editor.sheet import Sheet
from flowtui.ui.editor.word_list import WordList
from flowtui.ui.editor.words import begun_word, words_for
from flowtui.ui.messages import FileThere, Kept, LibraryRead, WorkFailed
from flowtui.ui.runner import Lane, Work
from flowtui.ui.widgets.key_footer import KeyFooter
from flowtui.ui.widgets.line import Line, plain
from flowtui.ui.widgets.note_line import NoteLine

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen

_PAUSE_S: Final = 0.15
"""So long nothing is typed before the text is judged."""
_JUDGED: Final = 20_000
"""Characters that are judged while they are typed: sqlglot takes some 10 us for each."""
_WORD: Final = re.compile(r"\w+|\"[^\"]*\"?|'[^']*'?|\S")
_AT_LINE: Final = re.compile(r" at line \d+")
_STYLES: Final = {"": "dim", "good": "$text-success", "error": "bold $text-error"}


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
        self._explore = explore
        self._session = session
        self.sheet = sheet
        self._author = sheet.text
        self._finished = ""
        self._made = ""
        """The finished statement as it was made."""
        self._exact = NO_FILTER
        """The filter in the finished statement, with fixed bounds of time."""
        self.is_finished = False
        """True while the finished statement is in view."""
        self.is_filtered = True
        self._checked: Checked | None = None
        self._wanted: Callable[[Checked], None] | None = None
        """What waits for the text to be judged."""
        self._timer: Timer | None = None
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
        self.area.on_special = self._complete_by
        self.area.focus()
        drafts = self._explore.setting.drafts
        self._explore.runner.close_at_end(drafts.write)
        if (draft := drafts.held(self.sheet.key)) is not None:
            self._take(draft)
        else:
            self.area.take(self.sheet.text)
            if not drafts.is_known(self.sheet.key):
                piece = partial(read_draft, drafts, self.sheet.key)
                self._start(Lane.DRAFT, piece)
        self._tell()
        self._check()

    @property
    def area(self) -> SqlArea:
        """The text."""
        return self.query_one(SqlArea)

    @property
    def said(self) -> str:
        """What is said of the text."""
        return str(self.query_one("#said", Static).content)

    def _start(self, lane: Lane, piece: Work) -> None:
        self._explore.runner.start(lane, piece, self, WorkFailed)

    # Drafts

    def _take(self, draft: Draft) -> None:
        self._author, self._finished = draft.text, draft.finished
        self.is_finished, self.is_filtered = draft.is_finished, draft.is_filtered
        try:
            self._exact = self._explore.parse(draft.line)
        except FlowtuiError:  # made over a table with other columns
            self._exact = self.sheet.view.filter
        self.area.take(draft.finished if draft.is_finished else draft.text)

    @on(DraftRead)
    def _take_earlier(self, event: DraftRead) -> None:
        drafts = self._explore.setting.drafts
        if drafts.is_known(event.key):
            return  # typed faster than the disk was read: what is typed here counts
        if self.area.text != self.sheet.text:
            self.note("A draft of an earlier sitting was here; what you type takes its place.")
            return
        self._take(event.draft)
        self._tell()
        self._check()
        self.note("Your draft is back.", "good")

    def keep_draft(self) -> None:
        """Have what is typed outlive this sitting."""
        text = self._author if self.is_finished else self.area.text
        finished = self.area.text if self.is_finished else self._finished
        draft = Draft(
            text, finished, format_filter(self._exact), self.is_finished, self.is_filtered
        )
        is_changed = text != self.sheet.text or self.is_finished
        drafts = self._explore.setting.drafts
        wanted = draft if is_changed else None
        if drafts.held(self.sheet.key) != wanted:
            drafts.hold(self.sheet.key, wanted)
            self._explore.start(Lane.DRAFT, partial(write_drafts, drafts))

    def _forget_draft(self) -> None:
        drafts = self._explore.setting.drafts
        drafts.hold(self.sheet.key, None)
        self._explore.start(Lane.DRAFT, partial(write_drafts, drafts))

    # Judging

    @property
    def view(self) -> View:
        """Under what the text would be run: whose SQL it was, with its filter or without."""
        view = self.sheet.view.under(self._exact) if self.is_finished else self.sheet.view
        if self.is_filtered:
            return view
        chips = chips_of(view.filter, view.parked)
        return with_chips(view, (replace(chip, is_on=False) for chip in chips))

    @property
    def _judged(self) -> Judged:
        return Judged(self.area.text, self.view)

    @on(TextArea.Changed)
    def _changed(self) -> None:
        self._has_failed = False
        self.area.show_mark(None)
        if self._words.is_open:
            self._offer()
        self._check_soon()

    def _check_soon(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE_S, self._check_typed)

    def _check_typed(self) -> None:
        if len(self.area.text) > _JUDGED:
            self.keep_draft()
            self._say("Too long to be judged at every key; it is judged before it runs.")
        else:
            self._check()

    def _check(self) -> None:
        if self._explore.runner.is_busy(Lane.CHECK):
            self._timer = self.set_timer(_PAUSE_S, self._check)
            return
        self.keep_draft()
        self._start(Lane.CHECK, partial(check, self._session, self.sheet, self._judged))

    def _when_judged(self, do: Callable[[Checked], None]) -> None:
        if self._checked is not None and self._checked.judged == self._judged:
            self._wanted = None
            do(self._checked)
        else:
            self._wanted = do
            self._check()

    @on(Checked)
    def _take_in(self, event: Checked) -> None:
        if event.judged != self._judged:
            return  # of a text that is no longer there; another check is on its way
        self._checked = event
        self._tell_checked(event)
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            wanted(event)

    def _tell_checked(self, event: Checked) -> None:
        self.area.show_mark(_mark(self.area, event.position))
        if self._has_failed:
            return
        if event.error is not None:
            at = "Line {}, column {}: ".format(*event.position) if event.position else ""
            message = _AT_LINE.sub("", event.error.message)
            self._say(at + message, "error", event.error.hint)
            return
        asked = ", ".join(f":{p.name} ({p.type.value})" for p in event.missing)
        notes = event.statement.notes if event.statement else ()
        text = f"It can run; it asks for {asked}." if asked else "It can run."
        self._say(text, "good", " ".join(notes))

    @on(WorkFailed)
    def _say_failed(self, event: WorkFailed) -> None:
        self._wanted = None
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
        self._say(error.message, "error", error.hint)

    def _say(self, text: str, tone: str = "", hint: str = "") -> None:
        told = Content.styled(plain(text), _STYLES[tone])
        if hint:
            told = Content.assemble(told, "\n", (plain(hint), "dim"))
        self.query_one("#said", Static).update(told)

    def _tell(self) -> None:
        """Heading, what applies, keys."""
        what = "as it runs" if self.is_finished else "as its author wrote it"
        if self.sheet.path is not None:
            what = "the file"
        self.query_one("#heading", Line).show(
            Content.assemble(
                ("SQL ", "bold $text-primary"), (plain(self.sheet.heading), "bold"), f" · {what}"
            )
        )
        line = format_filter(self.view.filter, self._explore.zone) or "none is set"
        applied = (
            Content.assemble(("Filters on ", "bold $text-success"), plain(line))
            if self.is_filtered
            else Content.assemble(
                ("Filters off ", "bold $text-warning"), "only what the SQL itself says applies"
            )
        )
        self.query_one("#applied", Line).show(applied)
        self.query_one(KeyFooter).tell(self._keys())

    def _keys(self) -> list[Command]:
        is_text = self.area.has_focus
        found = []
        for command in self._explore.commands:
            if command.context is Context.EDITOR and command.rank:
                plain_keys = [key for key in command.keys if not key.startswith("ctrl+")]
                others = [f"^{k[-1].upper()}" for k in command.keys if k.startswith("ctrl+")]
                keys = (*others, *plain_keys) if is_text else (*plain_keys, *others)
                title = "Back" if command.id == "editor.leave" and not is_text else command.title
                found.append(replace(command, keys=keys, title=title))
        return found

    def on_descendant_focus(self) -> None:
        """Letters are text now."""
        self._tell()

    def on_descendant_blur(self) -> None:
        """Letters are commands now."""
        self._tell()

    # Completing

    @property
    def _words(self) -> WordList:
        return self.query_one(WordList)

    def _complete_by(self, key: str) -> bool:
        """Do what a key means while words are offered; True where it meant something."""
        if key == "tab" and not self._words.is_open:
            self._offer(is_asked=True)
            return True
        if not self._words.is_open:
            return False
        if key in ("tab", "enter"):
            self._put_word()
        elif key == "escape":
            self._words.offer(())
        else:
            self._words.move(key)
        return True

    def _offer(self, *, is_asked: bool = False) -> None:
        before = self._before
        words = words_for(before, self._session.engine.schema, self.sheet.view.query.parameters)
        begun = begun_word(before)
        if not begun and not is_asked:
            words = ()
        self._words.offer(words)
        if is_asked and len(words) == 1:
            self._put_word()
        elif is_asked and not words:
            self.note(f"Nothing begins with {begun}.")

    @property
    def _before(self) -> str:
        row, column = self.area.cursor_location
        return self.area.document.get_line(row)[:column]

    def _put_word(self) -> None:
        word = self._words.chosen
        self._words.offer(())
        if word is None:
            return
        row, column = self.area.cursor_location
        begun = begun_word(self._before)
        self.area.replace(
            word.text, (row, column - len(begun)), (row, column), maintain_selection_offset=False
        )

    # Commands

    @on(KeyFooter.Clicked)
    async def _clicked(self, event: KeyFooter.Clicked) -> None:
        await self.action_command(event.id)

    async def action_command(self, id: str) -> None:
        """Do what a key asks."""
        self._has_failed = False
        match id:
            case "editor.run":
                self._when_judged(self._run)
            case "editor.complete":
                self.area.focus()
                self._complete_by("tab")
            case "editor.filters":
                self.is_filtered = not self.is_filtered
                self._tell()
                self._check()
            case "editor.finished":
                self._turn()
            case "editor.outside":
                piece = partial(write_out, self.area.text, paths.lent_dir())
                self._start(Lane.DRAFT, piece)
            case "editor.keep":
                await self._keep()
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

        await show_help(self._explore)

    # Keeping

    async def _keep(self) -> None:
        """A file in its place; SQL as a query of one's own."""
        if self.sheet.path is not None:
            self._write(is_agreed=False)
        else:
            self._when_judged(self._ask_words)

    def _ask_words(self, checked: Checked) -> None:
        from flowtui.session.ownqueries import Words, told
        from flowtui.ui.screens.keep_form import KeepForm

        if checked.view is None:
            return
        query, directory = checked.view.query, self._explore.setting.queries

        def given(words: Words | None) -> None:
            if words is not None:
                piece = partial(own.keep_new, told(query, words), directory)
                self._start(Lane.NAMED, partial(piece, self._explore.setting.read_library))

        words = Words(query.title, query.description, query.parameters)
        about = f"The SQL as it is written here, for any filter and time, in {directory}."
        self.app.push_screen(KeepForm("Keep as a file", about, words), given)

    def _write(self, *, is_agreed: bool) -> None:
        assert self.sheet.path is not None
        before = None if is_agreed else self.sheet.text
        piece = partial(own.write_over, self.sheet.path, before, self.area.text)
        self._start(Lane.NAMED, partial(piece, self._explore.setting.read_library))

    @on(own.FileChanged)
    def _ask_to_write_over(self, event: own.FileChanged) -> None:
        from flowtui.ui.screens.confirm import ConfirmScreen

        def answered(is_meant: bool | None) -> None:
            if is_meant:
                self._write(is_agreed=True)
            else:
                self.note("Nothing was written; the draft is kept.")

        question = f"{event.path} was changed by something else meanwhile. Write over it?"
        self.app.push_screen(ConfirmScreen(question, "write over it"), answered)

    @on(own.FileWritten)
    def _say_written(self, event: own.FileWritten) -> None:
        self.sheet = replace(self.sheet, text=event.text)
        self.keep_draft()
        self._tell()

    @on(Kept)
    def _say_kept(self, event: Kept) -> None:
        self.note(event.text, "good")
        if self.sheet.path is None:
            self._forget_draft()

    @on(LibraryRead)
    @on(FileThere)
    def _pass_on(self, event: LibraryRead | FileThere) -> None:
        self._explore.post_message(event)

    # The person's own editor

    @on(PutOut)
    async def _lend(self, event: PutOut) -> None:
        self.keep_draft()
        app = self.app
        assert isinstance(app, FlowtuiApp)
        try:
            await edit(app, event.path, self._explore.setting.env)
        except FlowtuiError as error:
            self._fail(error)
        else:
            self._start(Lane.DRAFT, partial(read_back, event.path, event.text))

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

        copy_text(self._explore, self.area.selected_text or self.area.text, "the SQL")

    def _turn(self) -> None:
        """From the author's SQL to the statement as it runs, or back."""
        if self.sheet.path is not None:
            self.note("A file holds the author's SQL; r runs it, S then shows it as it ran.")
        elif self.is_finished:
            self._finished, self.is_finished = self.area.text, False
            self.area.take(self._author)
            self._tell()
            self._check()
        else:
            self._when_judged(self._finish)

    def _finish(self, checked: Checked) -> None:
        if checked.statement is None or checked.view is None:
            return  # what is wrong is on the screen
        if checked.missing and not self._finished:
            self.note("It needs values first: ^R asks for them; then S shows it as it ran.")
            return
        self._author = self.area.text
        if not self._finished or self._is_untouched:
            time = checked.statement.time
            filter = checked.view.filter
            self._finished = checked.statement.sql
            self._exact = replace(filter, time=time) if time else filter
            self._made = self._finished
        self.is_finished = True
        self.area.take(self._finished)
        self._tell()
        self._check()

    @property
    def _is_untouched(self) -> bool:
        return self._finished == self._made

    # Running

    def _run(self, checked: Checked) -> None:
        if checked.view is None:
            return
        view = checked.view
        if not checked.missing:
            self._ask(view)
            return
        from flowtui.ui.screens.parameters import ParametersScreen

        def given(arguments: tuple[tuple[str, str], ...] | None) -> None:
            if arguments is not None:
                self._ask(replace(view, arguments=arguments))

        self.app.push_screen(ParametersScreen(view.query, view.arguments), given)

    def _ask(self, view: View) -> None:
        from flowtui.ui.actions.editing import ask_typed

        self._forget_draft()
        self.dismiss()
        ask_typed(self._explore, view)


def _mark(area: SqlArea, position: tuple[int, int] | None) -> Mark | None:
    """The word at a place; the last one of the line where it lies behind that."""
    if position is None or not 0 < position[0] <= area.document.line_count:
        return None
    row, column = position[0] - 1, position[1] - 1
    line = area.document.get_line(row)
    found = _WORD.search(line, min(column, max(0, len(line) - 1)))
    return Mark(row, *found.span()) if found else Mark(row, 0, max(1, len(line)))
