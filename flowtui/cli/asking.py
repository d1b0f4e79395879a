"""One question from the command line: from its words to rows on stdout."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from flowtui.cli.interrupts import caught
from flowtui.cli.opening import (
    Reaching,
    filter_of,
    opened,
    say_odd,
    say_window,
    stop_if_interrupted,
)
from flowtui.cli.options import filter_line, seconds, split_formats, taken
from flowtui.cli.spending import ask_first
from flowtui.cli.talk import LEFT_OUT, say, say_left_out
from flowtui.cli.watching import write_rows_of
from flowtui.domain.executions import QueryExecution, Statement
from flowtui.domain.filterline import format_time
from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import View
from flowtui.session.opening import opening_line

if TYPE_CHECKING:
    from flowtui.cli.output import Destination
    from flowtui.session.session import Session


def answer(
    name: str,
    source: str,
    *,
    parameters: tuple[str, ...],
    line: str | None,
    is_sql: bool,
    strict: bool,
    timeout: str | None,
    formats: tuple[str, ...],
    output: str | None,
    limit: int | None,
    is_agreed: bool = False,
    against: str = "",
    **chosen: Any,
) -> None:
    """Run a query and write its rows; every argument as typed."""
    import gc

    from flowtui.cli.output import Manner, destination

    # One question, then the process ends: to look for garbage among fresh imports is for nothing.
    gc.disable()
    timeout_s = seconds(timeout)
    reaching = taken(Reaching, chosen)
    format, log_format = split_formats(formats, reaching.log_format)
    to = destination(format, output, limit, manner=taken(Manner, chosen))
    asked = reaching.asked(source, log_format)
    query = _query(name)
    arguments = _arguments(query, parameters)
    typed = filter_line(line, chosen)
    text = opening_line(asked.source, typed)
    with opened(asked, text) as session:
        say_odd(session)
        filter = filter_of(session, text)
        view = View(_compared(query, against, session.clock()), filter, arguments)
        statement = session.compile(view)
        _say_notes(statement)
        if is_sql:
            click.echo(to.told(statement.sql))
            return
        _check(session, statement, name)
        say_window(text, typed)
        ask_first(session, statement, is_agreed)
        status = _run(session, statement, to, timeout_s, view)
        _say_empty(session, statement)
        left_out = session.engine.facts().left_out
    say_left_out(left_out)
    sys.exit(status or (LEFT_OUT if strict and left_out else 0))


def _say_notes(statement: Statement) -> None:
    for note in statement.notes:
        say(f"flowtui: {note}")
    if statement.is_counted_once:
        say("flowtui: Counted once: what several interfaces logged counts one time.")


def _check(session: Session, statement: Statement, name: str) -> None:
    """Have Athena check SQL that a person wrote, for nothing; raises where it is wrong."""
    from flowtui.cli.queries import is_typed

    if session.service is None or not is_typed(name):
        return
    with caught() as interrupts:
        session.service.explain(statement, interrupts.cancelled)
    stop_if_interrupted(interrupts)


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
