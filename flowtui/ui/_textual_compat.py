"""What must be worked around in Textual, each with the version that was looked at."""

from __future__ import annotations

from typing import Any, TextIO

from textual.driver import Driver


class UnbreakableFile:
    """A terminal that may go away: from then on, what is written is lost and nothing fails.

    Textual 8.2.8 writes in a thread that ends at the first error; its queue then fills, and leaving
    waits for ever.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._is_gone = False

    def write(self, text: str) -> None:
        """Write, where anybody is there to read."""
        if not self._is_gone:
            try:
                self._file.write(text)
            except OSError:
                self._is_gone = True

    def flush(self) -> None:
        """Flush, likewise."""
        if not self._is_gone:
            try:
                self._file.flush()
            except OSError:
                self._is_gone = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def lasting(driver_class: type[Driver]) -> type[Driver]:
    """The driver, made so that it outlives its terminal."""
    from textual.drivers.linux_driver import LinuxDriver

    if driver_class is not LinuxDriver:
        return driver_class

    class LastingDriver(LinuxDriver):
        def __init__(self, *args: Any, **chosen: Any) -> None:
            super().__init__(*args, **chosen)
            self._file: Any = UnbreakableFile(self._file)

    return LastingDriver
