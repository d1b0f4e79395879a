"""Explaining a pair in a thread, and what it tells."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from textual.message import Message

from flowtui.domain.evidence import Case
from flowtui.domain.executions import QueryExecution
from flowtui.errors import FlowtuiError
from flowtui.session.asides import HeldBack
from flowtui.session.casefile import RulesNow
from flowtui.session.explaining import Explained, Question, explain, rules_now
from flowtui.session.session import Session
from flowtui.ui.runner import Post
from flowtui.ui.spending import tell_money


@dataclass
class EvidenceFound(Message):
    """The case, or what finding it would cost."""

    found: Explained | HeldBack


@dataclass
class EvidenceComing(Message):
    """How its execution stands."""

    execution: QueryExecution

    def can_replace(self, message: Message) -> bool:
        """Only the latest matters."""
        return isinstance(message, EvidenceComing)


@dataclass
class EvidenceFailed(Message):
    """It could not be found."""

    error: FlowtuiError


def find_evidence(
    session: Session,
    question: Question,
    is_agreed: bool,
    money: Callable[[Message], object],
    post: Post,
    cancelled: threading.Event,
) -> None:
    """Ask what the logs hold of a pair; `money` hears what was spent."""
    found = explain(
        session,
        question,
        cancelled,
        is_agreed=is_agreed,
        tell=lambda execution: post(EvidenceComing(execution)),
    )
    if found is not None:
        post(EvidenceFound(found))
    tell_money(session, money)


@dataclass
class RulesTold(Message):
    """What AWS says of the rules now."""

    now: RulesNow


@dataclass
class RulesFailed(Message):
    """They could not be asked."""

    error: FlowtuiError


def ask_rules(session: Session, case: Case, post: Post, cancelled: threading.Event) -> None:
    """Ask AWS which rules the interfaces of a case have; costs nothing."""
    rules = rules_now(session, case)
    if not cancelled.is_set():
        post(RulesTold(RulesNow(rules, session.clock())))
