"""`flowtui doctor`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

from flowtui.cli.codes import ask_code
from flowtui.cli.interrupts import caught
from flowtui.cli.opening import Asked, opened
from flowtui.cli.progress import ProgressLine
from flowtui.cli.talk import FAILED
from flowtui.domain.executions import QueryState, SourceFacts
from flowtui.domain.queries import SavedQuery
from flowtui.domain.times import TimeRange
from flowtui.domain.views import View
from flowtui.errors import FlowtuiError
from flowtui.session.checkup import look_at_aws
from flowtui.session.config import load_config
from flowtui.session.copytext import one_line
from flowtui.session.doctor import Finding, Health, look_around, look_at
from flowtui.session.sources import is_paid, reached_by, resolve_source

if TYPE_CHECKING:
    from flowtui.session.session import Session

_SPAN: Final = SavedQuery(
    "span",
    "Span",
    'SELECT count(*) AS records, min(start) AS oldest, max("end") AS newest FROM flows',
)
_MARKS: Final = {Health.GOOD: " ", Health.WORTH_A_LOOK: "!", Health.BAD: "✗"}


@dataclass(frozen=True, slots=True)
class Examined:
    """What is looked at, as typed."""

    source: str
    log_format: str = ""
    clipboard: str = ""
    profile: str = ""
    region: str = ""
    output_location: str = ""
    is_writing: bool = False
    """Also write and delete one small object where results go."""


def check_up(examined: Examined) -> None:
    """Print every finding; exits with 1 where something is bad."""
    topic = ""
    is_bad = False
    for finding in _findings(examined):
        if finding.topic != topic:
            topic = finding.topic
            click.echo(topic)
        text = one_line(f"{finding.name}: {finding.text}")
        click.echo(f" {_MARKS[finding.health]} {text}")
        is_bad = is_bad or finding.health is Health.BAD
    sys.exit(FAILED if is_bad else 0)


def _findings(examined: Examined) -> Iterator[Finding]:
    yield from look_around(os.environ, examined.clipboard)
    try:
        if examined.source or load_config().source:
            yield from _of_source(examined)
    except FlowtuiError as error:
        yield Finding("source", "fault", f"{error.message} {error.hint}".rstrip(), Health.BAD)


def _of_source(examined: Examined) -> Iterator[Finding]:
    config = load_config()
    named = resolve_source(examined.source, config, examined.log_format)
    source = reached_by(named, examined.profile, examined.region, examined.output_location)
    if is_paid(source):
        # Opening it as for questions would fetch, or cost, more than a look.
        yield Finding("source", "name", source.name)
        yield from look_at_aws(source, config, examined.is_writing, ask_code())
        return
    with opened(Asked(source)) as session:
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
