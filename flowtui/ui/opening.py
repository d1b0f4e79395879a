"""From a source and the user's settings to what the application is opened on."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from flowtui.domain.clues import Clues
from flowtui.domain.executions import Progress
from flowtui.domain.filterline import format_filter
from flowtui.domain.labels import Labels
from flowtui.library import Library, load_library
from flowtui.session import paths
from flowtui.session.catalogue import Catalogue
from flowtui.session.clipboard import CopyReport, copy
from flowtui.session.config import Config
from flowtui.session.keeping import SittingKeeper, new_id
from flowtui.session.logfile import start_log
from flowtui.session.opening import new_session, opening_line, with_window
from flowtui.session.session import Session
from flowtui.session.sittings import Sitting, Sittings
from flowtui.session.sources import (
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


def setting_for(
    source: Source,
    config: Config,
    *,
    query: str = "",
    filter_line: str = "",
    clues: Clues | None = None,
    about: str = "",
    is_cached: bool = True,
    clipboard: str = "",
    codes: CodeDesk | None = None,
    resumed: Sitting | None = None,
) -> Setting:
    """What to open; touches neither the source nor the disk."""
    desk = codes or CodeDesk()

    def copier(text: str, what: str) -> CopyReport:
        return copy(text, what, override=clipboard or config.clipboard)

    def labels() -> Labels:
        from flowtui.session.labelfiles import read_labels

        return read_labels((*paths.label_files(), *map(Path, config.labels)))

    def reopen(location: str) -> Setting:
        another = replace(source, name=location, location=location)
        return setting_for(another, config, is_cached=is_cached, clipboard=clipboard, codes=desk)

    def going_on(sitting: Sitting) -> Setting:
        return setting_of(sitting, config, is_cached=is_cached, clipboard=clipboard, codes=desk)

    local = local_zone(os.environ)
    if resumed is not None:
        filter_line = format_filter(resumed.trail.current.filter)
    if clues is not None:
        filter_line = with_window(filter_line, clues, datetime.now(UTC))
    line = opening_line(source, filter_line)
    id = resumed.id if resumed else new_id(datetime.now(UTC))
    return Setting(
        title=source.name,
        opener=Opening(source, config, is_cached, line, desk),
        read_library=_library,
        read_labels=labels,
        copier=copier,
        source=source,
        query=query,
        filter_line=line,
        clues=clues,
        about=about,
        is_prepared=is_cached,
        has_timeline=True,
        zone=local if config.zone == "local" else UTC,
        local=local,
        theme=checked_theme(config),
        keys=config.keys,
        log=start_log,
        codes=desk,
        keeper=SittingKeeper(Sittings(paths.sittings_dir()), id, source, config.sources),
        resumed=resumed,
        layouts=paths.layouts_file(),
        first_time=paths.tour_file() if source.kind is SourceKind.DEMO else None,
        terminal=terminal_of(config.slow_line, config.signs, os.environ),
        is_offered=config.resume == "offer",
        going_on=going_on,
        reopen=reopen if source.kind is SourceKind.ATHENA else None,
    )


def setting_of(
    sitting: Sitting,
    config: Config,
    *,
    is_cached: bool = True,
    clipboard: str = "",
    codes: CodeDesk | None = None,
) -> Setting:
    """What to open to stand where a sitting stood.

    Raises:
        ConfigError: Its source is not there any more.
    """
    reach = sitting.reach
    named = resolve_source(sitting.source, config, reach.format)
    source = reached_by(named, reach.profile, reach.region, reach.output_location)
    return setting_for(
        source, config, is_cached=is_cached, clipboard=clipboard, codes=codes, resumed=sitting
    )


def start_for(
    config: Config,
    *,
    aws: Aws,
    taken: tuple[str, ...] = (),
    query: str = "",
    filter_line: str = "",
    clues: Clues | None = None,
    about: str = "",
    is_cached: bool = True,
    clipboard: str = "",
) -> Start:
    """What there is to open; nothing is asked yet.

    Args:
        config: Named sources come first.
        aws: What the command line says of AWS, over what is chosen.
        taken: Names of commands, which no new source may have.
        query: Slug of the first question.
        filter_line: Narrows it, whatever is opened.
        clues: What the first question is about.
        about: The text that they were read from.
        is_cached: False reads straight from the files.
        clipboard: How copied text travels.
    """
    codes = CodeDesk()

    def setting(source: Source, line: str) -> Setting:
        return setting_for(
            reached_by(source, aws.profile, aws.region, aws.output_location), config, query=query,
            filter_line=f"{filter_line} {line}".strip(), is_cached=is_cached, clipboard=clipboard,
            clues=clues, about=about, codes=codes,
        )  # fmt: skip

    def catalogue(profile: str, region: str) -> Catalogue:
        return Catalogue(aws.profile or profile, aws.region or region, codes.ask)

    return Start(
        named=tuple((name, s.path or s.s3 or s.athena) for name, s in config.sources.items()),
        taken=(*config.sources, *taken),
        config_file=str(paths.config_file()),
        resolve=lambda text: resolve_source(text, config),
        setting_for=setting,
        sittings=lambda: _recent(Sittings(paths.sittings_dir())),
        going_on=lambda sitting: setting_of(
            sitting, config, is_cached=is_cached, clipboard=clipboard, codes=codes
        ),
        catalogue=catalogue,
        terminal=terminal_of(config.slow_line, config.signs, os.environ),
        theme=checked_theme(config),
        keys=config.keys,
        log=start_log,
        codes=codes,
    )


def _recent(sittings: Sittings) -> tuple[Sitting, ...]:
    return tuple(one for one in sittings.all() if not sittings.is_open(one.id))


def _library() -> Library:
    return load_library(paths.queries_dir())


@dataclass(frozen=True, slots=True)
class Aws:
    """Who we are to AWS as the command line says; empty: as chosen, or as the chain finds it."""

    profile: str = ""
    region: str = ""
    output_location: str = ""


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
