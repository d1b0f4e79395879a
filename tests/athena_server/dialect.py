"""From Trino's SQL to DuckDB's: what sqlglot does not translate, or translates into other numbers.

Shares nothing with flowtui's own translation, so that the two can disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import sqlglot
from sqlglot import exp

_BITWISE: Final = (exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor, exp.BitwiseNot)


def to_duckdb(tree: exp.Expression) -> str:
    """DuckDB's text for the tree."""
    rewritten = rewrite(tree)
    return rewritten.sql(dialect="duckdb", unsupported_level=sqlglot.ErrorLevel.IGNORE)


def rewrite(tree: exp.Expression) -> exp.Expression:
    """A copy with every node changed that needs it, the innermost first."""
    tree = tree.copy()
    for node in reversed(list(tree.dfs())):
        changed = _changed(node)
        if changed is node:
            continue
        if node is tree:
            tree = changed
        else:
            node.replace(changed)
    return tree


def _changed(node: Any) -> Any:
    for kinds, change in _CHANGES:
        if isinstance(node, kinds):
            return change(node)
    return node


def _contains(node: Any) -> Any:
    """`contains(cidr, address)`: DuckDB would look for a substring."""
    needle = node.expression
    is_address = _is_address(needle) or (
        isinstance(needle, exp.Anonymous) and needle.name.lower().endswith("to_ipaddress")
    )
    return exp.func("ip_in_cidr", node.this, needle) if is_address else node


def _is_address(node: Any) -> bool:
    return isinstance(node, exp.Cast) and node.to.this == exp.DType.IPADDRESS


def _cast(node: Any) -> Any:
    if not _is_address(node):
        return node
    name = "try_to_ipaddress" if isinstance(node, exp.TryCast) else "to_ipaddress"
    return exp.func(name, node.this)


def _literal(node: Any) -> Any:
    """1.5 is a double in Athena, a decimal in DuckDB."""
    if node.is_string or "." not in node.name or isinstance(node.parent, exp.Cast):
        return node
    is_quantile = isinstance(node.parent, exp.ApproxQuantile)
    return exp.cast(node.copy(), "float" if is_quantile else "double")


def _date_diff(node: Any) -> Any:
    """Trino counts whole units, DuckDB's date_diff the boundaries between them."""
    unit = exp.Literal.string((node.text("unit") or "day").lower())
    return exp.Anonymous(this="date_sub", expressions=[unit, node.expression, node.this])


def _bitwise(node: Any) -> Any:
    if isinstance(node.parent, exp.Cast):
        return node
    return exp.cast(exp.paren(node.copy()), "bigint")


def _format(node: Any) -> Any:
    return exp.func("printf", node.this, *node.expressions)


def _function(node: Any) -> Any:
    name = node.name.lower()
    if name == "approx_percentile":
        return exp.func("approx_quantile", *node.expressions)
    if name not in ("any_match", "all_match", "none_match"):
        return node
    whole, test = node.expressions
    matching = exp.func("length", exp.func("list_filter", whole.copy(), test))
    if name == "all_match":
        return exp.EQ(this=matching, expression=exp.func("length", whole.copy()))
    zero = exp.Literal.number(0)
    comparison = exp.GT if name == "any_match" else exp.EQ
    return comparison(this=matching, expression=zero)


_CHANGES: Final[tuple[tuple[Any, Callable[[Any], Any]], ...]] = (
    (exp.ArrayContains, _contains),
    (exp.Cast, _cast),
    (exp.Literal, _literal),
    (exp.DateDiff, _date_diff),
    (_BITWISE, _bitwise),
    (exp.Format, _format),
    (exp.Anonymous, _function),
)
