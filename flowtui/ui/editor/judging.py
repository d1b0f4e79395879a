"""When the text of an editor is judged, and what waits for the judgement."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from textual.timer import Timer

from flowtui.ui.editor.checking import Checked, check
from flowtui.ui.runner import Lane

if TYPE_CHECKING:
    from flowtui.ui.editor.screen import EditorScreen

_PAUSE_S: Final = 0.15
"""So long nothing is typed before the text is judged."""
_JUDGED: Final = 20_000
"""Characters that are judged while they are typed: sqlglot takes some 10 us for each."""


class Judging:
    """Has the text of an editor judged, one at a time."""

    def __init__(self, screen: EditorScreen) -> None:
        self._screen = screen
        self._checked: Checked | None = None
        self._wanted: Callable[[Checked], None] | None = None
        """What waits for the text to be judged."""
        self._timer: Timer | None = None

    @property
    def current(self) -> Checked | None:
        """What is known of the text that is there; None: not judged yet."""
        known = self._checked
        return known if known is not None and known.judged == self._screen.judged else None

    def check_soon(self) -> None:
        """Judge once nothing is typed for a moment."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._screen.set_timer(_PAUSE_S, self._check_typed)

    def _check_typed(self) -> None:
        if len(self._screen.area.text) > _JUDGED:
            self._screen.keep_draft()
            self._screen.say("Too long to be judged at every key; it is judged before it runs.")
        else:
            self.check()

    def check(self) -> None:
        """Judge now, or as soon as the judgement under way is done."""
        screen = self._screen
        if screen.explore.runner.is_busy(Lane.CHECK):
            self._timer = screen.set_timer(_PAUSE_S, self.check)
            return
        screen.keep_draft()
        screen.start(Lane.CHECK, partial(check, screen.session, screen.sheet, screen.judged))

    def when_judged(self, do: Callable[[Checked], None]) -> None:
        """Do something with what is known of the text, as soon as it is."""
        if (known := self.current) is not None:
            self._wanted = None
            do(known)
        else:
            self._wanted = do
            self.check()

    def give_up(self) -> None:
        """There is no judgement: nothing waits for it any longer."""
        self._wanted = None

    def take(self, event: Checked) -> bool:
        """Take a judgement; False where it is of a text that is no longer there."""
        if event.judged != self._screen.judged:
            return False  # another check is on its way
        self._checked = event
        return True

    def go_on(self, checked: Checked) -> None:
        """Do what waited."""
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            wanted(checked)
