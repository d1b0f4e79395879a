"""What a question costs: agreed to before it runs, and told after."""

from __future__ import annotations

import sys

import click

from flowtui.cli.talk import say
from flowtui.domain.executions import QueryExecution, Statement
from flowtui.domain.money import dollars
from flowtui.domain.values import format_instant, format_size
from flowtui.errors import GuardError
from flowtui.session.budget import Check, Verdict
from flowtui.session.session import Session


def ask_first(session: Session, statement: Statement, is_agreed: bool) -> None:
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
