"""The line under the table: what just happened, and where the cursor is."""

from __future__ import annotations

from typing import Final

from textual.content import Content
from textual.timer import Timer

from flowtui.ui.table.rows import PAGE_ROWS
from flowtui.ui.widgets.line import Line, plain

_SHOWN_S: Final = 8.0
STYLES: Final = {
    "": "",
    "good": "$text-success",
    "warning": "$text-warning",
    "error": "bold $text-error",
}


class NoteLine(Line):
    """A note on the left, gone after a while; `row 1 of 812 · page 1/5` on the right.

    A note that is too long for one line has two, of words that are not broken.
    """

    DEFAULT_CSS = "NoteLine { padding: 0 1; } NoteLine.-long { height: 2; }"

    _note = Content()
    _place = ""
    _timer: Timer | None = None

    @property
    def note(self) -> str:
        """What it says."""
        return self._note.plain

    @property
    def place(self) -> str:
        """Where the cursor is."""
        return self._place

    def tell(self, text: str, tone: str = "") -> None:
        """Say what happened; errors stay until something else is said."""
        self._note = Content.styled(plain(text), STYLES[tone])
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if text and tone != "error":
            self._timer = self.set_timer(_SHOWN_S, self.clear)
        self._fit()
        self.refresh()

    def on_resize(self) -> None:
        """Take the lines that the note needs at this width."""
        self._fit()

    def _fit(self) -> None:
        self.set_class(self._note.cell_length > self.size.width > 0, "-long")

    def clear(self) -> None:
        """Say nothing more."""
        self.tell("")

    def place_at(self, text: str) -> None:
        """Say where the cursor is."""
        if text != self._place:
            self._place = text
            self.refresh()

    def render(self) -> Content:
        """Both; where there is not room for both, what happened comes first."""
        room = self.size.width
        if self.has_class("-long"):
            return Content("\n").join(_two(self._note, room))
        note = self._note.truncate(room, ellipsis=True)
        left = room - note.cell_length
        if len(self._place) + 2 * bool(note) > left:
            return note
        return Content.assemble(note, " " * (left - len(self._place)), (self._place, "dim"))


def _two(note: Content, room: int) -> list[Content]:
    """Two lines; what does not fit these ends in `…`."""
    first = note.wrap(room)[0]
    at = len(first.plain)
    at += note.plain[at : at + 1] == " "
    return [first, note[at:].truncate(room, ellipsis=True)]


def marks_text(shown: int, hidden: int) -> str:
    """`3 marked`, `3 marked + 2 hidden`; empty where none is."""
    beside = f" + {hidden:,} hidden" if hidden else ""
    return f"{shown:,} marked{beside}".replace(",", " ") if shown or hidden else ""


def hidden_text(columns: int) -> str:
    """`2 columns hidden`; empty where none is."""
    return f"{columns} column{'' if columns == 1 else 's'} hidden" if columns else ""


def place_text(row: int, total: int, is_complete: bool) -> str:
    """`row 1 of 812 · page 1/5`; `812+` while more rows are on their way."""
    if not total:
        return ""
    pages = (total + PAGE_ROWS - 1) // PAGE_ROWS
    more = "" if is_complete else "+"
    return (
        f"row {row + 1:,} of {total:,}{more} · page {row // PAGE_ROWS + 1:,}/{pages:,}{more}"
    ).replace(",", " ")
