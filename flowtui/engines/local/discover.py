"""Finding the log files that a file name, a directory or a glob stands for."""

from __future__ import annotations

import glob
import os
import stat
from dataclasses import dataclass, field

from flowtui.domain.executions import LeftOut
from flowtui.engines.local.problems import cannot_read
from flowtui.errors import ConnectError

_LOG_ENDINGS = (".log", ".gz", ".parquet")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that may hold flow logs, as the directory shows it."""

    path: str
    size: int
    mtime_ns: int
    is_certain: bool = True
    """False where neither the user nor the name says that it is a log."""


@dataclass(slots=True)
class Listing:
    """The files of a source by path, and what could not be looked into."""

    files: list[FoundFile] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def list_files(location: str) -> Listing:
    """Every file of a source once, links followed, in the order of their paths.

    Raises:
        ConnectError: There is no such file or directory.
    """
    expanded = os.path.expanduser(location)
    named = [expanded] if os.path.exists(expanded) else sorted(glob.glob(expanded, recursive=True))
    if not named:
        what = "No file matches" if glob.has_magic(expanded) else "There is no file or directory"
        raise ConnectError(
            f"{what} {location}", "Give a log file, a directory of them, or a glob in quotes."
        )
    listing, seen = Listing(), set[tuple[int, int]]()
    for path in named:
        _walk(path, listing, seen)
    listing.files.sort(key=lambda found: found.path)
    return listing


def _walk(start: str, listing: Listing, seen: set[tuple[int, int]]) -> None:
    """Add the files of a place that are not `seen` yet, by device and inode."""
    try:
        status = os.stat(start)
    except OSError as error:
        listing.left_out.append(LeftOut(start, cannot_read(error), 0))
        return
    if stat.S_ISREG(status.st_mode):
        _add(FoundFile(start, status.st_size, status.st_mtime_ns), status, listing, seen)
    if not stat.S_ISDIR(status.st_mode):
        return
    seen.add(_identity(status))
    waiting = [start]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if not entry.name.startswith((".", "_")):
                        _look_at(entry, waiting, listing, seen)
        except OSError as error:
            listing.left_out.append(LeftOut(folder, cannot_read(error), 0))


def _look_at(
    entry: os.DirEntry[str], waiting: list[str], listing: Listing, seen: set[tuple[int, int]]
) -> None:
    is_log = entry.name.lower().endswith(_LOG_ENDINGS)
    may_be_text = "." not in entry.name or entry.name.lower().endswith(".txt")
    try:
        if entry.is_dir():
            # A link may lead back up, or to a folder that is listed anyway.
            identity = _identity(entry.stat())
            if identity not in seen:
                seen.add(identity)
                waiting.append(entry.path)
        elif (is_log or may_be_text) and entry.is_file():
            status = entry.stat()
            found = FoundFile(entry.path, status.st_size, status.st_mtime_ns, is_log)
            _add(found, status, listing, seen)
    except OSError as error:
        listing.left_out.append(LeftOut(entry.path, cannot_read(error), 0))


def _add(
    found: FoundFile, status: os.stat_result, listing: Listing, seen: set[tuple[int, int]]
) -> None:
    identity = _identity(status)
    # Some file systems have no inodes: there each path is a file of its own.
    if identity[1] == 0 or identity not in seen:
        seen.add(identity)
        listing.files.append(found)


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
