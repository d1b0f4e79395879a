"""What the application is opened on, and how."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from flowtui.library import Library
from flowtui.ui.work import Copier, Opener


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Setting:
    """One sitting at the screen, as the command line or a test wants it."""

    title: str
    """The source, as the title bar shows it."""
    opener: Opener
    """Opens the source; in a thread."""
    read_library: Callable[[], Library]
    """Reads the saved queries; in a thread."""
    copier: Copier
    query: str = ""
    """Slug of the first question; empty: the first of the list."""
    filter_line: str = ""
    is_prepared: bool = True
    """Convert what is new, beside the first question."""
    zone: tzinfo = UTC
    """Shown first; `T` changes to the other one of UTC and `local`."""
    local: tzinfo = UTC
    theme: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    """The user's own keys: command id to keys."""
    clock: Callable[[], datetime] = _now
    log: Callable[[], logging.Logger] = lambda: logging.getLogger("flowtui")
    env: Mapping[str, str] = field(default_factory=lambda: os.environ)
