"""Values and names as syntax nodes: the only way by which anything typed reaches SQL."""

from __future__ import annotations

import re
from typing import Final

from sqlglot import exp

from flowtui.errors import QueryError

_PLAIN_NAME: Final = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII | re.IGNORECASE)
# sqlglot's mark for a line break inside a literal: written out, it would become one.
_MARK: Final = "__SQLGLOT"

_RESERVED_WORDS: Final = """
    alter and as between by case cast constraint create cross cube current_catalog current_date
    current_path current_role current_schema current_time current_timestamp current_user deallocate
    delete describe distinct drop else end escape except execute exists extract false for from full
    group grouping having in inner insert intersect into is join left like listagg localtime
    localtimestamp natural normalize not null on or order outer prepare recursive right rollup
    select skip table then trim true uescape union unnest using values when where with
"""
RESERVED: Final = frozenset(_RESERVED_WORDS.split())
"""Words that Athena takes as names only in double quotes. See "Reserved keywords", Athena."""
_QUOTED: Final = RESERVED | {"if"}
"""`if` is no reserved word, but sqlglot reads it as the function."""


def name(text: str) -> exp.Identifier:
    """An identifier, in double quotes where Athena needs them."""
    is_quoted = not _PLAIN_NAME.fullmatch(text) or text.lower() in _QUOTED
    return exp.Identifier(this=_valid(text), quoted=is_quoted)


def column(text: str) -> exp.Column:
    """A column by name."""
    return exp.Column(this=name(text))


def number(value: int) -> exp.Expr:
    """A whole number."""
    if value < 0:
        return exp.Neg(this=exp.Literal.number(str(-value)))
    return exp.Literal.number(str(value))


def text(value: str) -> exp.Expr:
    """A string literal; what would not show, or would break the layout, is spelled as chr(n)."""
    nodes = [_part(part) for part in _parts(_valid(value))]
    if not nodes:
        return exp.Literal.string("")
    joined = nodes[0]
    for node in nodes[1:]:
        joined = exp.DPipe(this=joined, expression=node, safe=False)
    return exp.Paren(this=joined) if len(nodes) > 1 else joined


def _part(part: str) -> exp.Expr:
    if part.isprintable():
        return exp.Literal.string(part)
    return exp.Chr(expressions=[number(ord(part))])


def _parts(value: str) -> list[str]:
    """Runs of printable characters without the mark, and each other character alone."""
    parts: list[str] = []
    for letter in value:
        is_run = parts and letter.isprintable() and parts[-1].isprintable()
        if is_run and not (parts[-1] + letter).endswith(_MARK):
            parts[-1] += letter
        else:
            parts.append(letter)
    return parts


def null(type: str) -> exp.Cast:
    """NULL of an Athena type."""
    return exp.cast(exp.Null(), type, dialect="trino")


def all_of(parts: list[exp.Expr]) -> exp.Expr:
    """The parts joined by AND; TRUE for none."""
    flat = [leaf for part in parts for leaf in (part.flatten() if _is_and(part) else [part])]
    return exp.and_(*flat, copy=False) if flat else exp.true()


def any_of(parts: list[exp.Expr]) -> exp.Expr:
    """The parts joined by OR; FALSE for none."""
    return exp.or_(*parts, copy=False) if parts else exp.false()


def _is_and(part: exp.Expr) -> bool:
    return isinstance(part, exp.And)


def _valid(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise QueryError("The text holds half a character, which no record can hold") from None
    return value
