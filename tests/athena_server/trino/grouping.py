"""Which expressions a grouped query may show."""

from __future__ import annotations

from collections.abc import Hashable

from tests.athena_server.trino.functions import AGGREGATES
from tests.athena_server.trino.nodes import Expr
from tests.athena_server.trino.scopes import Scope
from tests.athena_server.trino.tokens import SqlRefusedError


class GroupCheck:
    """Tells whether expressions follow from the groups and from aggregates alone."""

    def __init__(self, scope: Scope, groups: list[Expr]) -> None:
        self._scope = scope
        self._groups = {self._identity(group) for group in groups}

    def is_group(self, expr: Expr) -> bool:
        """Whether it is one of the groups."""
        return self._identity(expr) in self._groups

    def has_aggregate(self, expr: Expr) -> bool:
        """Whether an aggregate stands in it."""
        if expr.kind == "call" and expr.text in AGGREGATES and expr.window is None:
            return True
        return any(self.has_aggregate(part) for part in _parts(expr))

    def require(self, expr: Expr) -> None:
        """Refuse what has no one value in a group.

        Raises:
            SqlRefusedError: A column is neither grouped nor aggregated.
        """
        if self.is_group(expr) or expr.kind in ("lambda", "query"):
            return
        if expr.kind == "call" and expr.text in AGGREGATES and expr.window is None:
            return
        if expr.kind == "call" and expr.text == "grouping":
            return
        if expr.kind == "column" and self._scope.resolve(expr.parts, expr.token)[2] is self._scope:
            reason = (
                f"'{'.'.join(expr.parts)}' must be an aggregate expression or appear in "
                "GROUP BY clause"
            )
            raise SqlRefusedError(reason, expr.token, "EXPRESSION_NOT_AGGREGATE")
        for part in _parts(expr):
            self.require(part)

    def uses(self, expr: Expr, scope: Scope) -> bool:
        """Whether a column of exactly that scope stands in it."""
        if expr.kind == "column":
            return scope.resolve(expr.parts, expr.token)[2] is scope
        return any(self.uses(part, scope) for part in _parts(expr) if part.kind != "lambda")

    def _identity(self, expr: Expr) -> Hashable:
        """Equal for expressions that mean the same."""
        parts: Hashable = expr.parts
        if expr.kind == "column":
            try:
                parts = self._scope.resolve(expr.parts, expr.token)[0]
            except SqlRefusedError:
                parts = expr.parts
        shown = expr.token.text if expr.kind in ("literal", "query") else ""
        at = expr.token.offset if expr.kind in ("query", "parameter") else 0
        inner = tuple(self._identity(part) for part in _parts(expr))
        return (expr.kind, expr.text, parts, shown, at, inner)


def _parts(expr: Expr) -> list[Expr]:
    return [*expr.args, *expr.extra, *(expr.window or [])]
