"""The command line that gives the rows that are on the screen, in any shell, at any later time."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from flowtui.domain.executions import Refinement
from flowtui.domain.filterline import format_filter
from flowtui.domain.times import TimeRange
from flowtui.domain.views import View
from flowtui.library import Library, format_query
from flowtui.session.sittings import UNTOLD, Reach, reach_of
from flowtui.session.sources import Source, SourceKind

_BEGINNING: Final = TimeRange(datetime(1970, 1, 1, tzinfo=UTC), None)
"""All there is, said aloud: without a time the last hour is asked for where reading is dear."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A source as a command line names it."""

    text: str
    reach: Reach = UNTOLD
    is_paid: bool = False


def reached(source: Source) -> Reached:
    """What leads to a source from anywhere: its place, and how it is reached, in full.

    The name that it has in the settings is left out: whoever runs the line may not have them.
    """
    reach = reach_of(source)
    match source.kind:
        case SourceKind.DEMO:
            return Reached("demo", reach)
        case SourceKind.LOCAL:
            return Reached(os.path.abspath(source.location), reach)
        case _:
            return Reached(source.location, reach, is_paid=True)


def source_words(text: str, reach: Reach) -> list[str]:
    """The source, and the options that reach it."""
    options = (
        ("--log-format", reach.format),
        ("--profile", reach.profile),
        ("--region", reach.region),
        ("--output-location", reach.output_location),
    )
    # One word each: what begins with a dash would else be read as an option.
    return [text, *(f"{option}={value}" for option, value in options if value)]


def refinement_words(refinement: Refinement) -> list[str]:
    """The order of the rows, and what they must hold, as options."""
    words = [f"--sort={'-' if key.is_descending else ''}{key.column}" for key in refinement.order]
    return [*words, *([f"--contains={refinement.contains}"] if refinement.contains else [])]


def asking_line(
    view: View,
    time: TimeRange | None,
    source: Reached,
    refinement: Refinement = Refinement(),  # noqa: B008 - it is frozen
    library: Library | None = None,
) -> str:
    """The question asked anew, with the bounds of time that it had.

    A saved query goes by its name, whatever else runs as SQL through stdin.

    Args:
        view: The question.
        time: The bounds that its statement held; None: all there is.
        source: What it is asked of.
        refinement: What was done to the rows.
        library: Knows which names another run can find.
    """
    fixed = time or (_BEGINNING if source.is_paid else None)
    line = format_filter(replace(view.filter, time=fixed))
    options = [f"--filter={line}"] if line else []
    options += [f"--param={name}={text}" for name, text in view.arguments]
    options += refinement_words(refinement)
    words = [*source_words(source.text, source.reach), *options]
    if _is_named(view, library):
        return shlex.join(["flowtui", "query", view.query.slug, *words])
    return stdin_line(format_query(view.query), words)


def stdin_line(sql: str, words: list[str]) -> str:
    """SQL, or the text of a query's file, as stdin of `flowtui query -`."""
    return f"printf '%s' {shlex.quote(sql)} | {shlex.join(['flowtui', 'query', '-', *words])}"


def _is_named(view: View, library: Library | None) -> bool:
    query = view.query
    known = () if library is None or query.named_id else library.queries
    return any((q.slug, q.sql, q.named_id) == (query.slug, query.sql, "") for q in known)


def attaching_line(query_id: str, source: Reached, refinement: Refinement) -> str:
    """The rows of an execution on Athena as they are: nothing is scanned."""
    words = [*source_words(source.text, source.reach), *refinement_words(refinement)]
    return shlex.join(["flowtui", "query", "--attach", query_id, *words])
