"""Writing the demo: AWS's delivery layout, all or nothing."""

from __future__ import annotations

import hashlib
import shutil
import threading
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

from flowtui.demo import everyday, incident
from flowtui.demo.network import ACCOUNT, FLOW_LOG, REGION
from flowtui.demo.records import FIELDS
from flowtui.demo.story import DAY, MINUTES
from flowtui.errors import ConfigError

_EDITION: Final = 2
"""Raised when the story changes, so that no older one is taken for it."""
_SLOT_MINUTES: Final = 5
_GROUPS: Final = ("edge", "inside")
FILES: Final = MINUTES // _SLOT_MINUTES * len(_GROUPS)
_ABANDONED_S: Final = 3600
_IN_FLIGHT: Final = 8
"""Files being compressed at once; bounds memory."""


def demo_directory(cache_root: Path) -> Path:
    """Where the demo lives in a cache directory."""
    return cache_root / f"demo-{_EDITION}"


def is_written(directory: Path) -> bool:
    """True where the whole demo stands; it appears at once, never in part."""
    return (directory / "AWSLogs").is_dir()


def write_demo(
    directory: Path,
    on_progress: Callable[[int, int], None] | None = None,
    cancelled: threading.Event | None = None,
) -> None:
    """Write a day of flow logs, the same bytes of log every time; nothing where they stand already.

    Two processes may write at once, and any of them may be killed: the directory gets its name only
    when all is there. After `cancelled` nothing is left.

    Args:
        directory: Becomes the root of the layout; must not exist, or be empty.
        on_progress: Told files done and files in all.
        cancelled: Set it to stop early.

    Raises:
        ConfigError: The directory holds something else, or cannot be written.
    """
    if is_written(directory):
        return
    partial = directory.with_name(f".{directory.name}.{uuid4().hex}.partial")
    try:
        _sweep_abandoned(directory)
        partial.mkdir(parents=True)
        if _write_files(partial, on_progress, cancelled):
            _publish(partial, directory)
    except OSError as error:
        raise ConfigError(
            f"cannot write the demo to {directory}: {error.strerror or error}",
            "Free some space (15 MB), or choose another directory.",
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _sweep_abandoned(directory: Path) -> None:
    """Remove what writers that were killed left behind."""
    for path in directory.parent.glob(f".{directory.name}.*.partial"):
        if time.time() - path.stat().st_mtime > _ABANDONED_S:
            shutil.rmtree(path, ignore_errors=True)


def _publish(partial: Path, directory: Path) -> None:
    try:
        partial.rename(directory)
    except OSError:
        if not is_written(directory):
            raise


def _write_files(
    root: Path,
    on_progress: Callable[[int, int], None] | None,
    cancelled: threading.Event | None,
) -> bool:
    """True when all are written. zlib lets go of the GIL: compressing takes the second core."""
    folder = root / "AWSLogs" / ACCOUNT / "vpcflowlogs" / REGION / f"{_utc(DAY):%Y/%m/%d}"
    folder.mkdir(parents=True)
    running: deque[Future[None]] = deque()
    done = 0
    with ThreadPoolExecutor(1) as pool:
        for name, lines in _files():
            if cancelled is not None and cancelled.is_set():
                return False
            running.append(pool.submit(_compress, folder / name, lines))
            if len(running) > _IN_FLIGHT:
                running.popleft().result()
            done += 1
            if on_progress is not None:
                on_progress(done, FILES)
        for future in running:
            future.result()
    return True


def _utc(instant: int) -> datetime:
    return datetime.fromtimestamp(instant, UTC)


def _files() -> Iterator[tuple[str, list[str]]]:
    """Name and lines of each file; its time is the start of the five minutes its records end in."""
    for slot in range(DAY, DAY + MINUTES * 60, _SLOT_MINUTES * 60):
        lines: tuple[list[str], list[str]] = ([FIELDS], [FIELDS])
        for minute in range(slot, slot + _SLOT_MINUTES * 60, 60):
            everyday.play(minute, lines)
            incident.play(minute, lines)
        for group, text in zip(_GROUPS, lines, strict=True):
            token = hashlib.sha256(f"{group}{slot}".encode()).hexdigest()[:8]
            stem = f"{ACCOUNT}_vpcflowlogs_{REGION}_{FLOW_LOG}_{_utc(slot):%Y%m%dT%H%MZ}_{token}"
            yield f"{stem}.log.gz", text


def _compress(path: Path, lines: list[str]) -> None:
    gzip = zlib.compressobj(1, zlib.DEFLATED, 31)
    text = "\n".join(lines).encode() + b"\n"
    path.write_bytes(gzip.compress(text) + gzip.flush())
