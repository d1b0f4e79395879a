"""Walks along tokens, and says at the end which was the first that could not be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from tests.athena_server.trino.tokens import SqlRefusedError, Token, TokenKind, tokenize, words

RESERVED: Final = words(
    """
    ALTER AND AS BETWEEN BY CASE CAST CONSTRAINT CREATE CROSS CUBE CURRENT_CATALOG CURRENT_DATE
    CURRENT_PATH CURRENT_ROLE CURRENT_SCHEMA CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DEALLOCATE
    DELETE DESCRIBE DISTINCT DROP ELSE END ESCAPE EXCEPT EXECUTE EXISTS EXTRACT FALSE FOR FROM FULL
    GROUP GROUPING HAVING IN INNER INSERT INTERSECT INTO IS JOIN JSON_ARRAY JSON_EXISTS JSON_OBJECT
    JSON_QUERY JSON_TABLE JSON_VALUE LEFT LIKE LISTAGG LOCALTIME LOCALTIMESTAMP NATURAL NORMALIZE
    NOT NULL ON OR ORDER OUTER PREPARE RECURSIVE RIGHT ROLLUP SELECT SKIP TABLE THEN TRIM TRUE
    UESCAPE UNION UNNEST USING VALUES WHEN WHERE WITH
    """
)
"""Words a query may not use as a name. See "Keywords and identifiers", Trino documentation."""

Parsed = TypeVar("Parsed")


class Reader:
    """A place in the token list, with the furthest mishap so far."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.tokens = tokenize(sql)
        self.position = 0
        self._furthest = -1
        self._expected: set[str] = set()

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.position]

    def ahead(self, steps: int) -> Token:
        """The token so many further on."""
        return self.tokens[min(self.position + steps, len(self.tokens) - 1)]

    def next(self) -> Token:
        """Take the next token."""
        token = self.token
        self.position = min(self.position + 1, len(self.tokens) - 1)
        return token

    def sees(self, *words: str) -> bool:
        """Whether these keywords or symbols follow."""
        return all(self.ahead(n).upper == word for n, word in enumerate(words))

    def accept(self, *words: str) -> bool:
        """Take these keywords or symbols if all follow."""
        if self.sees(*words):
            for _ in words:
                self.next()
            return True
        self._note(f"'{words[0]}'")
        return False

    def take(self, *words: str) -> Token | None:
        """Take whichever of these keywords or symbols follows."""
        token = self.token
        return token if any(self.accept(word) for word in words) else None

    def expect(self, *words: str) -> Token:
        """Take these keywords or symbols.

        Raises:
            SqlRefusedError: Something else follows.
        """
        token = self.token
        for word in words:
            if not self.accept(word):
                raise self.refusal()
        return token

    def expect_kind(self, what: str, *kinds: TokenKind) -> Token:
        """Take a token of one of these kinds.

        Raises:
            SqlRefusedError: Something else follows.
        """
        if self.token.kind in kinds:
            return self.next()
        self._note(f"<{what}>")
        raise self.refusal()

    def is_name(self, token: Token) -> bool:
        """Whether it may be used as an identifier."""
        if token.kind is TokenKind.WORD:
            return token.upper not in RESERVED
        return token.kind is TokenKind.QUOTED

    def name(self) -> Token:
        """Take an identifier.

        Raises:
            SqlRefusedError: None follows, or one that must be quoted.
        """
        if self.token.kind is TokenKind.BACKQUOTED:
            reason = (
                "backquoted identifiers are not supported; use double quotes to quote identifiers"
            )
            raise SqlRefusedError(reason, self.token)
        if self.token.kind is TokenKind.DIGITS_FIRST:
            reason = (
                "identifiers must not start with a digit; "
                "surround the identifier with double quotes"
            )
            raise SqlRefusedError(reason, self.token)
        if self.is_name(self.token):
            return self.next()
        self._note("<identifier>")
        raise self.refusal()

    def dotted(self) -> tuple[str, ...]:
        """Take a name of one or more parts, in lower case."""
        parts = [self.name().name.lower()]
        while self.accept("."):
            parts.append(self.name().name.lower())
        return tuple(parts)

    def listed(self, one: Callable[[], Parsed]) -> list[Parsed]:
        """Take one or more, with commas between."""
        found = [one()]
        while self.accept(","):
            found.append(one())
        return found

    def enclosed(self, inside: Callable[[], Parsed]) -> Parsed:
        """Take what stands in parentheses."""
        self.expect("(")
        found = inside()
        self.expect(")")
        return found

    def attempt(self, what: Callable[[], Parsed]) -> Parsed | None:
        """Take it, or nothing at all."""
        start = self.position
        try:
            return what()
        except SqlRefusedError:
            self.position = start
            return None

    def finish(self) -> None:
        """Nothing may follow but one semicolon.

        Raises:
            SqlRefusedError: Something does.
        """
        self.accept(";")
        self.expect_kind("EOF", TokenKind.END)

    def refusal(self) -> SqlRefusedError:
        """The error that names the furthest token which nothing could take."""
        token = self.tokens[max(self._furthest, 0)]
        expecting = ", ".join(sorted(self._expected))
        return SqlRefusedError(f"mismatched input '{token.text}'. Expecting: {expecting}", token)

    def _note(self, wanted: str) -> None:
        if self.position > self._furthest:
            self._furthest, self._expected = self.position, set()
        if self.position == self._furthest:
            self._expected.add(wanted)
