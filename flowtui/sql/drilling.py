"""From a cell or a row of a result to the filter for the records behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from ipaddress import ip_network

from flowtui.domain.conditions import kind_of
from flowtui.domain.executions import Cell, Column, Row
from flowtui.domain.fields import Kind
from flowtui.domain.filters import Condition, FlowFilter, Value
from flowtui.domain.times import TimeRange


def drill_filter(
    drill: Iterable[tuple[str, str]],
    columns: Sequence[Column | str],
    row: Row,
    conditions: Iterable[Condition] = (),
    within: TimeRange | None = None,
) -> FlowFilter:
    """The filter that selects the records behind a result row.

    A time bucket becomes its time, in which records lie that overlap it: also those that began
    before it.

    Args:
        drill: `Statement.drill`.
        columns: Of the result.
        row: One of its rows.
        conditions: `Statement.conditions`, what the query itself demands.
        within: `Statement.time`; a time bucket that reaches out of it is cut.
    """
    names = [column if isinstance(column, str) else column.name for column in columns]
    found = FlowFilter()
    for condition in conditions:
        found = found & condition
    for name, key in drill:
        if name not in names:
            continue
        value = row[names.index(name)]
        if key.startswith("time:"):
            bucket = _bucket(value, int(key.removeprefix("time:")))
            found = found & _cut(bucket, within) if bucket else found
        else:
            found = found & condition_for_cell(key, value)
    return found


def condition_for_cell(key: str, value: Cell) -> Condition:
    """The condition that keeps records with a cell's value; NULL is a field left out.

    Raises:
        ValueError: No record can have that value: a fraction in a field of whole numbers.
    """
    return Condition(key, (_typed(key, value),))


def _typed(key: str, value: Cell) -> Value:
    if value is None:
        return None
    kind = kind_of(key)
    if kind is Kind.ADDRESS:
        try:
            return ip_network(str(value))
        except ValueError:
            return str(value)
    if not kind.is_number:
        return str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, datetime):
        return int(value.timestamp())
    return _whole(key, value)


def _whole(key: str, value: str | int | float | Decimal) -> int:
    try:
        number = Decimal(str(value))
        is_whole = number.is_finite() and 0 <= number < 2**63 and number == int(number)
    except InvalidOperation:
        is_whole = False
    if not is_whole:
        raise ValueError(f"{key} holds whole numbers, not {value}")
    return int(number)


def _bucket(value: Cell, seconds: int) -> TimeRange | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        start = value.astimezone(UTC)
    else:
        start = datetime.fromtimestamp(int(Decimal(str(value))), UTC)
    return TimeRange(start, start + timedelta(seconds=seconds))


def _cut(bucket: TimeRange, within: TimeRange | None) -> TimeRange:
    if within is None:
        return bucket
    assert bucket.since is not None
    assert bucket.until is not None
    since = max(bucket.since, within.since) if within.since else bucket.since
    until = min(bucket.until, within.until) if within.until else bucket.until
    return TimeRange(since, until) if since < until else bucket
