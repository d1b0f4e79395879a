"""What can be asked about: addresses, ports and interfaces, found in rows; and the questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

from flowtui.domain.conditions import kind_of
from flowtui.domain.fields import Kind
from flowtui.domain.filters import Condition, FlowFilter, Op, Value
from flowtui.domain.pivots import covers, keep_only
from flowtui.domain.ports import MAX_PORT
from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import View

_ADDRESS_KEYS: Final = frozenset({"ip", "srcaddr", "dstaddr", "pkt_srcaddr", "pkt_dstaddr"})
_PORT_KEYS: Final = frozenset({"port", "srcport", "dstport"})
_INTERFACE_KEYS: Final = frozenset({"interface_id"})
_WORDS: Final = re.compile(r"eni-[0-9a-f]{8,17}\b|[0-9A-Fa-f:.]*[0-9A-Fa-f]", re.ASCII)
_LONGEST_READ: Final = 2_000
"""Characters of a text that are looked through."""


class What(Enum):
    """What a subject is; the value is how it is named."""

    ADDRESS = "address"
    PORT = "port"
    INTERFACE = "interface"


@dataclass(frozen=True, slots=True)
class Subject:
    """An address, a port or an interface."""

    what: What
    text: str

    @property
    def value(self) -> Value:
        """As a filter holds it."""
        match self.what:
            case What.ADDRESS:
                return ip_network(self.text)
            case What.PORT:
                return int(self.text)
            case _:
                return self.text


@dataclass(frozen=True, slots=True)
class Question:
    """A saved query that can be asked about a subject."""

    title: str
    """As the menu says it."""
    slug: str
    crumb: str
    """How the trail names it, before the subject."""
    parameter: str = ""
    """The parameter that takes the subject."""
    key: str = ""
    """The filter key that takes it, where no parameter does."""
    frees: frozenset[str] = _ADDRESS_KEYS
    """What it tells: conditions on that would answer it beforehand, and are left out."""


QUESTIONS: Final = {
    What.ADDRESS: (
        Question("Its peers, both ways", "peers-of-ip", "peers of", "ip"),
        Question("Its ports, as caller and as called", "host-summary", "ports of", "ip",
                 frees=_ADDRESS_KEYS | _PORT_KEYS),
        Question("As initiator: whom it called", "calls-by-ip", "calls by", "ip"),
        Question("As responder: who called it", "calls-to-ip", "calls to", "ip"),
        Question("First and last seen", "seen-of-ip", "seen:", "ip"),
        Question("All its records, NAT and pods too", "records-of-ip", "records of", "ip"),
    ),
    What.PORT: (
        Question("Who serves it", "servers-of-port", "servers of", "ports",
                 frees=_ADDRESS_KEYS | _PORT_KEYS),
        Question("Who uses it", "clients-of-port", "clients of", "ports",
                 frees=_ADDRESS_KEYS | _PORT_KEYS),
        Question("All its records", "records", "records of port", key="port", frees=_PORT_KEYS),
    ),
    What.INTERFACE: (
        Question("Its addresses and peers", "addresses-of-interface", "addresses of",
                 key="interface_id", frees=_ADDRESS_KEYS | _INTERFACE_KEYS),
        Question("What is rejected there", "rejects-by-interface", "rejected at",
                 key="interface_id", frees=_INTERFACE_KEYS | frozenset({"action"})),
        Question("All its records", "records", "records of", key="interface_id",
                 frees=_INTERFACE_KEYS),
    ),
}  # fmt: skip
"""What can be asked, in the order of the menu."""


def subjects_in(key: str, value: object) -> Iterator[Subject]:
    """The subjects that a value holds.

    Args:
        key: The field or filter key that it is of; empty: a column of the query's own.
        value: As the result has it.
    """
    if value is None or isinstance(value, bool):
        return
    text = str(value)[:_LONGEST_READ]
    if key and kind_of(key) is Kind.PORT and text.isascii() and text.isdigit():
        if int(text) <= MAX_PORT:
            yield Subject(What.PORT, str(int(text)))
        return
    if isinstance(value, str):
        yield from _in_text(text)


def _in_text(text: str) -> Iterator[Subject]:
    for word in _WORDS.findall(text):
        if word.startswith("eni-"):
            yield Subject(What.INTERFACE, word)
        elif "." in word or ":" in word:
            try:
                yield Subject(What.ADDRESS, str(ip_address(word)))
            except ValueError:
                continue


def ask_about(
    view: View, subject: Subject, question: Question, query: SavedQuery
) -> tuple[View, tuple[Condition, ...]]:
    """The question about a subject, in the same time and under the same filter.

    Returns:
        The view, and the conditions that were left out: they contradict the question, or would
        answer it beforehand.
    """
    left_out = tuple(c for c in view.filter.conditions if _stands_in_the_way(c, subject, question))
    kept = tuple(c for c in view.filter.conditions if c not in left_out)
    filter: FlowFilter = replace(view.filter, conditions=kept)
    if question.key:
        filter = keep_only(filter, Condition(question.key, (subject.value,)))
    arguments = ((question.parameter, subject.text),) if question.parameter else ()
    label = f"{question.crumb} {subject.text}"
    return replace(view.under(filter), query=query, arguments=arguments, label=label), left_out


def _stands_in_the_way(condition: Condition, subject: Subject, question: Question) -> bool:
    if condition.key not in question.frees:
        return False
    if not condition.is_excluded:
        return condition.op is Op.IS
    return _names(condition.values, subject)


def _names(values: Iterable[Value], subject: Subject) -> bool:
    is_kind = IPv4Network | IPv6Network if subject.what is What.ADDRESS else object
    return any(isinstance(value, is_kind) and covers(value, subject.value) for value in values)
