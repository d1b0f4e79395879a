"""Types of expressions, and what Athena would say of those that have none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.athena_server.trino.functions import AGGREGATES, NAMES, SIGNATURES, WINDOW_ONLY
from tests.athena_server.trino.nodes import Expr, Query
from tests.athena_server.trino.scopes import Column, Scope, Source
from tests.athena_server.trino.sqltypes import (
    SIMPLE,
    UNKNOWN,
    applies,
    arithmetic,
    base,
    common,
    fits,
    is_number,
    result,
)
from tests.athena_server.trino.tokens import SqlRefusedError, Token

_COMPARISONS: Final = ("=", "<>", "<", "<=", ">", ">=")


def mismatch(reason: str, token: Token) -> SqlRefusedError:
    """The error of types that do not go together."""
    return SqlRefusedError(reason, token, "TYPE_MISMATCH")


@dataclass(slots=True)
class Meaning:
    """Gives expressions of one clause their type."""

    scope: Scope
    query_columns: Callable[[Query, Scope], Sequence[Column]]
    """Analyses a query inside the expression."""
    plain_clause: str = ""
    """Set where aggregates and window functions are refused: how Trino calls the clause."""
    has_windows: bool = True
    _inside: list[str] = field(default_factory=list)

    def kind(self, expr: Expr) -> str:
        """The type.

        Raises:
            SqlRefusedError: A name, a function or a combination of types does not exist.
        """
        match expr.kind:
            case "literal":
                return self._literal(expr)
            case "column":
                return self.scope.resolve(expr.parts, expr.token)[1]
            case "call":
                return self._call(expr)
            case "op":
                return self._operator(expr)
            case "cast":
                return self._cast(expr)
            case "query":
                return self._subquery(expr)
            case "case":
                return self._case(expr)
            case "array":
                return f"array({self._all_alike(expr.args, 'ARRAY', expr.token)})"
            case "row":
                return f"row({', '.join([self.kind(arg) for arg in expr.args])})"
            case "lambda":
                return self._lambda(expr)
            case _:
                return UNKNOWN

    def condition(self, expr: Expr, what: str) -> None:
        """A clause that must be true or false.

        Raises:
            SqlRefusedError: It is something else.
        """
        kind = self.kind(expr)
        if not fits(kind, "flag"):
            raise mismatch(f"{what} must evaluate to a boolean: actual type {kind}", expr.token)

    def _literal(self, expr: Expr) -> str:
        if base(expr.text) not in SIMPLE and expr.text != UNKNOWN:
            raise SqlRefusedError(f"Unknown type: {expr.text}", expr.token, "TYPE_NOT_FOUND")
        return expr.text

    def _cast(self, expr: Expr) -> str:
        self.kind(expr.args[0])
        is_composite = expr.text.startswith(("array(", "map(", "row("))
        if not is_composite and base(expr.text) not in SIMPLE:
            raise mismatch(f"Unknown type: {expr.text}", expr.token)
        return expr.text

    def _lambda(self, expr: Expr) -> str:
        columns = tuple(Column(name, UNKNOWN) for name in expr.parts)
        inner = Scope([Source(frozenset(), columns)], self.scope)
        Meaning(inner, self.query_columns, self.plain_clause).kind(expr.args[0])
        return "lambda"

    def _subquery(self, expr: Expr) -> str:
        assert expr.query is not None
        columns = self.query_columns(expr.query, self.scope)
        if len(columns) != 1:
            reason = (
                f"Multiple columns returned by subquery are not yet supported. Found {len(columns)}"
            )
            raise SqlRefusedError(reason, expr.token, "NOT_SUPPORTED")
        return columns[0].kind

    def _case(self, expr: Expr) -> str:
        pairs = len(expr.args) // 2
        for n in range(pairs):
            when = expr.args[2 * n]
            if expr.extra:
                self._compare("=", expr.extra[0], when, when.token)
            else:
                self.condition(when, "CASE WHEN clause")
        results = [expr.args[2 * n + 1] for n in range(pairs)]
        results += [expr.args[-1]] if len(expr.args) % 2 else []
        return self._all_alike(results, "CASE results", expr.token)

    def _all_alike(self, exprs: list[Expr], what: str, token: Token) -> str:
        found = "unknown"
        for expr in exprs:
            kind = self.kind(expr)
            both = common(found, kind)
            if both is None:
                reason = (
                    f"All {what} must be the same type or coercible to a common type. "
                    f"Cannot find common type between {found} and {kind}"
                )
                raise mismatch(reason, token)
            found = both
        return found

    def _operator(self, expr: Expr) -> str:
        operator, args = expr.text, expr.args
        if operator == "EXISTS":
            query = args[0].query
            assert query is not None
            self.query_columns(query, self.scope)
            return "boolean"
        if operator in ("AND", "OR", "NOT"):
            for arg in args:
                self._logical(arg)
            return "boolean"
        if operator in _COMPARISONS:
            return self._compare(operator, args[0], args[1], expr.token)
        if operator in "+-*/%":
            return self._arithmetic(expr)
        others: dict[str, Callable[[Expr], str]] = {
            "IN": self._in,
            "BETWEEN": self._between,
            "LIKE": self._like,
            "||": self._concatenation,
            "sign": self._sign,
            "[]": self._subscript,
        }
        if other := others.get(operator):
            return other(expr)
        kinds = [self.kind(arg) for arg in args]
        return {"IS NULL": "boolean", "AT TIME ZONE": "timestamp with time zone"}.get(
            operator, UNKNOWN if kinds else ""
        )

    def _logical(self, expr: Expr) -> None:
        kind = self.kind(expr)
        if not fits(kind, "flag"):
            reason = f"Logical expression term must evaluate to a boolean (actual: {kind})"
            raise mismatch(reason, expr.token)

    def _compare(self, operator: str, left: Expr, right: Expr, token: Token) -> str:
        kinds = self.kind(left), self.kind(right)
        if common(*kinds) is None:
            raise mismatch(f"Cannot apply operator: {kinds[0]} {operator} {kinds[1]}", token)
        return "boolean"

    def _arithmetic(self, expr: Expr) -> str:
        left, right = (self.kind(arg) for arg in expr.args)
        found = arithmetic(expr.text, left, right)
        if found is None:
            raise mismatch(f"Cannot apply operator: {left} {expr.text} {right}", expr.token)
        return found

    def _sign(self, expr: Expr) -> str:
        kind = self.kind(expr.args[0])
        if not (is_number(kind) or kind.startswith(("interval", UNKNOWN, "unknown"))):
            raise mismatch(f"Cannot negate {kind}", expr.token)
        return kind

    def _in(self, expr: Expr) -> str:
        left = self.kind(expr.args[0])
        for arg in expr.args[1:]:
            kind = self.kind(arg) if not left.startswith("row(") else UNKNOWN
            if common(left, kind) is None:
                reason = f"IN value and list items must be the same type: {left}, {kind}"
                raise mismatch(reason, arg.token)
        return "boolean"

    def _between(self, expr: Expr) -> str:
        kinds = [self.kind(arg) for arg in expr.args]
        if common(kinds[0], kinds[1]) is None or common(kinds[0], kinds[2]) is None:
            reason = f"Cannot check if {kinds[0]} is BETWEEN {kinds[1]} and {kinds[2]}"
            raise mismatch(reason, expr.token)
        return "boolean"

    def _like(self, expr: Expr) -> str:
        for arg, what in zip(expr.args, ("Left side", "Pattern", "Escape"), strict=False):
            kind = self.kind(arg)
            if not fits(kind, "text"):
                reason = f"{what} of LIKE expression must evaluate to a varchar (actual: {kind})"
                raise mismatch(reason, arg.token)
        return "boolean"

    def _concatenation(self, expr: Expr) -> str:
        left, right = (self.kind(arg) for arg in expr.args)
        both = common(left, right)
        if both is None or is_number(both) or both in ("date", "timestamp", "boolean"):
            if left.startswith("array(") or right.startswith("array("):
                return left
            raise self._unexpected("concat", [left, right], expr.token)
        return both

    def _subscript(self, expr: Expr) -> str:
        whole, index = (self.kind(arg) for arg in expr.args)
        if whole.startswith("array(") and fits(index, "integer"):
            return whole[6:-1]
        if whole == UNKNOWN or whole.startswith(("map(", "row(")):
            return UNKNOWN
        raise mismatch(f"Cannot use {index} for subscript of {whole}", expr.token)

    def _call(self, expr: Expr) -> str:
        name = expr.text
        if name not in NAMES:
            raise SqlRefusedError(
                f"Function '{name}' not registered", expr.token, "FUNCTION_NOT_FOUND"
            )
        self._check_place(expr)
        is_aggregate = name in AGGREGATES and expr.window is None
        if is_aggregate:
            self._inside.append(name)
        kinds = [self.kind(arg) for arg in expr.args if arg.kind != "star"]
        for other in [*expr.extra, *(expr.window or [])]:
            self.kind(other)
        if is_aggregate:
            self._inside.pop()
        return self._result(expr, kinds)

    def _check_place(self, expr: Expr) -> None:
        name = expr.text
        if name in WINDOW_ONLY and expr.window is None:
            reason = f"Window function {name} requires an OVER clause"
            raise SqlRefusedError(reason, expr.token, "MISSING_OVER")
        is_special = name in AGGREGATES or expr.window is not None
        if is_special and (self.plain_clause or (expr.window is not None and not self.has_windows)):
            reason = (
                f"{self.plain_clause or 'HAVING clause'} cannot contain aggregations, window "
                f"functions or grouping operations: [{name}]"
            )
            raise SqlRefusedError(reason, expr.token, "EXPRESSION_NOT_SCALAR")
        if is_special and self._inside:
            reason = f"Cannot nest aggregations inside aggregation '{self._inside[-1]}': [{name}]"
            raise SqlRefusedError(reason, expr.token, "NESTED_AGGREGATION")

    def _result(self, expr: Expr, kinds: list[str]) -> str:
        signatures = SIGNATURES.get(expr.text)
        if signatures is None:
            return UNKNOWN
        fitting = next((s for s in signatures if applies(s, kinds)), None)
        found = result(fitting, kinds) if fitting else None
        if found is None:
            raise self._unexpected(expr.text, kinds, expr.token)
        return found

    def _unexpected(self, name: str, kinds: list[str], token: Token) -> SqlRefusedError:
        expected = " or ".join(
            f"{name}({', '.join(s.parameters)})" for s in SIGNATURES.get(name, ())
        )
        reason = f"Unexpected parameters ({', '.join(kinds)}) for function {name}."
        return SqlRefusedError(f"{reason} Expected: {expected}", token, "FUNCTION_NOT_FOUND")
