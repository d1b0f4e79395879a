"""The only place with threads: work that would wait is done here, and answers by messages.

A piece of work is a function of `post` and `cancelled`. It touches no widget; it posts messages. In
each lane the newest piece counts: starting one cancels what ran there before. Threads are our own
and are daemons, so that one that hangs in a driver cannot keep the process alive.
"""

from __future__ import annotations

import contextvars
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from textual.message import Message
from textual.message_pump import MessagePump

from flowtui.errors import FlowtuiError

Post = Callable[[Message], None]
Work = Callable[[Post, threading.Event], None]
Failed = Callable[[FlowtuiError], Message]


class Lane(Enum):
    """What may run beside what: one piece of work in each."""

    SOURCE = "source"
    """Opening, then converting."""
    QUERY = "query"
    PAGE = "page"
    SEARCH = "search"
    EXPLAIN = "explain"
    COPY = "copy"
    NAMES = "names"
    """Finding out what interfaces are called."""
    SITTING = "sitting"
    """Writing down where one stands."""
    OFFER = "offer"
    """Reading what earlier sittings there are."""
    ESTIMATE = "estimate"
    """What a query of the list would cost."""
    NAMED = "named"
    """Named queries: reading the list, keeping, deleting."""
    HISTORY = "history"
    HUNT = "hunt"
    """Running every detection."""
    WRITE = "write"
    """Writing the rows to a file."""
    FILTER = "filter"
    """The quick filter of the rows that are here."""
    LAYOUT = "layout"
    """How columns are shown: reading it, keeping it."""
    MARKS = "marks"
    """Finding where marked rows stand in another order."""
    VALUES = "values"
    """Counting the values of a column."""
    TIMELINE = "timeline"
    """Counting traffic by time, once the rows are here."""
    TOUR = "tour"
    """Whether somebody is here for the first time."""
    CLUES = "clues"
    """Reading a text that one starts from."""
    CHECK = "check"
    """Judging SQL as it is typed."""
    DRAFT = "draft"
    """Reading and writing SQL that is not run yet."""
    CATALOGUE = "catalogue"
    """Listing what there is to open; making a table."""


@dataclass(frozen=True, slots=True)
class _Running:
    thread: threading.Thread
    cancelled: threading.Event


class Runner:
    """Runs work in threads.

    Args:
        log: Gets the traceback of what nobody foresaw.
    """

    def __init__(self, log: Callable[[], logging.Logger]) -> None:
        self._log = log
        self._newest: dict[Lane, _Running] = {}
        self._all: list[_Running] = []
        self._closing: list[Callable[[], None]] = []

    def start(self, lane: Lane, work: Work, to: MessagePump, failed: Failed) -> None:
        """Run work in a thread; what it posts goes to `to`.

        Args:
            lane: What ran there before is cancelled.
            work: Must look at its event now and then.
            to: Receives its messages.
            failed: Makes the message for an error.
        """
        self.cancel(lane)
        cancelled = threading.Event()

        def post(message: Message) -> None:
            try:
                to.post_message(message)
            except RuntimeError:  # the event loop has ended
                cancelled.set()

        def run() -> None:
            try:
                work(post, cancelled)
            except FlowtuiError as error:
                post(failed(error))
            except Exception:  # noqa: BLE001 - the session lives on, whatever failed
                self._log().exception("unforeseen, in lane %s", lane.value)
                post(failed(_unforeseen(self._log())))

        context = contextvars.copy_context()
        thread = threading.Thread(target=context.run, args=(run,), name=lane.value, daemon=True)
        running = _Running(thread, cancelled)
        self._newest[lane] = running
        self._all = [one for one in self._all if one.thread.is_alive()] + [running]
        thread.start()

    def is_busy(self, lane: Lane) -> bool:
        """True while work runs in a lane that nobody has cancelled."""
        running = self._newest.get(lane)
        return running is not None and running.thread.is_alive() and not running.cancelled.is_set()

    def cancel(self, lane: Lane) -> bool:
        """Ask the work in a lane to stop; True where there was any."""
        is_busy = self.is_busy(lane)
        if lane in self._newest:
            self._newest[lane].cancelled.set()
        return is_busy

    def cancel_all(self) -> None:
        """Ask everything to stop."""
        for running in self._all:
            running.cancelled.set()

    def close_at_end(self, close: Callable[[], None]) -> None:
        """Have something let go of when the runner is closed."""
        self._closing.append(close)

    def close(self, timeout_s: float) -> bool:
        """Stop everything and let go of what is open; waits so long at most, twice.

        True where nothing runs any more.
        """
        self.cancel_all()
        is_quiet = self.join(timeout_s)

        def let_go() -> None:
            while self._closing:
                self._closing.pop()()

        thread = threading.Thread(target=let_go, name="close", daemon=True)
        thread.start()
        thread.join(timeout_s)
        return is_quiet and not thread.is_alive()

    def join(self, timeout_s: float) -> bool:
        """Wait for what was asked to stop; True where nothing runs any more."""
        until = time.monotonic() + timeout_s
        for running in self._all:
            running.thread.join(max(0.0, until - time.monotonic()))
        return not any(running.thread.is_alive() for running in self._all)


def _unforeseen(log: logging.Logger) -> FlowtuiError:
    path = next((h.baseFilename for h in log.handlers if isinstance(h, logging.FileHandler)), "")
    return FlowtuiError(
        "Something went wrong inside flowtui.",
        f"The log file says what: {path}. The session goes on." if path else "The session goes on.",
    )
