"""What to ask about an address, a port or an interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from flowtui.domain.subjects import Question, Subject, What
from flowtui.ui.screens.scrolling import LIST_KEYS
from flowtui.ui.widgets.line import Line, plain


@dataclass(frozen=True, slots=True)
class Asked:
    """What was chosen."""

    subject: Subject
    question: Question


class AboutScreen(ModalScreen[Asked | None]):
    """Gives back a question about one of some subjects.

    Args:
        subjects: At least one; the first is shown first.
        questions: What can be asked about each kind of subject.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,backspace,A", "dismiss(None)", show=False),
        *LIST_KEYS,
        Binding("tab,l,right", "turn(1)", show=False),
        Binding("shift+tab,h,left", "turn(-1)", show=False),
        Binding("enter", "ask(-1)", show=False),
        *(Binding(str(n), f"ask({n - 1})", show=False) for n in range(1, 10)),
    ]
    AUTO_FOCUS = ""  # keys go to the screen
    DEFAULT_CSS = """
    AboutScreen .dialog { width: 56; max-height: 90%; }
    AboutScreen OptionList {
        height: auto; max-height: 12; border: none; padding: 0; background: $surface;
    }
    AboutScreen #others { margin-top: 1; }
    """

    def __init__(
        self, subjects: Sequence[Subject], questions: Mapping[What, Sequence[Question]]
    ) -> None:
        super().__init__()
        self._subjects = subjects
        self._questions = questions
        self._at = 0

    def compose(self) -> ComposeResult:
        """The questions, and which other subjects there are."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_subtitle = "Enter asks · q leaves"
            yield OptionList(markup=False)
            yield Line(id="others")

    def on_mount(self) -> None:
        """Show the first subject."""
        self._list.can_focus = False
        self._show()

    @property
    def subject(self) -> Subject:
        """What the questions are about."""
        return self._subjects[self._at]

    @property
    def _asked(self) -> Sequence[Question]:
        return self._questions[self.subject.what]

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    def _show(self) -> None:
        subject = self.subject
        title = f"About {subject.what.value} {subject.text}"
        self.query_one(Vertical).border_title = Content(plain(title))
        self._list.clear_options()
        self._list.add_options(
            Option(f"{number}  {question.title}") for number, question in enumerate(self._asked, 1)
        )
        self._list.highlighted = 0
        total = len(self._subjects)
        text = f"Tab: {self._subjects[(self._at + 1) % total].text}  ({self._at + 1} of {total})"
        self.query_one("#others", Line).show(
            Content.styled(plain(text if total > 1 else ""), "dim")
        )

    def action_move(self, how: str) -> None:
        """Move the highlight."""
        getattr(self._list, f"action_{how}")()

    def action_turn(self, by: int) -> None:
        """Another subject of the row."""
        self._at = (self._at + by) % len(self._subjects)
        self._show()

    def action_ask(self, index: int) -> None:
        """Ask the question of a number, or the one under the highlight."""
        at = (self._list.highlighted or 0) if index < 0 else index
        if at < len(self._asked):
            self.dismiss(Asked(self.subject, self._asked[at]))

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_ask(event.option_index)
