"""Opening the screen."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NoReturn

from click import UsageError

from flowtui.cli.about import told_apart
from flowtui.cli.opening import Reaching
from flowtui.cli.options import LATEST, filter_line, taken
from flowtui.errors import ConfigError
from flowtui.session.config import Config, load_config
from flowtui.session.first import First
from flowtui.session.sources import Aws, Source, reached_by, resolve_source
from flowtui.session.terminal import is_slow_line

if TYPE_CHECKING:
    from flowtui.ui.opening import Openings
    from flowtui.ui.setting import Setting, Start

_SLOW_FPS: Final = "15"
"""Frames a second at most where bytes are dear: what many keys do is sent as one."""


def open_screen(
    source: str,
    *,
    slug: str | None,
    line: str | None,
    clipboard: str | None,
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
    reaching = taken(Reaching, chosen)
    run = partial(_run, config, not reaching.no_cache, clipboard or "")
    if resume is not None:
        run(_taken_up(config, source, resume))
    first = First(slug or "", filter_line(line, chosen), clues, about)
    if not (source or config.source) and sys.stdin.isatty() and sys.stdout.isatty():
        run(_asked_what(reaching, first))
    named = _resolved(source, config, reaching.log_format)
    resolved = reached_by(named, reaching.profile, reaching.region, reaching.output_location)
    _need_terminal()
    run(lambda openings: openings.setting_for(resolved, first))


def _run(
    config: Config,
    is_cached: bool,
    clipboard: str,
    what: Callable[[Openings], Setting | Start],
) -> NoReturn:
    """Run the application on what is made, then end with its code."""
    # Nothing can be freed while modules load; looking for it takes a tenth of the start. The
    # application looks again from its first frame on.
    gc.disable()
    from flowtui.ui.app import run  # Textual: only where a screen is wanted
    from flowtui.ui.opening import Openings

    sys.exit(run(what(Openings(config, is_cached, clipboard))))


def _asked_what(reaching: Reaching, first: First) -> Callable[[Openings], Start]:
    """Lets the person choose what to open."""
    from flowtui.cli.group import cli

    aws = Aws(reaching.profile, reaching.region, reaching.output_location)
    return lambda openings: openings.start(aws, first, tuple(cli.commands))


def _taken_up(config: Config, source: str, id: str) -> Callable[[Openings], Setting]:
    """Stands where an earlier sitting stood; raises where that cannot be."""
    from flowtui.session import paths
    from flowtui.session.sittings import Sittings

    if source:
        raise UsageError("--resume knows its SOURCE: give none.")
    sitting = Sittings(paths.sittings_dir()).load("" if id == LATEST else id)
    resolve_source(sitting.source, config, sitting.reach.format)  # says what is wrong with it
    _need_terminal()
    return lambda openings: openings.going_on(sitting)


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
