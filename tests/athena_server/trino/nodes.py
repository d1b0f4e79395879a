"""The tree of a query, as far as names and types need it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.athena_server.trino.tokens import Token


@dataclass(slots=True)
class Expr:
    """An expression; `kind` says which of the optional parts are set."""

    kind: str
    """literal column call op cast lambda query exists row array case star parameter."""
    token: Token
    text: str = ""
    """Type of a literal or cast, name of a function, operator."""
    parts: tuple[str, ...] = ()
    """Of a column or a lambda: the names."""
    args: list[Expr] = field(default_factory=list)
    query: Query | None = None
    window: list[Expr] | None = None
    """Set for `OVER (...)`: what it partitions and orders by."""
    extra: list[Expr] = field(default_factory=list)
    """Of a call: FILTER and the ORDER BY inside."""


@dataclass(slots=True)
class Item:
    """One entry of a SELECT list."""

    expr: Expr
    alias: str = ""


@dataclass(slots=True)
class Relation:
    """What stands in FROM; joins hold two of them."""

    kind: str
    """table query unnest join values function."""
    token: Token
    name: tuple[str, ...] = ()
    alias: str = ""
    columns: tuple[str, ...] = ()
    query: Query | None = None
    args: list[Expr] = field(default_factory=list)
    has_ordinality: bool = False
    left: Relation | None = None
    right: Relation | None = None
    on: Expr | None = None
    using: tuple[Token, ...] = ()


@dataclass(slots=True)
class Select:
    """SELECT ... FROM ... WHERE ... GROUP BY ... HAVING."""

    token: Token
    items: list[Item]
    is_distinct: bool = False
    source: list[Relation] = field(default_factory=list)
    where: Expr | None = None
    is_grouped: bool = False
    groups: list[Expr] = field(default_factory=list)
    having: Expr | None = None


@dataclass(slots=True)
class Values:
    """VALUES row, row."""

    token: Token
    rows: list[Expr]


@dataclass(slots=True)
class SetOperation:
    """UNION, EXCEPT, INTERSECT of two."""

    token: Token
    word: str
    left: Select | Values | SetOperation | Query
    right: Select | Values | SetOperation | Query


@dataclass(slots=True)
class Query:
    """A body with what stands around it."""

    token: Token
    body: Select | Values | SetOperation | Query
    ctes: list[tuple[str, tuple[str, ...], Query]] = field(default_factory=list)
    is_recursive: bool = False
    order: list[Expr] = field(default_factory=list)
