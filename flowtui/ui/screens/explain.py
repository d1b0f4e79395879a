"""Why a pair is rejected, or not: verdicts, the rows they rest on, and lanes over time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from flowtui.domain.evidence import Case
from flowtui.domain.filters import FlowFilter
from flowtui.session.asides import HeldBack
from flowtui.session.budget import Verdict, estimate_text
from flowtui.session.casefile import INDENTS, Part, RulesNow, Tone, parts_of, written
from flowtui.session.copytext import one_line
from flowtui.session.explaining import Explained, Question
from flowtui.ui.explaining import (
    EvidenceComing,
    EvidenceFailed,
    EvidenceFound,
    RulesFailed,
    RulesTold,
)
from flowtui.ui.screens.scrolling import LIST_KEYS, PAGE_KEYS
from flowtui.ui.widgets.execution_line import execution_text
from flowtui.ui.widgets.line import Line, plain

_STYLES: Final = {
    Tone.TITLE: "bold $text-primary",
    Tone.VERDICT: "",
    Tone.QUOTE: "$text-accent",
    Tone.NEXT: "italic $text-muted",
    Tone.HEADING: "bold",
    Tone.ACCEPT: "$text-success",
    Tone.REJECT: "$text-error",
    Tone.NOTE: "$text-muted",
    Tone.BLANK: "",
}
_KEYS: Final = "Enter opens the rows · R rules now · y copies all of it · T zone · q back"

Ask = Callable[[bool, MessagePump], None]
"""Has the evidence found; the first argument says whether somebody agreed to the price."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the screen has done outside of it."""

    copy: Callable[[str, str], None]
    """Copies a text; the second argument says what it is."""
    ask_rules: Callable[[Case, MessagePump], None]
    """Has AWS asked for rules; answers by `RulesTold`."""
    named: Callable[[str], str]
    """What an interface is called."""


