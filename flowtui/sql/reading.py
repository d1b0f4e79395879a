"""SQL text to a syntax tree and back, with errors that say where."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError, TokenError
from sqlglot.tokenizer_core import Token, TokenType

from flowtui.errors import GuardError, QueryError

DIALECT: Final = "athena"

# sqlglot tells the terminal when it keeps a statement as text; we tell the user instead.
logging.getLogger("sqlglot").setLevel(logging.ERROR)

_MISSING: Final = re.compile(r"Required keyword: '\w+' missing for <class")
_PIECES: Final = re.compile(
    r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|(?P<open>'|\"|/\*)", re.DOTALL
)
"""Comments and quoted text, each whole; `open` is what begins one and is never closed."""
_WANTS_A_VALUE: Final = frozenset(
    {
        TokenType.SELECT, TokenType.DISTINCT, TokenType.COMMA, TokenType.L_PAREN, TokenType.DOT,
        TokenType.CASE, TokenType.WHEN, TokenType.THEN, TokenType.ELSE, TokenType.WHERE,
        TokenType.HAVING, TokenType.ON, TokenType.AND, TokenType.OR, TokenType.NOT,
        TokenType.GROUP_BY, TokenType.ORDER_BY, TokenType.PARTITION_BY, TokenType.BETWEEN,
        TokenType.IN, TokenType.LIKE, TokenType.EQ, TokenType.NEQ, TokenType.LT, TokenType.LTE,
        TokenType.GT, TokenType.GTE, TokenType.PLUS, TokenType.DASH, TokenType.STAR,
        TokenType.SLASH, TokenType.MOD, TokenType.DPIPE, TokenType.L_BRACKET,
    }
)  # fmt: skip
"""After these comes a value, so that END cannot be the end of a CASE."""


def read(sql: str) -> exp.Expr:
    """The tree of one statement.

    Raises:
        QueryError: Athena would not take it; with the position where that is known.
        GuardError: It is more than one statement.
    """
    try:
        with bounded():
            tokens = sqlglot.tokenize(sql, read=DIALECT)
            _refuse_unquoted_end(tokens)
            trees = [tree for tree in sqlglot.parse(sql, read=DIALECT) if tree is not None]
    except ParseError as error:
        raise _syntax_error(error) from None
    except TokenError as error:
        raise _left_open(sql, error) from None
    if not trees:
        raise QueryError("There is no SQL here")
    if len(trees) > 1:
        raise GuardError(
            "Only one statement can run at a time", "Remove what follows the ;", _second(tokens)
        )
    if isinstance(trees[0], exp.Select) and not trees[0].expressions:
        raise QueryError("Not Athena SQL: SELECT of nothing", "Name columns, or write *.")
    return trees[0]


@contextmanager
def bounded() -> Iterator[None]:
    """Turns running out of stack into words: sqlglot follows a tree by recursion.

    Raises:
        QueryError: The SQL is nested too deeply.
    """
    try:
        yield
    except RecursionError:
        raise QueryError("The SQL is nested too deeply") from None


def write(tree: exp.Expr) -> str:
    """Athena SQL, laid out for reading; comments are left out.

    Raises:
        QueryError: The tree parsed, but no SQL can mean it.
    """
    with writing():
        return tree.sql(dialect=DIALECT, pretty=True, comments=False)


@contextmanager
def writing() -> Iterator[None]:
    """Turns what sqlglot raises on trees that make no sense into words.

    Raises:
        QueryError: There is no SQL for it.
    """
    try:
        yield
    except (SqlglotError, AssertionError, AttributeError, LookupError, TypeError) as error:
        raise QueryError(f"Not Athena SQL: {_first_line(error)}") from error


def pretty(sql: str) -> str:
    """The same SQL laid out for reading; text that does not parse comes back as it is."""
    try:
        tree = sqlglot.parse_one(sql, read=DIALECT)
        return sql if isinstance(tree, exp.Command) else tree.sql(dialect=DIALECT, pretty=True)
    except (ParseError, TokenError, RecursionError):
        return sql


def place_of(node: exp.Expr) -> tuple[int, int] | None:
    """Line and column, both from 1, at which a part of a statement begins; None: not known."""
    for part in node.walk():
        meta = part.meta
        if "line" in meta and "col" in meta:
            # sqlglot tells where a word ends.
            return meta["line"], max(1, meta["col"] - (meta["end"] - meta["start"]))
    return None


@contextmanager
def placed(node: exp.Expr) -> Iterator[None]:
    """Lets an error say where: at this part of the statement, unless it knows better."""
    try:
        yield
    except QueryError as error:
        error.position = error.position or place_of(node)
        raise


def _syntax_error(error: ParseError) -> QueryError:
    first = error.errors[0] if error.errors else {}
    line, column = first.get("line"), first.get("col")
    description = str(first.get("description") or _first_line(error)).partition(" but got")[0]
    near = first.get("highlight") or ""
    at = f" at line {line}, near {near}" if line and near else ""
    position = (int(line), max(1, int(column) - len(near) + 1)) if line and column else None
    missing = _MISSING.match(description)
    if "Unexpected token" in description:
        description = "that cannot stand here"
    if missing:
        description = f"something is missing after {near}" if near else "something is missing"
    return QueryError(f"Not Athena SQL{at}: {description}", position=position)


def _left_open(sql: str, error: TokenError) -> QueryError:
    """Sqlglot does not say where: the first quote or comment that nothing closes."""
    for found in _PIECES.finditer(sql):
        if found.lastgroup == "open":
            line = sql.count("\n", 0, found.start()) + 1
            column = found.start() - sql.rfind("\n", 0, found.start())
            what = "comment" if found[0] == "/*" else "quote"
            return QueryError(f"Not SQL: the {what} {found[0]} is left open", "", (line, column))
    return QueryError(f"Not SQL: {_first_line(error)}", "Is a quote left open?")


def _second(tokens: list[Token]) -> tuple[int, int] | None:
    """Where a second statement begins."""
    was_closed = False
    for token in tokens:
        is_semicolon = token.token_type is TokenType.SEMICOLON
        if was_closed and not is_semicolon:
            return token.line, max(1, token.col - len(token.text) + 1)
        was_closed = was_closed or is_semicolon
    return None


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _refuse_unquoted_end(tokens: list[Token]) -> None:
    """Refuse the column `end` without quotes, as Athena does; sqlglot would let it through."""
    depth = 0
    for index, token in enumerate(tokens):
        if token.token_type is TokenType.CASE:
            depth += 1
        if token.token_type is not TokenType.END:
            continue
        before = tokens[index - 1].token_type if index else None
        if depth and before not in _WANTS_A_VALUE:
            depth -= 1
            continue
        raise QueryError(
            f"Not Athena SQL at line {token.line}: end is a reserved word",
            'Write it in double quotes: "end"',
            (token.line, token.col - len(token.text) + 1),
        )
