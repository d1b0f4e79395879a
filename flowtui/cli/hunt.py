"""`flowtui hunt`: every detection, its price first, then one page of findings."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from flowtui.cli.interrupts import Interrupts, caught
from flowtui.cli.opening import Reaching, opened, say_odd, say_window
from flowtui.cli.options import filter_line, seconds, split_formats, taken
from flowtui.cli.progress import ProgressLine
from flowtui.cli.talk import FAILED, FOUND, STOPPED, say, say_left_out
from flowtui.domain.detections import Severity
from flowtui.domain.filterline import parse_filter
from flowtui.domain.money import dollars
from flowtui.errors import GuardError
from flowtui.session.budget import Verdict
from flowtui.session.copytext import plain
from flowtui.session.opening import opening_line
from flowtui.session.reproducing import reached

if TYPE_CHECKING:
    from flowtui.session.hunt import Hunt
    from flowtui.session.huntplan import Plan
    from flowtui.session.session import Session

_FORMATS: Final = ("table", "csv", "tsv", "json", "ndjson", "markdown")
_SUFFIXES: Final = {"md": "markdown", "jsonl": "ndjson", "txt": "table"}


def print_hunt(
    source: str,
    *,
    least: str,
    line: str | None,
    formats: tuple[str, ...],
    output: str | None,
    is_dry: bool,
    timeout: str | None,
    is_agreed: bool,
    **chosen: Any,
) -> None:
    """Hunt over a source, and end with the code that tells what was found; arguments as typed."""
    timeout_s = seconds(timeout)
    reaching = taken(Reaching, chosen)
    format, log_format = split_formats(formats, reaching.log_format)
    format = _format(format, output)
    asked = reaching.asked(source, log_format)
    typed = filter_line(line, chosen)
    text = opening_line(asked.source, typed)
    with opened(asked, text) as session, caught() as interrupts:
        say_odd(session)
        say_window(text, typed)
        with _stopped_after(timeout_s, interrupts) as late:
            plan = _plan(session, text, interrupts, is_cached=asked.is_cached)
            _say_plan(plan)
            if is_dry:
                return
            _ask_first(plan, is_agreed)
            found = _run(session, plan, interrupts)
        left_out = session.engine.facts().left_out
    grave = Severity(least)
    _write(_page(found, format, reached(asked.source).text, grave), output)
    _say_gaps(found)
    say_left_out(left_out)
    sys.exit(_code(found, grave, interrupts, late))


def _format(format: str | None, output: str | None) -> str:
    if format is None and output is not None:
        suffix = Path(output).suffix.lstrip(".").lower()
        format = _SUFFIXES.get(suffix, suffix)
    chosen = format or ("table" if sys.stdout.isatty() else "csv")
    if chosen.lower() not in _FORMATS:
        raise click.UsageError(f"--format is one of {', '.join(_FORMATS)}, not {chosen!r}.")
    return chosen.lower()


@contextmanager
def _stopped_after(timeout_s: float | None, interrupts: Interrupts) -> Iterator[threading.Event]:
    """Cancels when the time is over; the event tells that it was."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        interrupts.cancelled.set()

    timer = threading.Timer(timeout_s, stop) if timeout_s is not None else None
    if timer is not None:
        timer.daemon = True
        timer.start()
    try:
        yield late
    finally:
        if timer is not None:
            timer.cancel()


def _plan(session: Session, line: str, interrupts: Interrupts, *, is_cached: bool) -> Plan:
    from flowtui.cli.queries import library
    from flowtui.session.huntplan import plan_hunt

    extra = tuple(c.name for c in session.engine.schema.columns if c.field is None)
    filter = parse_filter(line, now=session.clock(), extra_fields=extra)
    with ProgressLine() as shown:
        if is_cached and not session.is_checked:
            # Many questions over the same files: converting them first is the shorter way.
            session.engine.prepare(interrupts.cancelled, shown.preparing)
        shown.telling("Asking what it would cost …")
        saved = library()
        return plan_hunt(session, saved.queries, saved.records, filter, interrupts.cancelled)


def _say_plan(plan: Plan) -> None:
    asked = [step for step in plan.steps if not step.problem]
    price = f", {plan.price}" if plan.price else ""
    once = ": the records are read once for all" if plan.gathering else ""
    say(f"flowtui: {len(asked)} detections{price}{once}.")


def _ask_first(plan: Plan, is_agreed: bool) -> None:
    if plan.check.verdict is Verdict.REFUSE:
        raise GuardError(plan.check.reason)
    if plan.check.verdict is Verdict.GO or is_agreed:
        return
    if not sys.stdin.isatty():
        raise GuardError(plan.check.reason, "Narrow it with --since, or agree with --yes.")
    say(f"flowtui: {plan.check.reason}")
    click.confirm("Run it?", abort=True, err=True)


def _run(session: Session, plan: Plan, interrupts: Interrupts) -> Hunt:
    from flowtui.session.hunt import begin, hunt, now_text

    state = begin(plan)
    with ProgressLine() as shown:
        for state in hunt(session, plan, interrupts.cancelled):
            shown.telling(f"{now_text(state)} · Ctrl-C stops")
    return state


def _page(hunt: Hunt, format: str, source: str, least: Severity) -> str:
    from flowtui.engines.export import stream_rows
    from flowtui.session.huntreport import (
        COLUMNS,
        at_least,
        finding_row,
        hunt_markdown,
        hunt_text,
    )

    if format == "markdown":
        return hunt_markdown(hunt, source, least)
    if format == "table":
        return hunt_text(hunt, source, least)
    file = StringIO()
    rows = [finding_row(finding) for finding in at_least(hunt, least)]
    stream_rows(file, format, COLUMNS, [rows])
    return file.getvalue()


def _write(text: str, output: str | None) -> None:
    if output is None:
        click.echo(plain(text), nl=False)
        return
    from flowtui.engines.export import replacing

    with replacing(Path(output)) as unfinished:
        unfinished.write_text(text, "utf-8")
    say(f"flowtui: Wrote the findings to {output}.")


def _say_gaps(hunt: Hunt) -> None:
    from flowtui.session.hunt import Outcome
    from flowtui.session.huntreport import reason_text, warnings_of

    for warning in warnings_of(hunt):
        say(f"flowtui: {warning}")
    for report in hunt.of(Outcome.FAILED):
        say(f"flowtui: {reason_text(report)}")
    if hunt.plan.is_paid:
        say(f"flowtui: It cost {dollars(hunt.spent)}.")


def _code(hunt: Hunt, least: Severity, interrupts: Interrupts, late: threading.Event) -> int:
    from flowtui.session.huntreport import at_least

    if interrupts.number:
        return interrupts.exit_code
    if late.is_set():
        return STOPPED
    if at_least(hunt, least):
        return FOUND
    return 0 if hunt.is_complete else FAILED
