"""Why a pair of addresses is rejected, or not: from a question to the case that rules judge."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from flowtui.domain.addresses import network_text, parse_network
from flowtui.domain.codes import ACK, SYN
from flowtui.domain.evidence import MOST_TALKS, Case, case_rows
from flowtui.domain.executions import Cell, QueryExecution, Row, Statement
from flowtui.domain.fields import fold
from flowtui.domain.filters import FlowFilter
from flowtui.domain.lanes import slot_width
from flowtui.domain.rulings import InterfaceRules
from flowtui.domain.schema import PartitionRole
from flowtui.domain.times import TimeRange, resolve
from flowtui.domain.values import parse_duration
from flowtui.domain.views import View
from flowtui.engines.base import RuleBook
from flowtui.errors import ConfigError
from flowtui.session.asides import Asked, HeldBack, ask_aside, ask_here
from flowtui.session.session import Session

_UNKNOWN_WIDTH_S: Final = 3600
_ANY_PORT: Final = "0-65535"
_WHERE: Final = frozenset({"account_id", "region", "vpc_id"})
"""Fields of a filter that say where to look, and not for what."""
_BY_ROLE: Final = (PartitionRole.REGION, PartitionRole.ACCOUNT, PartitionRole.OTHER)


@dataclass(frozen=True, slots=True)
class Question:
    """Which pair, which port, and under which filter one looks."""

    a: str
    """The address that asks."""
    b: str
    """The address that is asked."""
    ports: str = ""
    """That is asked for, as a filter writes it; empty: any."""
    filter: FlowFilter = FlowFilter()  # noqa: RUF009 - frozen
    """Its time counts, and what says where to look: account, region, VPC, partitions."""


@dataclass(frozen=True, slots=True)
class _Answered:
    asked: Asked
    knows_loss: bool
    is_coarse: bool
    """True where slots are long because the span was not known."""


@dataclass(frozen=True, slots=True)
class Explained:
    """The case, and the execution that gave it."""

    question: Question
    case: Case
    statement: Statement
    execution: QueryExecution


def question_of(values: Mapping[str, Cell], filter: FlowFilter) -> Question | None:
    """What a row asks about; None where it holds no pair of addresses.

    A record of a response asks about the request that it answers: by its SYN-ACK, else by the
    lower of its ports, which is the one that is asked for.

    Args:
        values: The row, by field.
        filter: Of its view.
    """
    try:
        a, b = (_address(values[name]) for name in ("srcaddr", "dstaddr"))
    except (KeyError, ValueError):
        return None
    srcport, dstport = (_port(values.get(name)) for name in ("srcport", "dstport"))
    if srcport and (not dstport or _is_response(values.get("tcp_flags"), srcport, dstport)):
        a, b, dstport = b, a, srcport
    return Question(a, b, str(dstport) if dstport else "", filter)


def _address(cell: Cell) -> str:
    network = parse_network(str(cell))
    if network.num_addresses != 1:
        raise ValueError("a network is no pair")
    return network_text(network)


def _port(cell: Cell) -> int | None:
    text = str(cell)
    return int(text) if text.isascii() and text.isdigit() and int(text) < 2**16 else None


def _is_response(flags: Cell, srcport: int, dstport: int) -> bool:
    bits = int(str(flags)) if str(flags).isdigit() else 0
    if bits & SYN:
        return bool(bits & ACK)
    return srcport < dstport


def explain(
    session: Session,
    question: Question,
    cancelled: threading.Event,
    *,
    is_agreed: bool = False,
    tell: Callable[[QueryExecution], None] = lambda _: None,
) -> Explained | HeldBack | None:
    """What the logs hold of a pair, in one reading; None: cancelled. Blocks.

    Records held here answer where they hold the whole time; they do not tell what was lost.

    Raises:
        FlowtuiError: It failed, or the table lacks addresses, ports or times.
    """
    view = view_of(session, question)
    found = _ask(session, view, cancelled, is_agreed, tell)
    if isinstance(found, _Answered) and found.is_coarse:
        # The span was not known before: on files, asking again costs nothing.
        finer = slot_width(*_span_of(found.asked.rows))
        if finer < _UNKNOWN_WIDTH_S:
            view = view_of(session, question, finer)
            found = _ask(session, view, cancelled, is_agreed, tell)
    if not isinstance(found, _Answered):
        return found
    return _explained(session, question, view, found)


def _ask(
    session: Session,
    view: View,
    cancelled: threading.Event,
    is_agreed: bool,
    tell: Callable[[QueryExecution], None],
) -> _Answered | HeldBack | None:
    light = replace(view, query=replace(view.query, wants_health=False))
    found: Asked | HeldBack | None = None
    if session.service is not None and session.held(session.compile(view)) is None:
        found = ask_here(session, light, cancelled)
    knows_loss = found is None
    if found is None:
        found = ask_aside(session, view, cancelled, is_agreed=is_agreed, tell=tell)
    if found is None or isinstance(found, HeldBack):
        return found
    is_coarse = session.service is None and _width(view) == _UNKNOWN_WIDTH_S
    return _Answered(found, knows_loss, is_coarse)


def _explained(session: Session, question: Question, view: View, answered: _Answered) -> Explained:
    found, knows_loss = answered.asked, answered.knows_loss
    talks, lost = case_rows(found.rows)
    fields = frozenset(session.engine.schema.fields)
    case = Case(
        question.a,
        question.b,
        question.ports,
        found.statement.time or session.engine.facts().time,
        _width(view),
        fields,
        talks,
        lost,
        found.is_cut,
        knows_loss and "log_status" in fields,
        session.clock() if session.is_checked else None,
    )
    return Explained(question, case, found.statement, found.execution)


def view_of(session: Session, question: Question, width_s: int = 0) -> View:
    """The question as a view; its time is the filter's.

    Args:
        session: Over the source.
        question: The pair.
        width_s: Seconds of a slot; 0: by the time.
    """
    from flowtui.sql.evidence import EVIDENCE

    keys = session.engine.schema.partition_keys
    where = _WHERE | {key.name for key in keys if key.role in _BY_ROLE}
    kept = tuple(c for c in question.filter.conditions if _names(c.key, where))
    filter = FlowFilter(kept, question.filter.time)
    seconds = width_s or _slot_of(session, question)
    arguments = (
        ("a", question.a), ("b", question.b), ("ports", question.ports or _ANY_PORT),
        ("width", f"{seconds}s"),
    )  # fmt: skip
    label = f"Why rejected: {question.a} → {question.b}"
    return View(EVIDENCE, filter, arguments, label)


def _names(key: str, names: frozenset[str]) -> bool:
    return fold(key) in {fold(name) for name in names}


def _slot_of(session: Session, question: Question) -> int:
    time = resolve(question.filter.time, session.clock()) or TimeRange()
    known = session.engine.facts().time or TimeRange()
    since, until = time.since or known.since, time.until or known.until
    if since is None or until is None:
        return _UNKNOWN_WIDTH_S
    return slot_width(int(since.timestamp()), int(until.timestamp()))


def _span_of(rows: Sequence[Row]) -> tuple[int, int]:
    talks, _ = case_rows(rows)
    found = [row for talk in talks for row in talk.rows]
    if not found:
        return 0, 0
    return min(row.first for row in found), max(row.last for row in found)


def _width(view: View) -> int:
    return int(parse_duration(dict(view.arguments)["width"]).total_seconds())


def rules_now(session: Session, case: Case) -> tuple[InterfaceRules, ...]:
    """What AWS says now of the interfaces that are told of. Blocks for some free requests.

    Raises:
        ConfigError: The source is not on AWS.
        CredentialsError: ec2:DescribeNetworkInterfaces is not allowed.
    """
    if not isinstance(session.engine, RuleBook):
        raise ConfigError(
            "Rules can be asked of AWS only, and this source is on this machine.",
            "Open the table on Athena, or the logs in S3.",
        )
    told = case.talks[:MOST_TALKS]
    names = {name for talk in told for name in talk.interfaces if name is not None}
    return session.engine.rules_of(sorted(names))
