"""How a path that is being typed could go on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

MOST: Final = 200
"""Names given at most."""
_LOGS: Final = (".log", ".gz", ".parquet", ".txt")


def completions(text: str) -> tuple[str, ...]:
    """Paths that begin with the text, as typed: directories (with `/`), then log files, by name.

    Blocks on slow file systems; worker threads only. Empty where nothing can be read.
    """
    typed, _, begin = text.rpartition("/")
    shown = f"{typed}/" if "/" in text else ""
    folder = Path(os.path.expanduser(shown or "."))
    directories, files = [], []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                is_hidden = entry.name.startswith(".") and not begin.startswith(".")
                if is_hidden or not entry.name.startswith(begin):
                    continue
                if entry.is_dir():
                    directories.append(f"{shown}{entry.name}/")
                elif entry.name.lower().endswith(_LOGS):
                    files.append(f"{shown}{entry.name}")
    except (OSError, ValueError):
        return ()
    return tuple((sorted(directories) + sorted(files))[:MOST])


def common_start(paths: tuple[str, ...]) -> str:
    """What all of them begin with."""
    first, last = min(paths), max(paths)
    length = next((i for i, letter in enumerate(first) if not last[i:].startswith(letter)), None)
    return first[:length]


def last_name(path: str) -> str:
    """The part after the last directory, with its `/`."""
    cut = path.rstrip("/").rpartition("/")[2]
    return cut + "/" if path.endswith("/") else cut
