"""Opening the screen."""

from __future__ import annotations

import gc
import sys
from typing import Any, NoReturn

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
    text = filter_line(line, chosen)
    if not (source or config.source) and sys.stdin.isatty() and sys.stdout.isatty():
        _ask_what(config, slug or "", text, not no_cache, clipboard or "",
                  (profile, region, output_location))  # fmt: skip
    resolved = reached_by(_resolved(source, config, log_format), profile, region, output_location)

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


def _ask_what(
    config: Config,
    query: str,
    line: str,
    is_cached: bool,
    clipboard: str,
    aws: tuple[str, str, str],
) -> NoReturn:
    """Let the person choose what to open."""
    gc.disable()
    from flowtui.cli.commands import cli
    from flowtui.ui.app import run
    from flowtui.ui.opening import Aws, start_for

    start = start_for(
        config, aws=Aws(*aws), taken=tuple(cli.commands), query=query, filter_line=line,
        is_cached=is_cached, clipboard=clipboard,
    )  # fmt: skip
    sys.exit(run(start))


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
