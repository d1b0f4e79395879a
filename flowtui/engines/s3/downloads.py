"""Log files of S3 on this machine: fetched in parallel, taken up where broken off, never twice."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from flowtui.domain.executions import Progress
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.faults import is_transient, translating
from flowtui.engines.keeping import cannot_keep, write_whole
from flowtui.engines.s3.listing import S3Object
from flowtui.errors import ConnectError, EngineError

_WORKERS: Final = 8
_ATTEMPTS: Final = 5
_CHUNK: Final = 1 << 20
_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS objects (path TEXT PRIMARY KEY, etag TEXT NOT NULL, size INTEGER)"
)


class Downloads:
    """What has been fetched below a directory.

    An index remembers each object's ETag, so that an object that was replaced is fetched again and
    every other one is not.

    Args:
        clients: Calls go through these.
        root: Directory for the files, laid out as in S3 below the bucket's name.
    """

    def __init__(self, clients: AwsClients, root: Path) -> None:
        self._clients = clients
        self._root = root

    def path_of(self, item: S3Object) -> Path:
        """Where an object is kept.

        Raises:
            ConnectError: Its key is no name of a file here: it would lead out of the directory, or
                to the file of another key, as `a//b.log` to that of `a/b.log`.
        """
        path = self._root / item.bucket / item.key
        is_as_is = PurePosixPath(item.key).as_posix() == item.key
        if not is_as_is or ".." in path.parts or not path.is_relative_to(self._root):
            raise ConnectError(f"The object's name leads elsewhere: {item.key!r}", "Rename it.")
        return path

    def missing(self, items: Sequence[S3Object]) -> list[S3Object]:
        """Those that are not here as they are in S3 now."""
        with self._index() as db:
            known = dict(db.execute("SELECT path, etag FROM objects").fetchall())
        return [
            item for item in items if known.get(_name(item)) != item.etag or not self._is_here(item)
        ]

    def fetch(
        self,
        items: Sequence[S3Object],
        cancelled: threading.Event,
        on_progress: Callable[[Progress], None] = lambda _: None,
    ) -> list[tuple[S3Object, EngineError]]:
        """Fetch what is missing; those that could not be had, each with its reason.

        Ends early, keeping what is whole, when `cancelled` is set.
        """
        wanted = self.missing(items)
        tally = _Tally(wanted, on_progress)
        failures: list[tuple[S3Object, EngineError]] = []

        def work(item: S3Object) -> None:
            try:
                if self._fetch_one(item, cancelled, tally.add):
                    tally.finish()
            except OSError as error:
                failures.append((item, cannot_keep(error.strerror or str(error))))
            except EngineError as error:
                failures.append((item, error))

        with ThreadPoolExecutor(_WORKERS, thread_name_prefix="s3-get") as pool:
            list(pool.map(work, wanted))
        return failures

    def _is_here(self, item: S3Object) -> bool:
        try:
            return self.path_of(item).stat().st_size == item.size
        except (OSError, ConnectError):
            return False

    def _fetch_one(
        self, item: S3Object, cancelled: threading.Event, on_bytes: Callable[[int], None]
    ) -> bool:
        path = self.path_of(item)
        path.parent.mkdir(parents=True, exist_ok=True)
        # The name tells the version, so that a part is never finished with another object's bytes;
        # the dot hides it from the reader of logs.
        part = path.with_name(f".{path.name}.{item.etag}.part")
        for attempt in range(_ATTEMPTS):
            if cancelled.is_set():
                return False
            try:
                if self._append(item, part, cancelled, on_bytes):
                    break
            except EngineError as error:
                if not is_transient(error) or attempt == _ATTEMPTS - 1:
                    raise
                cancelled.wait(0.25 * 2**attempt)
        else:
            raise ConnectError(f"s3://{item.bucket}/{item.key} broke off again and again.")
        os.replace(part, path)
        with self._index() as db:
            row = (_name(item), item.etag, item.size)
            db.execute("INSERT OR REPLACE INTO objects VALUES (?, ?, ?)", row)
        return True

    def _append(
        self,
        item: S3Object,
        part: Path,
        cancelled: threading.Event,
        on_bytes: Callable[[int], None],
    ) -> bool:
        """Read on from where the part ends; True once it is whole."""
        # Unbuffered: what the disk does not take is told at once, and not taken for the network's.
        with part.open("ab", buffering=0) as file:
            done = file.tell()
            if done < item.size:
                self._read_range(item, done, partial(write_whole, file), cancelled, on_bytes)
            return file.tell() == item.size

    def _read_range(
        self,
        item: S3Object,
        first: int,
        write: Callable[[bytes], None],
        cancelled: threading.Event,
        on_bytes: Callable[[int], None],
    ) -> None:
        with translating(f"downloading {item.key}", self._clients.settings.profile):
            answer = self._clients.client("s3").get_object(
                Bucket=item.bucket, Key=item.key, IfMatch=item.etag, Range=f"bytes={first}-"
            )
            with contextlib.closing(answer["Body"]) as body:
                for chunk in body.iter_chunks(_CHUNK):
                    write(chunk)
                    on_bytes(len(chunk))
                    if cancelled.is_set():
                        return

    @contextmanager
    def _index(self) -> Iterator[sqlite3.Connection]:
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._root / "objects.sqlite", timeout=30)) as db, db:
                db.execute(_SCHEMA)
                yield db
        except (OSError, sqlite3.Error) as error:
            raise cannot_keep(str(error)) from error


class _Tally:
    """Adds up what the workers have done and tells of it."""

    def __init__(self, wanted: Sequence[S3Object], tell: Callable[[Progress], None]) -> None:
        self._files, self._bytes = len(wanted), sum(item.size for item in wanted)
        self._tell = tell
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._done_files = self._done_bytes = 0

    def add(self, count: int) -> None:
        with self._lock:
            self._done_bytes += count
        self._report()

    def finish(self) -> None:
        with self._lock:
            self._done_files += 1
        self._report()

    def _report(self) -> None:
        self._tell(
            Progress(
                self._done_files,
                self._files,
                0,
                self._done_bytes,
                self._bytes,
                time.monotonic() - self._began,
                "Downloading from S3",
            )
        )


def _name(item: S3Object) -> str:
    return f"{item.bucket}/{item.key}"
