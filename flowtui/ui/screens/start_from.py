"""Starting from a text: an address, an alarm, a finding; what it says, and what to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static, TextArea
from textual.widgets.option_list import Option

from flowtui.domain.addresses import Network, network_text
from flowtui.domain.clues import Clues
from flowtui.domain.proposals import Proposal
from flowtui.session.copytext import plain
from flowtui.ui.messages import QueryEstimated
from flowtui.ui.widgets.line import Line

_MOST_TOLD: Final = 4


@dataclass
class CluesRead(Message):
    """What a text says, and the questions that it suggests."""

    text: str
    clues: Clues
    proposals: tuple[Proposal, ...]


Pricer = Callable[[Proposal, "StartFromScreen"], None]
"""Has it found out what a question costs; `QueryEstimated` comes back."""
Reader = Callable[[str, "StartFromScreen"], None]
"""Has a text read in a thread; `CluesRead` comes back."""


class _Text(TextArea):
    """Takes what is pasted as plain text: an escape sequence in it must not reach the terminal."""

    async def _on_paste(self, event: events.Paste) -> None:
        await super()._on_paste(events.Paste(plain(event.text)))
        event.stop()
        event.prevent_default()


class StartFromScreen(ModalScreen[Proposal | None]):
    """Gives back the question chosen; None where none was.

    Args:
        read: Reads a text.
        price: Says what a question costs; None: nothing is billed.
        text: What to begin with.
    """

    AUTO_FOCUS = "TextArea"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("q,backspace,I", "leave", show=False),
        Binding("tab", "turn", show=False, priority=True),
        Binding("j", "move('cursor_down')", show=False),
        Binding("k", "move('cursor_up')", show=False),
    ]
    DEFAULT_CSS = """
    StartFromScreen .dialog { width: 100; height: auto; max-height: 96%; }
    StartFromScreen TextArea { height: 7; border: none; padding: 0 1; background: $boost;
        &:focus { border: none; } }
    StartFromScreen #found { margin: 1 0; height: auto; max-height: 8; }
    StartFromScreen #price { margin-top: 1; }
    StartFromScreen OptionList { height: auto; max-height: 10; padding: 0; border: none;
        background: $surface; &:focus { border: none; } }
    """

    def __init__(self, read: Reader, price: Pricer | None = None, text: str = "") -> None:
        super().__init__()
        self._read = read
        self._price = price
        self._text = text
        self._proposals: tuple[Proposal, ...] = ()

    def compose(self) -> ComposeResult:
        """The text, what it says, what to ask."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Start from a text"
            dialog.border_subtitle = "Tab to the questions · Enter asks · Esc leaves"
            yield _Text(compact=True, highlight_cursor_line=False)
            yield Static(id="found", markup=False)
            yield OptionList(markup=False)
            yield Line(id="price")

    def on_mount(self) -> None:
        """Read what it begins with."""
        self._tell(Content.styled(_ASKED, "$text-muted"))
        if self._text:
            self.take(self._text)

    def take(self, text: str) -> None:
        """Put a text in; the keys go to the questions that it suggests."""
        self.query_one(TextArea).load_text(plain(text))
        self.set_focus(self.query_one(OptionList))

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._read(event.text_area.text, self)

    @on(CluesRead)
    def _show(self, event: CluesRead) -> None:
        event.stop()
        if event.text != self.query_one(TextArea).text:
            return
        self._proposals = event.proposals
        options = self.query_one(OptionList)
        options.set_options(Option(_line(one)) for one in event.proposals)
        options.highlighted = 0 if event.proposals else None
        self._tell(_told(event) if event.text.strip() else Content.styled(_ASKED, "$text-muted"))

    @on(OptionList.OptionHighlighted)
    def _look_at_price(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.query_one("#price", Line).show(Content())
        if self._price is not None and event.option_index < len(self._proposals):
            self._price(self._proposals[event.option_index], self)

    @on(QueryEstimated)
    def _tell_price(self, event: QueryEstimated) -> None:
        event.stop()
        at = self.query_one(OptionList).highlighted
        if at is not None and self._proposals[at].slug == event.slug:
            self.query_one("#price", Line).show(Content.styled(plain(event.text), "$text-accent"))

    def _tell(self, words: Content) -> None:
        self.query_one("#found", Static).update(words)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._proposals[event.option_index])

    def action_turn(self) -> None:
        """From the text to the questions, and back."""
        text, options = self.query_one(TextArea), self.query_one(OptionList)
        self.set_focus(options if text.has_focus else text)

    def action_move(self, how: str) -> None:
        """Move among the questions."""
        getattr(self.query_one(OptionList), f"action_{how}")()

    def action_leave(self) -> None:
        """Ask nothing."""
        self.dismiss(None)


_ASKED: Final = (
    "Type or paste an address, 203.0.113.9:443, eni-…, i-…, an alarm with addresses and times, "
    "or the JSON of a GuardDuty or Security Hub finding."
)


def _line(proposal: Proposal) -> Content:
    asked = " ".join((proposal.slug, *(f"{k}={v}" for k, v in proposal.arguments), proposal.line))
    return Content.assemble(plain(proposal.why), "\n", (f"  {plain(asked)}", "$text-muted"))


def _told(event: CluesRead) -> Content:
    lines = list(_found(event.clues))
    if not lines:
        return Content.styled("No address, port, interface or instance in it.", "$text-warning")
    if not event.proposals:
        lines.append("The records have no instance_id: give its interface or address.")
    return Content("\n").join(map(Content, lines))


def _found(clues: Clues) -> Iterator[str]:
    if clues.title:
        yield f"{clues.kind}: {plain(clues.title)}"
    for name, texts in (
        ("own", _texts(clues.ours)),
        ("other" if clues.ours else "addresses", _texts(clues.others)),
        ("ports", [str(port) for port in clues.ports]),
        ("interfaces", list(clues.interfaces)),
        ("instances", list(clues.instances)),
        ("times", [f"{at:%Y-%m-%d %H:%M:%S}Z" for at in clues.times]),
    ):
        if texts:
            more = f" and {len(texts) - _MOST_TOLD} more" if len(texts) > _MOST_TOLD else ""
            yield f"{name}: {', '.join(texts[:_MOST_TOLD])}{more}"
    if clues.is_cut:
        yield "The text is too long: its beginning was read."


def _texts(networks: tuple[Network, ...]) -> list[str]:
    return [network_text(one) for one in networks]
