"""By how much totals shrink when the same traffic is counted once, and the switch for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message_pump import MessagePump
from textual.screen import ModalScreen
from textual.widgets import Static

from flowtui.domain.counting import ACROSS, MEANING, RULE, Counted, lines, summary
from flowtui.session.asides import HeldBack
from flowtui.session.budget import Verdict, estimate_text
from flowtui.session.copytext import plain
from flowtui.ui.counting import OnceFailed, OnceTold
from flowtui.ui.figures import grouped
from flowtui.ui.screens.scrolling import SCROLL_KEYS


class CountOnceScreen(ModalScreen[bool]):
    """Shows what `OnceTold` brings; gives back True where the switch is to be turned.

    Args:
        is_on: True where the view is counted once already.
        is_billed: True where counting costs money: it waits for `d`.
        ask: Has it counted; the argument says whether somebody agreed to the price.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,backspace", "dismiss(False)", show=False),
        Binding("enter,O", "dismiss(True)", show=False),
        Binding("d", "count", show=False),
        *SCROLL_KEYS,
    ]
    DEFAULT_CSS = """
    CountOnceScreen .dialog { width: 78; max-height: 90%; }
    CountOnceScreen Static { margin-bottom: 1; }
    """

    def __init__(
        self, is_on: bool, is_billed: bool, ask: Callable[[bool, MessagePump], None]
    ) -> None:
        super().__init__()
        self._is_on = is_on
        self._is_billed = is_billed
        self._ask = ask
        self._is_held_back = False

    def compose(self) -> ComposeResult:
        """How it stands, the figures, the rule."""
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = "Count once"
            turn = "off" if self._is_on else "on"
            dialog.border_subtitle = f"Enter switches it {turn} · q leaves it as it is"
            yield Static(Content.styled(self._standing, "bold"))
            yield Static(id="figures", markup=False)
            yield Static(Content.styled(RULE, "dim"))

    def on_mount(self) -> None:
        """Count, or find out what that would cost."""
        self._tell(Content.styled("Counting …", "dim"))
        self._ask(False, self)

    @property
    def _standing(self) -> str:
        if self._is_on:
            return "On: each traffic is counted once in this view."
        return "Off: traffic that several interfaces logged counts several times."

    def _tell(self, content: Content) -> None:
        self.query_one("#figures", Static).update(content)

    def action_count(self) -> None:
        """Agree to what counting costs."""
        if self._is_held_back:
            self._is_held_back = False
            self._tell(Content.styled("Counting on Athena … q cancels", "dim"))
            self._ask(True, self)

    def action_scroll(self, how: str) -> None:
        """Scroll the text."""
        getattr(self.query_one(VerticalScroll), f"scroll_{how}")(animate=False)

    @on(OnceTold)
    def _show(self, event: OnceTold) -> None:
        event.stop()
        if isinstance(event.found, HeldBack):
            self._offer(event.found)
        else:
            self._tell(figures(event.found.counted))

    def _offer(self, held: HeldBack) -> None:
        self._is_held_back = held.check.verdict is not Verdict.REFUSE
        price = plain(estimate_text(held.estimate))
        words = f"By how much it shrinks is one question to Athena: {price}."
        parts = [Content(words)]
        if held.check.reason:
            parts.append(Content.styled(plain(held.check.reason), "$text-warning"))
        if self._is_held_back:
            parts.append(Content.styled("d asks it. Nothing has run yet.", "bold"))
        self._tell(Content("\n").join(parts))

    @on(OnceFailed)
    def _say_failed(self, event: OnceFailed) -> None:
        event.stop()
        words = plain(f"{event.error.message} {event.error.hint}")
        self._tell(Content.styled(words, "$text-error"))


def figures(counted: Counted) -> Content:
    """The sums with and without what is written twice, and why it is."""
    parts = [Content.styled(summary(counted), "bold $text-accent"), Content("")]
    heading = f"{'':8}{'all':>16}{'once':>16}{'left out':>16}{'':>10}"
    parts.append(Content.styled(heading, "dim"))
    for name, before, after, lost, share in lines(counted):
        parts.append(Content(f"{name:8}{before:>16}{after:>16}{lost:>16}{share:>10}"))
    parts.append(Content(""))
    for why in ("seen", "translated", "copy", "across"):
        records = getattr(counted, why).records
        if records:
            parts.append(Content(f"{grouped(records):>12}  {MEANING[why]}"))
    if counted.all == counted.once:
        parts.append(Content("No record says again what another says: switching changes nothing."))
    if counted.across.records:
        parts.append(Content.styled(ACROSS, "$text-warning"))
    return Content("\n").join(parts)
