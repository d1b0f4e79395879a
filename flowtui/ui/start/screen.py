"""The start screen: a list for each step, from a kind of source to the source itself."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from flowtui.errors import FlowtuiError
from flowtui.session.copytext import plain
from flowtui.session.sittings import Sitting
from flowtui.session.sources import Source
from flowtui.ui.runner import Lane, Post, Runner
from flowtui.ui.setting import Setting, Start
from flowtui.ui.start.steps import Act, Offer, Step, matching
from flowtui.ui.widgets.line import Line

Found = Callable[[], Act]
"""Work for a thread; what it gives goes on from there on the event loop."""


@dataclass
class Learned(Message):
    """A listing has come."""

    number: int
    act: Act


@dataclass
class ListingFailed(Message):
    """A listing cannot be had."""

    number: int
    error: FlowtuiError


@dataclass
class SittingsFound(Message):
    """What can be gone on with."""

    found: tuple[Sitting, ...]


class StartScreen(Screen[None], inherit_bindings=False):
    """Asks what to open.

    Args:
        start: What there is.
        runner: Lists what is not here.
        open: Shows a source in this screen's place.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move('cursor_down')", show=False),
        Binding("up", "move('cursor_up')", show=False),
        Binding("pagedown", "move('page_down')", show=False),
        Binding("pageup", "move('page_up')", show=False),
        Binding("escape", "back", show=False),
        Binding("ctrl+c,ctrl+q", "leave", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    StartScreen { layout: vertical; }
    StartScreen #title { background: $panel; padding: 0 1; }
    StartScreen #heading { margin: 1 2 0 2; text-style: bold; color: $text-primary; }
    StartScreen #about { margin: 0 2 1 2; height: auto; color: $text-muted; }
    StartScreen #about.-wrong { color: $text-error; }
    StartScreen Input { margin: 0 2; background: $boost; }
    StartScreen OptionList {
        height: 1fr; margin: 1 1 0 1; padding: 0; border: none; background: $background;
        scrollbar-size-vertical: 1;
        & > .option-list--option-highlighted { background: $primary; color: $text;
            text-style: bold; }
    }
    StartScreen #keys { background: $panel; padding: 0 1; }
    """

    def __init__(
        self, start: Start, runner: Runner, open: Callable[[Setting], Awaitable[None]]
    ) -> None:
        super().__init__()
        self.start = start
        self.runner = runner
        self._open = open
        self._steps: list[Step] = []
        self._shown: tuple[Offer, ...] = ()
        self._number = 0
        self._again: Callable[[], None] = lambda: None

    def compose(self) -> ComposeResult:
        """Heading, words, a line that searches, the list, the keys."""
        yield Line(id="title")
        with Vertical():
            yield Line(id="heading")
            yield Static(id="about", markup=False)
            yield Input(placeholder="Type to search", compact=True)
            yield OptionList(markup=False)
        yield Line(id="keys")

    def on_mount(self) -> None:
        """Ask the first question."""
        from flowtui.ui.start.first import first_step

        self.query_one("#title", Line).show(
            Content.assemble(("flowtui", "bold $text-primary"), "  flow logs, from the keyboard")
        )
        keys = (("↑ ↓", "Move"), ("Enter", "Choose"), ("Esc", "Back"), ("Ctrl-C", "Leave"))
        labels = [Content.assemble((key, "bold $text-accent"), f" {word}") for key, word in keys]
        self.query_one("#keys", Line).show(Content("  ").join(labels))
        self._list.can_focus = False
        self.go(first_step(self))
        self.runner.start(Lane.OFFER, self._read_sittings, self, lambda error: SittingsFound(()))

    def _read_sittings(self, post: Post, _cancelled: threading.Event) -> None:
        post(SittingsFound(self.start.sittings()))

    @on(SittingsFound)
    def _offer_sittings(self, event: SittingsFound) -> None:
        """Below what is offered already: what the highlight stands on does not move."""
        from flowtui.ui.start.first import sitting_offers

        first = self._steps[0]
        self._steps[0] = replace(first, offers=(*first.offers, *sitting_offers(self, event.found)))
        if len(self._steps) == 1:
            at = self._list.highlighted
            self._offer(matching(self.step.offers, self.query_one(Input).value))
            self._list.highlighted = at if at is not None else self._list.highlighted

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    @property
    def step(self) -> Step:
        """The question on the screen."""
        return self._steps[-1]

    def go(self, step: Step) -> None:
        """Ask the next question; Esc comes back to this one."""
        if self._steps and self.step.is_passing:
            self._steps.pop()
        self._steps.append(step)
        self._number += 1
        self._show()

    def load(self, heading: str, about: str, found: Found) -> None:
        """Ask once something has been listed in a thread; failures are told and can be retried."""
        self.go(Step(heading, about, is_passing=True))
        number = self._number

        def work(post: Post, cancelled: threading.Event) -> None:
            act = found()
            if not cancelled.is_set():
                post(Learned(number, act))

        self._again = lambda: self.load(heading, about, found)
        self.runner.start(Lane.CATALOGUE, work, self, lambda error: ListingFailed(number, error))

    @on(Learned)
    async def _learn(self, event: Learned) -> None:
        if event.number == self._number:
            await _done(event.act)

    @on(ListingFailed)
    def _fail(self, event: ListingFailed) -> None:
        if event.number == self._number:
            self.fail(event.error, Offer("Try again", "", self._again))

    def fail(self, error: FlowtuiError, *offers: Offer) -> None:
        """Say what failed, and what can be done."""
        text = f"{error.message}\n{error.hint}".rstrip()
        self.go(Step(self.step.heading, text, offers, is_wrong=True, is_passing=True))

    async def open(self, source: Source, line: str = "") -> None:
        """Show a source; coming back from it comes to the question before."""
        if self.step.is_passing:
            self._steps.pop()
        self._number += 1
        self._show()
        await self._open(self.start.setting_for(source, line))

    async def go_on(self, sitting: Sitting) -> None:
        """Show a sitting as it stood."""
        if self.start.going_on is None:
            return
        try:
            setting = self.start.going_on(sitting)
        except FlowtuiError as error:
            self.fail(error)
            return
        await self._open(setting)

    def note(self, text: str) -> None:
        """Say why a choice will not do."""
        about = self.query_one("#about", Static)
        about.set_class(True, "-wrong")
        about.update(Content(plain(text)))

    def _show(self) -> None:
        step = self.step
        self.query_one("#heading", Line).show(Content(plain(step.heading)))
        about = self.query_one("#about", Static)
        about.set_class(step.is_wrong, "-wrong")
        about.update(Content(plain(step.about)))
        line = self.query_one(Input)
        with line.prevent(Input.Changed):
            line.value = ""
        line.focus()
        self._offer(step.offers)

    def _offer(self, offers: tuple[Offer, ...]) -> None:
        self._shown = offers
        width = max((len(offer.title) for offer in offers), default=0)
        self._list.set_options(Option(_label(offer, min(width, 40))) for offer in offers)
        self._list.highlighted = 0 if offers else None

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        self._offer(matching(self.step.offers, event.value))

    @on(Input.Submitted)
    async def _submitted(self) -> None:
        place = self._list.highlighted
        if place is not None:
            await _done(self._shown[place].act)

    @on(OptionList.OptionSelected)
    async def _selected(self, event: OptionList.OptionSelected) -> None:
        await _done(self._shown[event.option_index].act)

    def action_move(self, how: str) -> None:
        """Move the highlight while the search has the keys."""
        getattr(self._list, f"action_{how}")()

    def action_back(self) -> None:
        """To the question before; at the first one, leave."""
        self.runner.cancel(Lane.CATALOGUE)
        self._steps.pop()
        self._number += 1
        if self._steps:
            self._show()
        else:
            self.app.exit()

    def action_leave(self) -> None:
        """Leave the program."""
        self.app.exit()


def _label(offer: Offer, width: int) -> Content:
    style = "$text-muted" if offer.is_dim else ""
    title = Content.styled(plain(offer.title), style)
    gap = " " * max(2, width + 2 - title.cell_length)
    return Content.assemble(" ", title, (f"{gap}{plain(offer.about)}", "$text-muted"))


async def _done(act: Act) -> None:
    outcome = act()
    if inspect.isawaitable(outcome):
        await outcome
