"""Which expressions are whole numbers, as far as their text tells."""

from __future__ import annotations

from typing import Final

from sqlglot import exp

from flowtui.domain.fields import FIELD

_ALWAYS: Final = (
    exp.Count, exp.CountIf, exp.ApproxDistinct, exp.RowNumber, exp.Rank, exp.DenseRank,
    exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor, exp.Length,
)  # fmt: skip
_AS_ARGUMENT: Final = (
    exp.Sum, exp.Max, exp.Min, exp.Abs, exp.Neg, exp.Paren, exp.Window, exp.Filter, exp.Distinct
)  # fmt: skip
_AS_BOTH: Final = (exp.Add, exp.Sub, exp.Mul, exp.Mod, exp.Div, exp.IntDiv)
_DEPTH: Final = 40


class Integers:
    """Judges expressions of one query; what it cannot tell is not a whole number.

    Args:
        tree: The query, whose own headings are followed.
    """

    def __init__(self, tree: exp.Expr) -> None:
        self._headings: dict[str, exp.Expr] = {}
        self._doubtful: set[str] = set()
        self._asked: set[str] = set()
        for alias in tree.find_all(exp.Alias):
            name = alias.alias.lower()
            if name in self._headings and self._headings[name] != alias.this:
                self._doubtful.add(name)
            self._headings[name] = alias.this

    def is_integer(self, node: exp.Expr, depth: int = 0) -> bool:
        """True where the value is certainly a whole number or NULL."""
        if depth > _DEPTH:
            return False
        if isinstance(node, exp.Column):
            return self._is_column(node, depth)
        if isinstance(node, exp.Literal):
            return node.is_int
        if isinstance(node, _ALWAYS):
            return True
        if isinstance(node, exp.Cast):
            return node.to.this in exp.DataType.INTEGER_TYPES
        return self._is_composed(node, depth + 1)

    def _is_composed(self, node: exp.Expr, depth: int) -> bool:
        if isinstance(node, exp.Distinct):
            return all(self.is_integer(item, depth) for item in node.expressions)
        if isinstance(node, _AS_ARGUMENT):
            return self.is_integer(node.this, depth)
        if isinstance(node, _AS_BOTH):
            return self.is_integer(node.left, depth) and self.is_integer(node.right, depth)
        if isinstance(node, exp.Coalesce | exp.Greatest | exp.Least):
            return all(self.is_integer(item, depth) for item in [node.this, *node.expressions])
        if isinstance(node, exp.If):
            return self._are_results([node.args.get("true"), node.args.get("false")], depth)
        if isinstance(node, exp.Case):
            results = [branch.args.get("true") for branch in node.args.get("ifs") or []]
            return self._are_results([*results, node.args.get("default")], depth)
        return False

    def _are_results(self, nodes: list[exp.Expr | None], depth: int) -> bool:
        return all(n is None or isinstance(n, exp.Null) or self.is_integer(n, depth) for n in nodes)

    def _is_column(self, node: exp.Column, depth: int) -> bool:
        name = node.name.lower()
        is_field = name in FIELD and FIELD[name].kind.is_number
        heading = self._headings.get(name)
        if heading is None or name in self._asked:
            return is_field
        # `sum(bytes) AS bytes`: the name may mean either, so both must be whole.
        self._asked.add(name)
        is_whole = name not in self._doubtful and self.is_integer(heading, depth + 1)
        self._asked.discard(name)
        return is_whole and (is_field or name not in FIELD)
