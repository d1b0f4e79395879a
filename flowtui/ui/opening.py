"""From a source and the user's settings to what the application is opened on."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC

from flowtui.domain.executions import Progress
from flowtui.library import Library, load_library
from flowtui.session import paths
from flowtui.session.clipboard import CopyReport, copy
from flowtui.session.config import Config
from flowtui.session.logfile import start_log
from flowtui.session.opening import new_session, opening_line
from flowtui.session.session import Session
from flowtui.session.sources import Source, write_demo_if_missing
from flowtui.ui.setting import Setting
from flowtui.ui.zones import local_zone


def setting_for(
    source: Source,
    config: Config,
    *,
    query: str = "",
    filter_line: str = "",
    is_cached: bool = True,
    clipboard: str = "",
) -> Setting:
    """What to open; touches neither the source nor the disk."""

    def copier(text: str, what: str) -> CopyReport:
        return copy(text, what, override=clipboard or config.clipboard)

    local = local_zone(os.environ)
    line = opening_line(source, filter_line)
    return Setting(
        title=source.name,
        opener=Opening(source, config, is_cached, line),
        read_library=_library,
        copier=copier,
        query=query,
        filter_line=line,
        is_prepared=is_cached,
        zone=local if config.zone == "local" else UTC,
        local=local,
        theme=config.theme,
        keys=config.keys,
        log=start_log,
    )


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

    def __call__(
        self, cancelled: threading.Event, on_progress: Callable[[Progress], None]
    ) -> Session:
        """Blocks; worker threads only."""
        write_demo_if_missing(self.source, cancelled, on_progress)
        session = new_session(self.source, self.config, is_cached=self.is_cached, line=self.line)
        session.open()
        return session
