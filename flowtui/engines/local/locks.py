"""Locks between processes on one cache directory; let go of by the kernel when a process dies."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has none: its own rule, that open files stay, guards the cache there.
    fcntl = None  # type: ignore[assignment]


class FileLock:
    """A lock on a file that may itself be deleted by whoever holds it alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None
        self.is_taken = False
        """True where another held it when it was last asked for."""

    @property
    def is_held(self) -> bool:
        """True between taking and letting go."""
        return self._fd is not None

    def take_alone(self) -> bool:
        """Lock it against everyone, at once or not at all; True where it was possible.

        Raises:
            OSError: The directory is gone or may not be written.
        """
        return fcntl is not None and self._take(fcntl.LOCK_EX | fcntl.LOCK_NB)

    def share(self) -> bool:
        """Lock it against being taken alone; waits for whoever holds it alone.

        Raises:
            OSError: The directory is gone or may not be written.
        """
        return fcntl is not None and self._take(fcntl.LOCK_SH)

    def release(self) -> None:
        """Let go; harmless where it is not held."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _take(self, operation: int) -> bool:
        while True:
            fd = self._fd if self._fd is not None else self._open()
            try:
                fcntl.flock(fd, operation)
            except OSError as error:
                # Held by another, or a file system without locks.
                self.is_taken = isinstance(error, BlockingIOError)
                if self._fd is None:
                    os.close(fd)
                return False
            self._fd = fd
            # The holder before us may have deleted the file: then this lock guards nothing.
            with contextlib.suppress(FileNotFoundError):
                if os.stat(self._path).st_ino == os.fstat(fd).st_ino:
                    return True
            self.release()

    def _open(self) -> int:
        return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
