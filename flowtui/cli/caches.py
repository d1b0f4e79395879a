"""`flowtui cache`: what is cached, and less of it."""

from __future__ import annotations

import click

from flowtui.cli.talk import say
from flowtui.domain.values import format_instant, format_size, parse_size
from flowtui.engines.local.caches import clear as clear_caches
from flowtui.engines.local.caches import list_caches
from flowtui.engines.local.caches import prune as prune_caches
from flowtui.session.config import load_config
from flowtui.session.copytext import one_line
from flowtui.session.paths import converted_dir


def list_cached() -> None:
    """Print size, records, files, last use and source of each, the one used last first."""
    entries = list_caches(converted_dir())
    for entry in entries:
        used = format_instant(entry.last_used)
        counts = f"{entry.records:>13,} records  {entry.files:>8,} files"
        click.echo(f"{format_size(entry.bytes):>9}  {counts}  {used}  {one_line(entry.source)}")
    total = format_size(sum(entry.bytes for entry in entries))
    say(f"{total} in {converted_dir()}; the limit is {format_size(load_config().cache.limit)}.")


def prune(limit: str | None) -> None:
    """Delete the least recently used beyond the limit."""
    most = load_config().cache.limit if limit is None else _size(limit)
    say(f"{format_size(prune_caches(converted_dir(), most))} deleted.")


def clear(source: str) -> None:
    """Delete what is cached of a source, or all."""
    wanted = _location(source) if source else None
    say(f"{format_size(clear_caches(converted_dir(), wanted))} deleted.")
    if not source and list_caches(converted_dir()):
        say("What another flowtui has open is still there.")


def _location(source: str) -> str:
    named = load_config().sources.get(source)
    return named.path if named and named.path else source


def _size(text: str) -> int:
    try:
        return parse_size(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--limit") from error
