"""Writing the rows to a file: its name, how far it is, and how to stop it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from flowtui.errors import EngineError
from flowtui.session.copytext import plain
from flowtui.session.rowfile import FORMATS, FileIsThereError, Manner, file_of
from flowtui.ui.figures import grouped
from flowtui.ui.messages import RowsWritten, WriteFailed, Writing
from flowtui.ui.screens.confirm import ConfirmScreen
from flowtui.ui.widgets.execution_line import bar
from flowtui.ui.widgets.form_row import FormRow
from flowtui.ui.widgets.tick import Tick

_KEYS: Final = "Enter writes it · Tab Space choose · Esc leaves it"
Begin = Callable[["WriteForm", Path, Manner], None]
"""Writes the rows to a file in a manner; answers to the form."""


class WriteForm(ModalScreen[RowsWritten | None]):
    """Asks for a file and has it written; gives back what was, or None.

    Args:
        name: To begin with.
        about: Which rows are written.
        begin: Begins to write.
        stop: Stops that.
        marked: How many rows are marked; those alone are written unless the box is unticked.
        is_anonymised: To begin with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("x,q,ctrl+c", "leave", show=False),  # text while the name is typed
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-wide")]  # noqa: RUF012 - as in Textual
    DEFAULT_CSS = """
    WriteForm .dialog { width: 100; }
    WriteForm Tick { margin-left: 18; }
    WriteForm.-narrow Tick { margin-left: 0; }
    """

    def __init__(
        self,
        name: str,
        about: str,
        begin: Begin,
        stop: Callable[[], object],
        marked: int = 0,
        *,
        is_anonymised: bool = False,
    ) -> None:
        super().__init__()
        self._file_name = name
        self._about = about
        self._begin = begin
        self._stop = stop
        self._marked = marked
        self._is_anonymised = is_anonymised
        self._is_writing = False
        self._is_stopping = False

    def compose(self) -> ComposeResult:
        """The name, and what is said about it."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Write to a file"
            yield Static(self._told(bool(self._marked)), classes="about", markup=False)
            yield FormRow("file", "File", self._file_name, "A path; ~ is home")
            if self._marked:
                yield Tick(f"Only the {self._marked_rows}", is_on=True, id="marked")
            yield Tick("CSV without formulas: ' before = + - @", id="safe")
            hidden = "Anonymised: other addresses, accounts and ids"
            yield Tick(hidden, self._is_anonymised, id="hidden")
            yield Static(id="meaning", markup=False)

    def on_mount(self) -> None:
        """Let the name be typed."""
        self._ask()

    @on(Tick.Changed, "#marked")
    def _say_which(self) -> None:
        self.query_one(".about", Static).update(self._told(self.is_only_marked))

    def _told(self, is_only_marked: bool) -> str:
        which = f"{self._marked_rows}, in the order shown." if is_only_marked else self._about
        endings = " ".join(ending for ending, format in FORMATS.items() if format != "addresses")
        formats = f"The ending says the format: {endings}; .txt: addresses only"
        place = f"In {Path.cwd()}, unless another place is named."
        return plain(f"{which}\n{formats}\n{place}")

    @property
    def _marked_rows(self) -> str:
        return f"{grouped(self._marked)} marked row{'' if self._marked == 1 else 's'}"

    @property
    def is_only_marked(self) -> bool:
        """True: of all rows, the marked ones are to be written."""
        return any(box.value for box in self.query("#marked").results(Tick))

    def _ask(self) -> None:
        self._is_writing = self._is_stopping = False
        self.query_one(".dialog").border_subtitle = _KEYS
        field = self.query_one(Input)
        field.disabled = False
        self.query(Tick).set(disabled=False)
        field.focus()

    def _say(self, text: str, style: str = "") -> None:
        self.query_one("#meaning", Static).update(Content.styled(plain(text), style))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._is_writing:
            return
        try:
            path = file_of(event.value)
        except EngineError as error:
            self._say(f"{error.message} {error.hint}", "$text-error")
            return
        self._write(path, is_over=False)

    def _write(self, path: Path, *, is_over: bool) -> None:
        self._is_writing = True
        self.query_one(".dialog").border_subtitle = "x or Esc stops it; no file is left"
        self.query_one(Input).disabled = True
        self.query(Tick).set(disabled=True)
        self.set_focus(None)
        self._say("Writing …")
        safe, hidden = (self.query_one(id, Tick).value for id in ("#safe", "#hidden"))
        self._begin(self, path, Manner(safe, hidden, is_over))

    @on(Writing)
    def _say_how_far(self, event: Writing) -> None:
        event.stop()
        if self._is_writing and not self._is_stopping:
            share = event.rows / event.total if event.total else 0.0
            counts = f"{grouped(event.rows)} of {grouped(event.total)} rows"
            self._say(f"{bar(share)} {min(share, 1):.0%} · {counts}", "$text-accent")

    @on(RowsWritten)
    def _written(self, event: RowsWritten) -> None:
        event.stop()
        self.dismiss(event)

    @on(WriteFailed)
    def _failed(self, event: WriteFailed) -> None:
        event.stop()
        if self._is_stopping:
            self.dismiss(None)
        elif isinstance(event.error, FileIsThereError):
            self._ask_to_overwrite(event.path)
        else:
            self._ask()
            self._say(f"{event.error.message} {event.error.hint}", "$text-error")

    def _ask_to_overwrite(self, path: Path) -> None:
        def answered(is_agreed: bool | None) -> None:
            if is_agreed:
                self._write(path, is_over=True)
            else:
                self._ask()
                self._say("Nothing was written: it is there already.", "$text-warning")

        question = f"{path} is there already. Write over it?"
        self.app.push_screen(ConfirmScreen(question, "write over it"), answered)

    def action_leave(self) -> None:
        """Stop writing; where nothing is written, or it does not stop, leave."""
        if not self._is_writing or self._is_stopping:
            self.dismiss(None)
            return
        self._is_stopping = True
        self._say("Stopping …", "$text-warning")
        self._stop()
