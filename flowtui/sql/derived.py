"""Partition columns that a query names and the table does not have, made from each record's end.

Queries written for a partitioned table thus run on local files, and on tables with other keys. A
record's partition follows its end, in UTC ("Flow log files", VPC User Guide).

    date              date; text in the query's own form where it compares with text
    day               text yyyy/MM/dd; day of the month where the query also names month,
                      or compares with one or two digits
    dt, ds, …         text yyyy-MM-dd, or the query's own form
    year month hour   text, two digits; without the zero or as numbers where the query compares so
"""

from __future__ import annotations

import re
from typing import Final

from sqlglot import exp

from flowtui.domain.fields import fold
from flowtui.sql import literals

_DATES: Final = frozenset({"date", "day", "dt", "ds", "datepartition", "eventday", "partitiondate"})
_PARTS: Final = {"year": "%Y", "month": "%m", "hour": "%H"}
_FORMS: Final = (
    (re.compile(r"\d{4}/\d{1,2}/\d{1,2}"), "%Y/%m/%d"),
    (re.compile(r"\d{4}-\d{1,2}-\d{1,2}"), "%Y-%m-%d"),
    (re.compile(r"\d{8}"), "%Y%m%d"),
    (re.compile(r"\d{4}/\d{2}/\d{2}/\d{2}"), "%Y/%m/%d/%H"),
    (re.compile(r"\d{4}-\d{2}-\d{2}-\d{2}"), "%Y-%m-%d-%H"),
)
_COMPARISONS: Final = (
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Like
)  # fmt: skip


def is_derived(name: str) -> bool:
    """True for the names of partition columns that a record's end decides."""
    return fold(name) in _DATES or fold(name) in _PARTS


def derived_expression(name: str, end: exp.Expr, tree: exp.Expr | None) -> exp.Expr:
    """The partition column as an expression over the record's end, in Unix seconds.

    Args:
        name: Of the partition column.
        end: The record's end.
        tree: The query; None where only the existence matters.
    """
    moment = exp.UnixToTime(this=end.copy())
    literals_seen = _compared(fold(name), tree) if tree is not None else []
    texts = [literal.name for literal in literals_seen if literal.is_string]
    is_number = bool(literals_seen) and not texts
    if fold(name) in _PARTS:
        return _part(moment, _PARTS[fold(name)], texts, is_number)
    if fold(name) == "day" and _is_day_of_month(texts, is_number, tree):
        return _part(moment, "%d", texts, is_number)
    form = next((form for pattern, form in _FORMS if texts and pattern.fullmatch(texts[0])), None)
    if form is None and is_number:
        return exp.cast(_formatted(moment, "%Y%m%d"), "integer")
    if form is None and fold(name) == "date":
        return exp.cast(moment, "date")
    return _formatted(moment, form or ("%Y/%m/%d" if fold(name) == "day" else "%Y-%m-%d"))


def _is_day_of_month(texts: list[str], is_number: bool, tree: exp.Expr | None) -> bool:
    if texts:
        return len(texts[0]) <= 2
    return is_number or (tree is not None and "month" in _names(tree))


def _part(moment: exp.Expr, form: str, texts: list[str], is_number: bool) -> exp.Expr:
    text = _formatted(moment, form)
    if is_number:
        return exp.cast(text, "integer")
    if any(len(literal) == 1 for literal in texts):
        return exp.cast(exp.cast(text, "integer"), "varchar")
    return text


def _formatted(moment: exp.Expr, form: str) -> exp.Expr:
    return exp.TimeToStr(this=moment, format=literals.text(form))


def _names(tree: exp.Expr) -> set[str]:
    return {fold(column.name) for column in tree.find_all(exp.Column)}


def _compared(folded: str, tree: exp.Expr) -> list[exp.Literal]:
    """Literals that the query compares the column with."""
    found: list[exp.Literal] = []
    for column in tree.find_all(exp.Column):
        parent = column.parent
        if fold(column.name) == folded and isinstance(parent, _COMPARISONS):
            found += [node for node in parent.iter_expressions() if isinstance(node, exp.Literal)]
    return found
