"""`flowtui query --attach`: rows of what ran on Athena before, without a scan."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from threading import Event
from typing import Any

import click

from flowtui.cli.codes import ask_code
from flowtui.cli.opening import Reaching
from flowtui.cli.options import split_formats, taken
from flowtui.cli.output import Manner, destination
from flowtui.cli.watching import write_rows_of
from flowtui.domain.executions import QueryExecution
from flowtui.engines.base import Service
from flowtui.errors import ConfigError
from flowtui.session.config import load_config
from flowtui.session.opening import new_session
from flowtui.session.session import Session


def print_earlier(
    query_id: str,
    source: str,
    *,
    formats: tuple[str, ...],
    output: str | None,
    limit: int | None,
    is_sql: bool,
    **others: Any,
) -> None:
    """Write the rows of an execution; every argument as typed.

    Raises:
        ConfigError: The source is not on Athena, or the id is none.
        EngineError: Athena does not know it, or it failed.
    """
    _refuse_questions(others)
    format, _ = split_formats(formats, "")
    to = destination(format, output, limit, manner=taken(Manner, others))
    chosen = taken(Reaching, others).asked(source, "").source
    # Not opened: rows that are there need neither the table nor a place for results.
    with closing(new_session(chosen, load_config(), mfa_code=ask_code())) as session:
        service = _service(session)
        earlier = service.earlier(query_id)
        if is_sql:
            click.echo(to.told(earlier.statement.sql))
            return

        def run(cancelled: Event) -> Iterator[QueryExecution]:
            return session.attach(query_id, earlier.statement, cancelled)

        status = write_rows_of(session, run, to, None)
    sys.exit(status)


def _service(session: Session) -> Service:
    if session.service is None:
        raise ConfigError(
            "--attach is for executions on Athena.",
            "Name the table: flowtui query --attach ID athena://[WORKGROUP@]DATABASE.TABLE",
        )
    return session.service


def _refuse_questions(others: dict[str, Any]) -> None:
    """What changes a question does not go with rows that are there already."""
    asked = ("parameters", "line", "since", "until", *(k for k in others if "filter_" in k))
    if any(others.get(key) for key in asked):
        raise click.UsageError("--attach shows rows as they are: it takes no filter, no parameter.")
