"""Opening the screen."""

from __future__ import annotations

import gc
import os
import sys
from dataclasses import replace
from typing import Any, Final, NoReturn

from click import UsageError

from flowtui.cli.about import told_apart
from flowtui.cli.options import LATEST, filter_line
from flowtui.domain.clues import Clues
from flowtui.errors import ConfigError
from flowtui.session.config import Config, load_config
from flowtui.session.sources import Source, reached_by, resolve_source
from flowtui.session.terminal import is_slow_line

_SLOW_FPS: Final = "15"
"""Frames a second at most where bytes are dear: what many keys do is sent as one."""


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
    resume: str | None = None,
    about: str = "",
    no_resume: bool = False,
    slow_line: str | None = None,
    **chosen: Any,
) -> None:
    """Run the application until the person leaves; every argument as typed."""
    config = load_config()
    config = replace(
        config,
        resume="never" if no_resume else config.resume,
        slow_line=slow_line or config.slow_line,
    )
    if is_slow_line(config.slow_line, os.environ):
        os.environ.setdefault("TEXTUAL_FPS", _SLOW_FPS)  # read when Textual is imported
    source, about, clues = told_apart(source, about, config)
    if resume is not None:
        _take_up(config, source, resume, not no_cache, clipboard or "")
    text = filter_line(line, chosen)
    if not (source or config.source) and sys.stdin.isatty() and sys.stdout.isatty():
        _ask_what(config, slug or "", text, not no_cache, clipboard or "",
                  (profile, region, output_location), about, clues)  # fmt: skip
    resolved = reached_by(_resolved(source, config, log_format), profile, region, output_location)

    _need_terminal()
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
        clues=clues,
        about=about,
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
    about: str,
    clues: Clues | None,
) -> NoReturn:
    """Let the person choose what to open."""
    gc.disable()
    from flowtui.cli.group import cli
    from flowtui.ui.app import run
    from flowtui.ui.opening import Aws, start_for

    start = start_for(
        config, aws=Aws(*aws), taken=tuple(cli.commands), query=query, filter_line=line,
        clues=clues, about=about, is_cached=is_cached, clipboard=clipboard,
    )  # fmt: skip
    sys.exit(run(start))


def _take_up(config: Config, source: str, id: str, is_cached: bool, clipboard: str) -> NoReturn:
    """Stand where an earlier sitting stood."""
    from flowtui.session import paths
    from flowtui.session.sittings import Sittings

    if source:
        raise UsageError("--resume knows its SOURCE: give none.")
    sitting = Sittings(paths.sittings_dir()).load("" if id == LATEST else id)
    resolve_source(sitting.source, config, sitting.reach.format)  # says what is wrong with it
    _need_terminal()
    gc.disable()
    from flowtui.ui.app import run
    from flowtui.ui.opening import setting_of

    setting = setting_of(sitting, config, is_cached=is_cached, clipboard=clipboard)
    sys.exit(run(setting))


def _need_terminal() -> None:
    """Without keys, or with nobody to look, the screen would wait for ever, at full speed."""
    for stream, name in ((sys.__stdin__, "standard input"), (sys.__stderr__, "standard error")):
        if stream is None or not stream.isatty():
            raise ConfigError(
                f"The screen needs a terminal, and {name} is none.",
                "`flowtui query` and `flowtui records` print without one.",
            )


def _resolved(source: str, config: Config, log_format: str) -> Source:
    try:
        return resolve_source(source, config, log_format)
    except ConfigError as error:
        from difflib import get_close_matches

        from flowtui.cli.group import cli

        near = get_close_matches(source, cli.commands, n=1)
        if near:
            raise ConfigError(error.message, f"Did you mean the command {near[0]}?") from error
        raise
