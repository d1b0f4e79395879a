"""Plain rows: out of the screen, so that the terminal's own mouse can select them, and back.

While they are read nothing is drawn, and the event loop stands still: it waits for Enter here, and
for the signals that would end the program.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from dataclasses import dataclass
from io import StringIO
from threading import Event
from typing import TYPE_CHECKING, Final

from textual.app import App, SuspendNotSupported

from flowtui.session.copytext import cell_text, counted
from flowtui.ui.copies import taken_rows
from flowtui.ui.messages import Heard
from flowtui.ui.runner import Post

if TYPE_CHECKING:
    from flowtui.ui.copies import CopyChoice, Wanted
    from flowtui.ui.screens.explore import ExploreScreen

PRINTED_ROWS: Final = 1000
"""Rows printed at most; a terminal remembers hardly more lines."""


@dataclass
class PlainReady(Heard):
    """The rows to print are here."""

    text: str

    def tell(self, screen: ExploreScreen) -> None:
        """Print them, and come back when they have been read."""
        try:
            show(screen.app, self.text)
        except SuspendNotSupported:
            screen.note("This terminal's screen cannot be left for a while.", "warning")


def print_rows(
    wanted: Wanted, choice: CopyChoice, marked: int, post: Post, cancelled: Event
) -> None:
    """Fetch rows to print, at most a thousand, and say what was cut."""
    from flowtui.session.texttable import write_table

    taken = taken_rows(wanted, wanted.fetch(cancelled, PRINTED_ROWS), choice)
    if cancelled.is_set():
        return
    file = StringIO()
    write_table(file, taken.columns, [taken.rows], cell_text)
    cut = f"The first {PRINTED_ROWS} of {counted(marked, 'marked row')}. "
    said = cut if marked > PRINTED_ROWS else ""
    post(PlainReady(f"{file.getvalue()}\n{said}Enter goes back to flowtui."))


def show(app: App[None], text: str) -> None:
    """Print a text where the screen was, and wait for Enter.

    Raises:
        SuspendNotSupported: The terminal cannot do that.
    """
    with app.suspend():
        terminal = sys.__stderr__  # as Textual's driver, which draws there
        if terminal is not None and sys.__stdin__ is not None:
            terminal.write(f"\n{text}")
            terminal.flush()
            wait_for_enter(sys.__stdin__.fileno())
            terminal.write("\n")
            terminal.flush()


def wait_for_enter(fd: int) -> None:
    """Wait for a line, its end, or a signal that ends the program; Ctrl-C only ends the waiting.

    The event loop, which would take signals, stands still: what it is sent is kept for it.
    """
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    loop_waker = signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    try:
        while True:
            ready, _, _ = select.select([fd, woken], [], [])
            if woken in ready:
                numbers = os.read(woken, 64)
                kept = bytes(n for n in numbers if n != signal.SIGINT)
                if kept and loop_waker != -1:
                    os.write(loop_waker, kept)
                if any(n in numbers for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)):
                    return
            if fd in ready:
                typed = os.read(fd, 1024)
                if not typed or b"\n" in typed or b"\r" in typed:
                    return
    finally:
        signal.set_wakeup_fd(loop_waker, warn_on_full_buffer=False)
        os.close(woken)
        os.close(waker)
