"""The application: one screen to explore in, dialogs over it, and a clean way out."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar, Final, Protocol, cast, runtime_checkable

from rich.console import RenderableType
from textual import events, on
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.binding import BindingType
from textual.command import Provider
from textual.driver import Driver
from textual.screen import Screen

from flowtui.session.keeping import SittingKeeper
from flowtui.session.sittings import CRASH, QUIT
from flowtui.ui._textual_compat import Colourless, LeanUpdate, is_kept_without_colours, lasting
from flowtui.ui.codes import CodeWanted
from flowtui.ui.commands import commands_with
from flowtui.ui.lean import SLOW, ShownCells
from flowtui.ui.runner import Runner
from flowtui.ui.setting import Setting, Start
from flowtui.ui.themes import OURS, shown_theme
from flowtui.ui.typed import InTurn, Typed

_LEAVE_S: Final = 5.0
"""How long leaving waits for the engine to take a cancel."""


def _finder() -> type[Provider]:
    from flowtui.ui.finder import CommandFinder

    return CommandFinder


def _collect_again() -> None:
    gc.freeze()  # modules stay until the end: no need to look through them again
    gc.enable()


@runtime_checkable
class Drafting(Protocol):
    """A screen in which something is written that must not be lost."""

    def keep_draft(self) -> None:
        """Have what is typed outlive this sitting."""


class FlowtuiApp(App[None], inherit_bindings=False):
    """flowtui on a terminal."""

    TITLE = "flowtui"
    BINDINGS: ClassVar[list[BindingType]] = []
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_finder}
    DEFAULT_CSS = """
    .dialog {
        width: 78; max-width: 100%; height: auto; max-height: 100%; padding: 0 1;
        border: round $primary; border-title-color: $text-primary; border-title-style: bold;
        border-subtitle-color: $text-muted; background: $surface; scrollbar-size-vertical: 1;
    }
    .dialog > .about { margin-bottom: 1; color: $text-muted; }
    .dialog > #meaning { margin-top: 1; }
    """
    """Below what each dialog says of itself: in CSS these would win over it."""
    # Of an option's style Textual 8.2.8 drops reverse, so that an underline must do.
    CSS = """
    ModalScreen { align: center middle; background: $background 50%; }
    CopyMenu { background: transparent; }
    .-slow-line ModalScreen { background: transparent; }
    OptionList:nocolor > .option-list--option-highlighted { text-style: bold underline; }
    """

    def __init__(self, opened: Setting | Start) -> None:
        self._opened = setting = opened  # first: it has a word in which driver is taken
        super().__init__()
        self.runner = Runner(setting.log)
        self.codes = setting.codes
        self.commands = commands_with(setting.keys)
        self.animation_level = "none"
        self._keepers: list[SittingKeeper] = []
        self._in_turn = InTurn(self)
        self.is_lent = False
        """True while an editor has the terminal; Ctrl-C then is a matter of the editor."""
        terminal = setting.terminal
        self._shown = ShownCells() if terminal.is_slow_line else None
        """What the terminal shows; None: it is sent whole."""
        self.set_class(terminal.is_slow_line, SLOW)
        self.signal_number = 0
        """What ended it, where a signal did."""
        if setting.keys:
            self.set_keymap(dict(setting.keys))
        for theme in OURS:
            self.register_theme(theme)
        self.theme = shown_theme(setting.theme, terminal) or self.theme
        self.no_color = self.no_color or not terminal.colours
        if self.no_color:
            self._filters = [*filter(is_kept_without_colours, self._filters), Colourless(self)]
        if terminal.is_ascii:
            from flowtui.ui.asciisigns import AsciiSigns

            self._filters.append(AsciiSigns())

    def get_driver_class(self) -> type[Driver]:
        """Textual's own, but for a terminal that goes away."""
        return lasting(super().get_driver_class(), self._opened.terminal.is_slow_line)

    def get_default_screen(self) -> Screen[Any]:
        """The screen to explore in, or the one that asks what."""
        if isinstance(self._opened, Start):
            from flowtui.ui.start import StartScreen

            return StartScreen(self._opened, self.runner, self.open)
        return self._explore(self._opened)

    def _explore(self, setting: Setting) -> Screen[Any]:
        from flowtui.ui.screens.explore import ExploreScreen

        if setting.keeper is not None:
            self._keepers.append(setting.keeper)
        return ExploreScreen(setting, self.runner, self.commands, self.write_sequence)

    async def open(self, setting: Setting) -> None:
        """Open something else over what is shown; going back from its first view comes back."""
        await self.push_screen(self._explore(setting))

    @on(CodeWanted)
    async def _ask_code(self, event: CodeWanted) -> None:
        from flowtui.ui.screens.ask_line import code_dialog

        await self.push_screen(code_dialog(event.prompt), event.answer.give)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if self._shown is not None and isinstance(renderable, CompositorUpdate):
            renderable = cast(RenderableType, LeanUpdate(renderable, self._shown))
        super()._display(screen, renderable)

    def draw_anew(self) -> None:
        """Send everything, whatever the terminal is thought to show."""
        if self._shown is not None:
            self._shown.forget()
        self.screen.refresh(layout=True)

    def on_resize(self) -> None:
        """What a terminal makes of its cells when it is resized is its own affair."""
        if self._shown is not None:
            self._shown.forget()

    @on(events.DescendantFocus)
    def _keep_still(self, event: events.DescendantFocus) -> None:
        """A cursor that blinks sends bytes for ever."""
        if self._shown is not None and hasattr(event.widget, "cursor_blink"):
            event.widget.cursor_blink = False

    def on_mount(self) -> None:
        """Leave cleanly when told to by a signal."""
        self.codes.open(self)
        self.app_resume_signal.subscribe(self, lambda _: self.draw_anew())
        if self.is_headless or threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            loop.add_signal_handler(number, self._leave_by, number)
        self.call_after_refresh(_collect_again)

    def _leave_by(self, number: signal.Signals) -> None:
        if self.is_lent and number is signal.SIGINT:
            return  # the terminal sends it to every process in front
        self.signal_number = number
        self._keep()
        self.runner.cancel_all()
        self.exit(return_code=128 + number)

    def _keep(self) -> None:
        """Have written down where one stands."""
        from flowtui.ui.screens.explore import ExploreScreen

        for screen in self.screen_stack:
            if isinstance(screen, ExploreScreen):
                screen.course.keep()
            elif isinstance(screen, Drafting):
                screen.keep_draft()

    async def on_event(self, event: events.Event) -> None:
        """Have what is typed followed in order."""
        if not isinstance(event, Typed):
            await super().on_event(event)
        elif event.is_forwarded:
            with self._in_turn.ends(event):
                await super().on_event(event)
        elif not self._in_turn.holds_back(event):
            await super().on_event(event)

    def on_unmount(self) -> None:
        """Cancel whatever runs."""
        self.codes.close()
        self.runner.cancel_all()

    def say_ended(self) -> None:
        """Have each sitting know how it ended: by a person, a signal, or a mistake of ours."""
        ended = QUIT if not self.return_code else CRASH
        if self.signal_number:
            ended = signal.Signals(self.signal_number).name
        for keeper in self._keepers:
            keeper.ended = ended

    def write_sequence(self, sequence: str) -> None:
        """Write a terminal sequence between two frames."""
        if self._driver is not None:
            self._driver.write(sequence)


def run(opened: Setting | Start) -> int:
    """Show the screen until the person leaves; the exit code."""
    app = FlowtuiApp(opened)
    with suppress(KeyboardInterrupt):
        app.run()
    gc.enable()  # where it ended before its first frame
    app.say_ended()
    code = app.return_code or 0
    if not app.runner.close(_LEAVE_S):
        # A thread that is inside DuckDB while Python takes itself down aborts the process.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code
