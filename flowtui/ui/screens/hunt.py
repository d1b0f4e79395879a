"""What every detection found, the gravest first; each leads to its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from flowtui.domain.filterline import format_filter
from flowtui.domain.huntfindings import Finding
from flowtui.domain.views import View
from flowtui.session.copytext import one_line
from flowtui.session.hunt import Hunt
from flowtui.session.huntreport import hunt_markdown, warnings_of
from flowtui.ui.hunting import Hunted
from flowtui.ui.huntlook import LEAST_WIDTH, about, nothing_yet, painted, remarks, stand
from flowtui.ui.widgets.line import Line, plain
from flowtui.ui.widgets.status_title import span_text

_KEYS: Final = "Enter its rows · n next query · y Markdown · x stop · r again · q back"
_AROUND: Final = 3
"""Columns beside the text: padding and scroll bar."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What is wanted of a finding."""

    view: View
    """Its detection's rows."""
    at: int
    """Where the highlight stood."""
    row: int = 0
    """The finding's own among them."""
    next: str | None = None
    """The query to ask in place of it."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the screen has done outside of it."""

    copy: Callable[[str, str], None]
    """Copies a text; the second argument says what it is."""
    agree: Callable[[], None]
    """Runs the hunt that was held back."""
    again: Callable[[], None]
    stop: Callable[[], bool]
    """Cancels on the engine; True where anything ran."""


