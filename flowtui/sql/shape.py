"""What the rows of a query are made of: groups of records, told apart by keys, with measures.

Read off the SQL itself: whether a query can be compared, and why not, is known before it runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from flowtui.errors import QueryError
from flowtui.sql.references import cte_of

_ADDS_UP: Final = (exp.Count, exp.CountIf, exp.Sum, exp.ApproxDistinct)
ENDS: Final = ("", "_before", "_diff", "_ratio")
"""What a measure of now, of before, their difference and their ratio end in."""
_NUMBERS: Final = frozenset({"BIGINT", "INT", "SMALLINT", "TINYINT", "DOUBLE", "FLOAT", "DECIMAL"})


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
    leaves_out: bool = False
    """True where groups are left out by what they sum up to: an absent one may have records."""

    @property
    def key_names(self) -> tuple[str, ...]:
        """The names of the columns that tell the groups apart."""
        return tuple(self.names[at] for at in self.keys)


def shape_of(tree: exp.Expr, drill: tuple[tuple[str, str], ...]) -> Shape:
    """What is compared.

    Raises:
        QueryError: The query cannot be compared; says why.
    """
    select = _grouped_once(tree)
    names = select.named_selects
    if any(not name or name == "*" for name in names) or len(set(names)) < len(names):
        raise _refused("its columns do not have names of their own")
    keys = tuple(_keys(select))
    _check_keys([names[at] for at in keys], dict(drill))
    measures = _measures(select, keys)
    shown = [names[at] for at in keys] + [f"{names[at]}{end}" for at in measures for end in ENDS]
    if len({*shown, "change"}) <= len(shown):
        raise _refused("its columns have the names that a comparison gives")
    items = select.expressions
    leaves_out = _leaves_out(list(steps(select)))
    sums = frozenset(
        at for at in measures if not leaves_out and _adds_up(items[at].unalias(), select)
    )
    limit = select.args.get("limit")
    return Shape(
        tuple(names), keys, measures, sums, limit.expression if limit else None, leaves_out
    )


def _leaves_out(chain: list[exp.Select]) -> bool:
    """True where groups are left out by HAVING, or by WHERE over what was grouped."""
    return any(
        select.args.get("having")
        or (select.args.get("where") and any(map(is_grouped, chain[at + 1 :])))
        for at, select in enumerate(chain)
    )


def _grouped_once(tree: exp.Expr) -> exp.Select:
    if isinstance(tree, exp.Select) and tree.is_star:
        raise _refused("its rows are records, not groups of them")
    chain = list(steps(tree))
    if len(chain) != len(list(tree.find_all(exp.Select))) or not isinstance(tree, exp.Select):
        raise _refused("it reads the records more than once, or joins what it reads")
    if any(select.args.get("limit") for select in chain[1:]):
        raise _refused("it cuts off rows before it groups them")
    if any(select.args.get("offset") for select in chain):
        raise _refused("it skips rows, and which ones they are differs between the windows")
    if any(select.args.get("windows") for select in chain):
        raise _refused("it names its windows: write OVER (...) in their place")
    return tree


def _check_keys(names: list[str], drill: dict[str, str]) -> None:
    if not any(name in drill for name in names):
        raise _refused("which of its columns lead to records is not known")
    if any(drill.get(name, "").startswith("time:") for name in names):
        raise _refused("it groups by time, and no slot of one window is there in the other")


def _measures(select: exp.Select, keys: tuple[int, ...]) -> tuple[int, ...]:
    """The columns of numbers; that of the records, by which a change is judged, comes first."""
    found = [
        at
        for at, item in enumerate(select.expressions)
        if at not in keys and _is_number(item.unalias(), select)
    ]
    if not found:
        raise _refused("it counts nothing that could grow or shrink")
    names = select.named_selects
    first = next((at for at in found if names[at] == "records"), found[0])
    return (first, *(at for at in found if at != first))


def steps(tree: exp.Expr | None) -> Iterator[exp.Select]:
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
    return next((found for found in list(steps(select))[1:]), None)


def is_grouped(select: exp.Select) -> bool:
    """True where a row of it stands for several of what it reads."""
    return bool(select.args.get("group")) or any(
        item.find(exp.AggFunc) is not None and item.find(exp.Window) is None
        for item in select.expressions
    )


def _keys(select: exp.Select) -> list[int]:
    """The columns that tell the groups apart, all of which must be shown."""
    group = select.args.get("group")
    if group is None:
        if is_grouped(select):
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


def _refused(why: str) -> QueryError:
    return QueryError(
        f"This query cannot be compared: {why}.",
        "Top pairs, hosts, ports and interfaces can: queries that group records once.",
    )
