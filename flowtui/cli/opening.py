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
from flowtui.cli.talk import say, say_left_out
from flowtui.domain.filterline import parse_filter
from flowtui.errors import EngineError
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
    from flowtui.domain.filters import FlowFilter
    from flowtui.session.session import Session




@dataclass(frozen=True, slots=True)
class Asked:
    """A source as the options name it."""

    source: Source
    is_cached: bool = True


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


def _stop_if_interrupted(interrupts: Interrupts) -> None:
    if interrupts.number:
        sys.exit(interrupts.exit_code)
