"""From a source and the user's settings to what the application is opened on."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from flowtui.domain.executions import Progress
from flowtui.domain.filterline import format_filter
from flowtui.domain.labels import Labels
from flowtui.library import Library, load_library
from flowtui.session import paths
from flowtui.session.catalogue import Catalogue
from flowtui.session.clipboard import CopyReport, copy
from flowtui.session.config import Config
from flowtui.session.first import First
from flowtui.session.keeping import SittingKeeper, new_id
from flowtui.session.logfile import start_log
from flowtui.session.opening import new_session, opening_line, with_window
from flowtui.session.session import Session
from flowtui.session.sittings import Sitting, Sittings
from flowtui.session.sources import (
    Aws,
    Source,
    SourceKind,
    reached_by,
    resolve_source,
    write_demo_if_missing,
)
from flowtui.session.terminal import terminal_of
from flowtui.ui.codes import CodeDesk
from flowtui.ui.setting import Setting, Start
from flowtui.ui.themes import checked_theme
from flowtui.ui.zones import local_zone

_NOTHING: Final = First()


@dataclass(frozen=True, slots=True)
class Openings:
    """Makes what the application is opened on; nothing is asked of a source, nor of the disk."""

    config: Config
    is_cached: bool = True
    """False reads straight from the files."""
    clipboard: str = ""
    """How copied text travels."""
    codes: CodeDesk = field(default_factory=CodeDesk)

    def setting_for(
        self, source: Source, first: First = _NOTHING, resumed: Sitting | None = None
    ) -> Setting:
        """A source, with a first question, or with the sitting that is taken up over it."""
        config = self.config
        line = _first_line(source, first, resumed)
        id = resumed.id if resumed else new_id(datetime.now(UTC))
        local = local_zone(os.environ)
        return Setting(
            title=source.name,
            opener=Opening(source, config, self.is_cached, line, self.codes),
            read_library=_library,
            read_labels=self._labels,
            copier=self._copy,
            source=source,
            query=first.query,
            filter_line=line,
            clues=first.clues,
            about=first.about,
            is_prepared=self.is_cached,
            has_timeline=True,
            zone=local if config.zone == "local" else UTC,
            local=local,
            theme=checked_theme(config),
            keys=config.keys,
            log=start_log,
            codes=self.codes,
            keeper=SittingKeeper(Sittings(paths.sittings_dir()), id, source, config.sources),
            resumed=resumed,
            layouts=paths.layouts_file(),
            first_time=paths.tour_file() if source.kind is SourceKind.DEMO else None,
            terminal=terminal_of(config.slow_line, config.signs, os.environ),
            is_offered=config.resume == "offer",
            going_on=self.going_on,
            reopen=self._reopener(source),
        )

    def going_on(self, sitting: Sitting) -> Setting:
        """What stands where a sitting stood.

        Raises:
            ConfigError: Its source is not there any more.
        """
        reach = sitting.reach
        named = resolve_source(sitting.source, self.config, reach.format)
        source = reached_by(named, reach.profile, reach.region, reach.output_location)
        return self.setting_for(source, resumed=sitting)

    def start(self, aws: Aws, first: First = _NOTHING, taken: tuple[str, ...] = ()) -> Start:
        """What there is to open, where nobody has said what.

        Args:
            aws: What the command line says of AWS, over what is chosen.
            first: What to begin with, whatever is opened.
            taken: Names of commands, which no new source may have.
        """
        config = self.config

        def setting(source: Source, line: str) -> Setting:
            reached = reached_by(source, aws.profile, aws.region, aws.output_location)
            narrowed = replace(first, line=f"{first.line} {line}".strip())
            return self.setting_for(reached, narrowed)

        def catalogue(profile: str, region: str) -> Catalogue:
            return Catalogue(aws.profile or profile, aws.region or region, self.codes.ask)

        return Start(
            named=tuple((name, s.path or s.s3 or s.athena) for name, s in config.sources.items()),
            taken=(*config.sources, *taken),
            config_file=str(paths.config_file()),
            resolve=lambda text: resolve_source(text, config),
            setting_for=setting,
            sittings=lambda: _recent(Sittings(paths.sittings_dir())),
            going_on=self.going_on,
            catalogue=catalogue,
            terminal=terminal_of(config.slow_line, config.signs, os.environ),
            theme=checked_theme(config),
            keys=config.keys,
            log=start_log,
            codes=self.codes,
        )

    def _copy(self, text: str, what: str) -> CopyReport:
        return copy(text, what, override=self.clipboard or self.config.clipboard)

    def _labels(self) -> Labels:
        from flowtui.session.labelfiles import read_labels

        return read_labels((*paths.label_files(), *map(Path, self.config.labels)))

    def _reopener(self, source: Source) -> Callable[[str], Setting] | None:
        """What opens another table in a source's place."""
        if source.kind is not SourceKind.ATHENA:
            return None
        return lambda location: self.setting_for(replace(source, name=location, location=location))


def _first_line(source: Source, first: First, resumed: Sitting | None) -> str:
    line = format_filter(resumed.trail.current.filter) if resumed else first.line
    if first.clues is not None:
        line = with_window(line, first.clues, datetime.now(UTC))
    return opening_line(source, line)


def _recent(sittings: Sittings) -> tuple[Sitting, ...]:
    return tuple(one for one in sittings.all() if not sittings.is_open(one.id))


def _library() -> Library:
    return load_library(paths.queries_dir())


@dataclass(frozen=True, slots=True)
class Opening:
    """Opens a source; the demo is written first where it is not there yet."""

    source: Source
    config: Config
    is_cached: bool
    line: str = ""
    """The first question's filter line."""
    codes: CodeDesk | None = None

    def __call__(
        self, cancelled: threading.Event, on_progress: Callable[[Progress], None]
    ) -> Session:
        """Blocks; worker threads only."""
        write_demo_if_missing(self.source, cancelled, on_progress)
        session = new_session(
            self.source, self.config, is_cached=self.is_cached, line=self.line,
            mfa_code=self.codes.ask if self.codes else None,
        )  # fmt: skip
        session.open()
        return session
