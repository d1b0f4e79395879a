"""From a source as the options name it to a session over it, connected."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowtui.cli.codes import ask_code
from flowtui.cli.interrupts import Interrupts, caught
from flowtui.cli.progress import ProgressLine
from flowtui.cli.talk import say
from flowtui.domain.filterline import parse_filter
from flowtui.session.config import Config, load_config
from flowtui.session.sources import (
    Source,
    SourceKind,
    reached_by,
    resolve_source,
    write_demo_if_missing,
)

if TYPE_CHECKING:
    from flowtui.domain.filters import FlowFilter
    from flowtui.session.session import Session


@dataclass(frozen=True, slots=True)
class Asked:
    """A source as the options name it."""

    source: Source
    is_cached: bool = True


@dataclass(frozen=True, slots=True)
class Reaching:
    """How a source is reached, as the options say it."""

    log_format: str = ""
    no_cache: bool = False
    profile: str = ""
    region: str = ""
    output_location: str = ""

    def asked(self, source: str, log_format: str | None = None) -> Asked:
        """The source that a text means, reached so.

        Args:
            source: As typed.
            log_format: In place of the one that the options name.

        Raises:
            ConfigError: The text means nothing.
        """
        format = self.log_format if log_format is None else log_format
        named = resolve_source(source, load_config(), format)
        found = reached_by(named, self.profile, self.region, self.output_location)
        return Asked(found, not self.no_cache)


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
        stop_if_interrupted(interrupts)
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
    stop_if_interrupted(interrupts)
    return source.location


def say_odd(session: Session) -> None:
    """Say what is odd about a table on Athena, before its rows are believed or paid for."""
    if session.service is not None:
        for note in session.engine.facts().notes:
            say(f"flowtui: {note}")


def say_window(text: str, typed: str) -> None:
    """Say that less is asked for than was typed, where it is."""
    if text != typed:
        say("flowtui: Only the last hour is asked for; --since says another time.")


def filter_of(session: Session, line: str) -> FlowFilter:
    """The filter that a line means over the columns that there are.

    Raises:
        FilterError: It is wrong; has the span.
    """
    extra = tuple(c.name for c in session.engine.schema.columns if c.field is None)
    return parse_filter(line, now=session.clock(), extra_fields=extra)


def stop_if_interrupted(interrupts: Interrupts) -> None:
    """End the process as a signal asked it to, where one did."""
    if interrupts.number:
        sys.exit(interrupts.exit_code)
