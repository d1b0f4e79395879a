"""Finding the log files that a file name, a directory or a glob stands for."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field

from flowtui.domain.executions import LeftOut
from flowtui.errors import ConnectError

_LOG_ENDINGS = (".log", ".gz", ".parquet")
_TEXT_ENDINGS = ("", ".txt")


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
        for found, identity in _walk(path, listing):
            if identity[1] == 0 or identity not in seen:
                seen.add(identity)
                listing.files.append(found)
    listing.files.sort(key=lambda found: found.path)
    return listing


def _walk(start: str, listing: Listing) -> Iterator[tuple[FoundFile, tuple[int, int]]]:
    try:
        status = os.stat(start)
    except OSError as error:
        listing.left_out.append(LeftOut(start, f"cannot be read: {error.strerror}", 0))
        return
    if not stat.S_ISDIR(status.st_mode):
        if stat.S_ISREG(status.st_mode):
            yield FoundFile(start, status.st_size, status.st_mtime_ns), _identity(status)
        return
    visited, waiting = {_identity(status)}, [start]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith((".", "_")):
                        continue
                    yield from _look_at(entry, visited, waiting, listing)
        except OSError as error:
            listing.left_out.append(LeftOut(folder, f"cannot be read: {error.strerror}", 0))


def _look_at(
    entry: os.DirEntry[str],
    visited: set[tuple[int, int]],
    waiting: list[str],
    listing: Listing,
) -> Iterator[tuple[FoundFile, tuple[int, int]]]:
    ending = os.path.splitext(entry.name)[1].lower()
    try:
        if entry.is_dir():
            identity = _identity(entry.stat())
            # A link may lead back up, or to a folder that is listed anyway.
            if identity not in visited:
                visited.add(identity)
                waiting.append(entry.path)
            return
        is_log = ending in _LOG_ENDINGS
        if not (is_log or ending in _TEXT_ENDINGS) or not entry.is_file():
            return
        status = entry.stat()
    except OSError as error:
        listing.left_out.append(LeftOut(entry.path, f"cannot be read: {error.strerror}", 0))
        return
    yield (
        FoundFile(entry.path, status.st_size, status.st_mtime_ns, is_log),
        _identity(status),
    )


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
