"""Trino's queries: SELECT and what it is made of, and the statements around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.athena_server.trino.nodes import (
    Expr,
    Item,
    Query,
    Relation,
    Select,
    SetOperation,
    Values,
)
from tests.athena_server.trino.special import SpecialReader
from tests.athena_server.trino.tokens import Token, TokenKind

_CLAUSES: Final[dict[str, Callable[[Token], bool]]] = {
    "LIMIT": lambda token: token.kind is TokenKind.INTEGER or token.upper in ("ALL", "?"),
    "OFFSET": lambda token: token.kind is TokenKind.INTEGER or token.upper == "?",
    "FETCH": lambda token: token.upper in ("FIRST", "NEXT"),
    "TABLESAMPLE": lambda token: token.upper in ("BERNOULLI", "SYSTEM"),
    "WINDOW": lambda token: token.kind in (TokenKind.WORD, TokenKind.QUOTED),
}
"""Words that may be names, unless a clause visibly begins with them."""


class QueryReader(SpecialReader):
    """Reads whole queries."""

    def query(self) -> Query:
        """A query with its WITH."""
        query = Query(self.token, Values(self.token, []))
        if self.accept("WITH"):
            query.is_recursive = self.accept("RECURSIVE")
            query.ctes = self.listed(self._named_query)
        return self._without_with(query)

    def _named_query(self) -> tuple[str, tuple[str, ...], Query]:
        name = self.name().name.lower()
        columns = self._column_names() if self.sees("(") else ()
        self.expect("AS")
        return name, columns, self.enclosed(self.query)

    def _column_names(self) -> tuple[str, ...]:
        names = self.enclosed(lambda: self.listed(self.name))
        return tuple(name.name.lower() for name in names)

    def _without_with(self, query: Query) -> Query:
        query.body = self._union()
        if self.accept("ORDER", "BY"):
            query.order = self.listed(self.sort_item)
        if self.accept("OFFSET"):
            self._row_count()
            self.take("ROW", "ROWS")
        if self.accept("LIMIT"):
            if not self.accept("ALL"):
                self._row_count()
        elif self.accept("FETCH"):
            self._fetch()
        return query

    def _row_count(self) -> None:
        if not self.accept("?"):
            self.expect_kind("integer", TokenKind.INTEGER)

    def _fetch(self) -> None:
        if not self.take("FIRST", "NEXT"):
            raise self.refusal()
        if not self.sees("ROW") and not self.sees("ROWS"):
            self._row_count()
        if not self.take("ROW", "ROWS"):
            raise self.refusal()
        if not self.accept("ONLY"):
            self.expect("WITH", "TIES")

    def _union(self) -> Select | Values | SetOperation | Query:
        left = self._intersection()
        while token := self.take("UNION", "EXCEPT"):
            self.take("ALL", "DISTINCT")
            left = SetOperation(token, token.upper, left, self._intersection())
        return left

    def _intersection(self) -> Select | Values | SetOperation | Query:
        left = self._body()
        while token := self.take("INTERSECT"):
            self.take("ALL", "DISTINCT")
            left = SetOperation(token, "INTERSECT", left, self._body())
        return left

    def _body(self) -> Select | Values | SetOperation | Query:
        token = self.token
        if self.accept("("):
            inside = self._without_with(Query(token, Values(token, [])))
            self.expect(")")
            return inside
        if self.accept("VALUES"):
            return Values(token, self.listed(self.expression))
        if self.accept("TABLE"):
            source = [Relation("table", self.token, name=self.dotted())]
            return Select(token, [Item(Expr("star", token))], source=source)
        return self._select(self.expect("SELECT"))

    def _select(self, token: Token) -> Select:
        quantifier = self.take("DISTINCT", "ALL")
        is_distinct = quantifier is not None and quantifier.upper == "DISTINCT"
        select = Select(token, self.listed(self._item), is_distinct)
        if self.accept("FROM"):
            select.source = self.listed(self._relation)
        if self.accept("WHERE"):
            select.where = self.expression()
        if self.accept("GROUP", "BY"):
            select.is_grouped = True
            self._group_by(select)
        if self.accept("HAVING"):
            select.having = self.expression()
        if self.sees("WINDOW") and self.accept("WINDOW"):
            self.listed(self._window_definition)
        return select

    def _group_by(self, select: Select) -> None:
        # GROUP BY ALL alone is a column of that name.
        if self.ahead(1).kind is not TokenKind.END and self.ahead(1).upper not in (";", ")"):
            self.take("DISTINCT", "ALL")
        for found in self.listed(self._grouping_element):
            select.groups += found

    def _grouping_element(self) -> list[Expr]:
        if self.take("ROLLUP", "CUBE") or self.accept("GROUPING", "SETS"):
            sets = self.enclosed(lambda: [] if self.sees(")") else self.listed(self._grouping_set))
            return [expr for found in sets for expr in found]
        return self._grouping_set()

    def _grouping_set(self) -> list[Expr]:
        if self.sees("(", ")"):
            self.expect("(", ")")
            return []
        found = self.expression()
        return found.args if found.kind == "row" else [found]

    def _window_definition(self) -> None:
        self.name()
        self.expect("AS")
        self.enclosed(self.window)

    def _item(self) -> Item:
        if token := self.take("*"):
            return Item(Expr("star", token))
        found = self.expression()
        if self.sees(".", "*"):
            self.expect(".", "*")
            if self.accept("AS"):
                self._column_names()
            return Item(Expr("star", found.token, parts=found.parts, args=[found]))
        return Item(found, self._alias())

    def _alias(self) -> str:
        if self.accept("AS"):
            return self.name().name.lower()
        clause = _CLAUSES.get(self.token.upper)
        if clause and clause(self.ahead(1)):
            return ""
        if self.is_name(self.token) or self.token.kind in (
            TokenKind.BACKQUOTED,
            TokenKind.DIGITS_FIRST,
        ):
            return self.name().name.lower()
        return ""

    def _relation(self) -> Relation:
        left = self._sampled()
        while True:
            token = self.token
            if self.accept("CROSS", "JOIN"):
                left = Relation("join", token, left=left, right=self._sampled())
                continue
            is_natural = self.accept("NATURAL")
            sided = self.take("INNER", "LEFT", "RIGHT", "FULL")
            if sided and sided.upper != "INNER":
                self.accept("OUTER")
            if not sided and not is_natural and not self.sees("JOIN"):
                self.accept("JOIN")
                return left
            self.expect("JOIN")
            right = self._sampled() if is_natural else self._relation()
            left = Relation("join", token, left=left, right=right)
            if not is_natural:
                self._criteria(left)

    def _criteria(self, join: Relation) -> None:
        if self.accept("USING"):
            join.using = tuple(self.enclosed(lambda: self.listed(self.name)))
        else:
            self.expect("ON")
            join.on = self.expression()

    def _sampled(self) -> Relation:
        relation = self._primary_relation()
        relation.alias = self._alias()
        if relation.alias and self.sees("("):
            relation.columns = self._column_names()
        if self.accept("TABLESAMPLE"):
            self.next()
            self.enclosed(self.expression)
        return relation

    def _primary_relation(self) -> Relation:
        token = self.token
        if self.accept("UNNEST"):
            args = self.enclosed(lambda: self.listed(self.expression))
            has_ordinality = self.accept("WITH", "ORDINALITY")
            return Relation("unnest", token, args=args, has_ordinality=has_ordinality)
        if self.accept("LATERAL", "("):
            self.position -= 1
            return Relation("query", token, query=self.enclosed(self.query))
        if self.sees("("):
            return self._parenthesised(token)
        if self.accept("TABLE"):
            self.expect("(")
            relation = Relation("function", token, name=self.dotted())
            self.enclosed(lambda: [] if self.sees(")") else self.listed(self.expression))
            self.expect(")")
            return relation
        relation = Relation("table", token, name=self.dotted())
        if self.accept("FOR"):
            if not self.take("TIMESTAMP", "VERSION"):
                raise self.refusal()
            self.expect("AS", "OF")
            self.value()
        return relation

    def _parenthesised(self, token: Token) -> Relation:
        if self.starts_query() and (query := self.attempt(lambda: self.enclosed(self.query))):
            return Relation("query", token, query=query)
        return self.enclosed(self._relation)
