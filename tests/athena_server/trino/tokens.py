"""Cuts SQL text into Trino's tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


class TokenKind(Enum):
    """What a token is."""

    WORD = "word"
    """Unquoted identifier or keyword."""
    QUOTED = "quoted"
    BACKQUOTED = "backquoted"
    DIGITS_FIRST = "digits first"
    """`7days`: an identifier that must be quoted."""
    STRING = "string"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DOUBLE = "double"
    SYMBOL = "symbol"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A token and where it stands."""

    kind: TokenKind
    text: str
    """As written; `<EOF>` at the end."""
    offset: int
    line: int
    """From 1."""
    column: int
    """From 1."""

    @property
    def upper(self) -> str:
        """Keyword form; empty for what is quoted."""
        is_bare = self.kind in (TokenKind.WORD, TokenKind.SYMBOL)
        return self.text.upper() if is_bare else ""

    @property
    def name(self) -> str:
        """The identifier or string it stands for, quotes taken off."""
        quote = {
            TokenKind.QUOTED: '"',
            TokenKind.BACKQUOTED: "`",
            TokenKind.STRING: "'",
        }.get(self.kind)
        return self.text[1:-1].replace(quote * 2, quote) if quote else self.text


class SqlRefusedError(Exception):
    """Athena would refuse this text.

    Args:
        reason: What is wrong, without the place.
        token: Where.
        code: Trino's error name, such as `COLUMN_NOT_FOUND`.
    """

    def __init__(self, reason: str, token: Token, code: str = "SYNTAX_ERROR") -> None:
        self.reason, self.token, self.code = reason, token, code
        super().__init__(f"line {token.line}:{token.column}: {reason}")


_PATTERNS: Final = (
    ("SKIP", r"\s+|--[^\r\n]*|/\*.*?\*/"),
    (TokenKind.STRING.name, r"(?:[UuXx]&?)?'(?:[^']|'')*'"),
    (TokenKind.QUOTED.name, r'"(?:[^"]|"")*"'),
    (TokenKind.BACKQUOTED.name, r"`(?:[^`]|``)*`"),
    (TokenKind.DOUBLE.name, r"(?:\d+(?:\.\d*)?|\.\d+)[eE][+-]?\d+(?![A-Za-z0-9_])"),
    (TokenKind.DECIMAL.name, r"\d+(?:_?\d)*\.(?:\d+(?:_?\d)*)?|\.\d+"),
    (
        TokenKind.INTEGER.name,
        r"0[xX][0-9a-fA-F]+(?![A-Za-z0-9_])|\d+(?:_\d+)*(?![A-Za-z0-9_])",
    ),
    (TokenKind.DIGITS_FIRST.name, r"\d[A-Za-z0-9_]+"),
    (TokenKind.WORD.name, r"[A-Za-z_][A-Za-z0-9_]*"),
    (TokenKind.SYMBOL.name, r"<>|!=|<=|>=|\|\||->|=>|."),
)
_TOKEN: Final = re.compile("|".join(f"(?P<{name}>{body})" for name, body in _PATTERNS), re.DOTALL)


def tokenize(sql: str) -> list[Token]:
    """Every token of the text, then one of kind END."""
    tokens = [
        _at(sql, TokenKind[match.lastgroup], match[0], match.start())
        for match in _TOKEN.finditer(sql)
        if match.lastgroup and match.lastgroup != "SKIP"
    ]
    tokens.append(_at(sql, TokenKind.END, "<EOF>", len(sql)))
    return tokens


def _at(sql: str, kind: TokenKind, text: str, offset: int) -> Token:
    line_start = sql.rfind("\n", 0, offset) + 1
    return Token(kind, text, offset, sql.count("\n", 0, offset) + 1, offset - line_start + 1)
