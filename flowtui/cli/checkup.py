"""`flowtui doctor`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

from flowtui.cli.asking import Asked, opened
from flowtui.cli.interrupts import caught
from flowtui.cli.progress import ProgressLine
from flowtui.cli.talk import FAILED
from flowtui.domain.executions import QueryState, SourceFacts
from flowtui.domain.queries import SavedQuery
from flowtui.domain.times import TimeRange
from flowtui.domain.views import View
from flowtui.errors import FlowtuiError
from flowtui.session.config import load_config
from flowtui.session.copytext import one_line
from flowtui.session.doctor import Finding, Health, look_around, look_at
from flowtui.session.sources import resolve_source

if TYPE_CHECKING:
    from flowtui.session.session import Session

_SPAN: Final = SavedQuery(
    "span",
    "Span",
    'SELECT count(*) AS records, min(start) AS oldest, max("end") AS newest FROM flows',
)
_MARKS: Final = {Health.GOOD: " ", Health.WORTH_A_LOOK: "!", Health.BAD: "✗"}


def check_up(source: str, log_format: str, clipboard: str) -> None:
    """Print every finding; exits with 1 where something is bad."""
    topic = ""
    is_bad = False
    for finding in _findings(source, log_format, clipboard):
        if finding.topic != topic:
            topic = finding.topic
            click.echo(topic)
        text = one_line(f"{finding.name}: {finding.text}")
        click.echo(f" {_MARKS[finding.health]} {text}")
        is_bad = is_bad or finding.health is Health.BAD
    sys.exit(FAILED if is_bad else 0)


def _findings(source: str, log_format: str, clipboard: str) -> Iterator[Finding]:
    yield from look_around(os.environ, clipboard)
    try:
        if source or load_config().source:
            yield from _of_source(source, log_format)
    except FlowtuiError as error:
        yield Finding("source", "fault", f"{error.message} {error.hint}".rstrip(), Health.BAD)


def _of_source(source: str, log_format: str) -> Iterator[Finding]:
    asked = Asked(resolve_source(source, load_config(), log_format))
    with opened(asked) as session:
        facts = session.engine.facts()
        if facts.files != 0 and (facts.records is None or facts.time is None):
            facts = _counted(session, facts)
        yield from look_at(facts, session.engine.schema.fields, datetime.now(UTC))


def _counted(session: Session, facts: SourceFacts) -> SourceFacts:
    """The facts, with what only reading the records tells."""
    statement = session.compile(View(_SPAN))
    with caught() as interrupts, ProgressLine() as shown:
        for execution in session.run(statement, interrupts.cancelled):
            shown.running(execution)
    if interrupts.number:
        sys.exit(interrupts.exit_code)
    if execution.state is not QueryState.SUCCEEDED:
        raise execution.error or FlowtuiError(execution.reason)
    ((records, oldest, newest),) = session.results(execution).page(0, 1).rows
    facts = replace(session.engine.facts(), records=int(str(records)))
    if isinstance(oldest, int) and isinstance(newest, int):
        span = TimeRange(
            datetime.fromtimestamp(oldest, UTC), datetime.fromtimestamp(newest + 1, UTC)
        )
        return replace(facts, time=span)
    return facts
