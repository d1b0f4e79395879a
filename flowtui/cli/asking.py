"""One question from the command line: from its words to rows on stdout."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from flowtui.cli.codes import ask_code
from flowtui.cli.interrupts import Interrupts, caught
from flowtui.cli.options import filter_line, split_formats
from flowtui.cli.progress import ProgressLine
from flowtui.cli.talk import LEFT_OUT, STOPPED, say, say_left_out
from flowtui.domain.executions import QueryExecution, QueryState, Statement
from flowtui.domain.filterline import format_time, parse_filter
from flowtui.domain.money import dollars
from flowtui.domain.queries import SavedQuery
from flowtui.domain.values import format_instant, format_size, parse_duration
from flowtui.domain.views import View
from flowtui.errors import EngineError, FlowtuiError, GuardError, QueryFailedError
from flowtui.session.budget import Check, Verdict
from flowtui.session.config import Config, load_config
from flowtui.session.opening import opening_line
from flowtui.session.sources import (
    Source,
    SourceKind,
    keep_cache_within,
    reached_by,
    resolve_source,
    write_demo_if_missing,
)

if TYPE_CHECKING:
    from flowtui.cli.output import Destination
    from flowtui.session.session import Session




def answer(
    name: str,
    source: str,
    *,
    parameters: tuple[str, ...],
    line: str | None,
    log_format: str,
    no_cache: bool,
    is_sql: bool,
    strict: bool,
    timeout: str | None,
    formats: tuple[str, ...],
    output: str | None,
    limit: int | None,
    order: tuple[str, ...],
    contains: str,
    is_csv_safe: bool,
    is_anonymised: bool,
    profile: str = "",
    region: str = "",
    output_location: str = "",
    is_agreed: bool = False,
    against: str = "",
    **chosen: str | None,
) -> None:
    """Run a query and write its rows; every argument as typed."""
    import gc

    from flowtui.cli.output import Manner, destination
    from flowtui.cli.queries import is_typed

    # One question, then the process ends: to look for garbage among fresh imports is for nothing.
    gc.disable()
    timeout_s = seconds(timeout)
    format, log_format = split_formats(formats, log_format)
    manner = Manner(order, contains, is_csv_safe, is_anonymised)
    to = destination(format, output, limit, manner=manner)
    config = load_config()
    named = resolve_source(source, config, log_format)
    asked = Asked(reached_by(named, profile, region, output_location), not no_cache)
    query = _query(name)
    arguments = _arguments(query, parameters)
    typed = filter_line(line, chosen)
    text = opening_line(asked.source, typed)
    with opened(asked, text) as session:
        say_odd(session)
        extra = tuple(c.name for c in session.engine.schema.columns if c.field is None)
        found = parse_filter(text, now=session.clock(), extra_fields=extra)
        view = View(_compared(query, against, session.clock()), found, arguments)
        statement = session.compile(view)
        for note in statement.notes:
            say(f"flowtui: {note}")
        if statement.is_counted_once:
            say("flowtui: Counted once: what several interfaces logged counts one time.")
        if is_sql:
            click.echo(to.told(statement.sql))
            return
        if is_typed(name):
            _check_sql(session, statement)
        if text != typed:
            say("flowtui: Only the last hour is asked for; --since says another time.")
        _ask_first(session, statement, is_agreed)
        status = _run(session, statement, to, timeout_s, view)
        _say_empty(session, statement)
        left_out = session.engine.facts().left_out
    say_left_out(left_out)
    sys.exit(status or (LEFT_OUT if strict and left_out else 0))










def _check_sql(session: Session, statement: Statement) -> None:
    """Have Athena check SQL that a person wrote, for nothing; raises where it is wrong."""
    if session.service is None:
        return
    with caught() as interrupts:
        session.service.explain(statement, interrupts.cancelled)
    _stop_if_interrupted(interrupts)








def _say_empty(session: Session, statement: Statement) -> None:
    """A heading alone must not pass for an answer where the time misses the data."""
    from flowtui.session.emptiness import outside

    asked = session.held(statement)
    if asked is None or asked.rows_ready:
        return
    found = outside(session.engine.facts().time, statement.time)
    bounds = " ".join(format_time(statement.time, UTC)) if statement.time else ""
    why = f" {found}." if found else f" The time asked for is {bounds}." if bounds else ""
    say(f"flowtui: No rows.{why}")


def _run(
    session: Session, statement: Statement, to: Destination, timeout_s: float | None, view: View
) -> int:
    """Run it, write its rows; the exit code."""

    def run(cancelled: threading.Event) -> Iterator[QueryExecution]:
        return session.run(statement, cancelled, timeout_s, view)

    return write_rows_of(session, run, to, timeout_s)










def seconds(text: str | None) -> float | None:
    """A duration as typed; raises click.BadParameter where it is none."""
    if text is None:
        return None
    try:
        return parse_duration(text).total_seconds()
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--timeout") from error


def _compared(query: SavedQuery, against: str, now: datetime) -> SavedQuery:
    if not against:
        return query
    from flowtui.domain.comparing import compared, read_against

    try:
        return compared(query, read_against(against, now))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--compare") from error


def _query(name: str) -> SavedQuery:
    from flowtui.cli.queries import find_query

    return find_query(name)


def _arguments(query: SavedQuery, parameters: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    pairs = []
    known = [parameter.name for parameter in query.parameters]
    for text in parameters:
        name, equals, value = text.partition("=")
        if not equals:
            raise click.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="--param")
        if name not in known:
            there = f"it has {', '.join(known)}" if known else "it has none"
            raise click.BadParameter(
                f"{query.slug} has no parameter {name!r}; {there}", param_hint="--param"
            )
        pairs.append((name, value))
    for parameter in query.parameters:
        if not parameter.default and parameter.name not in dict(pairs):
            needed = f"{parameter.name}={parameter.type.value.upper()}"
            raise click.BadParameter(
                f"{query.slug} needs {needed}: {parameter.help}", param_hint="--param"
            )
    return tuple(pairs)
