"""The text of the editor: SQL with colours, a mark where it is wrong, and keys that arrive."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from flowtui.session.copytext import plain
from flowtui.session.drafts import MOST_SQL_BYTES
from flowtui.ui.sqlcolours import spans

_COLOURED: Final = 30_000
"""Characters that are coloured at each change; a longer text is shown without colours."""
_WRAPPED: Final = 2_000
"""Characters of a line that are wrapped; a longer one runs out of the window instead."""
_SPECIAL: Final = frozenset({"tab", "enter", "escape", "up", "down", "pageup", "pagedown"})


def tidy(text: str) -> str:
    """Text from outside, with Unix line ends, and what would act on a terminal written out."""
    return plain(text.replace("\r\n", "\n").replace("\r", "\n"))


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a line that is wrong; all from 0, `end` not in it."""

    row: int
    start: int
    end: int


class SqlArea(TextArea, inherit_bindings=False):
    """Text to write SQL in. Takes no escape sequences, and no more than Athena does."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "sql--comment", "sql--string", "sql--number", "sql--keyword", "sql--function",
        "sql--wrong",
    }  # fmt: skip
    DEFAULT_CSS = """
    SqlArea {
        border: none; padding: 0; background: $surface; scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 1;
        &:focus { border: none; }
        & .sql--comment { color: $text-muted; text-style: italic; }
        & .sql--string { color: $text-success; }
        & .sql--number { color: $text-warning; }
        & .sql--keyword { color: $text-primary; text-style: bold; }
        & .sql--function { color: $text-accent; }
        & .sql--wrong { color: $text-error; text-style: bold underline; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_up", show=False),
        Binding("down", "cursor_down", show=False),
        Binding("left", "cursor_left", show=False),
        Binding("right", "cursor_right", show=False),
        Binding("ctrl+left", "cursor_word_left", show=False),
        Binding("ctrl+right", "cursor_word_right", show=False),
        Binding("home", "cursor_line_start", show=False),
        Binding("end,ctrl+e", "cursor_line_end", show=False),
        Binding("pageup", "cursor_page_up", show=False),
        Binding("pagedown", "cursor_page_down", show=False),
        Binding("shift+left", "cursor_left(True)", show=False),
        Binding("shift+right", "cursor_right(True)", show=False),
        Binding("shift+up", "cursor_up(True)", show=False),
        Binding("shift+down", "cursor_down(True)", show=False),
        Binding("shift+home", "cursor_line_start(True)", show=False),
        Binding("shift+end", "cursor_line_end(True)", show=False),
        Binding("backspace", "delete_left", show=False),
        Binding("delete,ctrl+d", "delete_right", show=False),
        Binding("ctrl+w", "delete_word_left", show=False),
        Binding("ctrl+u", "delete_to_start_of_line", show=False),
        Binding("ctrl+k", "delete_to_end_of_line_or_delete_line", show=False),
        Binding("ctrl+underscore", "undo", show=False),
        Binding("ctrl+y", "redo", show=False),
    ]
    """Textual's, without those that a multiplexer or the terminal takes, and without its
    clipboard: copying goes the way of everything else that is copied."""

    @dataclass
    class Refused(Message):
        """A text was not taken."""

        why: str

    def __init__(self) -> None:
        # The tint of the line under the cursor would take the colours of what is in it.
        super().__init__(
            show_line_numbers=True, soft_wrap=True, tab_behavior="focus",
            highlight_cursor_line=False,
        )  # fmt: skip
        self._mark: Mark | None = None
        self._starts: list[int] = [0]
        self._colours: list[tuple[int, int, str]] = []
        self._coloured_text: str | None = None
        self.on_special: Callable[[str], bool] = lambda _key: False
        """Is given Tab, and keys that move, take and leave; True: it had a use for it."""

    # Text

    def take(self, text: str) -> None:
        """Begin with another text; what was done before cannot be undone."""
        self.load_text(tidy(text))
        self._fit()

    def put(self, text: str) -> None:
        """Replace all by another text; can be undone."""
        self.replace(tidy(text), (0, 0), self.document.end, maintain_selection_offset=False)
        self.move_cursor((0, 0))
        self._fit()

    def fits(self, more: str) -> bool:
        """True where so much may be added; else says that it is too long."""
        has = len(self.text.encode("utf-8", "replace")) if more else 0
        if has + len(more.encode("utf-8", "replace")) <= MOST_SQL_BYTES:
            return True
        limit = f"{MOST_SQL_BYTES:,}".replace(",", " ")
        self.post_message(self.Refused(f"That is too long: Athena takes {limit} bytes of SQL."))
        return False

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if not self.fits(event.text):
            return
        text = tidy(event.text)
        result = self.replace(text, *self.selection, maintain_selection_offset=False)
        self.move_cursor(result.end_location)
        self._fit()

    async def _on_key(self, event: events.Key) -> None:
        is_taken = event.key in _SPECIAL and self.on_special(event.key)
        is_printed = event.is_printable or event.key == "enter"
        if is_taken or (is_printed and not self.fits(event.character or " ")):
            event.stop()
            event.prevent_default()

    def _fit(self) -> None:
        longest = max((len(line) for line in self.document.lines), default=0)
        self.soft_wrap = longest <= _WRAPPED

    # Looks

    @property
    def mark(self) -> Mark | None:
        """What is wrong."""
        return self._mark

    def show_mark(self, mark: Mark | None) -> None:
        """Underline what is wrong; None: nothing is."""
        if mark != self._mark:
            self._mark = mark
            self.notify_style_update()
            self.refresh()

    def get_line(self, line_index: int) -> Text:
        """A line as it is drawn."""
        line = Text(self.document.get_line(line_index), end="", no_wrap=True)
        for start, end, kind in self._spans(line_index):
            line.stylize(self.get_component_rich_style(f"sql--{kind}"), start, end)
        mark = self._mark
        if mark is not None and mark.row == line_index:
            style = self.get_component_rich_style("sql--wrong")
            line.stylize(style, mark.start, mark.end)
        return line

    def _spans(self, row: int) -> list[tuple[int, int, str]]:
        self._colour()
        if not self._colours or row >= len(self._starts):
            return []
        begin = self._starts[row]
        end = self._starts[row + 1] if row + 1 < len(self._starts) else len(self.text) + 1
        at = bisect_right(self._colours, (begin, 0, ""))
        found = []
        for start, stop, kind in self._colours[max(0, at - 1) :]:
            if start >= end:
                break
            if stop > begin:
                found.append((max(0, start - begin), stop - begin, kind))
        return found

    def _colour(self) -> None:
        text = self.text
        if text is self._coloured_text or text == self._coloured_text:
            return
        self._coloured_text = text
        self._colours = list(spans(text)) if len(text) <= _COLOURED else []
        self._starts = [0]
        for line in self.document.lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
