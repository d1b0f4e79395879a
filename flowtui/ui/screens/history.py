"""What ran before, here and in the work group: to look at, to open again, to copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from flowtui.domain.money import dollars
from flowtui.domain.values import format_instant, format_size
from flowtui.session.copytext import plain
from flowtui.session.earlier import heading
from flowtui.session.history import Past
from flowtui.ui.age import age_text
from flowtui.ui.messages import HistoryRead
from flowtui.ui.screens.scrolling import LIST_KEYS, PAGE_KEYS
from flowtui.ui.sqlcolours import coloured
from flowtui.ui.widgets.execution_line import STYLES
from flowtui.ui.widgets.line import Line
from flowtui.ui.widgets.line import plain as linewise

_WIDE: Final = 70
"""Cells of a terminal from which on every figure has room beside the title."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is wanted of an execution."""

    past: Past
    is_copied: bool = False
    """True: the command line that gives its rows; else the rows themselves."""
    is_anew: bool = False
    """True: asked again on the engine, even where its rows are still there."""


class HistoryScreen(ModalScreen[Chosen | None]):
    """Lists what ran, the latest first; gives back what was chosen.

    Args:
        now: What ages count from.
        spent: US dollars of this sitting.
        read: Reads history; answers by `HistoryRead`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,backspace,H", "leave", show=False),
        *LIST_KEYS,
        *PAGE_KEYS,
        Binding("enter", "choose", show=False),
        Binding("y,c", "copy", show=False),
        Binding("r", "run", show=False),
        Binding("slash", "search", show=False),
    ]
    DEFAULT_CSS = """
    HistoryScreen .dialog { width: 116; height: 90%; }
    HistoryScreen OptionList {
        height: 1fr; padding: 0; border: none; background: $surface; scrollbar-size-vertical: 1;
        text-wrap: nowrap; text-overflow: ellipsis;
        &:focus { border: none; }
    }
    HistoryScreen .sql {
        height: 40%; min-height: 3; max-height: 8; border-top: solid $panel; padding: 0;
    }
    HistoryScreen Input { background: $boost; display: none; }
    """

    def __init__(
        self, now: datetime, spent: Decimal, read: Callable[[HistoryScreen], None]
    ) -> None:
        super().__init__()
        self._now = now
        self._spent = spent
        self._read = read
        self._pasts: tuple[Past, ...] = ()
        self._shown: tuple[Past, ...] = ()

    def compose(self) -> ComposeResult:
        """Search, list, the one under the highlight, sums."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "History"
            dialog.border_subtitle = "Enter opens · r runs again · y command line · / search · q"
            yield Input(placeholder="Search in titles, filters and SQL", compact=True)
            yield OptionList(markup=False)
            with VerticalScroll(classes="sql") as about:
                about.can_focus = False
                yield Static(markup=False)
            yield Line(id="sums")

    def on_mount(self) -> None:
        """Read what ran."""
        self._list.focus()
        self._say("Reading …")
        self._read(self)

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    @property
    def _past(self) -> Past | None:
        index = self._list.highlighted
        return self._shown[index] if index is not None and index < len(self._shown) else None

    @on(HistoryRead)
    def _take(self, event: HistoryRead) -> None:
        self._pasts = event.pasts
        self._show()
        sums = f"session {dollars(self._spent)} · today {dollars(event.today)}"
        self._say(f"{sums} · {event.trouble}" if event.trouble else sums)

    def _say(self, text: str) -> None:
        self.query_one("#sums", Line).show(Content.styled(linewise(text), "$text-accent"))

    @on(Input.Changed)
    def _show(self) -> None:
        words = self.query_one(Input).value.casefold().split()
        kept = self._past
        self._shown = tuple(p for p in self._pasts if all(w in _haystack(p) for w in words))
        is_narrow = self.app.size.width < _WIDE
        told = (row_text(past, self._now, is_narrow) for past in self._shown)
        self._list.set_options(map(Option, told))
        ids = [past.id for past in self._shown]
        if ids:
            self._list.highlighted = ids.index(kept.id) if kept and kept.id in ids else 0
        self._tell()

    @on(OptionList.OptionHighlighted)
    def _tell(self) -> None:
        past = self._past
        text = about(past) if past else Content("Nothing ran that holds these words.")
        self.query_one(".sql Static", Static).update(text)

    @on(Input.Submitted)
    def _searched(self) -> None:
        self._list.focus()

    @on(OptionList.OptionSelected)
    def action_choose(self) -> None:
        """Open the rows again."""
        if self._past is not None:
            self.dismiss(Chosen(self._past))

    def action_run(self) -> None:
        """Ask it again."""
        if self._past is not None:
            self.dismiss(Chosen(self._past, is_anew=True))

    def action_copy(self) -> None:
        """Copy the command line."""
        if self._past is not None:
            self.dismiss(Chosen(self._past, is_copied=True))

    def action_search(self) -> None:
        """Type what to search for."""
        line = self.query_one(Input)
        line.display = True
        line.focus()

    def action_move(self, how: str) -> None:
        """Move the highlight."""
        getattr(self._list, f"action_{how}")()

    def action_leave(self) -> None:
        """From the search to the list, from there back."""
        if self.query_one(Input).has_focus:
            self._list.focus()
        else:
            self.dismiss(None)


def _haystack(past: Past) -> str:
    texts = (past.title, past.filter, past.sql, past.source, past.query_id, past.state.value)
    return "\n".join(texts).casefold()


def row_text(past: Past, now: datetime, is_narrow: bool = False) -> Content:
    """` 3 min  SUCCEEDED    4.1 s    1.2 GB   $0.006  Top rejected pairs`.

    Where it is narrow: ` 3 min SUCC $0.006 Top rejected pairs`.
    """
    size = "" if past.scanned_bytes is None else format_size(past.scanned_bytes)
    money = "" if past.cost is None else dollars(past.cost)
    if is_narrow:
        state = (f" {past.state.value[:4]} ", STYLES[past.state])
        rest = f"{money} {linewise(heading(past))}".lstrip()
        return Content.assemble(f"{age_text(now - past.submitted):>6}", state, rest)
    return Content.assemble(
        f"{age_text(now - past.submitted):>7}  ",
        (f"{past.state.value:<9}", STYLES[past.state]),
        f" {past.elapsed_ms / 1000:>7,.1f} s {size:>9} {money:>8}  {linewise(heading(past))}",
    )


def about(past: Past) -> Content:
    """When, where, under which filter, and the SQL."""
    facts = [format_instant(past.submitted), past.source, past.query_id, past.filter, past.reason]
    told = Content.styled(plain(" · ".join(fact for fact in facts if fact)), "dim")
    return Content("\n").join((told, coloured(past.sql)))
