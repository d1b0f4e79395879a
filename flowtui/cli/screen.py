"""Opening the screen."""

from __future__ import annotations

import gc
import sys
from typing import Any

from flowtui.cli.options import filter_line
from flowtui.errors import ConfigError
from flowtui.session.config import Config, load_config
from flowtui.session.sources import Source, reached_by, resolve_source


def open_screen(
    source: str,
    *,
    slug: str | None,
    line: str | None,
    log_format: str,
    no_cache: bool,
    clipboard: str | None,
    profile: str = "",
    region: str = "",
    output_location: str = "",
    **chosen: Any,
) -> None:
    """Run the application until the person leaves; every argument as typed."""
    config = load_config()
    resolved = reached_by(_resolved(source, config, log_format), profile, region, output_location)
    text = filter_line(line, chosen)

    # Nothing can be freed while modules load; looking for it takes a tenth of the start. The
    # application looks again from its first frame on.
    gc.disable()
    from flowtui.ui.app import run  # Textual: only where a screen is wanted
    from flowtui.ui.opening import setting_for

    setting = setting_for(
        resolved,
        config,
        query=slug or "",
        filter_line=text,
        is_cached=not no_cache,
        clipboard=clipboard or "",
    )
    sys.exit(run(setting))


def _resolved(source: str, config: Config, log_format: str) -> Source:
    try:
        return resolve_source(source, config, log_format)
    except ConfigError as error:
        from difflib import get_close_matches

        from flowtui.cli.commands import cli

        near = get_close_matches(source, cli.commands, n=1)
        if near:
            raise ConfigError(error.message, f"Did you mean the command {near[0]}?") from error
        raise
