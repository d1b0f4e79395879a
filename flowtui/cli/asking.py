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


@dataclass(frozen=True, slots=True)
class Asked:
    """A source as the options name it."""

    source: Source
    is_cached: bool = True


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


@contextmanager
def opened(asked: Asked, line: str = "") -> Iterator[Session]:
    """A session over the source, connected; closed at the end.

    Args:
        asked: The source.
        line: The filter line of the question to come.
    """
    from flowtui.session.opening import new_session

    if asked.source.kind is SourceKind.DEMO:
        with caught() as interrupts, ProgressLine() as shown:
            write_demo_if_missing(asked.source, interrupts.cancelled, shown.preparing)
        _stop_if_interrupted(interrupts)
    session = new_session(
        asked.source, load_config(), is_cached=asked.is_cached, line=line, mfa_code=ask_code()
    )
    try:
        session.open()
        yield session
    finally:
        session.close()


def write_demo() -> str:
    """Write the demo's files where they are not there yet; returns their directory."""
    source = resolve_source("demo", Config())
    with caught() as interrupts, ProgressLine() as shown:
        write_demo_if_missing(source, interrupts.cancelled, shown.preparing)
    _stop_if_interrupted(interrupts)
    return source.location


def build_cache(source: str, log_format: str) -> None:
    """Convert what is new in a source."""
    config = load_config()
    asked = Asked(resolve_source(source, config, log_format))
    with opened(asked) as session:
        with caught() as interrupts, ProgressLine() as shown:
            session.engine.prepare(interrupts.cancelled, shown.preparing)
        _stop_if_interrupted(interrupts)
        facts = session.engine.facts()
    keep_cache_within(config.cache.limit)
    say_left_out(facts.left_out)
    if facts.notes:
        raise EngineError(" ".join(facts.notes), "The files can be read without a cache.")
    say(f"{facts.records or 0:,} records of {facts.files or 0:,} files are ready.")


def say_odd(session: Session) -> None:
    """Say what is odd about a table on Athena, before its rows are believed or paid for."""
    if session.service is not None:
        for note in session.engine.facts().notes:
            say(f"flowtui: {note}")


def _check_sql(session: Session, statement: Statement) -> None:
    """Have Athena check SQL that a person wrote, for nothing; raises where it is wrong."""
    if session.service is None:
        return
    with caught() as interrupts:
        session.service.explain(statement, interrupts.cancelled)
    _stop_if_interrupted(interrupts)


def _ask_first(session: Session, statement: Statement, is_agreed: bool) -> None:
    """Spend nothing unasked; raises where the guard, or the person, says no."""
    if not session.is_checked:
        return
    estimate = session.estimate(statement)
    if estimate.is_download and estimate.objects:
        say(f"flowtui: {estimate.basis}, {format_size(estimate.bytes or 0)}")
    check = session.check(statement, estimate)
    if check.verdict is Verdict.ASK and is_agreed:
        return
    confirm(check)


def confirm(check: Check) -> None:
    """Have a person say yes where that is needed; raises where guard or person says no."""
    if check.verdict is Verdict.REFUSE:
        raise GuardError(check.reason)
    if check.verdict is Verdict.GO:
        return
    if not sys.stdin.isatty():
        raise GuardError(check.reason, "Narrow it with --since, or agree with --yes.")
    say(f"flowtui: {check.reason}")
    click.confirm("Run it?", abort=True, err=True)


def say_bill(execution: QueryExecution) -> None:
    """Say what it scanned and cost, where anything costs."""
    if execution.cost is None:
        return
    id = f"execution {execution.query_id}"
    if execution.is_attached:
        say(f"flowtui: ran {format_instant(execution.submitted)}: nothing is scanned now, {id}")
        return
    reused = "reused an earlier result" if execution.is_reused else ""
    scanned = f"scanned {format_size(execution.scanned_bytes or 0)}"
    say(f"flowtui: {reused or scanned}, {dollars(execution.cost)}, {id}")


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


def write_rows_of(
    session: Session,
    run: Callable[[threading.Event], Iterator[QueryExecution]],
    to: Destination,
    timeout_s: float | None,
) -> int:
    """See an execution through to its end, and write its rows; the exit code."""
    with caught() as interrupts:
        with ProgressLine() as shown:
            for execution in run(interrupts.cancelled):
                shown.running(execution)
        say_bill(execution)
        match execution.state:
            case QueryState.FAILED:
                raise _failure(execution)
            case QueryState.CANCELLED:
                return stopped(execution, interrupts, timeout_s)
        to.write(session.results(execution), interrupts.cancelled)
        _stop_if_interrupted(interrupts)
    return 0


def _failure(execution: QueryExecution) -> FlowtuiError:
    if isinstance(execution.error, FlowtuiError):
        return execution.error
    return QueryFailedError(execution.reason or "The query failed.")


def stopped(execution: QueryExecution, interrupts: Interrupts, timeout_s: float | None) -> int:
    """Say why a query was cancelled; the exit code."""
    read = execution.scanned_bytes
    told = f" after reading {format_size(read)}" if read else ""
    if interrupts.number:
        say(f"flowtui: Interrupted; the query was cancelled{told}.")
        return interrupts.exit_code
    if timeout_s is not None and interrupts.seconds >= timeout_s:
        say(f"flowtui: Timed out after {timeout_s:g} s; the query was cancelled{told}.")
        return STOPPED
    say(f"flowtui: The query was cancelled{told}. {execution.reason}".rstrip())
    return STOPPED


def _stop_if_interrupted(interrupts: Interrupts) -> None:
    if interrupts.number:
        sys.exit(interrupts.exit_code)


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
