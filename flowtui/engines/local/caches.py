"""The caches of all sources together: what there is, how large it may grow, and clearing it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flowtui.engines.local.locks import FileLock
from flowtui.engines.local.store import INDEX_NAME, LOCK_NAME, SOURCE_NAME


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """The converted flow logs of one source."""

    source: str
    """As it was opened."""
    path: Path
    bytes: int
    files: int
    """Log files converted; 0 where the index cannot be read."""
    records: int
    last_used: datetime
    """Aware, UTC."""


def directory_of(cache_root: Path, location: str, format: tuple[str, ...] | None) -> Path:
    """Where the cache of a source is: the same for every way to write its path."""
    place = os.path.realpath(os.path.expanduser(location))
    key = hashlib.sha256(os.fsencode(place) + " ".join(("", *(format or ()))).encode())
    name = re.sub(r"[^A-Za-z0-9]+", "-", os.path.basename(place)).strip("-")[:40]
    return cache_root / f"{name or 'logs'}-{key.hexdigest()[:16]}"


def list_caches(cache_root: Path) -> tuple[CacheEntry, ...]:
    """Every source that has a cache, the one used last first."""
    entries = []
    with contextlib.suppress(FileNotFoundError):
        entries = [_entry(path) for path in cache_root.iterdir() if _is_cache(path)]
    return tuple(sorted(entries, key=lambda entry: entry.last_used, reverse=True))


def prune(cache_root: Path, limit: int) -> int:
    """Delete caches, the longest unused first, until all take `limit` bytes at most.

    Those that a process has open stay. Returns the bytes freed.
    """
    entries = list_caches(cache_root)
    total, freed = sum(entry.bytes for entry in entries), 0
    for entry in reversed(entries):
        if total - freed <= limit:
            break
        freed += entry.bytes if _delete(entry.path) else 0
    return freed


def clear(cache_root: Path, source: str | None = None) -> int:
    """Delete the cache of a source, or of all; those in use stay. Returns the bytes freed."""
    freed = 0
    for entry in list_caches(cache_root):
        if source is None or source == entry.source or _same_place(source, entry.source):
            freed += entry.bytes if _delete(entry.path) else 0
    return freed


def _is_cache(path: Path) -> bool:
    return (path / SOURCE_NAME).exists() or (path / INDEX_NAME).exists()


def _same_place(source: str, other: str) -> bool:
    return os.path.realpath(os.path.expanduser(source)) == os.path.realpath(other)


def _entry(path: Path) -> CacheEntry:
    source, used = "", 0.0
    with contextlib.suppress(OSError):
        source = (path / SOURCE_NAME).read_text("utf-8", "surrogateescape")
        used = (path / SOURCE_NAME).stat().st_mtime
    files, records = _totals(path / INDEX_NAME)
    return CacheEntry(
        source, path, size_of(path), files, records, datetime.fromtimestamp(used, UTC)
    )


def size_of(path: Path) -> int:
    """Bytes of the files under a directory; nothing where there is none."""
    size = 0
    for folder, _, names in os.walk(path):
        for name in names:
            with contextlib.suppress(OSError):
                size += os.stat(os.path.join(folder, name)).st_size
    return size


def _totals(index: Path) -> tuple[int, int]:
    try:
        with contextlib.closing(sqlite3.connect(f"{index.as_uri()}?mode=ro", uri=True)) as db:
            row = db.execute(
                "SELECT count(*), coalesce(sum(records), 0) FROM file WHERE part IS NOT NULL"
            ).fetchone()
    except sqlite3.Error:
        return 0, 0
    return int(row[0]), int(row[1])


def _delete(path: Path) -> bool:
    """True where nobody used it and it is gone."""
    lock = FileLock(path / LOCK_NAME)
    try:
        if not lock.take_alone():
            return False
        shutil.rmtree(path)
    except OSError:
        return False
    finally:
        lock.release()
    return True
