"""The filter line: one line of text that is a filter, and back.

    action:REJECT dstport:22,3389 ip:10.0.0.0/8 -src:10.1.0.0/16 protocol:tcp bytes>1000 last:1h

`key:value[,value…]` wants any of the values, `-key:…` none of them, `key>n` and `key<n` compare
numbers. Any field is a key, `ip` and `port` mean either side. `-` as a value is a field that the
log leaves out. `last:1h`, or `from:` and `to:`, choose the time; `once:on` counts traffic that two
interfaces recorded once. An address or network alone is `ip:`, a number alone is `port:`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime, tzinfo
from typing import Final, TypeVar

from flowtui.domain.addresses import parse_network
from flowtui.domain.arguments import parse_argument
from flowtui.domain.conditions import (
    KeyNames,
    format_values,
    is_plain,
    parse_value,
    quoted,
)
from flowtui.domain.filters import NO_FILTER, Condition, FlowFilter, Op, Value
from flowtui.domain.filterterms import OPERATORS, Piece, Term, is_network, read_terms
from flowtui.domain.times import Last, TimeRange
from flowtui.domain.values import format_duration, format_instant, parse_duration, parse_instant
from flowtui.errors import FilterError

__all__ = [
    "format_condition",
    "format_filter",
    "format_time",
    "parse_argument",
    "parse_filter",
]

TIME_KEYS: Final = ("last", "from", "to")
"""Keys that choose the time; they cannot be excluded."""
ONCE_KEY: Final = "once"
_T = TypeVar("_T")


def parse_filter(
    text: str, *, now: datetime, zone: tzinfo = UTC, extra_fields: Collection[str] = ()
) -> FlowFilter:
    """The filter that a line means.

    Args:
        text: The line; empty is no filter.
        now: Aware; what `14:03` and `from:-2h` are relative to.
        zone: The zone in which times without one are read.
        extra_fields: Columns of the source that are no canonical fields.

    Raises:
        FilterError: With the span that is wrong, and what to write instead.
    """
    return _Parser(text, now, zone, KeyNames(extra_fields)).filter()


def format_filter(filter: FlowFilter, zone: tzinfo = UTC) -> str:
    """The line that means the filter; `parse_filter` gives back an equal one."""
    terms = [format_condition(condition) for condition in filter.conditions]
    terms += format_time(filter.time, zone)
    if filter.is_counted_once:
        terms.append(f"{ONCE_KEY}:on")
    return " ".join(terms)


def format_condition(condition: Condition) -> str:
    """One condition as the filter line and the chips write it."""
    sign = "-" if condition.is_excluded else ""
    rest = condition.op.value + format_values(condition.key, condition.values)
    is_clear = is_plain(condition.key) and not (
        set(condition.key) & set(OPERATORS)
        or condition.key.startswith("-")
        or condition.key.lower() in (*TIME_KEYS, ONCE_KEY)
        or is_network(condition.key + rest.partition(" ")[0])
    )
    return sign + (condition.key if is_clear else quoted(condition.key)) + rest


def format_time(spec: TimeRange | Last | None, zone: tzinfo = UTC) -> list[str]:
    """The terms that choose the time: none, `last:1h`, or `from:` and `to:` as far as bounded."""
    if spec is None:
        return []
    if isinstance(spec, Last):
        return [f"last:{format_duration(spec.duration)}"]
    bounds = (("from", spec.since), ("to", spec.until))
    return [f"{key}:{format_instant(at, zone)}" for key, at in bounds if at is not None]


def _before(span: tuple[int, int]) -> tuple[int, int]:
    return (span[0] - 1, span[0])


class _Parser:
    """Reads one line; every method may raise FilterError with a span in it."""

    def __init__(self, text: str, now: datetime, zone: tzinfo, names: KeyNames) -> None:
        self.text = text
        self.now = now
        self.zone = zone
        self.names = names
        self.times: dict[str, Term] = {}

    def error(self, message: str, span: tuple[int, int], hint: str = "") -> FilterError:
        return FilterError(message, self.text, span, hint)

    def filter(self) -> FlowFilter:
        found = NO_FILTER
        for term in read_terms(self.text):
            word = term.key.text.lower() if term.key and not term.key.is_quoted else ""
            if word in TIME_KEYS:
                self.note_time(word, term)
            elif word == ONCE_KEY:
                found = FlowFilter(found.conditions, None, self.once(term))
            else:
                found = found & (self.condition(term) if term.key else self.bare(term))
        return FlowFilter(found.conditions, self.time(), found.is_counted_once)

    def condition(self, term: Term) -> Condition:
        assert term.key is not None
        key = self.key(term.key)
        op = self.op(term)
        values: list[Value] = []
        for piece in term.values:
            values += self.values(key, piece)
        if op is not Op.IS:
            values = [self.bound(term, key, values)]
        return Condition(key, tuple(dict.fromkeys(values)), op, term.is_excluded)

    def key(self, piece: Piece) -> str:
        found = self.names.find(piece.text, is_exact=piece.is_quoted)
        if found is None:
            nearest = self.names.nearest(piece.text)
            hint = f"did you mean {nearest}:?" if nearest else "? lists the fields"
            raise self.error("no field of that name", piece.span, hint)
        return found

    def op(self, term: Term) -> Op:
        if term.operator == "=":
            at = term.key.span[1] if term.key else term.span[0]
            raise self.error("= is written :", (at, at + 1), "key:value")
        return Op.IS if term.operator == ":" else Op(term.operator[0])

    def values(self, key: str, piece: Piece) -> tuple[Value, ...]:
        if not piece.text and not piece.is_quoted:
            span = piece.span if piece.span[0] < piece.span[1] else _before(piece.span)
            raise self.error("a value is missing here", span, 'write - for none, "" for empty')
        try:
            return parse_value(key, piece.text, piece.is_quoted, self.instant)
        except ValueError as error:
            message, _, hint = str(error).partition("\n")
            raise self.error(message, piece.span, hint) from None

    def instant(self, text: str) -> datetime:
        return parse_instant(text, now=self.now, zone=self.zone)

    def bound(self, term: Term, key: str, values: list[Value]) -> int:
        span = (term.values[0].span[0], term.values[-1].span[1])
        if len(values) != 1 or not isinstance(values[0], int):
            raise self.error(f"{term.operator} compares with one number", span, "bytes>1000")
        if not self.names.is_number(key):
            raise self.error(f"{key} is no number", span, f"write {key}:value")
        shift = {">=": -1, "<=": 1}.get(term.operator, 0)
        if values[0] + shift < 0:
            raise self.error("every record has that", span, "leave it out")
        return values[0] + shift

    def bare(self, term: Term) -> Condition:
        (piece,) = term.values
        if not piece.is_quoted:
            if is_network(piece.text):
                return Condition("ip", (parse_network(piece.text),), Op.IS, term.is_excluded)
            if piece.text.isascii() and piece.text.isdigit():
                return Condition("port", self.values("port", piece), Op.IS, term.is_excluded)
            if piece.text.upper() in ("ACCEPT", "REJECT"):
                return Condition("action", (piece.text.upper(),), Op.IS, term.is_excluded)
        nearest = self.names.nearest(piece.text)
        hint = f"did you mean {nearest}:…?" if nearest else "write key:value, as in ip:10.0.0.0/8"
        raise self.error("a value needs a key before it", term.span, hint)

    def once(self, term: Term) -> bool:
        word = term.values[0].text.lower()
        if term.is_excluded or term.operator != ":" or word not in ("on", "off"):
            raise self.error("once is on or off", term.span, "once:on")
        return word == "on"

    def note_time(self, key: str, term: Term) -> None:
        if term.is_excluded:
            raise self.error("a time cannot be excluded", term.span, f"write {key}:…")
        if term.operator != ":" or len(term.values) > 1:
            raise self.error(f"{key} takes one value", term.span, "last:1h, from:10:00 to:11:00")
        rivals = TIME_KEYS if key == "last" else ("last", key)
        if any(rival in self.times for rival in rivals):
            raise self.error("the time is chosen twice", term.span, "keep one of them")
        self.times[key] = term

    def time(self) -> TimeRange | Last | None:
        if last := self.times.get("last"):
            return Last(self.timed(parse_duration, last))
        since = until = None
        if term := self.times.get("from"):
            since = self.timed(self.instant, term)
        if term := self.times.get("to"):

            def read(text: str) -> datetime:
                return parse_instant(text, now=self.now, zone=self.zone, after=since)

            until = self.timed(read, term)
            if since and until <= since:
                raise self.error("the time ends before it begins", term.values[0].span)
        return TimeRange(since, until) if since or until else None

    def timed(self, read: Callable[[str], _T], term: Term) -> _T:
        try:
            return read(term.values[0].text)
        except ValueError as error:
            span = term.values[0].span
            raise self.error(str(error), span if span[0] < span[1] else term.span) from None
