"""The filter as chips, and, while it is edited, as one line that is checked at every key."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import ClassVar, Final

from rich.highlighter import Highlighter
from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input

from flowtui.domain.chips import Chip
from flowtui.domain.filters import FlowFilter
from flowtui.errors import FilterError
from flowtui.ui.completing import completions
from flowtui.ui.safe import clipped
from flowtui.ui.widgets.line import Line, plain

Parse = Callable[[str], FlowFilter]
_CHIP_CELLS: Final = 60
"""Of a long list of values, as much as leaves room for other chips."""


class FilterBar(Line):
    """`action:REJECT  dstport:22,3389  last:1h`, and before them what the quick filter hides."""

    DEFAULT_CSS = "FilterBar { padding: 0 1; }"

    def tell(self, chips: Sequence[Chip], zone: tzinfo, quick: str = "") -> None:
        """Show the parts of a filter, and in words the quick filter, where it is on."""
        parts: list[str | tuple[str, str]] = []
        if quick:  # first, so that no long filter pushes it out of sight
            parts += [(f" {plain(quick)} ", "bold $text-warning on $warning-muted"), " "]
        if not chips:
            parts.append(("No filter: all there is. f narrows it.", "dim"))
        for chip in chips:
            text = plain(clipped(chip.text(zone), _CHIP_CELLS))
            if chip.is_on:
                parts += [(f" {text} ", "$text-primary on $primary-muted"), " "]
            else:  # a word too: neither dim nor struck is seen everywhere
                parts += [("off ", "dim"), (text, "dim strike"), " "]
        self.show(Content.assemble(*parts))


class FilterEditor(Vertical):
    """The filter line under the keys: wrong parts marked, what is wrong said, words completed.

    Hidden while nothing is edited, and not removed, so that a key on its way to it is not lost.

    Args:
        parse: Reads a line; raises FilterError.
        fields: Names that may be typed as keys.
    """

    DEFAULT_CSS = """
    FilterEditor { height: 2; }
    FilterEditor Input { background: $boost; }
    FilterEditor Line { padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "Complete", show=False),
        Binding("escape", "leave", "Leave", show=False),
    ]

    @dataclass
    class Applied(Message):
        """The line is right, and meant."""

        filter: FlowFilter

    @dataclass
    class Left(Message):
        """The filter stays as it was."""

    def __init__(self, parse: Parse, fields: Collection[str]) -> None:
        super().__init__()
        self._parse = parse
        self._fields = fields
        self._mark = _Mark()

    def compose(self) -> Iterable[Input | Line]:
        """The line, and what is to be said about it."""
        yield Input(
            placeholder="action:REJECT dstport:22,3389 ip:10.0.0.0/8 -src:10.1.0.0/16 last:1h",
            highlighter=self._mark,
            suggester=_Completing(self._fields),
            select_on_focus=False,
            compact=True,
        )
        yield Line()

    def begin(self, line: str) -> None:
        """Edit a line, from its end on."""
        self.display = True
        self.input.value = line
        self.input.cursor_position = len(line)
        self.screen.set_focus(self.input)
        self._judge(line)

    @property
    def input(self) -> Input:
        """Where the line is typed."""
        return self.query_one(Input)

    @property
    def hint(self) -> str:
        """What is said about the line."""
        return self.query_one(Line).content.plain

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._judge(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if (filter := self._judge(event.value)) is not None:
            self.post_message(self.Applied(filter))

    def _judge(self, text: str) -> FlowFilter | None:
        try:
            found = self._parse(text)
        except FilterError as error:
            if self._is_begun(error):
                self._mark.span = None
                self._say(Content.styled(self._offers().removeprefix(" · "), "dim"))
                return None
            self._mark.span = error.span
            self._mark.style = f"bold underline {self.app.theme_variables['error']}"
            self._say_error(error)
            return None
        self._mark.span = None
        self._say(Content.styled(f"Enter applies · Esc leaves it{self._offers()}", "dim"))
        return found

    def _is_begun(self, error: FilterError) -> bool:
        """True where what is wrong is only that the word under the cursor is not finished."""
        return error.span[1] == len(error.text) == self.input.cursor_position and bool(
            self._offers()
        )

    def _say_error(self, error: FilterError) -> None:
        wrong = plain(error.text[slice(*error.span)])
        hint = f" — {error.hint}" if error.hint else ""
        self._say(
            Content.assemble(
                (f"{wrong}: " if wrong else "", "bold $text-error"),
                (plain(f"{error.message}{hint}"), "$text-error"),
                (self._offers(), "dim"),
            )
        )

    def _offers(self) -> str:
        found = completions(self.input.value[: self.input.cursor_position], self._fields)
        word = self.input.value[: self.input.cursor_position].rpartition(" ")[2]
        if not word or not found:
            return ""
        begun = word[max((word.rfind(letter) for letter in "-:,"), default=-1) + 1 :]
        return " · Tab: " + "  ".join(f"{begun}{rest}" for rest in found[:6])

    def _say(self, content: Content) -> None:
        self.query_one(Line).show(content)

    def action_complete(self) -> None:
        """Take the first completion."""
        line, at = self.input.value, self.input.cursor_position
        if found := completions(line[:at], self._fields):
            self.input.value = line[:at] + found[0] + line[at:]
            self.input.cursor_position = at + len(found[0])

    def action_leave(self) -> None:
        """Leave the filter as it was."""
        self.post_message(self.Left())


class _Mark(Highlighter):
    """Marks the wrong part of the line."""

    span: tuple[int, int] | None = None
    style = "underline"

    def highlight(self, text: Text) -> None:
        if self.span is not None:
            begin, end = self.span
            text.stylize(self.style, begin, max(end, begin + 1))


class _Completing(Suggester):
    """Offers the rest of the word, to be taken by the right arrow."""

    def __init__(self, fields: Collection[str]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._fields = fields

    async def get_suggestion(self, value: str) -> str | None:
        found = completions(value, self._fields) if value and not value.endswith(" ") else ()
        return value + found[0] if found else None
