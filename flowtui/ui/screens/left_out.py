"""Input that could not be used: which file, what of it, why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from flowtui.domain.executions import LeftOut, SourceFacts
from flowtui.session.copytext import plain
from flowtui.ui.screens.scrolling import SCROLL_KEYS

MOST_SHOWN: Final = 500
"""Files listed; `flowtui doctor` names all."""


class LeftOutScreen(ModalScreen[None]):
    """Lists what was left out, file by file."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,backspace,enter,L", "dismiss", show=False),
        *SCROLL_KEYS,
    ]
    DEFAULT_CSS = """
    LeftOutScreen .dialog { width: 116; max-height: 90%; }
    """

    def __init__(self, facts: SourceFacts) -> None:
        super().__init__()
        self._facts = facts

    def compose(self) -> ComposeResult:
        """The list."""
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = "Left out"
            dialog.border_subtitle = "j k scroll · q closes"
            yield Static(Content("\n").join(_lines(self._facts)))

    def action_scroll(self, how: str) -> None:
        """Scroll the list."""
        getattr(self.query_one(VerticalScroll), f"scroll_{how}")(animate=False)


def _lines(facts: SourceFacts) -> Iterable[Content]:
    for note in facts.notes:
        yield Content.styled(plain(note), "$text-warning")
    for one in facts.left_out[:MOST_SHOWN]:
        yield Content.assemble((plain(one.path), "bold"), f"  {plain(_what(one))}")
    more = len(facts.left_out) - MOST_SHOWN
    if more > 0:
        yield Content(f"and {more} more; `flowtui doctor` names all.")
    if not facts.left_out:
        yield Content("Nothing was left out: every line of every file is used.")


def _what(one: LeftOut) -> str:
    if not one.count:
        return one.reason
    first = f", first line {one.first_line}" if one.first_line else ""
    return f"{one.count:,} line{'' if one.count == 1 else 's'}{first}: {one.reason}".replace(
        ",", " ", 1 if one.count >= 1000 else 0
    )


def left_out_text(facts: SourceFacts) -> str:
    """`3 files and 1 204 lines of 5 other files left out: L lists them`; empty where none."""
    files = sum(1 for one in facts.left_out if not one.count)
    lines = sum(one.count for one in facts.left_out)
    parts = []
    if files:
        parts.append(f"{files:,} file{'' if files == 1 else 's'}".replace(",", " "))
    if lines:
        parts.append(f"{lines:,} line{'' if lines == 1 else 's'}".replace(",", " "))
    return f"{' and '.join(parts)} left out: L says which and why" if parts else ""