class HuntScreen(Screen[Opened | None], inherit_bindings=False):
    """Shows a hunt as `show` brings it; gives back what to open.

    Args:
        hunted: As it stands.
        source: How the source is called.
        zone: For times.
        elsewhere: What is done outside of the screen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,backspace,M", "leave", show=False),
        Binding("j,down", "move('cursor_down')", show=False),
        Binding("k,up", "move('cursor_up')", show=False),
        Binding("space,pagedown", "move('page_down')", show=False),
        Binding("b,pageup", "move('page_up')", show=False),
        Binding("g,home", "move('first')", show=False),
        Binding("G,end", "move('last')", show=False),
        Binding("enter", "open", show=False),
        Binding("n", "next", show=False),
        Binding("y", "copy", show=False),
        Binding("x,ctrl+c", "stop", show=False),
        Binding("r", "again", show=False),
    ]
    AUTO_FOCUS = ""  # keys go to the screen
    DEFAULT_CSS = """
    HuntScreen #title { background: $panel; padding: 0 1; }
    HuntScreen #stand, HuntScreen #warning, HuntScreen #keys { padding: 0 1; }
    HuntScreen #warning { color: $text-warning; height: auto; max-height: 3; }
    HuntScreen #keys { background: $panel; }
    HuntScreen OptionList {
        height: 1fr; border: none; padding: 0 1; background: $background;
        scrollbar-size-vertical: 1;
    }
    HuntScreen .about { height: 7; border-top: solid $panel; padding: 0 1; }
    """

    def __init__(self, hunted: Hunted, source: str, zone: tzinfo, elsewhere: Elsewhere) -> None:
        super().__init__()
        self._hunted = hunted
        self._source = source
        self._zone = zone
        self._elsewhere = elsewhere
        self._findings: tuple[Finding, ...] = ()
        self._is_moved = False
        """Until somebody moves, the gravest is under the highlight, whatever comes."""

    def compose(self) -> ComposeResult:
        """What is asked, how that stands, warnings, findings, the one under the highlight, keys."""
        yield Line(id="title")
        yield Line(id="stand")
        yield Static(id="warning", markup=False)
        yield OptionList(markup=False)
        with VerticalScroll(classes="about") as about:
            about.can_focus = False
            yield Static(markup=False)
        yield Line(id="keys")

    def on_mount(self) -> None:
        """Show what is known."""
        self._list.can_focus = False
        self.query_one("#keys", Line).show(Content.styled(_KEYS, "$text-muted"))
        self.show(self._hunted)
        if self._hunted.at and self._findings:
            self._is_moved = True
            self._list.highlighted = min(self._hunted.at, len(self._findings) - 1)

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._fill(self._hunted.hunt)

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    def show(self, hunted: Hunted) -> None:
        """Take in how the hunt stands."""
        self._hunted = hunted
        self.query_one("#title", Line).show(Content.styled(plain(self._title()), "bold"))
        self.query_one("#stand", Line).show(stand(hunted))
        warnings = warnings_of(hunted.hunt) if hunted.hunt and hunted.hunt.is_over else ()
        warning = self.query_one("#warning", Static)
        warning.update("\n".join(map(one_line, warnings)))
        warning.display = bool(warnings)
        self._fill(hunted.hunt)

    def _title(self) -> str:
        time = self._hunted.hunt.plan.time if self._hunted.hunt else None
        conditions = format_filter(self._hunted.filter.without_time(), self._zone)
        parts = (self._source, span_text(time, self._zone) if time else "", conditions)
        return f"Hunt  {' · '.join(filter(None, parts))}"

    def _fill(self, hunt: Hunt | None) -> None:
        findings = hunt.findings if hunt else ()
        kept = self._finding
        width = max(self.size.width - _AROUND, LEAST_WIDTH)
        options = [Option(painted(finding, width)) for finding in findings]
        if hunt is not None and hunt.is_over:
            options += [Option(text, disabled=True) for text in remarks(hunt)]
        self._findings = findings
        self._list.set_options(options)
        if findings:
            is_kept = self._is_moved and kept in findings
            self._list.highlighted = findings.index(kept) if is_kept and kept else 0
        self._tell()

    @property
    def _finding(self) -> Finding | None:
        index = self._list.highlighted
        inside = index is not None and index < len(self._findings)
        return self._findings[index] if inside and index is not None else None

    @on(OptionList.OptionHighlighted)
    def _tell(self) -> None:
        finding = self._finding
        text = about(finding, self._zone) if finding else Content(nothing_yet(self._hunted))
        self.query_one(".about Static", Static).update(text)

    def action_move(self, how: str) -> None:
        """Move the highlight."""
        self._is_moved = True
        getattr(self._list, f"action_{how}")()

    def action_open(self) -> None:
        """Open the rows of the detection under the highlight; or agree to what the hunt costs."""
        if self._hunted.is_held_back:
            self._elsewhere.agree()
            self.note("Asking …")
            return
        self._leave_for(is_next=False)

    def action_next(self) -> None:
        """Ask what is to be asked next."""
        self._leave_for(is_next=True)

    def _leave_for(self, *, is_next: bool) -> None:
        finding, hunt = self._finding, self._hunted.hunt
        if finding is None or hunt is None or finding.query.detection is None:
            return
        next = finding.query.detection.next if is_next else None
        if is_next and not next:
            self.note("Its file names no next query.")
            return
        view = next_view(hunt, finding)
        if view is not None:
            self.dismiss(Opened(view, self._list.highlighted or 0, finding.row, next))

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_open()

    def action_copy(self) -> None:
        """Copy the page as Markdown."""
        if self._hunted.hunt is not None:
            self._elsewhere.copy(hunt_markdown(self._hunted.hunt, self._source), "the findings")

    def action_stop(self) -> None:
        """Cancel on the engine; what was found stays."""
        running = self._hunted.is_running and self._elsewhere.stop()
        self.note("Cancelling on the engine …" if running else "Nothing runs.")

    def action_again(self) -> None:
        """Hunt again; what ran in this sitting is not run twice."""
        if not self._hunted.is_running:
            self._elsewhere.again()

    def note(self, text: str, tone: str = "") -> None:
        """Say what happened."""
        style = {"good": "$text-success", "warning": "$text-warning"}.get(tone, "dim")
        self.query_one("#stand", Line).show(Content.styled(plain(text), style))

    def action_leave(self) -> None:
        """Back to the table."""
        self.dismiss(None)


def next_view(hunt: Hunt, finding: Finding) -> View | None:
    """The view whose rows hold a finding."""
    found = (r.step.view for r in hunt.reports if r.step.query.slug == finding.query.slug)
    return next(found, None)
