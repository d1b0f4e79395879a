"""From a source and the settings to a session, for the screen and the command line alike."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flowtui.domain.filterline import TIME_KEYS, format_time, parse_filter
from flowtui.domain.times import resolve
from flowtui.session import paths
from flowtui.session.budget import Budget
from flowtui.session.config import Config
from flowtui.session.history import History
from flowtui.session.session import Session
from flowtui.session.sittings import reach_of
from flowtui.session.sources import Source, is_paid, open_engine

if TYPE_CHECKING:
    from flowtui.domain.clues import Clues


def opening_line(source: Source, line: str) -> str:
    """The filter line to begin with: the last hour where everything would be dear."""
    if not is_paid(source) or _time_terms(line):
        return line
    return f"{line} last:1h".strip()


def with_window(line: str, clues: Clues, now: datetime) -> str:
    """The filter line with the time that the clues suggest, where it names none."""
    window = clues.window(now)
    if window is None or _time_terms(line):
        return line
    return " ".join((line, *format_time(window))).strip()


def new_session(
    source: Source,
    config: Config,
    *,
    is_cached: bool = True,
    line: str = "",
    mfa_code: Callable[[str], str] | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Session:
    """A session over the source, not yet open.

    Args:
        source: What to read.
        config: Budget, price, result reuse.
        is_cached: False reads straight from the files.
        line: The first question's filter line; its time is what is looked at first in S3.
        mfa_code: Asks the person for a code where the profile wants one.
        clock: Now, aware.

    Raises:
        FilterError: The line's time is wrong.
    """
    history = History(paths.history_file())
    now = clock()
    first = parse_filter(" ".join(_time_terms(line)), now=now)
    engine = open_engine(
        source,
        config,
        is_cached=is_cached,
        time=resolve(first.time, now),
        mfa_code=mfa_code,
        bytes_per_second=lambda: _last_rate(history, source.location),
    )
    budget = Budget(config.budget.ask_above, config.budget.refuse_above, config.budget.price_per_tb)
    return Session(
        engine, clock=clock, budget=budget, history=history, source=source.location,
        reach=reach_of(source),
    )  # fmt: skip


def _last_rate(history: History, source: str) -> float | None:
    try:
        return history.bytes_per_second(source)
    except (OSError, sqlite3.Error) as error:
        # An estimate is a courtesy: a history that cannot be read must not cost the question.
        logging.getLogger("flowtui").warning("history was not read: %s", error)
        return None


def _time_terms(line: str) -> list[str]:
    # The other terms may name columns that are known only once the source is open.
    return [term for term in line.split() if term.partition(":")[0] in TIME_KEYS]
