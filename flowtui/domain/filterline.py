"""The filter line: one line of text that is a filter, and back.

    action:REJECT dstport:22,3389 ip:10.0.0.0/8 -src:10.1.0.0/16 protocol:tcp bytes>1000 last:1h

`key:value[,value…]` wants any of the values, `-key:…` none of them, `key>n` and `key<n` compare
numbers. Any field is a key, `ip` and `port` mean either side. `-` as a value is a field that the
log leaves out. `last:1h`, or `from:` and `to:`, choose the time; `once:on` counts traffic that two
interfaces recorded once. An address or network alone is `ip:`, a number alone is `port:`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
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
_OPERATORS: Final = ":><="
_T = TypeVar("_T")
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r"}


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
        set(condition.key) & set(_OPERATORS)
        or condition.key.startswith("-")
        or condition.key.lower() in (*TIME_KEYS, ONCE_KEY)
        or _is_network(condition.key + rest.partition(" ")[0])
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


def _is_network(text: str) -> bool:
    try:
        parse_network(text)
    except ValueError:
        return False
    return True


def _before(span: tuple[int, int]) -> tuple[int, int]:
    return (span[0] - 1, span[0])


@dataclass(frozen=True, slots=True)
class _Piece:
    """A value as typed: unquoted text, where it stands, and whether it was in quotes."""

    text: str
    span: tuple[int, int]
    is_quoted: bool


@dataclass(frozen=True, slots=True)
class _Term:
    """One term of the line."""

    key: _Piece | None
    """None for a bare value."""
    operator: str
    values: tuple[_Piece, ...]
    is_excluded: bool
    span: tuple[int, int]


class _Parser:
    """Reads one line; every method may raise FilterError with a span in it."""

    def __init__(self, text: str, now: datetime, zone: tzinfo, names: KeyNames) -> None:
        self.text = text
        self.now = now
        self.zone = zone
        self.names = names
        self.times: dict[str, _Term] = {}

    def error(self, message: str, span: tuple[int, int], hint: str = "") -> FilterError:
        return FilterError(message, self.text, span, hint)

    def filter(self) -> FlowFilter:
        found = NO_FILTER
        for term in self.terms():
            word = term.key.text.lower() if term.key and not term.key.is_quoted else ""
            if word in TIME_KEYS:
                self.note_time(word, term)
            elif word == ONCE_KEY:
                found = FlowFilter(found.conditions, None, self.once(term))
            else:
                found = found & (self.condition(term) if term.key else self.bare(term))
        return FlowFilter(found.conditions, self.time(), found.is_counted_once)

    def terms(self) -> Iterator[_Term]:
        at = 0
        while at < len(self.text):
            if self.text[at].isspace():
                at += 1
                continue
            term = self.term(at)
            yield term
            at = term.span[1]

    def term(self, start: int) -> _Term:
        at = start
        is_excluded = self.text[at] == "-"
        if is_excluded:
            at += 1
        end = self.word_end(at)
        if _is_network(self.text[at:end]):
            whole = _Piece(self.text[at:end], (at, end), False)
            return _Term(None, ":", (whole,), is_excluded, (start, end))
        key, at = self.piece(at, _OPERATORS + ",")
        if at >= len(self.text) or self.text[at] not in _OPERATORS:
            if at < len(self.text) and self.text[at] == ",":
                raise self.error("a list needs a key before it", (start, end), "port:22,3389")
            return _Term(None, ":", (key,), is_excluded, (start, at))
        operator = self.text[at]
        at += 1
        if operator in "><" and self.text[at : at + 1] == "=":
            operator += "="
            at += 1
        values, at = self.pieces(at)
        return _Term(key, operator, values, is_excluded, (start, at))

    def word_end(self, at: int) -> int:
        while at < len(self.text) and not self.text[at].isspace():
            at += 1
        return at

    def pieces(self, at: int) -> tuple[tuple[_Piece, ...], int]:
        found = []
        while True:
            piece, at = self.piece(at, ",")
            found.append(piece)
            if at >= len(self.text) or self.text[at] != ",":
                return tuple(found), at
            at += 1

    def piece(self, at: int, stops: str) -> tuple[_Piece, int]:
        if self.text[at : at + 1] == '"':
            return self.quoted_piece(at, stops)
        start = at
        while at < len(self.text) and not self.text[at].isspace() and self.text[at] not in stops:
            at += 1
        return _Piece(self.text[start:at], (start, at), False), at

    def quoted_piece(self, start: int, stops: str) -> tuple[_Piece, int]:
        letters = []
        at = start + 1
        while at < len(self.text) and self.text[at] != '"':
            letter = self.text[at]
            at += 1
            if letter == "\\":
                letter, at = self.escape(at)
            letters.append(letter)
        if at >= len(self.text):
            raise self.error("the quotes are not closed", (start, at), 'end the value with "')
        at += 1
        if at < len(self.text) and not (self.text[at].isspace() or self.text[at] in stops):
            raise self.error("after the closing quotes comes a space or a comma", (at, at + 1))
        return _Piece("".join(letters), (start, at), True), at

    def escape(self, at: int) -> tuple[str, int]:
        letter = self.text[at : at + 1]
        if letter == "u":
            digits, at = self.text[at + 1 : at + 7], at + 7
            try:
                return chr(int(digits, 16)), at
            except ValueError:
                pass
        elif letter and letter in 'ntr"\\':
            return _ESCAPES.get(letter, letter), at + 1
        end = min(at + 1, len(self.text))
        raise self.error(
            "unknown escape", (end - 2, end), 'in quotes, write \\" for " and \\\\ for \\'
        )

    def condition(self, term: _Term) -> Condition:
        assert term.key is not None
        key = self.key(term.key)
        op = self.op(term)
        values: list[Value] = []
        for piece in term.values:
            values += self.values(key, piece)
        if op is not Op.IS:
            values = [self.bound(term, key, values)]
        return Condition(key, tuple(dict.fromkeys(values)), op, term.is_excluded)

    def key(self, piece: _Piece) -> str:
        found = self.names.find(piece.text, is_exact=piece.is_quoted)
        if found is None:
            nearest = self.names.nearest(piece.text)
            hint = f"did you mean {nearest}:?" if nearest else "? lists the fields"
            raise self.error("no field of that name", piece.span, hint)
        return found

    def op(self, term: _Term) -> Op:
        if term.operator == "=":
            at = term.key.span[1] if term.key else term.span[0]
            raise self.error("= is written :", (at, at + 1), "key:value")
        return Op.IS if term.operator == ":" else Op(term.operator[0])

    def values(self, key: str, piece: _Piece) -> tuple[Value, ...]:
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

    def bound(self, term: _Term, key: str, values: list[Value]) -> int:
        span = (term.values[0].span[0], term.values[-1].span[1])
        if len(values) != 1 or not isinstance(values[0], int):
            raise self.error(f"{term.operator} compares with one number", span, "bytes>1000")
        if not self.names.is_number(key):
            raise self.error(f"{key} is no number", span, f"write {key}:value")
        shift = {">=": -1, "<=": 1}.get(term.operator, 0)
        if values[0] + shift < 0:
            raise self.error("every record has that", span, "leave it out")
        return values[0] + shift

    def bare(self, term: _Term) -> Condition:
        (piece,) = term.values
        if not piece.is_quoted:
            if _is_network(piece.text):
                return Condition("ip", (parse_network(piece.text),), Op.IS, term.is_excluded)
            if piece.text.isascii() and piece.text.isdigit():
                return Condition("port", self.values("port", piece), Op.IS, term.is_excluded)
            if piece.text.upper() in ("ACCEPT", "REJECT"):
                return Condition("action", (piece.text.upper(),), Op.IS, term.is_excluded)
        nearest = self.names.nearest(piece.text)
        hint = f"did you mean {nearest}:…?" if nearest else "write key:value, as in ip:10.0.0.0/8"
        raise self.error("a value needs a key before it", term.span, hint)

    def once(self, term: _Term) -> bool:
        word = term.values[0].text.lower()
        if term.is_excluded or term.operator != ":" or word not in ("on", "off"):
            raise self.error("once is on or off", term.span, "once:on")
        return word == "on"

    def note_time(self, key: str, term: _Term) -> None:
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

    def timed(self, read: Callable[[str], _T], term: _Term) -> _T:
        try:
            return read(term.values[0].text)
        except ValueError as error:
            span = term.values[0].span
            raise self.error(str(error), span if span[0] < span[1] else term.span) from None
