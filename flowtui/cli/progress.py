"""The progress line on stderr, for people; nothing where nobody would see it."""

from __future__ import annotations

import os
import stat
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from flowtui.domain.executions import Progress, QueryExecution
from flowtui.domain.money import dollars
from flowtui.domain.values import format_size
from flowtui.session.copytext import one_line

if TYPE_CHECKING:
    from typing import TextIO

_BAR_CELLS: Final = 20
_EVERY_S: Final = 0.1
_DELAY_S: Final = 0.3
"""What is done sooner shows nothing: a line that flashes says less than none."""


class ProgressLine:
    """A line that is drawn over and over, and gone at the end."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._is_shown = self._stream.isatty() and not _feeds_a_pipe()
        self._began = time.monotonic()
        self._last = 0.0
        self._is_drawn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, type: type[BaseException] | None, value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:  # fmt: skip
        if self._is_drawn:
            self._write("\r\x1b[K")

    def preparing(self, progress: Progress) -> None:
        """Show how far a conversion has come."""
        self._draw(progress_text(progress))

    def running(self, execution: QueryExecution) -> None:
        """Show an execution's state."""
        read = (
            "" if execution.scanned_bytes is None else f" · {format_size(execution.scanned_bytes)}"
        )
        if execution.scanned_total:
            read += f" of {format_size(execution.scanned_total)}"
        if execution.cost is not None:
            read += f" · {dollars(execution.cost)}"
        seconds = execution.elapsed_ms / 1000
        trouble = f" · {execution.reason}" if execution.reason else ""
        self._draw(f"{execution.state.value} {seconds:.1f} s{read}{trouble} · Ctrl-C cancels")

    def telling(self, text: str) -> None:
        """Show what is done now."""
        self._draw(text)

    def _draw(self, text: str) -> None:
        now = time.monotonic()
        if not self._is_shown or now - self._began < _DELAY_S or now - self._last < _EVERY_S:
            return
        self._last = now
        self._is_drawn = True
        width = _width(self._stream)
        self._write(f"\r{one_line(text)[: width - 1]}\x1b[K")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def progress_text(progress: Progress) -> str:
    """`Reading ━━━━────  42% · 120 of 300 files · 4,000,000 records · 1.2 M/s · 3 s left`."""
    share = progress.bytes_done / progress.bytes_total if progress.bytes_total else 1.0
    share = min(max(share, 0.0), 1.0)
    full = round(share * _BAR_CELLS)
    parts = [
        f"{progress.phase} {'━' * full}{'─' * (_BAR_CELLS - full)} {share:4.0%}",
        f"{progress.files_done:,} of {progress.files_total:,} files",
    ]
    if progress.records:
        parts.append(f"{progress.records:,} records")
    if progress.records and progress.elapsed_s > 0:
        parts.append(f"{progress.records / progress.elapsed_s / 1e6:.1f} M/s")
    if progress.seconds_left is not None and share < 1:
        parts.append(f"{progress.seconds_left:.0f} s left")
    return " · ".join(parts)


def _feeds_a_pipe() -> bool:
    """True where stdout goes to another program, which may draw on the same terminal."""
    try:
        return stat.S_ISFIFO(os.fstat(sys.stdout.fileno()).st_mode)
    except (OSError, ValueError):
        return True


def _width(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
