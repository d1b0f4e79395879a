"""A filter line cut into its terms: keys, operators and values, each with its place.

Knows nothing of fields; quoting and lists end here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flowtui.domain.addresses import parse_network
from flowtui.errors import FilterError

OPERATORS: Final = ":><="
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r"}

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A word as typed: its text without quotes, where it stands, and whether it was in quotes."""

    text: str
    span: Span
    is_quoted: bool


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the line."""

    key: Piece | None
    """None for a bare value."""
    operator: str
    values: tuple[Piece, ...]
    is_excluded: bool
    span: Span


def read_terms(text: str) -> Iterator[Term]:
    """The terms of a line, in order.

    Raises:
        FilterError: Quotes are not closed, or something stands where nothing can.
    """
    return _Reader(text).terms()


def is_network(text: str) -> bool:
    """True for an address or network, which needs no key."""
    try:
        parse_network(text)
    except ValueError:
        return False
    return True


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text

    def error(self, message: str, span: Span, hint: str = "") -> FilterError:
        return FilterError(message, self.text, span, hint)

    def terms(self) -> Iterator[Term]:
        at = 0
        while at < len(self.text):
            if self.text[at].isspace():
                at += 1
                continue
            term = self.term(at)
            yield term
            at = term.span[1]

    def term(self, start: int) -> Term:
        at = start
        is_excluded = self.text[at] == "-"
        if is_excluded:
            at += 1
        end = self.word_end(at)
        if is_network(self.text[at:end]):
            whole = Piece(self.text[at:end], (at, end), False)
            return Term(None, ":", (whole,), is_excluded, (start, end))
        key, at = self.piece(at, OPERATORS + ",")
        if at >= len(self.text) or self.text[at] not in OPERATORS:
            if at < len(self.text) and self.text[at] == ",":
                raise self.error("a list needs a key before it", (start, end), "port:22,3389")
            return Term(None, ":", (key,), is_excluded, (start, at))
        operator = self.text[at]
        at += 1
        if operator in "><" and self.text[at : at + 1] == "=":
            operator += "="
            at += 1
        values, at = self.pieces(at)
        return Term(key, operator, values, is_excluded, (start, at))

    def word_end(self, at: int) -> int:
        while at < len(self.text) and not self.text[at].isspace():
            at += 1
        return at

    def pieces(self, at: int) -> tuple[tuple[Piece, ...], int]:
        found = []
        while True:
            piece, at = self.piece(at, ",")
            found.append(piece)
            if at >= len(self.text) or self.text[at] != ",":
                return tuple(found), at
            at += 1

    def piece(self, at: int, stops: str) -> tuple[Piece, int]:
        if self.text[at : at + 1] == '"':
            return self.quoted_piece(at, stops)
        start = at
        while at < len(self.text) and not self.text[at].isspace() and self.text[at] not in stops:
            at += 1
        return Piece(self.text[start:at], (start, at), False), at

    def quoted_piece(self, start: int, stops: str) -> tuple[Piece, int]:
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
        return Piece("".join(letters), (start, at), True), at

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
