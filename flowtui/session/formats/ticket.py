"""The ticket block: what was found, and all that is needed to find it again, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from flowtui import __version__
from flowtui.domain.executions import QueryExecution, QueryState, Statement
from flowtui.domain.money import dollars
from flowtui.domain.times import TimeRange
from flowtui.domain.values import format_instant, format_size
from flowtui.engines.export import markdown_text
from flowtui.session.anonymise import LABEL, Anonymiser
from flowtui.session.copytext import one_line, plain
from flowtui.session.formats.rows import rows_text
from flowtui.session.formats.taken import Made, Taken


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a ticket block says beside its rows."""

    title: str
    """The way to the view: `Top rejected pairs › 203.0.113.9 → 10.0.1.20`."""
    extent: str
    """Which rows they are, of how many: `Rows 1-20 of 812`."""
    filter: str
    """The filter line, with fixed bounds of time; empty: none."""
    source: str
    statement: Statement
    execution: QueryExecution | None = None
    extent_of_data: TimeRange | None = None
    """From the first record of the source to its last, where that is known."""
    warnings: tuple[str, ...] = ()
    """What keeps the figures from being the whole truth."""
    commands: tuple[str, ...] = ()
    """What gives the same rows; the first is the cheapest."""
    made: datetime | None = None
    label: str = ""
    """What was done to the text: that it is anonymised."""


def ticket_text(ticket: Ticket, taken: Taken) -> Made:
    """The block; nothing in it can leave its place."""
    parts = [
        f"### {markdown_text(one_line(ticket.title))}",
        *([rows_text("markdown", taken).rstrip("\n")] if taken.rows else []),
        markdown_text(one_line(ticket.extent)),
        "\n".join(f"- {line}" for line in _facts(ticket)),
        fenced(plain(ticket.statement.sql).strip(), "sql"),
        *_again(ticket),
        _foot(ticket),
    ]
    text = "\n\n".join(parts) + "\n"
    return Made(text, f"a ticket block of {taken.counted} (Markdown)")


def hidden_by(hiding: Anonymiser, ticket: Ticket) -> Ticket:
    """The ticket with whatever tells who somebody is changed, and that said."""
    text = hiding.text
    return replace(
        ticket,
        title=text(ticket.title),
        extent=text(ticket.extent),
        filter=text(ticket.filter),
        source=text(ticket.source),
        statement=replace(ticket.statement, sql=text(ticket.statement.sql)),
        warnings=tuple(map(text, ticket.warnings)),
        commands=tuple(map(text, ticket.commands)),
        label=LABEL,
    )


def _facts(ticket: Ticket) -> Iterator[str]:
    yield f"Source: {code(ticket.source)}"
    yield f"Filter: {code(ticket.filter)}" if ticket.filter else "Filter: none"
    yield f"Time: {_time(ticket.statement.time, ticket.extent_of_data)}"
    if ticket.execution is not None:
        yield f"Execution: {_execution(ticket.execution)}"
    for warning in ticket.warnings:
        yield f"**Mind:** {markdown_text(one_line(warning))}"


def _time(time: TimeRange | None, data: TimeRange | None) -> str:
    if time is None:
        return f"all there is: {_time(data, None)}" if data else "all there is"
    since, until = (format_instant(at, UTC) if at else "open" for at in (time.since, time.until))
    return f"{since} to {until} (UTC, the end itself outside)"


def _execution(execution: QueryExecution) -> str:
    id = f"{code(execution.query_id)}, " if execution.query_id else ""
    said = f"{id}{execution.state.value}, submitted {format_instant(execution.submitted, UTC)}"
    if execution.is_from_store:
        return f"{said}, from records held here: nothing was scanned for it"
    if execution.is_attached:
        return f"{said}, ran earlier: nothing was scanned again"
    if execution.is_reused:
        return f"{said}, reused an earlier result: nothing was scanned"
    if execution.cost is None:
        return f"{said}, nothing is billed"
    return f"{said}, scanned {format_size(execution.scanned_bytes or 0)}, {dollars(execution.cost)}"


def _again(ticket: Ticket) -> Iterator[str]:
    if ticket.commands:
        yield "The same rows again:"
        yield fenced(plain("\n".join(ticket.commands)), "sh")


def _foot(ticket: Ticket) -> str:
    made = f", {format_instant(ticket.made, UTC)}" if ticket.made else ""
    label = f". {markdown_text(one_line(ticket.label))}" if ticket.label else ""
    return f"flowtui {__version__}{made}{label}"


def incomplete(execution: QueryExecution) -> str:
    """Why the rows are not all there are; empty where they are."""
    if execution.state is QueryState.SUCCEEDED and execution.is_complete:
        return ""
    return f"The query was {execution.state.value}: these are the rows that had arrived."


def fenced(text: str, language: str) -> str:
    """A block of code that its own content cannot end."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def code(text: str) -> str:
    """A text in a line that shows as it is, as code."""
    line = one_line(text)
    ticks = "`" * (_longest_run(line) + 1)
    space = " " if line.startswith(("`", " ")) or line.endswith(("`", " ")) else ""
    return f"{ticks}{space}{line}{space}{ticks}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
