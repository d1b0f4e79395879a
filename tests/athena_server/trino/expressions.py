"""Trino's expressions. See "SQL language" and "Functions and operators", Trino documentation."""

from __future__ import annotations

from typing import Final

from tests.athena_server.trino.nodes import Expr, Query
from tests.athena_server.trino.reader import Reader
from tests.athena_server.trino.tokens import Token, TokenKind

_NUMBERS: Final = {
    TokenKind.INTEGER: "integer",
    TokenKind.DECIMAL: "double",
    TokenKind.DOUBLE: "double",
}
_NOW: Final = {
    "CURRENT_DATE": "date",
    "CURRENT_TIME": "time with time zone",
    "CURRENT_TIMESTAMP": "timestamp with time zone",
    "LOCALTIME": "time",
    "LOCALTIMESTAMP": "timestamp",
    "CURRENT_USER": "varchar",
    "CURRENT_CATALOG": "varchar",
    "CURRENT_SCHEMA": "varchar",
    "CURRENT_PATH": "varchar",
}
_COMPARISONS: Final = ("=", "<>", "!=", "<", "<=", ">", ">=")


class ExpressionReader(Reader):
    """Reads expressions; a query inside one is read by `query`, which the subclass has."""

    def query(self) -> Query:
        """A query with its WITH."""
        raise NotImplementedError

    def special(self) -> Expr | None:
        """A form with a syntax of its own, such as CASE, if one follows."""
        raise NotImplementedError

    def expression(self) -> Expr:
        """Anything that has a value."""
        left = self._conjunction()
        while token := self.take("OR"):
            left = Expr("op", token, "OR", args=[left, self._conjunction()])
        return left

    def _conjunction(self) -> Expr:
        left = self._negation()
        while token := self.take("AND"):
            left = Expr("op", token, "AND", args=[left, self._negation()])
        return left

    def _negation(self) -> Expr:
        if token := self.take("NOT"):
            return Expr("op", token, "NOT", args=[self._negation()])
        return self._predicate(self.value())

    def _predicate(self, left: Expr) -> Expr:
        if token := self.take(*_COMPARISONS):
            if self.ahead(1).upper == "(" and self.take("ALL", "SOME", "ANY"):
                inner = Expr("query", token, query=self.enclosed(self.query))
                return Expr("op", token, "IN", args=[left, inner])
            return Expr("op", token, token.text, args=[left, self.value()])
        if token := self.take("IS"):
            self.accept("NOT")
            if self.accept("NULL"):
                return Expr("op", token, "IS NULL", args=[left])
            self.expect("DISTINCT", "FROM")
            return Expr("op", token, "=", args=[left, self.value()])
        is_negated = self.accept("NOT")
        if token := self.take("BETWEEN"):
            low = self.value()
            self.expect("AND")
            return Expr("op", token, "BETWEEN", args=[left, low, self.value()])
        if token := self.take("IN"):
            return Expr("op", token, "IN", args=[left, *self.enclosed(self._in_list)])
        if token := self.take("LIKE"):
            args = [left, self.value()]
            if self.accept("ESCAPE"):
                args.append(self.value())
            return Expr("op", token, "LIKE", args=args)
        if is_negated:
            raise self.refusal()
        return left

    def _in_list(self) -> list[Expr]:
        if self.starts_query():
            return [Expr("query", self.token, query=self.query())]
        return self.listed(self.expression)

    def starts_query(self) -> bool:
        """Whether a query follows, perhaps in parentheses."""
        steps = 0
        while self.ahead(steps).upper == "(":
            steps += 1
        return self.ahead(steps).upper in ("SELECT", "WITH", "VALUES", "TABLE")

    def value(self) -> Expr:
        """An expression below AND, NOT and comparisons."""
        left = self._sum()
        while token := self.take("||"):
            left = Expr("op", token, "||", args=[left, self._sum()])
        return left

    def _sum(self) -> Expr:
        left = self._product()
        while token := self.take("+", "-"):
            left = Expr("op", token, token.text, args=[left, self._product()])
        return left

    def _product(self) -> Expr:
        left = self._signed()
        while token := self.take("*", "/", "%"):
            left = Expr("op", token, token.text, args=[left, self._signed()])
        return left

    def _signed(self) -> Expr:
        if token := self.take("-", "+"):
            return Expr("op", token, "sign", args=[self._signed()])
        operand = self._postfix()
        while self.sees("AT", "TIME", "ZONE"):
            token = self.expect("AT", "TIME", "ZONE")
            operand = Expr("op", token, "AT TIME ZONE", args=[operand, self._primary()])
        return operand

    def _postfix(self) -> Expr:
        base = self._primary()
        while True:
            if self.accept("["):
                base = Expr("op", base.token, "[]", args=[base, self.value()])
                self.expect("]")
            elif self.sees(".") and self.ahead(1).upper != "*":
                self.next()
                field = self.name().name.lower()
                if base.kind == "column":
                    base = Expr("column", base.token, parts=(*base.parts, field))
                else:
                    base = Expr("op", base.token, ".", parts=(field,), args=[base])
            else:
                return base

    def _primary(self) -> Expr:
        token = self.token
        if token.kind in _NUMBERS:
            is_wide = token.kind is TokenKind.INTEGER and int(token.text, 0) >= 1 << 31
            return Expr("literal", self.next(), "bigint" if is_wide else _NUMBERS[token.kind])
        if token.kind is TokenKind.STRING:
            is_binary = token.text[0] in "xX"
            return Expr("literal", self.next(), "varbinary" if is_binary else "varchar")
        if token.upper == "(":
            return self._parenthesis()
        if special := self.special():
            return special
        if token.upper in ("NULL", "TRUE", "FALSE", *_NOW):
            return self._constant(self.next())
        if token.upper == "?":
            return Expr("parameter", self.next())
        return self._named()

    def _constant(self, token: Token) -> Expr:
        known = {"NULL": "unknown", "TRUE": "boolean", "FALSE": "boolean", **_NOW}
        if token.upper.endswith(("TIME", "TIMESTAMP")) and self.accept("("):
            self.expect_kind("integer", TokenKind.INTEGER)
            self.expect(")")
        return Expr("literal", token, known[token.upper])

    def _parenthesis(self) -> Expr:
        token = self.token
        if function := self.attempt(self._arrow):
            return function
        if self.starts_query() and (query := self.attempt(lambda: self.enclosed(self.query))):
            return Expr("query", token, query=query)
        inside = self.enclosed(lambda: self.listed(self.expression))
        return inside[0] if len(inside) == 1 else Expr("row", token, args=inside)

    def _arrow(self) -> Expr:
        token = self.token
        names: list[Token] = []
        if self.accept("("):
            if not self.accept(")"):
                names = self.listed(self.name)
                self.expect(")")
        else:
            names = [self.name()]
        self.expect("->")
        parts = tuple(name.name.lower() for name in names)
        return Expr("lambda", token, parts=parts, args=[self.expression()])

    def _named(self) -> Expr:
        """A column, a function, or a literal such as DATE '2026-01-01'."""
        token = self.token
        if self.is_name(token) and self.ahead(1).upper == "->":
            return self._arrow()
        start = self.name()
        if start.upper == "DOUBLE" and self.sees("PRECISION"):
            self.next()
        if self.token.kind is TokenKind.STRING and self.token.text[0] == "'":
            self.next()
            return Expr("literal", token, start.name.lower())
        self.position -= 1
        parts = [self.name().name.lower()]
        while self.sees(".") and self.is_name(self.ahead(1)) and self.accept("."):
            parts.append(self.name().name.lower())
        if self.sees("("):
            return self._call(token, ".".join(parts))
        self.accept("(")
        return Expr("column", token, parts=tuple(parts))

    def _call(self, token: Token, name: str) -> Expr:
        call = Expr("call", token, name)
        self.expect("(")
        if self.sees("*"):
            call.args = [Expr("star", self.next())]
        elif not self.sees(")"):
            self.take("DISTINCT", "ALL")
            call.args = self.listed(self.expression)
            if self.accept("ORDER", "BY"):
                call.extra += self.listed(self.sort_item)
        self.expect(")")
        self.after_call(call)
        return call

    def after_call(self, call: Expr) -> None:
        """FILTER, IGNORE NULLS and OVER."""
        if self.accept("FILTER", "("):
            self.expect("WHERE")
            call.extra.append(self.expression())
            self.expect(")")
        for word in ("IGNORE", "RESPECT"):
            self.accept(word, "NULLS")
        if self.accept("OVER"):
            call.window = self.enclosed(self.window) if self.sees("(") else self._window_name()

    def _window_name(self) -> list[Expr]:
        self.name()
        return []

    def window(self) -> list[Expr]:
        """What stands in the parentheses of OVER; the expressions of it."""
        found: list[Expr] = []
        if not self.sees("PARTITION") and not self.sees("ORDER") and self._is_window_name():
            self.name()
        if self.accept("PARTITION", "BY"):
            found += self.listed(self.expression)
        if self.accept("ORDER", "BY"):
            found += self.listed(self.sort_item)
        if self.take("RANGE", "ROWS", "GROUPS"):
            if self.accept("BETWEEN"):
                self._bound()
                self.expect("AND")
            self._bound()
        return found

    def _is_window_name(self) -> bool:
        return self.is_name(self.token) and not any(
            self.sees(word) for word in ("RANGE", "ROWS", "GROUPS")
        )

    def _bound(self) -> None:
        if self.accept("CURRENT", "ROW"):
            return
        if not self.accept("UNBOUNDED"):
            self.expression()
        if not self.take("PRECEDING", "FOLLOWING"):
            raise self.refusal()

    def sort_item(self) -> Expr:
        """An expression of ORDER BY with its direction."""
        found = self.expression()
        self.take("ASC", "DESC")
        if self.accept("NULLS") and not self.take("FIRST", "LAST"):
            raise self.refusal()
        return found
