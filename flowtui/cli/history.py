"""`flowtui history`: what ran, where, and what it cost."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING, Final, TextIO, cast

from flowtui.cli.talk import say, say_error
from flowtui.domain.executions import Column, Row
from flowtui.domain.fields import Kind
from flowtui.domain.money import dollars
from flowtui.errors import ConfigError, FlowtuiError
from flowtui.session import paths
from flowtui.session.config import Config, load_config
from flowtui.session.earlier import command_line, heading, money, with_theirs
from flowtui.session.history import History, Past
from flowtui.session.sittings import reach_of
from flowtui.session.sources import Source, SourceKind, open_engine, reached_by, resolve_source

if TYPE_CHECKING:
    from flowtui.engines.base import Service

_COLUMNS: Final = (
    Column("submitted", "timestamp with time zone"),
    Column("state", "varchar"),
    Column("seconds", "double"),
    Column("scanned_bytes", "bigint", Kind.BYTES),
    Column("cost", "decimal"),
    Column("rows", "bigint", Kind.COUNT),
    Column("title", "varchar"),
    Column("query_id", "varchar"),
    Column("source", "varchar"),
)
_MORE: Final = (
    Column("filter", "varchar"),
    Column("sql", "varchar"),
    Column("command", "varchar"),
)
"""In formats for programs: too long for a table."""


def print_history(
    text: str, source: str, limit: int, format: str | None, profile: str, region: str
) -> None:
    """Print the latest executions, and say what they cost; every argument as typed.

    Raises:
        ConfigError: The history cannot be read.
    """
    try:
        _print_history(text, source, limit, format, profile, region)
    except sqlite3.Error as error:
        raise ConfigError(
            f"The history in {paths.history_file()} cannot be read: {error}",
            "Move the file away; a new one is begun.",
        ) from error


def _print_history(
    text: str, source: str, limit: int, format: str | None, profile: str, region: str
) -> None:
    history, now = History(paths.history_file()), datetime.now(UTC)
    pasts = _pasts(history, text, source, limit, profile, region)
    chosen = format or ("table" if sys.stdout.isatty() else "csv")
    if chosen == "table":
        _write(chosen, _COLUMNS, [_row(past) for past in pasts])
    else:
        slugs = _slugs()
        more = [(p.filter, p.sql, command_line(p, slugs, now)) for p in pasts]
        rows = [_row(past) + facts for past, facts in zip(pasts, more, strict=True)]
        _write(chosen, _COLUMNS + _MORE, rows)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    today = dollars(history.spent(midnight))
    say(f"flowtui: these {dollars(money(pasts))}, today {today} (since 00:00 UTC)")


def _pasts(
    history: History, text: str, source: str, limit: int, profile: str, region: str
) -> list[Past]:
    if not source:
        return history.recent(limit, text=text)
    config = load_config()
    chosen = reached_by(resolve_source(source, config), profile, region, "")
    ours = history.recent(limit, source=chosen.location)
    if chosen.kind is SourceKind.ATHENA:
        ours = _with_theirs(ours, chosen, config)
    wanted = text.casefold()
    found = [p for p in ours if wanted in f"{p.title} {p.filter} {p.sql} {p.source}".casefold()]
    return found[:limit]


def _with_theirs(ours: list[Past], source: Source, config: Config) -> list[Past]:
    engine = open_engine(source, config)
    try:
        return with_theirs(ours, cast("Service", engine), source.location, reach_of(source))
    except FlowtuiError as error:
        # Ours are worth showing without the work group's.
        say_error(error)
        return ours
    finally:
        engine.close()


def _row(past: Past) -> Row:
    return (
        past.submitted.replace(microsecond=0),
        past.state.value,
        past.elapsed_ms / 1000,
        past.scanned_bytes,
        past.cost,
        past.rows,
        heading(past),
        past.query_id or None,
        past.source,
    )


def _slugs() -> list[str]:
    from flowtui.cli.queries import slugs

    return slugs()


def _write(format: str, columns: tuple[Column, ...], rows: Sequence[Row]) -> None:
    from flowtui.cli.output import Harmless
    from flowtui.engines.export import stream_rows
    from flowtui.session.texttable import write_table

    file = cast("TextIO", Harmless(sys.stdout)) if sys.stdout.isatty() else sys.stdout
    if format == "table":
        write_table(file, columns, [rows])
    else:
        stream_rows(file, format, columns, [rows], Event())
