"""What is typed is followed in order, as if one waited for each key before the next one.

Keys come in lumps: over a slow line, from a paste, from fingers that know the way. Textual 8.2.8
hands each one at once to whatever has the keys then; those after an `Enter` that closes a dialog go
to the dialog, and are lost with it. So a key waits until the one before it has come to its end.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from textual import events

if TYPE_CHECKING:
    from textual.app import App
    from textual.widget import Widget

Typed = events.Key | events.Paste

_LOOK_S: Final = 0.01
"""How often a widget is looked at that waits for something while it has a key."""
_LOOKS: Final = 200
"""How often it is looked at before the next key is given all the same."""


class InTurn:
    """Gives what is typed to the application, one after the other.

    A turn ends once its key was used up, or has come back to the application unused, and nothing is
    left to be done on the event loop: what the key opened has the keys by then. Threads, timers and
    frames are not waited for.
    """

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._waiting: deque[Typed] = deque()
        self._turn: Typed | None = None
        """What was given last, until it has come to its end."""
        self._target: Widget | None = None
        self._is_back = False
        self._looks = 0
        self._is_looking = False

    def holds_back(self, event: Typed) -> bool:
        """True for what was just typed: it is given back when its turn has come."""
        if event is self._turn:
            self._target = self._app.focused or self._app.screen
            return False
        self._waiting.append(event)
        if not self._is_looking:
            self._look_again(0)
        return True

    @contextmanager
    def ends(self, event: Typed) -> Iterator[None]:
        """Around what the application does with a key that no widget had a use for."""
        self._is_back = self._is_back or event is self._turn
        yield
        if event is self._turn:
            self._turn = None

    def _look_again(self, after_s: float) -> None:
        self._is_looking = True
        loop = asyncio.get_running_loop()
        if after_s:
            loop.call_later(after_s, self._look)
        else:
            loop.call_soon(self._look)

    def _look(self) -> None:
        if _has_more_to_do(asyncio.get_running_loop()):
            self._look_again(0)
        elif self._is_being_followed():
            self._looks += 1
            self._look_again(_LOOK_S)
        elif self._waiting:
            self._give(self._waiting.popleft())
            self._look_again(0)
        else:
            self._is_looking = False

    def _is_being_followed(self) -> bool:
        turn = self._turn
        if turn is None or self._looks >= _LOOKS:
            return False
        if self._is_back or self._target is None:
            return True
        if turn._stop_propagation or not turn.is_forwarded:
            return False
        if not self._target.is_attached:
            # Closed with the key in its hands, by something else than a key.
            self._waiting.appendleft(_again(turn))
            return False
        return True

    def _give(self, event: Typed) -> None:
        self._turn, self._target = event, None
        self._is_back, self._looks = False, 0
        self._app.post_message(event)


def _again(event: Typed) -> Typed:
    if isinstance(event, events.Key):
        return event.copy()
    return events.Paste(event.text)


def _has_more_to_do(loop: asyncio.AbstractEventLoop) -> bool:
    """True while anything is ready to run: asyncio 3.11 to 3.14 has no word for it."""
    return bool(getattr(loop, "_ready", ()))
