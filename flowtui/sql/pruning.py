"""Partition predicates: what lets Athena leave out, unread and unpaid, what a time cannot touch.

Keys are taken from the coarsest to the finest (a date or year, month, day, then hour). A range of
tuples of them is written with `=`, `IN`, `<` and `>` on single keys, which partition projection
understands; expressions over several keys it does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlglot import exp

from flowtui.domain.filters import Condition, Op
from flowtui.domain.partitions import DELIVERY_MARGIN, value_at
from flowtui.domain.schema import PartitionKey, PartitionRole, TableSchema
from flowtui.domain.times import TimeRange
from flowtui.sql.literals import all_of, any_of, column, number, text

_ORDER = (
    PartitionRole.DATE, PartitionRole.YEAR, PartitionRole.MONTH, PartitionRole.DAY,
    PartitionRole.HOUR,
)  # fmt: skip
_SPAN = {
    PartitionRole.MONTH: (1, 12),
    PartitionRole.DAY: (1, 31),
    PartitionRole.HOUR: (0, 23),
}
_NAMED = {"region": PartitionRole.REGION, "account_id": PartitionRole.ACCOUNT}


@dataclass(frozen=True, slots=True)
class Pruning:
    """What can be said about the partitions of a filter."""

    predicates: tuple[exp.Expr, ...]
    notes: tuple[str, ...] = ()
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Keys that conditions name outright, and which of their values may be wanted."""


def prune(
    schema: TableSchema, conditions: Sequence[Condition], *times: TimeRange | None
) -> Pruning:
    """Predicates on the partition keys that no wanted record of any of some times fails."""
    if schema.is_local or not schema.partition_keys:
        return Pruning(())
    predicates = [*_by_values(schema, conditions)]
    by_time = [time_partitions(schema.partition_keys, time) for time in times if time]
    found = [predicate for predicate in by_time if predicate is not None]
    if found and len(found) == len(times):
        predicates.append(found[0] if len(found) == 1 else exp.paren(any_of(found)))
    named = {_key.name for _key in schema.partition_keys if _is_named(_key, conditions)}
    return Pruning(
        tuple(predicates), tuple(_complaints(schema, named)), tuple(_values(schema, conditions))
    )


