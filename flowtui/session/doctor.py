"""How flowtui is set up on this machine, and what it can do with a source: facts, one by one."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from flowtui import __version__
from flowtui.domain.executions import SourceFacts
from flowtui.domain.values import format_instant, format_size
from flowtui.errors import ConfigError
from flowtui.session import paths
from flowtui.session.config import Config, load_config
from flowtui.session.routes import Choice, Route, choose_route

_PACKAGES: Final = (
    "textual", "duckdb", "pyarrow", "deflate", "sqlglot", "boto3", "pyathena", "pyperclip", "click",
)  # fmt: skip
_LITTLE_ROOM: Final = 1_000_000_000
"""Bytes; less free space than this is worth a word."""


class Health(Enum):
    """How good a fact is."""

    GOOD = "ok"
    WORTH_A_LOOK = "look"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact."""

    topic: str
    name: str
    text: str
    health: Health = Health.GOOD


def look_around(env: Mapping[str, str], clipboard: str = "") -> Iterator[Finding]:
    """Everything but the source: versions, settings, places, terminal, clipboard."""
    yield Finding("program", "flowtui", __version__)
    system = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    yield Finding("program", "Python", system)
    for name in _PACKAGES:
        yield _package(name)
    yield from _settings()
    yield _place("state", paths.state_dir())
    yield _place("cache", paths.cache_dir())
    for name in ("TERM", "COLORTERM", "LANG", "NO_COLOR"):
        yield Finding("terminal", name, env.get(name, "not set"))
    yield from _clipboard(env, clipboard)


def _package(name: str) -> Finding:
    try:
        return Finding("program", name, version(name))
    except PackageNotFoundError:
        return Finding("program", name, "not installed", Health.BAD)


def _settings() -> Iterator[Finding]:
    config = Config()
    try:
        config = load_config()
    except ConfigError as error:
        yield Finding("places", "settings", str(error).replace("\n", " "), Health.BAD)
    else:
        text = config.path or f"{paths.config_file()} (not there; defaults apply)"
        yield Finding("places", "settings", text)
    if config.sources:
        yield Finding("places", "named sources", ", ".join(config.sources))
    yield from _queries()
    yield from _labels(config)


def _queries() -> Iterator[Finding]:
    from flowtui.library.collection import load_library

    directory = paths.queries_dir()
    library = load_library(directory)
    own = [query for query in library.queries if query.source == "user" or query.group == "Mine"]
    yield Finding("places", "your queries", f"{directory} ({len(own)})")
    for broken in library.broken:
        yield Finding("places", broken.path.name, broken.message, Health.BAD)


def _labels(config: Config) -> Iterator[Finding]:
    from flowtui.session.labelfiles import read_labels

    for file in read_labels((*paths.label_files(), *map(Path, config.labels))).files:
        text, health = f"{file.path}: {file.names:,} names", Health.GOOD
        if file.left_out:
            text += f"; {file.left_out:,} not used, first {file.first_wrong}"
            health = Health.WORTH_A_LOOK
        yield Finding("places", "names", text, health)


def _place(name: str, directory: Path) -> Finding:
    try:
        paths.private_dir(directory)
        room = shutil.disk_usage(directory).free
    except OSError as error:
        return Finding("places", name, f"{directory}: {error.strerror or error}", Health.BAD)
    if not os.access(directory, os.W_OK):
        return Finding("places", name, f"{directory} cannot be written", Health.BAD)
    health = Health.GOOD if room > _LITTLE_ROOM else Health.WORTH_A_LOOK
    return Finding("places", name, f"{directory} ({format_size(room)} free)", health)


def _clipboard(env: Mapping[str, str], override: str) -> Iterator[Finding]:
    try:
        choice = choose_route(env, override)
    except ConfigError as error:
        yield Finding("clipboard", "route", str(error).replace("\n", " "), Health.BAD)
        return
    yield describe_route(choice)
    for name, value in choice.settings:
        yield Finding("clipboard", name, value or "none")
    for name in ("SSH_TTY", "SSH_CONNECTION", "TMUX", "STY", "FLOWTUI_CLIPBOARD"):
        if env.get(name):
            yield Finding("clipboard", name, env[name])
    yield Finding("clipboard", "copies are kept in", str(paths.clip_file()))


def describe_route(choice: Choice) -> Finding:
    """The way that copied text takes, and why."""
    is_short = choice.route in (Route.FILE, Route.TMUX_ONLY)
    return Finding(
        "clipboard",
        "route",
        f"{choice.route.value}: {choice.reason}",
        Health.WORTH_A_LOOK if is_short else Health.GOOD,
    )


def look_at(facts: SourceFacts, fields: tuple[str, ...], now: datetime) -> Iterator[Finding]:
    """What an engine knows of its source."""
    yield Finding("source", "name", facts.name)
    if facts.files is not None:
        health = Health.GOOD if facts.files else Health.BAD
        yield Finding("source", "files", f"{facts.files:,}", health)
    if facts.records is not None:
        health = Health.GOOD if facts.records else Health.WORTH_A_LOOK
        yield Finding("source", "records", f"{facts.records:,}", health)
    yield Finding("source", "fields", f"{len(fields)}: {', '.join(fields)}")
    if facts.time is not None and facts.time.since and facts.time.until:
        yield Finding("source", "oldest record", format_instant(facts.time.since))
        age = now - facts.time.until
        yield Finding(
            "source",
            "newest record",
            f"{format_instant(facts.time.until)} ({_ago(age.total_seconds())})",
        )
    if facts.skipped_windows:
        text = f"{facts.skipped_windows:,} SKIPDATA windows: totals that touch them are floors"
        yield Finding("source", "lost at AWS", text, Health.WORTH_A_LOOK)
    for note in facts.notes:
        yield Finding("source", "note", note, Health.WORTH_A_LOOK)
    for one in facts.left_out:
        count = f"{one.count:,} lines: " if one.count else ""
        yield Finding("source", "left out", f"{one.path}: {count}{one.reason}", Health.WORTH_A_LOOK)


def _ago(seconds: float) -> str:
    for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length:,.0f} {unit} ago"
    return "just now" if seconds >= 0 else "in the future"
