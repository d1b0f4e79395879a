"""Bytes that arrive from the network onto the disk, whose troubles are not the network's."""

from __future__ import annotations

from io import RawIOBase

from flowtui.errors import EngineError


def write_whole(file: RawIOBase, chunk: bytes) -> None:
    """Write all of it; the file is unbuffered, so that a full disk is told at once.

    Raises:
        EngineError: The disk does not take it; to ask for it again would not help.
    """
    left = memoryview(chunk)
    try:
        while left:
            left = left[file.write(left) :]
    except OSError as error:
        raise cannot_keep(error.strerror or str(error)) from error


def cannot_keep(why: str) -> EngineError:
    """The error where a file cannot be made, written or renamed."""
    return EngineError(
        f"What is downloaded cannot be kept: {why}.",
        "Make room, or set XDG_CACHE_HOME to a directory that can be written.",
    )
