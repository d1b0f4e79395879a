"""The index of a source's converted files: what was read when, and which Parquet file holds it.

A Parquet file (a part) holds the records of one or more whole log files. It is written under
another name, renamed, and only then entered here, in the one transaction that says which log files
it stands for. So a process that is killed leaves at most a file that nobody knows, and two
processes can never count a log file twice. Parts that are no longer valid are kept until no
process has the source open: a query may still read them.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from flowtui.engines.local import indexed
from flowtui.engines.local.indexed import CacheError, Known, Part, Snapshot
from flowtui.engines.local.locks import FileLock

VERSION: Final = 1
"""Of everything in the directory; another version is thrown away and made again."""
INDEX_NAME: Final = "index.sqlite"
SOURCE_NAME: Final = "source.txt"
LOCK_NAME: Final = "use.lock"
_CONVERT_LOCK_NAME: Final = "convert.lock"
_SCHEMA: Final = """
CREATE TABLE part (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, fields TEXT NOT NULL,
  records INTEGER NOT NULL, bytes INTEGER NOT NULL, min_start INTEGER, max_end INTEGER,
  is_retired INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE file (
  path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, fields TEXT NOT NULL,
  refusal TEXT NOT NULL, part INTEGER REFERENCES part, records INTEGER NOT NULL DEFAULT 0,
  skipdata INTEGER NOT NULL DEFAULT 0, left_out TEXT NOT NULL DEFAULT '[]'
) WITHOUT ROWID;
CREATE INDEX file_by_part ON file (part);
"""
_ALL_FILES: Final = """
SELECT path, size, mtime_ns, file.fields, refusal, coalesce(name, ''), file.records, skipdata,
  left_out
FROM file LEFT JOIN part ON part.id = part
"""
_VALID_PARTS: Final = """
SELECT name, fields, records, bytes, min_start, max_end FROM part WHERE NOT is_retired
"""
_FREE_FILES: Final = """
UPDATE file SET part = NULL, records = 0, skipdata = 0, left_out = '[]'
WHERE part IN (SELECT id FROM part WHERE is_retired)
"""


class Store:
    """The cache directory of one source, shared by any number of processes and threads."""

    def __init__(self, directory: Path, source: str) -> None:
        self.directory = directory
        self._source = source
        self._in_use = FileLock(directory / LOCK_NAME)
        self._converting = FileLock(directory / _CONVERT_LOCK_NAME)
        self._lock = threading.RLock()
        self._db: sqlite3.Connection | None = None

    def open(self) -> None:
        """Open the index, make it where there is none, and clear away what nobody can use.

        Raises:
            CacheError: The directory cannot be used, or a process of another version uses it.
        """
        try:
            while not self._open():
                self.close()
        except (OSError, sqlite3.Error) as error:
            self.close()
            raise CacheError(f"the cache cannot be used: {error}") from error
        except CacheError:
            self.close()
            raise

    def close(self) -> None:
        """Close the index and let others clear away."""
        with self._lock:
            if self._db is not None:
                with contextlib.suppress(sqlite3.Error):
                    self._db.close()
                self._db = None
            self._converting.release()
            self._in_use.release()

    def read(self) -> Snapshot:
        """The whole index at one moment."""
        with self._reading() as db:
            files = db.execute(_ALL_FILES).fetchall()
            parts = db.execute(_VALID_PARTS).fetchall()
        known = (indexed.known(os.fsdecode(path), *rest) for path, *rest in files)
        return Snapshot(dict(known), {name: indexed.part(name, *rest) for name, *rest in parts})

    def _parts(self) -> list[Part]:
        with self._reading() as db:
            return [indexed.part(*row) for row in db.execute(_VALID_PARTS).fetchall()]

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                db = self._connection()
                db.execute("BEGIN")
                yield db
                db.execute("COMMIT")
            except sqlite3.Error as error:
                raise CacheError(f"the index of the cache cannot be read: {error}") from error

    def stamp(self) -> int:
        """A number that differs from an earlier one where another process has written since."""
        with self._lock:
            try:
                return int(self._connection().execute("PRAGMA data_version").fetchone()[0])
            except sqlite3.Error as error:
                raise CacheError(f"the index of the cache cannot be read: {error}") from error

    def note_files(self, files: Iterable[tuple[str, Known]], gone: Iterable[str]) -> None:
        """Enter files as not yet converted, and forget others; parts that held them are void."""
        entered = [(os.fsencode(path), known) for path, known in files]
        changed = [path for path, _ in entered] + [os.fsencode(path) for path in gone]
        with self._transaction() as db:
            db.execute("CREATE TEMP TABLE IF NOT EXISTS changed (path BLOB PRIMARY KEY)")
            db.execute("DELETE FROM changed")
            db.executemany("INSERT OR IGNORE INTO changed VALUES (?)", [(p,) for p in changed])
            db.execute(
                "UPDATE part SET is_retired = 1 WHERE id IN"
                " (SELECT part FROM file JOIN changed USING (path) WHERE part IS NOT NULL)"
            )
            db.execute(_FREE_FILES)
            db.execute("DELETE FROM file WHERE path IN (SELECT path FROM changed)")
            db.executemany(
                "INSERT INTO file (path, size, mtime_ns, fields, refusal) VALUES (?, ?, ?, ?, ?)",
                [(p, k.size, k.mtime_ns, " ".join(k.fields), k.refusal) for p, k in entered],
            )

    def add_part(self, part: Part, files: dict[str, Known]) -> bool:
        """Enter a part that is in place; False where a file of it has changed or is taken."""
        with self._transaction() as db:
            for path, known in files.items():
                row = db.execute(
                    "SELECT 1 FROM file WHERE path = ? AND size = ? AND mtime_ns = ?"
                    " AND part IS NULL",
                    (os.fsencode(path), known.size, known.mtime_ns),
                ).fetchone()
                if row is None:
                    return False
            id = _insert(db, part)
            db.executemany(
                "UPDATE file SET part = ?, fields = ?, records = ?, skipdata = ?, left_out = ?"
                " WHERE path = ?",
                [
                    (id, " ".join(known.fields), known.records, known.skipdata,
                     indexed.written(known.left_out), os.fsencode(path))
                    for path, known in files.items()
                ],
            )  # fmt: skip
        return True

    def merge_parts(self, merged: Part, old: Sequence[str]) -> bool:
        """Put one part in the place of several; False where one of them is void by now."""
        marks = ", ".join("?" * len(old))
        with self._transaction() as db:
            ids = db.execute(
                f"SELECT id FROM part WHERE NOT is_retired AND name IN ({marks})", tuple(old)
            ).fetchall()
            if len(ids) != len(old):
                return False
            id = _insert(db, merged)
            for (old_id,) in ids:
                db.execute("UPDATE file SET part = ? WHERE part = ?", (id, old_id))
                db.execute("UPDATE part SET is_retired = 1 WHERE id = ?", (old_id,))
        return True

    def begin_converting(self) -> bool:
        """True where no other process converts this source; also where that cannot be known."""
        return self._converting.take_alone() or not self._in_use.is_held

    def end_converting(self) -> None:
        """Let another process convert."""
        self._converting.release()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            db = self._connection()
            try:
                db.execute("BEGIN IMMEDIATE")
                try:
                    yield db
                except BaseException:
                    db.execute("ROLLBACK")
                    raise
                db.execute("COMMIT")
            except sqlite3.Error as error:
                raise CacheError(f"the index of the cache cannot be written: {error}") from error

    def _connection(self) -> sqlite3.Connection:
        if self._db is None:
            raise CacheError("the cache is closed")
        return self._db

    def _open(self) -> bool:
        """False where another process deleted the directory meanwhile."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            is_alone = self._in_use.take_alone()
            if not is_alone:
                self._in_use.share()
            self._open_index(is_alone)
            if is_alone:
                self._clear_away()
                # Between the two locks others may come in, and may even delete everything.
                self._in_use.share()
            self._void_lost_parts()
            (self.directory / SOURCE_NAME).write_text(
                self._source, encoding="utf-8", errors="surrogateescape"
            )
            return (self.directory / INDEX_NAME).exists()
        return False

    def _open_index(self, is_alone: bool) -> None:
        try:
            if self._connect():
                return
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and "disk" not in str(error):
                raise
        if not is_alone:
            raise CacheError("another flowtui of another version uses the cache of this source")
        if self._db is not None:
            self._db.close()
        _empty(self.directory)
        self._connect()

    def _connect(self) -> bool:
        """True where the index is of this version."""
        db = self._db = sqlite3.connect(
            self.directory / INDEX_NAME, timeout=30, isolation_level=None, check_same_thread=False
        )
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("BEGIN IMMEDIATE")
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version == 0 and not db.execute("SELECT 1 FROM sqlite_master").fetchone():
            for sql in _SCHEMA.split(";"):
                db.execute(sql)
            db.execute(f"PRAGMA user_version = {VERSION}")
            version = VERSION
        db.execute("COMMIT")
        return bool(version == VERSION)

    def _void_lost_parts(self) -> None:
        """Parts that were deleted by hand, or cut when the machine lost its power."""
        parts = self._parts()
        sizes = {path.name: path.stat().st_size for path in self.directory.glob("*.parquet")}
        lost = [part.name for part in parts if sizes.get(part.name) != part.bytes]
        if not lost:
            return
        with self._transaction() as db:
            db.executemany("UPDATE part SET is_retired = 1 WHERE name = ?", [(n,) for n in lost])
            db.execute(_FREE_FILES)

    def _clear_away(self) -> None:
        with self._transaction() as db:
            db.execute("DELETE FROM part WHERE is_retired")
        valid = {part.name for part in self._parts()}
        for path in list(self.directory.iterdir()):
            if path.suffix in (".parquet", ".tmp") and path.name not in valid:
                path.unlink()


def _insert(db: sqlite3.Connection, part: Part) -> int | None:
    return db.execute(
        "INSERT INTO part (name, fields, records, bytes, min_start, max_end)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (part.name, " ".join(part.fields), part.records, part.bytes, part.min_start, part.max_end),
    ).lastrowid


def _empty(directory: Path) -> None:
    for path in list(directory.iterdir()):
        if path.name == LOCK_NAME:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
