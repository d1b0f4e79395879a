"""The parts of the filter one by one: switched off and on, edited, widened, turned, removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import tzinfo
from ipaddress import IPv4Network, IPv6Network
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from flowtui.domain.addresses import Network
from flowtui.domain.chips import Chip, chips_of
from flowtui.domain.filters import Condition, FlowFilter
from flowtui.domain.pivots import widened
from flowtui.errors import FilterError
from flowtui.ui.safe import clipped
from flowtui.ui.screens.scrolling import LIST_KEYS
from flowtui.ui.widgets.line import Line, plain

_WIDTH: Final = 76
_MARKS: Final = 15
"""Cells of a line that are not the chip's own text, with the dialog's frame."""


class ChipsScreen(ModalScreen[tuple[Chip, ...] | None]):
    """Gives back the chips as they shall be; None where it was left.

    Args:
        chips: As they are.
        zone: In which times are written.
        parse: Reads a filter line; raises FilterError.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,backspace,X", "dismiss(None)", show=False),
        *LIST_KEYS,
        Binding("space", "switch(-1)", show=False),
        *(Binding(str(n), f"switch({n - 1})", show=False) for n in range(1, 10)),
        Binding("a", "switch_all", show=False),
        Binding("d,delete", "remove", show=False),
        Binding("e", "edit", show=False),
        Binding("plus", "widen", show=False),
        Binding("exclamation_mark", "turn", show=False),
        Binding("enter", "apply", show=False),
    ]
    AUTO_FOCUS = ""  # keys go to the screen
    DEFAULT_CSS = f"""
    ChipsScreen .dialog {{ width: {_WIDTH}; max-height: 90%; }}
    ChipsScreen OptionList {{
        height: auto; max-height: 16; border: none; padding: 0; background: $surface;
    }}
    ChipsScreen #keys {{ margin-top: 1; }}
    """

    def __init__(
        self, chips: tuple[Chip, ...], zone: tzinfo, parse: Callable[[str], FlowFilter]
    ) -> None:
        super().__init__()
        self.chips = chips
        """As they stand now."""
        self._zone = zone
        self._parse = parse
        self._starts: dict[Condition, Network] = {}
        """What a widened condition was widened from."""

    def compose(self) -> ComposeResult:
        """The chips, and what the keys do."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Filter, part by part"
            dialog.border_subtitle = "Enter asks · Esc leaves it as it was"
            yield OptionList(markup=False)
            yield Line(id="keys")
            yield Line(id="said")

    def on_mount(self) -> None:
        """Show them."""
        self._list.can_focus = False
        keys = "Space off/on · a all · e edit · d remove · + widen · ! only/not"
        self.query_one("#keys", Line).show(Content.styled(keys, "dim"))
        self._show(0)

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    @property
    def _at(self) -> int:
        return self._list.highlighted or 0

    def _show(self, at: int) -> None:
        self._say("")
        self._list.clear_options()
        self._list.add_options(Option(self._line(i, c)) for i, c in enumerate(self.chips))
        self._list.highlighted = min(at, len(self.chips) - 1) if self.chips else None

    def _line(self, index: int, chip: Chip) -> Content:
        room = min(_WIDTH, self.app.size.width) - _MARKS
        text = plain(clipped(chip.text(self._zone), max(8, room)))
        number = f"{index + 1:>2} "
        if chip.is_on:
            return Content.assemble(number, ("on   ", "bold"), text)
        return Content.assemble(number, ("off  ", "dim"), (text, "dim strike"))

    def _put(self, *chips: Chip) -> None:
        """Other chips in the place of the one under the highlight; none is there twice."""
        at = self._at
        others = (*self.chips[:at], *self.chips[at + 1 :])
        fresh = [c for c in dict.fromkeys(chips) if all(c.part != other.part for other in others)]
        if any(_is_time(chip) for chip in fresh):
            others = tuple(other for other in others if not _is_time(other))
            at = min(at, len(others))
        self.chips = (*others[:at], *fresh, *others[at:])
        self._show(at)

    def _say(self, text: str) -> None:
        self.query_one("#said", Line).show(Content.styled(plain(text), "$text-warning"))

    def action_move(self, how: str) -> None:
        """Move the highlight."""
        self._say("")
        getattr(self._list, f"action_{how}")()

    def action_switch(self, index: int) -> None:
        """Off or on: the chip of a number, else the one under the highlight."""
        at = self._at if index < 0 else index
        if at < len(self.chips):
            changed = replace(self.chips[at], is_on=not self.chips[at].is_on)
            self.chips = (*self.chips[:at], changed, *self.chips[at + 1 :])
            self._show(at)

    def action_switch_all(self) -> None:
        """All off; where all are off, all on."""
        is_on = not any(chip.is_on for chip in self.chips)
        self.chips = tuple(replace(chip, is_on=is_on) for chip in self.chips)
        self._show(self._at)

    def action_remove(self) -> None:
        """Away with the one under the highlight."""
        if self.chips:
            self._put()

    def action_widen(self) -> None:
        """The next network around an address; after the widest, where it began."""
        part = self.chips[self._at].part if self.chips else None
        if not isinstance(part, Condition):
            self._say("Only an address can be widened.")
            return
        network = part.values[0]
        is_network = isinstance(network, IPv4Network | IPv6Network)
        start = self._starts.get(part) or (network if is_network else None)
        found = widened(part, start) if isinstance(start, IPv4Network | IPv6Network) else None
        if found is None or not isinstance(start, IPv4Network | IPv6Network):
            self._say("Only one address, or a network narrower than the widest, can be widened.")
            return
        self._starts[found] = start
        self._put(replace(self.chips[self._at], part=found))

    def action_turn(self) -> None:
        """Only those that meet it, or all but those."""
        part = self.chips[self._at].part if self.chips else None
        if isinstance(part, Condition):
            turned = replace(part, is_excluded=not part.is_excluded)
            self._put(replace(self.chips[self._at], part=turned))
        else:
            self._say("Only a condition can be turned round.")

    async def action_edit(self) -> None:
        """Write the one under the highlight anew."""
        from flowtui.ui.screens.ask_line import AskLine

        if not self.chips:
            return
        chip = self.chips[self._at]

        def written(line: str | None) -> None:
            if line is not None:
                found = chips_of(self._parse(line))
                self._put(*(replace(new, is_on=chip.is_on) for new in found))

        asking = AskLine("One part of the filter", text=chip.text(self._zone), wrong=self._wrong)
        await self.app.push_screen(asking, written)

    def _wrong(self, line: str) -> str:
        try:
            self._parse(line)
        except FilterError as error:
            hint = f" — {error.hint}" if error.hint else ""
            return f"{error.text[slice(*error.span)]}: {error.message}{hint}"
        return "" if line else "Nothing is typed; d removes it."

    def action_apply(self) -> None:
        """Have it asked."""
        self.dismiss(self.chips)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_switch(event.option_index)


def _is_time(chip: Chip) -> bool:
    return not isinstance(chip.part, Condition | None)
