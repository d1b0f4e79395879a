"""SQL that was typed and not run yet: kept until it is run or kept, whatever ends the sitting."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from flowtui.session.paths import private_dir

MOST_SQL_BYTES: Final = 262_144
"""Athena takes no longer statement. See "Service Quotas", Athena User Guide."""
_KEPT: Final = 50
"""Drafts on disk; older ones go."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in an editor."""

    text: str
    """The author's SQL, or the file."""
    finished: str = ""
    """The finished statement, where it was looked at."""
    line: str = ""
    """The filter in that, as a filter line with fixed bounds of time."""
    is_finished: bool = False
    """True where the finished statement is the one in view."""
    is_filtered: bool = True
    """Run under the filter at hand."""


def draft_key(text: str, name: str) -> str:
    """What a draft is found by: the text that it was made from, and where that came from."""
    return hashlib.sha256(f"{name}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()[:24]


class Drafts:
    """The drafts in a directory, one file each, for this user alone.

    Args:
        directory: Made at the first draft; None: drafts end with the sitting.
    """

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory
        self._lock = threading.Lock()
        self._held: dict[str, Draft | None] = {}
        self._unwritten: set[str] = set()

    def hold(self, key: str, draft: Draft | None) -> None:
        """Keep a draft; None: forget it. Never waits; `write` puts it on the disk."""
        self._held[key] = draft
        self._unwritten.add(key)

    def held(self, key: str) -> Draft | None:
        """The draft of this sitting under a key."""
        return self._held.get(key)

    def is_known(self, key: str) -> bool:
        """True where this sitting has kept or forgotten one: the disk knows nothing newer."""
        return key in self._held

    def write(self) -> None:
        """Bring the disk up to date. Blocks; worker threads only.

        Raises:
            OSError: A draft cannot be written.
        """
        with self._lock:
            while self._unwritten and self._directory is not None:
                key = self._unwritten.pop()
                draft = self._held.get(key)
                path = _path(self._directory, key)
                if draft is None:
                    with suppress(OSError):
                        path.unlink(missing_ok=True)
                else:
                    _save(path, draft)

    def load(self, key: str) -> Draft | None:
        """The draft on the disk; None where there is none that can be read. Blocks."""
        if self._directory is None:
            return None
        try:
            found = json.loads(_path(self._directory, key).read_text("utf-8"))
            draft = Draft(**found)
            texts = (draft.text, draft.finished, draft.line)
            switches = (draft.is_finished, draft.is_filtered)
            is_one = all(isinstance(text, str) for text in texts)
            return draft if is_one and all(isinstance(on, bool) for on in switches) else None
        except (OSError, ValueError, TypeError, RecursionError):
            return None


def _path(directory: Path, key: str) -> Path:
    return directory / f"{key}.json"


def _save(path: Path, draft: Draft) -> None:
    """Write it, whole or not at all; the oldest beyond fifty go."""
    private_dir(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass") as file:
            json.dump(asdict(draft), file)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    for old in _newest_first(path.parent)[_KEPT:]:
        old.unlink(missing_ok=True)


def _newest_first(directory: Path) -> list[Path]:
    found = []
    for path in directory.glob("*.json"):
        with suppress(FileNotFoundError):  # another process keeps fifty too
            found.append((path.stat().st_mtime_ns, path))
    return [path for _, path in sorted(found, reverse=True)]
