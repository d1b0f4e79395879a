"""`flowtui explain`: why a pair is rejected, on stdout."""

from __future__ import annotations

import json
import sys
import threading
from typing import TYPE_CHECKING, Any

import click

from flowtui.cli.interrupts import caught
from flowtui.cli.opening import Reaching, filter_of, opened, say_odd, say_window
from flowtui.cli.options import filter_line, seconds, taken
from flowtui.cli.progress import ProgressLine
from flowtui.cli.spending import confirm, say_bill
from flowtui.cli.talk import STOPPED, say, say_left_out
from flowtui.cli.watching import stopped
from flowtui.domain.addresses import network_text, parse_network
from flowtui.domain.ports import parse_port
from flowtui.errors import FlowtuiError
from flowtui.session.opening import opening_line

if TYPE_CHECKING:
    from flowtui.domain.executions import QueryExecution
    from flowtui.session.casefile import RulesNow
    from flowtui.session.explaining import Explained, Question
    from flowtui.session.session import Session


def print_explanation(
    src: str,
    dst: str,
    source: str,
    *,
    since: str | None,
    until: str | None,
    line: str | None,
    with_rules: bool,
    is_json: bool,
    is_sql: bool,
    timeout: str | None,
    is_agreed: bool,
    **chosen: Any,
) -> None:
    """Ask, judge, print; every argument as typed."""
    from flowtui.session.explaining import Question, view_of

    a, (b, port) = address_of(src, "SRC"), end_of(dst)
    timeout_s = seconds(timeout)
    asked = taken(Reaching, chosen).asked(source)
    typed = filter_line(line, {"since": since, "until": until})
    text = opening_line(asked.source, typed)
    with opened(asked, text) as session:
        say_odd(session)
        question = Question(a, b, port, filter_of(session, text))
        if is_sql:
            click.echo(session.compile(view_of(session, question)).sql)
            return
        say_window(text, typed)
        explained = _explained(session, question, is_agreed, timeout_s)
        _print(explained, _rules(session, explained) if with_rules else None, is_json)
        left_out = session.engine.facts().left_out
    say_left_out(left_out)


def _explained(
    session: Session, question: Question, is_agreed: bool, timeout_s: float | None
) -> Explained:
    """The case; exits where it was interrupted, or took too long."""
    from flowtui.session.asides import HeldBack
    from flowtui.session.explaining import explain

    last: QueryExecution | None = None
    with caught() as interrupts:
        late = threading.Timer(timeout_s, interrupts.cancelled.set) if timeout_s else None
        if late is not None:
            late.start()

        def tell(execution: QueryExecution) -> None:
            nonlocal last
            last = execution
            shown.running(execution)

        try:
            with ProgressLine() as shown:
                found = explain(
                    session, question, interrupts.cancelled, is_agreed=is_agreed, tell=tell
                )
            if isinstance(found, HeldBack):
                confirm(found.check)
                with ProgressLine() as shown:
                    found = explain(
                        session, question, interrupts.cancelled, is_agreed=True, tell=tell
                    )
        finally:
            if late is not None:
                late.cancel()
        if last is not None:
            say_bill(last)
            if found is None:
                sys.exit(stopped(last, interrupts, timeout_s))
    if found is None or isinstance(found, HeldBack):
        sys.exit(interrupts.exit_code if interrupts.number else STOPPED)
    return found


def _rules(session: Session, explained: Explained) -> RulesNow | None:
    """What AWS says now; the records are worth printing where it says nothing."""
    from flowtui.session.casefile import RulesNow
    from flowtui.session.explaining import rules_now

    try:
        return RulesNow(rules_now(session, explained.case), session.clock())
    except FlowtuiError as error:
        say(f"flowtui: {error.message} {error.hint}".rstrip())
        return None


def _print(explained: Explained, now: RulesNow | None, is_json: bool) -> None:
    from flowtui.session.casefile import as_json, parts_of, written

    if is_json:
        click.echo(json.dumps(as_json(explained.case, now), indent=2))
        return
    for part in parts_of(explained.case, now=now):
        click.echo(written(part))


def address_of(text: str, what: str) -> str:
    """One address, as logs write it.

    Raises:
        click.BadParameter: It is none.
    """
    try:
        network = parse_network(text.strip().removeprefix("[").removesuffix("]"))
    except ValueError as error:
        raise click.BadParameter(f"{text!r}: {error}", param_hint=what) from error
    if network.num_addresses != 1:
        raise click.BadParameter(f"{text!r} is a network, not one address", param_hint=what)
    return network_text(network)


def end_of(text: str) -> tuple[str, str]:
    """Address and ports of `10.0.0.1:443`, `[2001:db8::7]:443`, `2001:db8::7`; ports may be empty.

    Raises:
        click.BadParameter: It is neither.
    """
    host, colon, ports = text.rpartition(":")
    has_port = bool(colon) and (host.endswith("]") or ":" not in host)
    if not has_port:
        return address_of(text, "DST"), ""
    try:
        for one in ports.split(","):
            parse_port(one)
    except ValueError as error:
        raise click.BadParameter(f"{ports!r}: {error}", param_hint="DST") from error
    return address_of(host, "DST"), ports
