"""A saved query asked of two windows of time in one statement that reads the records once.

Each record is taken once for each window that it lies in (one that crosses a boundary lies in
both), marked with the window's name. The query then groups by that mark too, so that what it works
out, HAVING and all, is for each window what it would be if it were asked of that window alone. The
rows of both windows are put side by side at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from flowtui.domain.times import TimeRange, hull
from flowtui.errors import QueryError
from flowtui.sql import literals
from flowtui.sql.columns import Columns
from flowtui.sql.predicates import time_fields
from flowtui.sql.references import cte_of

MARK: Final = "compared_window"
"""The column that names the window."""
_NOW, _BEFORE = _WINDOWS = ("now", "before")
_BOUNDS: Final = ("compared_start", "compared_end")
_SIDES: Final = "both_windows"
_ADDS_UP: Final = (exp.Count, exp.CountIf, exp.Sum, exp.ApproxDistinct)
_ENDS: Final = ("", "_before", "_diff", "_ratio")
"""What a measure of now, of before, their difference and their ratio end in."""
_NUMBERS: Final = frozenset({"BIGINT", "INT", "SMALLINT", "TINYINT", "DOUBLE", "FLOAT", "DECIMAL"})


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


@dataclass(frozen=True, slots=True)
class Shape:
    """What a query's rows are made of."""

    names: tuple[str, ...]
    keys: tuple[int, ...]
    """Columns that tell the groups apart."""
    measures: tuple[int, ...]
    """Columns of numbers."""
    sums: frozenset[int]
    """Measures that are nothing, not unknown, where a window has no records of the group."""
    limit: exp.Expr | None

    @property
    def key_names(self) -> tuple[str, ...]:
        """The names of the columns that tell the groups apart."""
        return tuple(self.names[at] for at in self.keys)


def shape_of(tree: exp.Expr, drill: tuple[tuple[str, str], ...]) -> Shape:
    """What is compared.

    Raises:
        QueryError: The query cannot be compared; says why.
    """
    if isinstance(tree, exp.Select) and tree.is_star:
        raise _refused("its rows are records, not groups of them")
    chain = list(_chain(tree))
    selects = list(tree.find_all(exp.Select))
    if len(chain) != len(selects) or not isinstance(tree, exp.Select):
        raise _refused("it reads the records more than once, or joins what it reads")
    if any(select.args.get("limit") for select in chain[1:]):
        raise _refused("it cuts off rows before it groups them")
    names = tree.named_selects
    if any(not name or name == "*" for name in names) or len(set(names)) < len(names):
        raise _refused("its columns do not have names of their own")
    keys = tuple(_keys(tree))
    told = dict(drill)
    if not any(names[at] in told for at in keys):
        raise _refused("which of its columns lead to records is not known")
    if any(told.get(names[at], "").startswith("time:") for at in keys):
        raise _refused("it groups by time, and no slot of one window is there in the other")
    items = tree.expressions
    measures = tuple(
        at for at, item in enumerate(items) if at not in keys and _is_number(item.unalias(), tree)
    )
    if not measures:
        raise _refused("it counts nothing that could grow or shrink")
    first = next((at for at in measures if names[at] == "records"), measures[0])
    measures = (first, *(at for at in measures if at != first))
    sums = frozenset(at for at in measures if _adds_up(items[at].unalias(), tree))
    shown = [names[at] for at in keys] + [f"{names[at]}{end}" for at in measures for end in _ENDS]
    if len({*shown, "change"}) <= len(shown):
        raise _refused("its columns have the names that a comparison gives")
    limit = tree.args.get("limit")
    return Shape(tuple(names), keys, measures, sums, limit.expression if limit else None)


def mark(tree: exp.Expr) -> None:
    """Have every step of the query keep the windows apart; works in place."""
    for select in list(_chain(tree)):
        is_grouped = _is_grouped(select)
        for window in select.find_all(exp.Window):
            window.append("partition_by", literals.column(MARK))
        if not select.is_star:
            select.append("expressions", literals.column(MARK))
        if is_grouped:
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
    difference = exp.Abs(this=exp.Sub(this=_side(0, _NOW), expression=_side(0, _BEFORE)))
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
        for value, end in zip(values, _ENDS, strict=True):
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


# What a query is made of


def _refused(why: str) -> QueryError:
    return QueryError(
        f"This query cannot be compared: {why}.",
        "Top pairs, hosts, ports and interfaces can: queries that group records once.",
    )


