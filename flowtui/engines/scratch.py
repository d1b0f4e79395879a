"""A directory of this process alone, gone with it.

Results and spilled rows live here. What a killed process left behind is removed by the next one: a
live process holds a lock on its directory, and a lock cannot outlive its process.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from flowtui.errors import ConnectError

_LOCK: Final = ".lock"


class ScratchDirectory:
    """A private directory under `root`, deleted by `close`.

    Args:
        root: Parent of such directories; None: one for this user in the system's temporary place.

    Raises:
        ConnectError: It cannot be made.
    """

    def __init__(self, root: Path | None) -> None:
        parent = root or Path(tempfile.gettempdir()) / f"flowtui-{os.getuid()}"
        try:
            parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _remove_abandoned(parent)
            self.path = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=parent))
            self._lock = _lock(self.path)
        except OSError as e:
            raise ConnectError(
                f"Results cannot be kept in {parent}: {e.strerror or e}.",
                "Free some space, or set XDG_CACHE_HOME to a directory that can be written.",
            ) from e

    def close(self) -> None:
        """Delete it and all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _lock(directory: Path) -> int | None:
    """A lock on the directory; None where a living process has it."""
    handle = os.open(directory / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _remove_abandoned(parent: Path) -> None:
    for entry in os.scandir(parent):
        # Between making a directory and locking it lies a moment in which it has no lock file.
        if not os.path.exists(os.path.join(entry.path, _LOCK)):
            continue
        with suppress(OSError):
            handle = _lock(Path(entry.path))
            if handle is not None:
                shutil.rmtree(entry.path, ignore_errors=True)
                os.close(handle)
