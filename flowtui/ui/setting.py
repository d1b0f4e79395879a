"""What the application is opened on, and how."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from flowtui.domain.labels import NO_LABELS, Labels
from flowtui.library import Library
from flowtui.session import paths
from flowtui.session.catalogue import Catalogue
from flowtui.session.drafts import Drafts
from flowtui.session.keeping import SittingKeeper
from flowtui.session.sittings import Sitting
from flowtui.session.sources import Source
from flowtui.session.terminal import Terminal
from flowtui.ui.codes import CodeDesk
from flowtui.ui.work import Copier, Opener

if TYPE_CHECKING:
    from flowtui.domain.clues import Clues


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
    source: Source | None = None
    """What is open, for command lines; None: it has no name that a command line knows."""
    query: str = ""
    """Slug of the first question; empty: the first of the list."""
    filter_line: str = ""
    clues: Clues | None = None
    """What the first question is about, where something was given."""
    about: str = ""
    """The text that they were read from."""
    is_prepared: bool = True
    """Convert what is new, beside the first question."""
    has_timeline: bool = False
    """Show traffic over time above the rows, where there is room; `B` shows and hides it."""
    zone: tzinfo = UTC
    """Shown first; `T` changes to the other one of UTC and `local`."""
    local: tzinfo = UTC
    theme: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    """The user's own keys: command id to keys."""
    clock: Callable[[], datetime] = _now
    log: Callable[[], logging.Logger] = lambda: logging.getLogger("flowtui")
    env: Mapping[str, str] = field(default_factory=lambda: os.environ)
    codes: CodeDesk = field(default_factory=CodeDesk)
    """Where the opener asks for MFA codes."""
    keeper: SittingKeeper | None = None
    """Writes down where one stands; None: nobody does."""
    resumed: Sitting | None = None
    """What is taken up, in place of a first question."""
    terminal: Terminal = field(default_factory=Terminal)
    is_offered: bool = True
    """Offer to go on where the last sitting over the source was cut off."""
    going_on: Callable[[Sitting], Setting] | None = None
    """What to open to go on with a sitting over another source; None: it cannot be."""
    read_labels: Callable[[], Labels] = lambda: NO_LABELS
    """Reads the person's own names of addresses and ports; in a thread."""
    queries: Path = field(default_factory=paths.queries_dir)
    """Where queries of the person's own are kept."""
    layouts: Path | None = None
    """Where it is kept how columns are shown; None: nowhere."""
    first_time: Path | None = None
    """File that says that somebody was here before; None: nobody asks."""
    drafts: Drafts = field(default_factory=lambda: Drafts(paths.drafts_dir()))
    """SQL that is written and not run yet."""
    reopen: Callable[[str], Setting] | None = None
    """What to open for another table, `athena://…`; None where there are no tables."""


@dataclass(frozen=True, slots=True)
class Start:
    """What there is to open, where nobody has said what."""

    named: tuple[tuple[str, str], ...]
    """Named sources, and what each is."""
    taken: tuple[str, ...]
    """Names that a new source cannot have."""
    config_file: str
    """Where named sources are written."""
    resolve: Callable[[str], Source]
    """The source that a text means; raises ConfigError."""
    setting_for: Callable[[Source, str], Setting]
    """What to open for a source and a filter line."""
    catalogue: Callable[[str, str], Catalogue]
    """What a profile sees in a region."""
    sittings: Callable[[], tuple[Sitting, ...]] = tuple
    """Those that can be gone on with, the latest first; blocks on the disk."""
    going_on: Callable[[Sitting], Setting] | None = None
    """What to open to go on with one of them."""
    terminal: Terminal = field(default_factory=Terminal)
    theme: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    log: Callable[[], logging.Logger] = lambda: logging.getLogger("flowtui")
    codes: CodeDesk = field(default_factory=CodeDesk)