def _chain(tree: exp.Expr | None) -> Iterator[exp.Select]:
    """The SELECTs from the result down to the records, as long as each reads one thing."""
    while isinstance(tree, exp.Select):
        yield tree
        from_ = tree.args.get("from_")
        joins = [join.this for join in tree.args.get("joins") or []]
        if not isinstance(from_, exp.From) or tree.args.get("laterals"):
            return
        if not all(isinstance(join, exp.Unnest) for join in joins):
            return
        tree = _query_of(from_.this)


def _query_of(source: exp.Expr) -> exp.Expr | None:
    if isinstance(source, exp.Subquery):
        inner: exp.Expr = source.this
        return inner
    cte = cte_of(source) if isinstance(source, exp.Table) else None
    return cte.this if cte is not None else None


def _inner(select: exp.Select) -> exp.Select | None:
    return next((found for found in list(_chain(select))[1:]), None)


def _is_grouped(select: exp.Select) -> bool:
    return bool(select.args.get("group")) or any(
        item.find(exp.AggFunc) is not None and item.find(exp.Window) is None
        for item in select.expressions
    )


def _keys(select: exp.Select) -> list[int]:
    """The columns that tell the groups apart, all of which must be shown."""
    group = select.args.get("group")
    if group is None:
        if _is_grouped(select):
            raise _refused("it makes one row of all records")
        return _keys_below(select)
    if any(group.find(kind) for kind in (exp.Rollup, exp.Cube, exp.GroupingSets)):
        raise _refused("it groups in several ways at once")
    found = []
    for part in group.expressions:
        at = _place(part, select)
        if at is None:
            raise _refused("it groups by something that it does not show")
        found.append(at)
    return sorted(set(found))


def _keys_below(select: exp.Select) -> list[int]:
    inner = _inner(select)
    if inner is None:
        raise _refused("its rows are records, not groups of them")
    names = inner.named_selects
    shown = {
        item.unalias().name: at
        for at, item in reversed(list(enumerate(select.expressions)))
        if isinstance(item.unalias(), exp.Column)
    }
    wanted = [names[at] for at in _keys(inner)]
    if any(name not in shown for name in wanted):
        raise _refused("it groups by something that it does not show")
    return sorted(shown[name] for name in wanted)


def _place(part: exp.Expr, select: exp.Select) -> int | None:
    """Which column a part of GROUP BY is: by its number, its text or its name."""
    items = select.expressions
    if isinstance(part, exp.Literal) and part.is_int:
        at = int(part.name) - 1
        return at if 0 <= at < len(items) else None
    same = (at for at, item in enumerate(items) if item.unalias() == part)
    named = (at for at, item in enumerate(items) if item.alias_or_name == part.name)
    return next(same, next(named, None) if isinstance(part, exp.Column) else None)


def _is_number(node: exp.Expr, select: exp.Select) -> bool:
    """True for what counts or adds up, not for a first or last time, nor for a word."""
    match node:
        case exp.Count() | exp.CountIf() | exp.Sum() | exp.ApproxDistinct() | exp.Avg():
            return True
        case exp.Paren() | exp.Round() | exp.Coalesce() | exp.Neg() | exp.Nullif():
            return _is_number(node.this, select)
        case exp.Cast():
            return node.to.this.name in _NUMBERS and _is_number(node.this, select)
        case exp.Add() | exp.Sub() | exp.Mul() | exp.Div():
            return _is_number(node.this, select) or _is_number(node.expression, select)
        case exp.Column():
            below = _below(node, select)
            return below is not None and _is_number(*below)
        case _:
            return False


def _adds_up(node: exp.Expr, select: exp.Select) -> bool:
    """True where no records make 0: counts and sums, and what adds them."""
    match node:
        case exp.Paren() | exp.Coalesce() | exp.Cast():
            return _adds_up(node.this, select)
        case exp.Add() | exp.Sub():
            return _adds_up(node.this, select) and _adds_up(node.expression, select)
        case exp.Column():
            below = _below(node, select)
            return below is not None and _adds_up(*below)
        case _:
            return isinstance(node, _ADDS_UP)


def _below(column: exp.Column, select: exp.Select) -> tuple[exp.Expr, exp.Select] | None:
    inner = _inner(select)
    if inner is None:
        return None
    items = (item for item in inner.expressions if item.alias_or_name == column.name)
    found = next(items, None)
    return (found.unalias(), inner) if found is not None else None
