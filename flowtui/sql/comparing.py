"""A saved query asked of two windows of time in one statement that reads the records once.

Each record is taken once for each window that it lies in (one that crosses a boundary lies in
both), marked with the window's name. The query then groups by that mark too, so that what it works
out, HAVING and all, is for each window what it would be if it were asked of that window alone. The
rows of both windows are put side by side at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlglot import exp

from flowtui.domain.comparing import EXAMPLES, other_window, span_text
from flowtui.domain.times import TimeRange, hull, resolve
from flowtui.domain.values import format_duration
from flowtui.domain.views import View
from flowtui.errors import QueryError
from flowtui.sql import literals
from flowtui.sql.columns import Columns
from flowtui.sql.predicates import time_fields
from flowtui.sql.shape import ENDS, Shape, is_grouped, steps

MARK: Final = "compared_window"
"""The column that names the window."""
LEFT_OUT: Final = (
    "The query leaves out groups by what they sum up to: new and gone mean left out in the other "
    "window, not that nothing was there."
)
_NOW, _BEFORE = _WINDOWS = ("now", "before")
_BOUNDS: Final = ("compared_start", "compared_end")
_SIDES: Final = "both_windows"


@dataclass(frozen=True, slots=True)
class Windows:
    """The two windows."""

    now: TimeRange
    before: TimeRange

    @property
    def both(self) -> tuple[TimeRange, TimeRange]:
        """Now and before."""
        return self.now, self.before

    @property
    def span(self) -> TimeRange:
        """What holds both."""
        return hull((self.now, self.before))


def window_before(view: View, now: datetime) -> TimeRange:
    """The window that the view's time is compared with.

    Raises:
        QueryError: There is none; says why.
    """
    time = resolve(view.filter.time, now)
    if view.filter.is_counted_once:
        raise QueryError(
            "Count once and comparing do not go together: which record is kept depends on the time",
            "Switch count once off.",
        )
    if time is None or time.duration is None:
        raise QueryError(
            "There is no time to compare: all there is has no window before it",
            "Choose a time range with both ends first.",
        )
    try:
        return other_window(view.query.against, time, now)
    except ValueError as error:
        raise QueryError(f"There is no such window: {error}", f"Write {EXAMPLES}.") from error


def told(now: TimeRange | None, before: TimeRange | None) -> Iterator[str]:
    """Which times are compared; lengths that differ are said, for sums grow with them."""
    if now is None or before is None or now.duration is None or before.duration is None:
        return
    yield f"Compared with {span_text(before)}."
    if now.duration != before.duration:
        lengths = format_duration(now.duration), format_duration(before.duration)
        yield "The windows have different lengths: {} and {}.".format(*lengths)


def twice(select: exp.Select, windows: Windows, columns: Columns) -> exp.Select:
    """The records of a relation, once for each window that they lie in, under its mark.

    The relation stays a query of its own, so that partitions are pruned and blocks skipped in it.

    Args:
        select: Reads the table, narrowed to the span of both windows.
        windows: The windows.
        columns: Of the table.
    """
    names = [literals.column(item.alias_or_name) for item in select.expressions]
    for field, name in zip(time_fields(columns.schema), _BOUNDS, strict=True):
        select.append("expressions", exp.alias_(columns.field(field), name))
    sides = exp.Array(expressions=[literals.text(_NOW), literals.text(_BEFORE)])
    alias = exp.TableAlias(this=literals.name("windows"), columns=[literals.name(MARK)])
    outer = exp.Select(
        expressions=[*names, literals.column(MARK)],
        from_=exp.From(this=select.subquery("records", copy=False)),
        joins=[exp.Join(this=exp.Unnest(expressions=[sides], alias=alias), kind="CROSS")],
    )
    return outer.where(literals.any_of([*map(_lies_in, _WINDOWS, windows.both)]), copy=False)


def _lies_in(side: str, window: TimeRange) -> exp.Expr:
    """True for a record, taken for a window, that overlaps it."""
    start, end = map(literals.column, _BOUNDS)
    parts: list[exp.Expr] = [exp.EQ(this=literals.column(MARK), expression=literals.text(side))]
    if window.until:
        parts.append(
            exp.LT(this=start, expression=literals.number(-int(-window.until.timestamp() // 1)))
        )
    if window.since:
        parts.append(
            exp.GTE(this=end, expression=literals.number(int(window.since.timestamp() // 1)))
        )
    return exp.paren(literals.all_of(parts))


def mark(tree: exp.Expr) -> None:
    """Have every step of the query keep the windows apart; works in place."""
    for select in list(steps(tree)):
        had_groups = is_grouped(select)
        for window in select.find_all(exp.Window):
            window.append("partition_by", literals.column(MARK))
        if not select.is_star:
            select.append("expressions", literals.column(MARK))
        if had_groups:
            group = select.args.get("group") or exp.Group(expressions=[])
            group.append("expressions", literals.column(MARK))
            select.set("group", group)
    tree.set("order", None)
    tree.set("limit", None)


def side_by_side(tree: exp.Expr, shape: Shape) -> exp.Expr:
    """The rows of both windows in one row for each group, the greatest change first."""
    with_ = tree.args.get("with_") or exp.With(expressions=[])
    tree.set("with_", None)
    with_.append("expressions", _cte(_SIDES, tree))
    with_.append("expressions", _cte("compared", _paired(shape)))
    outer = exp.Select(
        expressions=list(_columns(shape)), from_=exp.From(this=exp.to_table("compared"))
    )
    outer.set("with_", with_)
    sides: list[exp.Expr] = [_side(0, _NOW), _side(0, _BEFORE)]
    if shape.leaves_out:  # else what is new or gone would come last
        sides = [exp.Coalesce(this=side, expressions=[literals.number(0)]) for side in sides]
    difference = exp.Abs(this=exp.Sub(this=sides[0], expression=sides[1]))
    order = [exp.Ordered(this=difference, desc=True, nulls_first=False)]
    order += [
        exp.Ordered(this=literals.column(shape.names[at]), nulls_first=False) for at in shape.keys
    ]
    outer.set("order", exp.Order(expressions=order))
    if shape.limit is not None:
        outer.set("limit", exp.Limit(expression=shape.limit.copy()))
    return outer


def _cte(name: str, query: exp.Expr) -> exp.CTE:
    return exp.CTE(this=query, alias=exp.TableAlias(this=literals.name(name)))


def _paired(shape: Shape) -> exp.Select:
    keys = [literals.column(shape.names[at]) for at in shape.keys]
    items: list[exp.Expr] = [key.copy() for key in keys]
    for side in (_NOW, _BEFORE):
        items.append(exp.alias_(exp.Max(this=_if(side, literals.number(1))), f"is_{side}"))
        for number, at in enumerate(shape.measures):
            value = exp.Max(this=_if(side, literals.column(shape.names[at])))
            items.append(exp.alias_(_or_nothing(value, side, at, shape), f"m{number}_{side}"))
    paired = exp.Select(expressions=items, from_=exp.From(this=exp.to_table(_SIDES)))
    return paired.group_by(*keys, copy=False)


def _or_nothing(value: exp.Expr, side: str, at: int, shape: Shape) -> exp.Expr:
    """Nothing, not unknown, where the window has no records of the group."""
    if at not in shape.sums:
        return value
    is_absent = exp.Is(this=exp.Max(this=_if(side, literals.number(1))), expression=exp.Null())
    case = exp.Case(ifs=[exp.If(this=is_absent, true=literals.number(0))])
    case.set("default", value)
    return case


def _if(side: str, value: exp.Expr) -> exp.Case:
    is_side = exp.EQ(this=literals.column(MARK), expression=literals.text(side))
    return exp.Case(ifs=[exp.If(this=is_side, true=value)])


def _side(number: int, side: str) -> exp.Column:
    return literals.column(f"m{number}_{side}")


def _columns(shape: Shape) -> Iterator[exp.Expr]:
    for at in shape.keys:
        yield literals.column(shape.names[at])
    yield exp.alias_(_word(), "change")
    for number, at in enumerate(shape.measures):
        now, before = _side(number, _NOW), _side(number, _BEFORE)
        difference = exp.Sub(this=now.copy(), expression=before.copy())
        values = (now, before, difference, _ratio(now, before))
        for value, end in zip(values, ENDS, strict=True):
            yield exp.alias_(value, literals.name(f"{shape.names[at]}{end}"))


def _ratio(now: exp.Expr, before: exp.Expr) -> exp.Expr:
    divisor = exp.Nullif(this=before.copy(), expression=literals.number(0))
    # Doubles: whole numbers would divide as such.
    quotient = exp.Div(this=exp.cast(now.copy(), "double"), expression=divisor)
    return exp.Round(this=quotient, decimals=literals.number(3))


def _word() -> exp.Case:
    now, before = _side(0, _NOW), _side(0, _BEFORE)

    def absent(side: str) -> exp.Expr:
        return exp.Is(this=literals.column(f"is_{side}"), expression=exp.Null())

    tests: tuple[tuple[exp.Expr, str], ...] = (
        (absent(_BEFORE), "new"),
        (absent(_NOW), "gone"),
        (exp.GT(this=now, expression=before), "grown"),
        (exp.LT(this=now.copy(), expression=before.copy()), "shrunk"),
    )
    case = exp.Case(ifs=[exp.If(this=test, true=literals.text(word)) for test, word in tests])
    case.set("default", literals.text("same"))
    return case
