"""Expressions with a syntax of their own: CASE, CAST, EXTRACT, INTERVAL and their like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.athena_server.trino.expressions import ExpressionReader
from tests.athena_server.trino.nodes import Expr
from tests.athena_server.trino.tokens import Token, TokenKind

_FIELDS: Final = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")


class SpecialReader(ExpressionReader):
    """Adds the special forms to the expressions."""

    def special(self) -> Expr | None:
        """A form with a syntax of its own, such as CASE, if one follows."""
        token, following = self.token, self.ahead(1)
        always: dict[str, Callable[[], Expr]] = {
            "CASE": self._case,
            "CAST": self._cast,
            "EXISTS": self._exists,
            "EXTRACT": self._extract,
            "GROUPING": self._grouping,
            "LISTAGG": self._listagg,
            "NORMALIZE": self._normalize,
            "TRIM": self._trim,
        }
        before: dict[tuple[str, str], Callable[[], Expr]] = {
            ("ARRAY", "["): self._array,
            ("POSITION", "("): self._position,
            ("ROW", "("): self._row,
            ("SUBSTRING", "("): self._substring,
            ("TRY_CAST", "("): self._cast,
        }
        if token.upper == "INTERVAL" and (
            following.kind is TokenKind.STRING or following.upper in ("+", "-")
        ):
            return self._interval()
        form = always.get(token.upper) or before.get((token.upper, following.upper))
        return form() if form else None

    def _case(self) -> Expr:
        case = Expr("case", self.expect("CASE"))
        if not self.sees("WHEN"):
            case.extra = [self.expression()]
        self.expect("WHEN")
        while True:
            case.args.append(self.expression())
            self.expect("THEN")
            case.args.append(self.expression())
            if not self.accept("WHEN"):
                break
        if self.accept("ELSE"):
            case.args.append(self.expression())
        self.expect("END")
        return case

    def _cast(self) -> Expr:
        token = self.next()
        self.expect("(")
        inside = self.expression()
        self.expect("AS")
        kind = self.type_name()
        self.expect(")")
        return Expr("cast", token, kind, args=[inside])

    def _exists(self) -> Expr:
        token = self.next()
        return Expr(
            "op", token, "EXISTS", args=[Expr("query", token, query=self.enclosed(self.query))]
        )

    def _extract(self) -> Expr:
        token = self.next()
        self.expect("(")
        self.name()
        self.expect("FROM")
        inside = self.value()
        self.expect(")")
        return Expr("call", token, "extract", args=[inside])

    def _grouping(self) -> Expr:
        token = self.next()
        return Expr("call", token, "grouping", args=self.enclosed(self._listed_expressions))

    def _listed_expressions(self) -> list[Expr]:
        return [] if self.sees(")") else self.listed(self.expression)

    def _listagg(self) -> Expr:
        call = Expr("call", self.next(), "listagg")
        self.expect("(")
        self.take("DISTINCT", "ALL")
        call.args = [self.expression()]
        if self.accept(","):
            call.args.append(Expr("literal", self._string(), "varchar"))
        if self.accept("ON", "OVERFLOW") and not self.accept("ERROR"):
            self.expect("TRUNCATE")
            self._string()
            if not self.accept("WITHOUT", "COUNT"):
                self.expect("WITH", "COUNT")
        self.expect(")")
        self.expect("WITHIN", "GROUP", "(", "ORDER", "BY")
        call.extra = self.listed(self.sort_item)
        self.expect(")")
        self.after_call(call)
        return call

    def _string(self) -> Token:
        return self.expect_kind("string", TokenKind.STRING)

    def _normalize(self) -> Expr:
        token = self.next()
        self.expect("(")
        inside = self.value()
        if self.accept(","):
            self.name()
        self.expect(")")
        return Expr("call", token, "normalize", args=[inside])

    def _trim(self) -> Expr:
        token = self.next()
        self.expect("(")
        is_sided = self.take("LEADING", "TRAILING", "BOTH")
        args = [] if is_sided and self.sees("FROM") else [self.value()]
        if self.accept("FROM"):
            args.insert(0, self.value())
        elif not is_sided and self.accept(","):
            args.append(self.value())
        self.expect(")")
        return Expr("call", token, "trim", args=args)

    def _array(self) -> Expr:
        token = self.next()
        self.expect("[")
        args = [] if self.sees("]") else self.listed(self.expression)
        self.expect("]")
        return Expr("array", token, args=args)

    def _row(self) -> Expr:
        token = self.next()
        return Expr("row", token, args=self.enclosed(lambda: self.listed(self.expression)))

    def _position(self) -> Expr:
        token = self.next()
        self.expect("(")
        needle = self.value()
        self.expect("IN")
        args = [needle, self.value()]
        self.expect(")")
        return Expr("call", token, "position", args=args)

    def _substring(self) -> Expr:
        token = self.next()
        self.expect("(")
        args = [self.expression()]
        if self.accept("FROM"):
            args.append(self.value())
            if self.accept("FOR"):
                args.append(self.value())
        else:
            while self.accept(","):
                args.append(self.expression())
        self.expect(")")
        return Expr("call", token, "substring", args=args)

    def _interval(self) -> Expr:
        token = self.next()
        self.take("+", "-")
        self._string()
        field = self._interval_field()
        if self.accept("TO"):
            self._interval_field()
        is_long = field in ("YEAR", "MONTH")
        kind = "interval year to month" if is_long else "interval day to second"
        return Expr("literal", token, kind)

    def _interval_field(self) -> str:
        if found := self.take(*_FIELDS):
            return found.upper
        raise self.refusal()

    def type_name(self) -> str:
        """A type, as Trino writes it."""
        if found := self.take("ROW"):
            fields = self.enclosed(lambda: self.listed(self._row_field))
            base = f"row({', '.join(fields)})"
        elif found := self.take("TIMESTAMP", "TIME"):
            self._precision()
            is_zoned = self.accept("WITH", "TIME", "ZONE")
            if not is_zoned:
                self.accept("WITHOUT", "TIME", "ZONE")
            base = found.text.lower() + (" with time zone" if is_zoned else "")
        elif self.accept("DOUBLE", "PRECISION"):
            base = "double"
        else:
            base = self._generic_type()
        while self.accept("ARRAY"):
            base = f"array({base})"
        return base

    def _row_field(self) -> str:
        if self.is_name(self.token) and self.ahead(1).upper not in (",", ")", "("):
            self.name()
        return self.type_name()

    def _precision(self) -> None:
        if self.accept("("):
            self.expect_kind("integer", TokenKind.INTEGER)
            self.expect(")")

    def _generic_type(self) -> str:
        base = self.name().name.lower()
        if self.accept("("):
            parameters = self.listed(self._type_parameter)
            self.expect(")")
            return f"{base}({', '.join(parameters)})"
        return {"int": "integer", "dec": "decimal"}.get(base, base)

    def _type_parameter(self) -> str:
        is_number = self.token.kind is TokenKind.INTEGER
        return self.next().text if is_number else self.type_name()