def _values(
    schema: TableSchema, conditions: Sequence[Condition]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key in schema.partition_keys:
        lists = [set(map(str, c.values)) for c in conditions if _fits(key, c)]
        if lists:
            yield key.name, tuple(sorted(set.intersection(*lists)))


def _is_named(key: PartitionKey, conditions: Sequence[Condition]) -> bool:
    return any(_fits(key, condition) for condition in conditions)


def _complaints(schema: TableSchema, named: set[str]) -> list[str]:
    fields = {role: field for field, role in _NAMED.items()}
    return [
        f"Athena wants the partition key {key.name} given: filter by {fields[key.role]}:…"
        for key in schema.partition_keys
        if key.is_required and key.name not in named and key.role in fields
    ]


def _fits(key: PartitionKey, condition: Condition) -> bool:
    is_list = condition.op is Op.IS and not condition.is_excluded
    return (
        is_list
        and _NAMED.get(condition.key) is key.role
        and all(isinstance(value, str) for value in condition.values)
    )


def _by_values(schema: TableSchema, conditions: Sequence[Condition]) -> list[exp.Expr]:
    found: list[exp.Expr] = []
    for key in schema.partition_keys:
        for condition in conditions:
            if _fits(key, condition):
                values = sorted({v for v in condition.values if isinstance(v, str)})
                found.append(_is_in(key, [text(value) for value in values]))
    return found


def time_partitions(keys: Sequence[PartitionKey], time: TimeRange) -> exp.Expr | None:
    """The predicate for records of a time; None where no key follows time.

    A record's partition follows its end, which lies after the range by a window at most, and is
    written late: so the range is widened at its end by `DELIVERY_MARGIN`.
    """
    ranked = sorted((k for k in keys if k.role in _ORDER), key=lambda k: _ORDER.index(k.role))
    levels = _usable(ranked)
    if not levels:
        return None
    first = time.since.astimezone(UTC) if time.since else None
    last = None
    if time.until:
        last = time.until.astimezone(UTC) + DELIVERY_MARGIN - timedelta(seconds=1)
    return _between(levels, first, last)


def _usable(ranked: list[PartitionKey]) -> list[PartitionKey]:
    """Keys from the coarsest on without a gap: a month means nothing where no year is a key."""
    roles = [key.role for key in ranked]
    if PartitionRole.DATE in roles:
        date = ranked[0]
        if not _is_big_endian(date):
            return []
        hours = [k for k in ranked if k.role is PartitionRole.HOUR and "HH" not in date.format]
        return [date, *hours]
    wanted = _ORDER[1:]
    usable = []
    for key, role in zip(ranked, wanted, strict=False):
        if key.role is not role:
            break
        usable.append(key)
    return usable


def _is_big_endian(key: PartitionKey) -> bool:
    places = [key.format.find(part) for part in ("yyyy", "MM", "dd", "HH") if part in key.format]
    return not key.format or (places == sorted(places) and "dd" in key.format)


def _between(
    levels: Sequence[PartitionKey], first: datetime | None, last: datetime | None
) -> exp.Expr | None:
    """Keys from `first` to `last`, both inside; None where every partition is."""
    if not levels or (first is None and last is None):
        return None
    key, finer = levels[0], levels[1:]
    if first and last and _value(key, first) == _value(key, last):
        return _both(_equals(key, first), _between(finer, first, last))
    low = _between(finer, first, None)
    high = _between(finer, None, last)
    parts: list[exp.Expr] = []
    if first and low is not None:
        parts.append(_both(_equals(key, first), low))
    whole = _Whole(first, last, low is not None, high is not None)
    if key.role is PartitionRole.DATE:
        parts += _dates(key, whole)
    elif not _is_every(key, whole):
        parts += _numbers(key, whole)
    elif not parts and high is None:
        return None
    if last and high is not None:
        parts.append(_both(_equals(key, last), high))
    return exp.paren(any_of(parts)) if len(parts) > 1 else any_of(parts)


@dataclass(frozen=True, slots=True)
class _Whole:
    """Which units of one key lie inside with all that is finer."""

    first: datetime | None
    last: datetime | None
    is_first_out: bool
    is_last_out: bool


def _both(one: exp.Expr, other: exp.Expr | None) -> exp.Expr:
    return all_of([one, other] if other is not None else [one])


def _equals(key: PartitionKey, moment: datetime) -> exp.Expr:
    return exp.EQ(this=column(key.name), expression=_literal(key, moment))


def _dates(key: PartitionKey, whole: _Whole) -> list[exp.Expr]:
    first, last = whole.first, whole.last
    is_none_between = (
        first and last and first.date() + timedelta(days=1) == last.date()
        and whole.is_first_out and whole.is_last_out
    )  # fmt: skip
    if is_none_between:
        return []
    bounds: list[exp.Expr] = []
    if first:
        more = exp.GT if whole.is_first_out else exp.GTE
        bounds.append(more(this=column(key.name), expression=_literal(key, first)))
    if last:
        less = exp.LT if whole.is_last_out else exp.LTE
        bounds.append(less(this=column(key.name), expression=_literal(key, last)))
    return [all_of(bounds)]


def _limits(key: PartitionKey, whole: _Whole) -> tuple[int | None, int | None]:
    low = None if whole.first is None else _number(key, whole.first) + whole.is_first_out
    high = None if whole.last is None else _number(key, whole.last) - whole.is_last_out
    return low, high


def _is_every(key: PartitionKey, whole: _Whole) -> bool:
    low, high = _limits(key, whole)
    lowest, highest = _SPAN.get(key.role, (None, None))
    return low in (None, lowest) and high in (None, highest) and key.role in _SPAN


def _numbers(key: PartitionKey, whole: _Whole) -> list[exp.Expr]:
    low, high = _limits(key, whole)
    if key.role in _SPAN:
        lowest, highest = _SPAN[key.role]
        first = lowest if low is None else low
        last = highest if high is None else high
        found = [_numeral(key, n) for n in range(first, last + 1)]
        return [_is_in(key, found)] if found else []
    if low is not None and high is not None and low > high:
        return []
    if low == high and low is not None:
        return [exp.EQ(this=column(key.name), expression=_numeral(key, low))]
    # Years have four digits, so that they sort as text and as numbers alike.
    bounds: list[exp.Expr] = []
    if low is not None:
        bounds.append(exp.GTE(this=column(key.name), expression=_numeral(key, low)))
    if high is not None:
        bounds.append(exp.LTE(this=column(key.name), expression=_numeral(key, high)))
    return [all_of(bounds)]


def _is_in(key: PartitionKey, values: list[exp.Expr]) -> exp.Expr:
    if len(values) == 1:
        return exp.EQ(this=column(key.name), expression=values[0])
    return exp.In(this=column(key.name), expressions=values)


def _number(key: PartitionKey, moment: datetime) -> int:
    value = {
        PartitionRole.YEAR: moment.year,
        PartitionRole.MONTH: moment.month,
        PartitionRole.DAY: moment.day,
        PartitionRole.HOUR: moment.hour,
    }
    return value[key.role]


def _value(key: PartitionKey, moment: datetime) -> str:
    value = value_at(key, moment)
    assert value is not None
    return value


def _is_numeric(key: PartitionKey) -> bool:
    return key.type.lower() in ("int", "integer", "bigint", "smallint", "tinyint")


def _numeral(key: PartitionKey, value: int) -> exp.Expr:
    if _is_numeric(key):
        return number(value)
    return text(f"{value:02d}" if key.is_padded else str(value))


def _literal(key: PartitionKey, moment: datetime) -> exp.Expr:
    value = _value(key, moment)
    if key.type.lower() == "date":
        return exp.cast(text(value), "date")
    return number(int(value)) if _is_numeric(key) else text(value)
