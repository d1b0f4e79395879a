"""`flowtui cache`: what is cached, and less of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from flowtui.cli.interrupts import caught
from flowtui.cli.opening import Reaching, opened, stop_if_interrupted
from flowtui.cli.progress import ProgressLine
from flowtui.cli.talk import say, say_left_out
from flowtui.domain.values import format_instant, format_size, parse_size
from flowtui.engines.local.caches import clear as clear_caches
from flowtui.engines.local.caches import list_caches, size_of
from flowtui.engines.local.caches import prune as prune_caches
from flowtui.errors import EngineError
from flowtui.session.config import load_config
from flowtui.session.copytext import one_line
from flowtui.session.paths import converted_dir, downloads_dir


def list_cached() -> None:
    """Print size, records, files, last use and source of each, the one used last first."""
    entries = list_caches(converted_dir())
    for entry in entries:
        used = format_instant(entry.last_used)
        counts = f"{entry.records:>13,} records  {entry.files:>8,} files"
        click.echo(f"{format_size(entry.bytes):>9}  {counts}  {used}  {one_line(entry.source)}")
    total = format_size(sum(entry.bytes for entry in entries))
    say(f"{total} in {converted_dir()}; the limit is {format_size(load_config().cache.limit)}.")
    if fetched := size_of(downloads_dir()):
        say(f"{format_size(fetched)} fetched from S3 in {downloads_dir()}; cache clear deletes it.")


def prune(limit: str | None) -> None:
    """Delete the least recently used beyond the limit."""
    most = load_config().cache.limit if limit is None else _size(limit)
    say(f"{format_size(prune_caches(converted_dir(), most))} deleted.")


def clear(source: str) -> None:
    """Delete what is cached of a source, what was fetched of it from S3 too; or all."""
    wanted = _location(source) if source else None
    freed = clear_caches(converted_dir(), wanted) + _clear_fetched(wanted)
    say(f"{format_size(freed)} deleted.")
    if not source and list_caches(converted_dir()):
        say("What another flowtui has open is still there.")


def _clear_fetched(wanted: str | None) -> int:
    place = downloads_dir() if wanted is None else Path(wanted)
    if ".." in place.parts or not place.is_relative_to(downloads_dir()):
        return 0
    freed = size_of(place)
    shutil.rmtree(place, ignore_errors=True)
    return freed - size_of(place)


def _location(source: str) -> str:
    from flowtui.engines.s3.listing import SCHEME, parse_location

    named = load_config().sources.get(source)
    place = (named.path or named.s3) if named else source
    if place.startswith(SCHEME):
        bucket, prefix = parse_location(place)
        return str(downloads_dir() / bucket / prefix)
    return place or source


def _size(text: str) -> int:
    try:
        return parse_size(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--limit") from error


def build_cache(source: str, log_format: str) -> None:
    """Convert what is new in a source."""
    with opened(Reaching(log_format).asked(source)) as session:
        with caught() as interrupts, ProgressLine() as shown:
            session.engine.prepare(interrupts.cancelled, shown.preparing)
        stop_if_interrupted(interrupts)
        facts = session.engine.facts()
    prune_caches(converted_dir(), load_config().cache.limit)
    say_left_out(facts.left_out)
    if facts.notes:
        raise EngineError(" ".join(facts.notes), "The files can be read without a cache.")
    say(f"{facts.records or 0:,} records of {facts.files or 0:,} files are ready.")