class ExplainScreen(Screen[FlowFilter], inherit_bindings=False):
    """Shows what `EvidenceFound` brings; gives back the rows to open.

    Args:
        question: The pair.
        zones: The zone to show times in, and the other one.
        ask: Has the evidence found.
        elsewhere: What is done outside of the screen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,backspace,E", "leave", show=False),
        *LIST_KEYS,
        *PAGE_KEYS,
        Binding("enter", "open", show=False),
        Binding("y", "copy", show=False),
        Binding("T", "zone", show=False),
        Binding("R", "rules", show=False),
    ]
    AUTO_FOCUS = ""  # keys go to the screen
    DEFAULT_CSS = """
    ExplainScreen #title { background: $panel; padding: 0 1; }
    ExplainScreen #stand, ExplainScreen #keys { padding: 0 1; }
    ExplainScreen #keys { background: $panel; }
    ExplainScreen OptionList {
        height: 1fr; border: none; padding: 0 1; background: $background;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(
        self,
        question: Question,
        zones: tuple[tzinfo, tzinfo],
        ask: Ask,
        elsewhere: Elsewhere,
    ) -> None:
        super().__init__()
        self._question = question
        self._zones = zones
        self._ask = ask
        self._elsewhere = elsewhere
        self._now: RulesNow | None = None
        self._explained: Explained | None = None
        self._parts: tuple[Part, ...] = ()
        self._is_held_back = False

    def compose(self) -> ComposeResult:
        """What is asked, how that stands, what was found, the keys."""
        yield Line(id="title")
        yield Line(id="stand")
        yield OptionList(markup=False)
        yield Line(id="keys")

    def on_mount(self) -> None:
        """Ask."""
        self._list.can_focus = False
        asked = self._question
        port = f":{asked.ports}" if asked.ports else ""
        title = f"Why rejected  {asked.a} → {asked.b}{port}"
        self.query_one("#title", Line).show(Content.styled(plain(title), "bold"))
        self.query_one("#keys", Line).show(Content.styled(_KEYS, "$text-muted"))
        self._say("Looking at both directions …")
        self._ask(False, self)

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    def _say(self, text: str, style: str = "dim") -> None:
        self.query_one("#stand", Line).show(Content.styled(plain(text), style))

    @on(EvidenceComing)
    def _follow(self, event: EvidenceComing) -> None:
        execution = event.execution
        self.query_one("#stand", Line).show(execution_text(execution, execution.elapsed_ms))

    @on(EvidenceFound)
    def _take(self, event: EvidenceFound) -> None:
        event.stop()
        if isinstance(event.found, HeldBack):
            self._offer(event.found)
            return
        self._explained = event.found
        execution = event.found.execution
        self.query_one("#stand", Line).show(execution_text(execution, execution.elapsed_ms))
        self._show()

    def _offer(self, held: HeldBack) -> None:
        self._is_held_back = held.check.verdict is not Verdict.REFUSE
        self._say("Nothing has run yet.", "bold $text-warning")
        lines = [held.check.reason, estimate_text(held.estimate)]
        if self._is_held_back:
            lines.append("Enter asks it.")
        self._fill(tuple(Part(Tone.VERDICT, line) for line in lines if line))

    @on(EvidenceFailed)
    def _say_failed(self, event: EvidenceFailed) -> None:
        event.stop()
        self._say(f"{event.error.message} {event.error.hint}", "$text-error")

    def _show(self) -> None:
        if self._explained is not None:
            self._fill(
                parts_of(self._explained.case, self._zones[0], self._now, self._elsewhere.named)
            )

    def _fill(self, parts: tuple[Part, ...]) -> None:
        at = self._list.highlighted or 0
        self._parts = parts
        self._list.set_options(Option(painted(part)) for part in parts)
        self._list.highlighted = min(at, len(parts) - 1)

    def action_move(self, how: str) -> None:
        """Move the highlight."""
        getattr(self._list, f"action_{how}")()

    def action_open(self) -> None:
        """Open the rows that are quoted under the highlight; or agree to what asking costs."""
        if self._is_held_back:
            self._is_held_back = False
            self._fill(())
            self._say("Asking …")
            self._ask(True, self)
            return
        index = self._list.highlighted
        part = self._parts[index] if index is not None and index < len(self._parts) else None
        if part is not None and part.filter is not None:
            self.dismiss(part.filter)
        elif self._explained is not None:
            self._say("This line rests on no rows of its own: choose one that begins with ›.")

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_open()

    def action_copy(self) -> None:
        """Copy all of it as text."""
        if self._explained is not None:
            self._elsewhere.copy("\n".join(map(written, self._parts)) + "\n", "the explanation")

    def action_rules(self) -> None:
        """Ask AWS which rules match now."""
        if self._explained is not None:
            self._say("Asking AWS for security groups and network ACLs …")
            self._elsewhere.ask_rules(self._explained.case, self)

    @on(RulesTold)
    def _show_rules(self, event: RulesTold) -> None:
        event.stop()
        self._now = event.now
        self._say("Rules as they are now stand with each pair; nothing was billed.", "$text-accent")
        self._show()

    @on(RulesFailed)
    def _say_no_rules(self, event: RulesFailed) -> None:
        event.stop()
        self._say(f"{event.error.message} {event.error.hint}", "$text-error")

    def note(self, text: str, tone: str = "") -> None:
        """Say what happened."""
        self._say(text, {"good": "$text-success", "warning": "$text-warning"}.get(tone, "dim"))

    def action_zone(self) -> None:
        """Times in the other zone."""
        self._zones = (self._zones[1], self._zones[0])
        self._show()

    def action_leave(self) -> None:
        """Back to the table."""
        self.dismiss(None)


def painted(part: Part) -> Content:
    """A part with its colours; data in it is text, and on one line."""
    text = INDENTS.get(part.tone, "") + one_line(part.text)
    if part.lead:
        return Content.assemble((f"[{part.lead}] ", "bold $text-warning"), (text, ""))
    return Content.styled(text or " ", _STYLES[part.tone])
