"""Writes the sitting at hand down, again and again, so that it can be taken up later."""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flowtui.domain.views import Trail
from flowtui.engines.local.locks import FileLock
from flowtui.errors import FlowtuiError
from flowtui.session.config import SourceConfig
from flowtui.session.sittings import Changes, Place, Sitting, Sittings, reach_of
from flowtui.session.sources import Source, SourceKind


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one stands: the way, and the place in each of its tables."""

    trail: Trail
    places: tuple[Place, ...]
    extra_fields: tuple[str, ...] = ()
    changes: tuple[Changes, ...] = ()


def new_id(now: datetime) -> str:
    """`20261124-104207-3f2a`: when it began, and something that no other has."""
    return f"{now.astimezone(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


class SittingKeeper:
    """Keeps one sitting on disk as it stands; while it does, no other process writes it.

    Args:
        sittings: Where.
        id: Of the sitting; one that is taken up keeps its id, unless it is open elsewhere.
        source: What is open.
        named: The sources of the settings, by name.
    """

    def __init__(
        self, sittings: Sittings, id: str, source: Source, named: Mapping[str, SourceConfig]
    ) -> None:
        self.id = id
        self.ended = ""
        """How it ended, once it has; `close` writes it."""
        self.trouble = ""
        """Why the last write failed; empty: it did not."""
        self.copied = ""
        """Id of the sitting that was to be gone on with, and is open elsewhere; empty: none."""
        self._sittings = sittings
        self._source = lasting_text(source, named)
        self._reach = reach_of(source)
        self._lock = threading.Lock()
        self._standing: Standing | None = None
        self._written: Standing | None = None
        self._held: FileLock | None = None
        self._next_id = ""

    def stand(self, standing: Standing) -> None:
        """Say how it stands; `write` writes it. Never waits."""
        self._standing = standing

    def go_on(self, id: str) -> None:
        """From the next write on, be that sitting; one with a single view so far is forgotten."""
        self._next_id = id

    def interrupted(self) -> Sitting | None:
        """The last sitting over this source, where nobody quit it. Blocks on the disk."""
        return self._sittings.interrupted(self._source, self._reach, self.id)

    def others(self) -> tuple[tuple[Sitting, ...], frozenset[str]]:
        """Every sitting but this one, the latest first, and which of them are open. Blocks."""
        found = tuple(one for one in self._sittings.all() if one.id != self.id)
        return found, frozenset(one.id for one in found if self._sittings.is_open(one.id))

    def is_over(self, sitting: Sitting) -> bool:
        """True where it was over this source, reached in the same way."""
        return (sitting.source, sitting.reach) == (self._source, self._reach)

    def write(self) -> None:
        """Write how it stands now, where that is not written yet. Blocks on the disk."""
        with self._lock:
            standing, self._standing = self._standing, None
            if standing is not None:
                self._write(standing)

    def close(self) -> None:
        """Write how it stood last and how it ended, and let others have it."""
        with self._lock:
            standing = self._standing or self._written
            self._standing = None
            if standing is not None:
                self._write(standing)
            if self._held is not None:
                self._held.release()

    def _write(self, standing: Standing) -> None:
        try:
            self._hold()
            self._sittings.save(
                Sitting(
                    self.id, self._source, standing.trail, standing.places, datetime.now(UTC),
                    self._reach, standing.extra_fields, standing.changes, self.ended,
                )
            )  # fmt: skip
            self.trouble = ""
        except (OSError, FlowtuiError) as error:
            # A full disk or a read-only home must not disturb the sitting itself.
            self.trouble = getattr(error, "strerror", None) or str(error)
            logging.getLogger("flowtui").warning("the sitting was not saved: %s", error)
        self._written = standing

    def _hold(self) -> None:
        """Have this sitting for ourselves; what another process has is gone on with as a copy."""
        if self._next_id and self._next_id != self.id:
            self._leave()
            self.id = self._next_id
        self._next_id = ""
        if self._held is not None:
            return
        lock = self._sittings.lock(self.id)
        if not lock.take_alone() and lock.is_taken:
            self.copied, self.id = self.id, new_id(datetime.now(UTC))
            lock = self._sittings.lock(self.id)
            lock.take_alone()
        self._held = lock

    def _leave(self) -> None:
        if self._held is not None:
            self._held.release()
            self._held = None
        if self._written is not None and len(self._written.trail.steps) == 1:
            self._sittings.remove(self.id)


def lasting_text(source: Source, named: Mapping[str, SourceConfig]) -> str:
    """What leads to the source from any directory."""
    if source.kind is SourceKind.LOCAL and source.name not in named:
        return os.path.abspath(source.location)
    return source.name
