"""Writes the sitting at hand down, again and again, so that it can be taken up later."""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from flowtui.domain.views import Trail
from flowtui.errors import FlowtuiError
from flowtui.session.config import SourceConfig
from flowtui.session.sittings import Place, Sitting, Sittings, reach_of
from flowtui.session.sources import Source, SourceKind


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one stands: the way, and the place in each of its tables."""

    trail: Trail
    places: tuple[Place, ...]
    extra_fields: tuple[str, ...] = ()


def new_id(now: datetime) -> str:
    """`20261124-104207-3f2a`: when it began, and something that no other has."""
    return f"{now.astimezone(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


class SittingKeeper:
    """Keeps one sitting on disk as it stands.

    Args:
        sittings: Where.
        id: Of the sitting; one that is taken up keeps its id.
        source: What is open.
        named: The sources of the settings, by name.
    """

    def __init__(
        self, sittings: Sittings, id: str, source: Source, named: Mapping[str, SourceConfig]
    ) -> None:
        self.id: Final = id
        self._sittings = sittings
        self._source = lasting_text(source, named)
        self._reach = reach_of(source)
        self._lock = threading.Lock()
        self._standing: Standing | None = None

    def stand(self, standing: Standing) -> None:
        """Say how it stands; `write` writes it. Never waits."""
        self._standing = standing

    def write(self) -> None:
        """Write how it stands now, where that is not written yet. Blocks on the disk."""
        with self._lock:
            standing, self._standing = self._standing, None
            if standing is None:
                return
            sitting = Sitting(
                self.id,
                self._source,
                standing.trail,
                standing.places,
                datetime.now(UTC),
                self._reach,
                standing.extra_fields,
            )
            try:
                self._sittings.save(sitting)
            except (OSError, FlowtuiError) as error:
                # A full disk or a read-only home must not disturb the sitting itself.
                logging.getLogger("flowtui").warning("the sitting was not saved: %s", error)


def lasting_text(source: Source, named: Mapping[str, SourceConfig]) -> str:
    """What leads to the source from any directory."""
    if source.kind is SourceKind.LOCAL and source.name not in named:
        return os.path.abspath(source.location)
    return source.name
