"""A sitting on disk: the trail, the executions behind its views, and how their tables stood.

Written after every step, so that a dropped connection or a crash loses nothing: `flowtui --resume`
stands where it stood, and on Athena the rows come back by execution id without a new scan.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from flowtui.domain.times import TimeRange
from flowtui.domain.views import Trail, View
from flowtui.engines.local.locks import FileLock
from flowtui.errors import ConfigError, FlowtuiError
from flowtui.session.paths import private_dir
from flowtui.session.sources import Source

KEPT: Final = 20
"""Sittings on disk; older ones go, unless they are open."""
QUIT: Final = "quit"
"""How a sitting ended that a person left."""
CRASH: Final = "crash"
"""How one ended that failed inside."""
_OUTCOMES: Final = {
    QUIT: "left",
    CRASH: "crashed",
    "SIGHUP": "connection lost",
    "SIGTERM": "stopped",
    "SIGINT": "stopped",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where one stood in a view's table, and which execution had filled it."""

    query_id: str = ""
    """Athena's id; empty for local runs, which are simply run again."""
    sql: str = ""
    """The statement that ran under it."""
    row: int = 0
    column: int = 0
    time: TimeRange | None = None
    """Bounds that the statement held; `last:1h` would mean others by now."""
    left_running: str = ""
    """Our id of it, where it was left to run: history does not know yet what it cost."""
    kept: Mapping[str, Any] = field(default_factory=dict)
    """How the table stood besides, JSON by name of the feature; see `flowtui.ui.keepsakes`."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The views that stood at a step before and after changes to the question, and their places."""

    before: tuple[tuple[View, Place], ...] = ()
    """To undo, the latest last."""
    after: tuple[tuple[View, Place], ...] = ()
    """To redo, the next one last."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What the command line said of how to reach and read the source; empty: nothing."""

    format: str = ""
    profile: str = ""
    region: str = ""
    output_location: str = ""


UNTOLD: Final = Reach()
"""The AWS chain decides, and the files say themselves how they are read."""


def reach_of(source: Source) -> Reach:
    """How a source is reached."""
    return Reach(source.format, source.profile, source.region, source.output_location)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One sitting as it can be taken up again."""

    id: str
    source: str
    """As typed on the command line; a path in full."""
    trail: Trail
    places: tuple[Place, ...]
    """One for each step of the trail."""
    saved: datetime
    reach: Reach = Reach()
    extra_fields: tuple[str, ...] = ()
    """Columns of the source that are no fields of a flow log; filters may name them."""
    changes: tuple[Changes, ...] = ()
    """One for each step; none: nothing can be undone."""
    ended: str = ""
    """`quit`, `crash`, a signal's name; empty: it is open, or was killed."""
    lost_steps: int = 0
    """Views in the file that could not be read."""

    def outcome(self, is_open: bool = False) -> str:
        """`left`, `cut off`, `connection lost`, `crashed`, `stopped`; `open` while it is."""
        return "open" if is_open else _OUTCOMES.get(self.ended, "cut off")

    @property
    def way(self) -> str:
        """`Top rejected pairs › 203.0.113.9 → 10.0.1.20`."""
        return " › ".join(self.trail.crumbs())


class Sittings:
    """The sittings in a directory: a file for each, and beside it a lock while it is open.

    Args:
        directory: Made, for this user alone, at the first save.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def save(self, sitting: Sitting) -> None:
        """Write it, whole or not at all; the oldest beyond twenty go. Blocks on the disk."""
        from flowtui.session.sittingfile import written

        private_dir(self._directory)
        handle, name = tempfile.mkstemp(dir=self._directory, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(written(sitting))
            os.replace(name, self._path(sitting.id))
        except BaseException:
            # A full disk must not be filled further at each step.
            os.unlink(name)
            raise
        for path in self._newest_first()[KEPT:]:
            if not self.is_open(path.stem):
                self.remove(path.stem)

    def load(self, id: str = "") -> Sitting:
        """The sitting of that id; without one, the latest that can be read and is not open.

        Where all that can be read are open, the latest of them.

        Raises:
            ConfigError: There is none, or it cannot be read.
        """
        from flowtui.session.sittingfile import read

        if id:
            if not self._path(id).exists():
                raise ConfigError(f"There is no sitting {id}.", "flowtui sittings lists them.")
            return read(self._path(id))
        found = self.all()
        if not found:
            for path in self._newest_first():
                read(path)  # says what is wrong with it
            raise ConfigError("There is no sitting to take up.", "One is kept whenever one looks.")
        return next((one for one in found if not self.is_open(one.id)), found[0])

    def all(self) -> list[Sitting]:
        """Every sitting that can be read, the latest first."""
        from flowtui.session.sittingfile import read

        found = []
        for path in self._newest_first():
            with suppress(FlowtuiError):
                found.append(read(path))
        return found

    def interrupted(self, source: str, reach: Reach, but: str = "") -> Sitting | None:
        """The last sitting over a source, where nobody quit it and it is not open.

        Args:
            source: As sittings name it.
            reach: How it is reached.
            but: Id of the one at hand, which does not count.
        """
        over = (s for s in self.all() if s.id != but and (s.source, s.reach) == (source, reach))
        for last in over:
            if not self.is_open(last.id):
                return last if last.ended != QUIT else None
        return None

    def remove(self, id: str) -> None:
        """Forget one."""
        self._path(id).unlink(missing_ok=True)
        self._path(id).with_suffix(".open").unlink(missing_ok=True)

    def lock(self, id: str) -> FileLock:
        """What a process holds while a sitting is open; the kernel lets go when it dies.

        Raises:
            OSError: The directory cannot be made.
        """
        private_dir(self._directory)
        return FileLock(self._path(id).with_suffix(".open"))

    def is_open(self, id: str) -> bool:
        """True while some process has it open."""
        path = self._path(id).with_suffix(".open")
        if not path.exists():
            return False
        lock = FileLock(path)
        with suppress(OSError):
            lock.take_alone()
        lock.release()
        return lock.is_taken

    def _path(self, id: str) -> Path:
        if not id.replace("-", "").isalnum():
            raise ConfigError(f"Not a sitting: {id}", "flowtui sittings lists them.")
        return self._directory / f"{id}.json"

    def _newest_first(self) -> list[Path]:
        if not self._directory.is_dir():
            return []
        found = []
        for path in self._directory.glob("*.json"):
            with suppress(FileNotFoundError):  # another process keeps twenty too
                found.append((path.stat().st_mtime_ns, path))
        return [path for _, path in sorted(found, reverse=True)]
