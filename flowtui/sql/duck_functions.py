"""Functions of Athena that sqlglot has no node for, in DuckDB's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlglot import exp

from flowtui.errors import QueryError
from flowtui.sql import literals

_RENAMED: Final = {
    "to_iso8601": "flowtui_iso",
    "map_agg": "flowtui_map_agg",
    "arrays_overlap": "list_has_any",
    "day_of_month": "day",
    "is_finite": "isfinite",
    "codepoint": "unicode",
    "approx_percentile": "approx_quantile",
}
_JODA: Final = (
    ("yyyy", "%Y"), ("yy", "%y"), ("MMM", "%b"), ("MM", "%m"), ("dd", "%d"), ("HH", "%H"),
    ("mm", "%M"), ("ss", "%S"), ("SSS", "%g"), ("EEEE", "%A"), ("EEE", "%a"), ("E", "%a"),
)  # fmt: skip


def named_function(node: exp.Anonymous) -> exp.Expr:
    """The call as DuckDB writes it; itself where both agree."""
    name = node.name.lower()
    if name in _RENAMED:
        return exp.Anonymous(this=_RENAMED[name], expressions=node.expressions)
    rule = _RULES.get((name, len(node.expressions)))
    return rule(node) if rule else node


def _in_zone(node: exp.Anonymous) -> exp.Expr:
    moment, zone = node.expressions
    return exp.AtTimeZone(this=exp.paren(moment.copy()), zone=zone.copy())


def _shift(operator: type[exp.Binary]) -> Callable[[exp.Anonymous], exp.Expr]:
    def rule(node: exp.Anonymous) -> exp.Expr:
        value, bits = (exp.paren(part.copy()) for part in node.expressions)
        return exp.paren(operator(this=exp.cast(value, "bigint"), expression=bits))

    return rule


def _matching(node: exp.Anonymous) -> exp.Expr:
    """How many elements fulfil the lambda."""
    array, test = (part.copy() for part in node.expressions)
    return exp.Length(this=exp.Anonymous(this="list_filter", expressions=[array, test]))


def _any_match(node: exp.Anonymous) -> exp.Expr:
    return exp.GT(this=_matching(node), expression=literals.number(0))


def _none_match(node: exp.Anonymous) -> exp.Expr:
    return exp.EQ(this=_matching(node), expression=literals.number(0))


def _all_match(node: exp.Anonymous) -> exp.Expr:
    return exp.EQ(this=_matching(node), expression=exp.Length(this=node.expressions[0].copy()))


def _format_datetime(node: exp.Anonymous) -> exp.Expr:
    moment, pattern = node.expressions
    return exp.Anonymous(this="strftime", expressions=[moment.copy(), _joda(pattern)])


def _parse_datetime(node: exp.Anonymous) -> exp.Expr:
    text, pattern = node.expressions
    return exp.Anonymous(this="strptime", expressions=[text.copy(), _joda(pattern)])


def _joda(pattern: exp.Expr) -> exp.Expr:
    """A Joda pattern as strftime writes it; letters that we do not know are refused."""
    if not (isinstance(pattern, exp.Literal) and pattern.is_string):
        raise QueryError("On local files, a date pattern stands in quotes")
    text, found = pattern.name, ""
    while text:
        part = next(((java, c) for java, c in _JODA if text.startswith(java)), None)
        if part is None and text[0].isalpha():
            raise QueryError(f"On local files, the date pattern cannot hold {text[0]}")
        found += part[1] if part else text[0].replace("%", "%%")
        text = text[len(part[0]) if part else 1 :]
    return literals.text(found)


_RULES: Final[dict[tuple[str, int], Callable[[exp.Anonymous], exp.Expr]]] = {
    ("at_timezone", 2): _in_zone,
    ("with_timezone", 2): _in_zone,
    ("bitwise_left_shift", 2): _shift(exp.BitwiseLeftShift),
    ("bitwise_right_shift", 2): _shift(exp.BitwiseRightShift),
    ("any_match", 2): _any_match,
    ("none_match", 2): _none_match,
    ("all_match", 2): _all_match,
    ("format_datetime", 2): _format_datetime,
    ("parse_datetime", 2): _parse_datetime,
}
