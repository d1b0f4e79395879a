"""Ctrl-C, a closed terminal and `kill` while a query runs: cancel on the engine, then end."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """What was caught."""

    def __init__(self) -> None:
        self.cancelled = threading.Event()
        self._began = time.monotonic()
        self.number = 0
        """Signal caught first; 0: none."""

    @property
    def seconds(self) -> float:
        """How long there was something to interrupt."""
        return time.monotonic() - self._began

    @property
    def exit_code(self) -> int:
        """What a shell expects of a process that the signal ended."""
        return 128 + self.number

    def _catch(self, number: int, frame: FrameType | None) -> None:
        if self.number:  # the second one does not wait for the engine
            raise KeyboardInterrupt
        self.number = number
        self.cancelled.set()


@contextmanager
def caught() -> Iterator[Interrupts]:
    """Set `cancelled` on the first signal within the block; the second one interrupts."""
    interrupts = Interrupts()
    before = {number: signal.signal(number, interrupts._catch) for number in _SIGNALS}
    try:
        yield interrupts
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
