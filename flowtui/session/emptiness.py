"""Why a view gave no rows, and what to do about it.

The cheap causes are looked for first: no records at all, a time outside the data, conditions that
exclude each other. Only then is the view counted again without each of its conditions in turn.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, timedelta, tzinfo
from ipaddress import IPv4Network, IPv6Network
from itertools import combinations
from typing import Final

from flowtui.domain.executions import QueryState, SourceFacts, Statement
from flowtui.domain.filterline import format_condition, format_time
from flowtui.domain.filters import SIDED_KEYS, Condition, FlowFilter, NumberRange, Op, Value
from flowtui.domain.queries import SavedQuery
from flowtui.domain.times import TimeRange
from flowtui.domain.values import format_instant
from flowtui.domain.views import View
from flowtui.engines.base import Service
from flowtui.errors import FlowtuiError
from flowtui.session.session import Session

DELIVERY: Final = timedelta(minutes=20)
"""How long AWS may take to deliver a record."""
MOST_COUNTED: Final = 8
"""Conditions without which the view is counted; more would keep the engine busy for long."""


def reasons(
    session: Session, view: View, statement: Statement, zone: tzinfo, cancelled: threading.Event
) -> tuple[str, ...]:
    """Sentences that say why there are no rows, the likeliest first. Blocks while it counts."""
    facts = session.engine.facts()
    late = tuple(_on_its_way(session, statement.time))
    if facts.records == 0:
        return ("There are no records in this source.", *_left_out(facts), *late)
    found = outside(facts.time, statement.time, zone)
    if found:
        return (f"{found}: press t to change it.",)
    clashes = tuple(_clashes(view.filter.conditions, statement.conditions))
    if clashes:
        return clashes
    if session.service is not None:
        return (*late, *_on_service(session, session.service, view, statement, zone, cancelled))
    if not view.filter:
        return (*late, _the_query_alone(view))
    return (*late, *_without_each(session, view, zone, cancelled))


def _on_its_way(session: Session, asked: TimeRange | None) -> Iterator[str]:
    """Said of a time so near that AWS has not delivered all its records yet."""
    now = session.clock()
    is_near = (
        asked is not None
        and (asked.since is None or asked.since < now)
        and (asked.until is None or asked.until > now - DELIVERY)
    )
    if session.is_checked and is_near:
        yield (
            "Records come ten to twenty minutes after their traffic: those of the last "
            "minutes are still on their way. r asks again."
        )


def _on_service(
    session: Session,
    service: Service,
    view: View,
    statement: Statement,
    zone: tzinfo,
    cancelled: threading.Event,
) -> Iterator[str]:
    """What the catalogue, S3 and the records held here tell; Athena is not asked again."""
    try:
        yield from service.why_empty(statement, session.clock(), cancelled)
    except FlowtuiError as error:
        yield f"Whether its logs are there could not be seen: {error.message}"
    if view.filter.conditions:
        # The bounds that ran are those that records held here can answer for.
        fixed = replace(view, filter=replace(view.filter, time=statement.time))
        yield from _without_each(session, fixed, zone, cancelled)
    else:
        yield _the_query_alone(view)
    if isinstance(view.filter.time, TimeRange) and statement.time is not None:
        span = " ".join(format_time(statement.time, UTC))
        yield f"The time asked for is {span}, in UTC; T changes the zone in which it is typed."


def _left_out(facts: SourceFacts) -> tuple[str, ...]:
    count = len(facts.left_out)
    return (f"{count} files or parts of files could not be used: press L.",) if count else ()


def outside(data: TimeRange | None, asked: TimeRange | None, zone: tzinfo = UTC) -> str:
    """That the time asked for misses the data altogether; empty where it does not."""
    if data is None or asked is None or data.since is None or data.until is None:
        return ""
    is_late = asked.since is not None and asked.since > data.until
    is_early = asked.until is not None and asked.until <= data.since
    if not (is_late or is_early):
        return ""
    span = f"{format_instant(data.since, zone)} to {format_instant(data.until, zone)}"
    side = "after" if is_late else "before"
    return f"The time asked for lies {side} the data, which spans {span}"


def _the_query_alone(view: View) -> str:
    if view.filter:
        return "Nothing matches the query under these filters: press f to loosen them."
    if view.query.parameters:
        return "No filter is set: the query itself finds nothing. Press P to change its parameters."
    return "No filter is set: the query itself finds nothing here."


def _clashes(filters: tuple[Condition, ...], own: tuple[Condition, ...]) -> Iterator[str]:
    for a, b in combinations(filters, 2):
        if exclude_each_other(a, b):
            yield (
                f"{format_condition(a)} and {format_condition(b)} exclude each other: "
                "press f and keep one."
            )
    for condition in own:
        for chosen in filters:
            if exclude_each_other(condition, chosen):
                yield (
                    f"The query itself wants {format_condition(condition)}, which excludes "
                    f"{format_condition(chosen)}: press f to drop it, or o for another query."
                )


def exclude_each_other(a: Condition, b: Condition) -> bool:
    """True where no record can meet both; False where that cannot be told from them alone."""
    if a.key != b.key:
        return False
    if Op.IS not in (a.op, b.op):
        more, less = (a, b) if a.op is Op.MORE else (b, a)
        return (
            (more.op, less.op) == (Op.MORE, Op.LESS)
            and not (a.is_excluded or b.is_excluded)
            and int(str(less.values[0])) - int(str(more.values[0])) < 2
        )
    if a.op is not Op.IS or b.op is not Op.IS or (a.is_excluded and b.is_excluded):
        return False
    if a.is_excluded or b.is_excluded:
        wanted, unwanted = (b, a) if a.is_excluded else (a, b)
        return all(any(_holds(no, value) for no in unwanted.values) for value in wanted.values)
    if a.key in SIDED_KEYS:  # one on each side of the record
        return False
    return not any(_overlap(x, y) for x in a.values for y in b.values)


def _overlap(x: Value, y: Value) -> bool:
    if isinstance(x, NumberRange) and isinstance(y, NumberRange):
        return x.first <= y.last and y.first <= x.last
    return _holds(x, y) or _holds(y, x)


def _holds(outer: Value, inner: Value) -> bool:
    """True where every value that `inner` means is one that `outer` means."""
    match outer, inner:
        case NumberRange(), NumberRange():
            return outer.first <= inner.first and inner.last <= outer.last
        case NumberRange(), int():
            return outer.first <= inner <= outer.last
        case ((str() | int() | None), _):
            return outer == inner
        case IPv4Network(), IPv4Network():
            return inner.subnet_of(outer)
        case IPv6Network(), IPv6Network():
            return inner.subnet_of(outer)
        case _:
            return False


def _without_each(
    session: Session, view: View, zone: tzinfo, cancelled: threading.Event
) -> Iterator[str]:
    counts: list[tuple[int, str]] = []
    is_counted = False
    for text, filter in _looser(view.filter, zone):
        if cancelled.is_set():
            return
        try:
            rows = count_rows(session, replace(view, filter=filter), cancelled)
        except FlowtuiError:
            continue
        is_counted = is_counted or rows is not None
        if rows:
            counts.append((rows, text))
    for rows, text in sorted(counts, key=lambda pair: -pair[0]):
        plural = "row" if rows == 1 else "rows"
        figure = f"{rows:,}".replace(",", " ")
        yield f"Without {text} there would be {figure} {plural}: press f to drop it."
    if not is_counted:
        yield "Press f to loosen the filters, or u to undo the last; either asks Athena again."
    elif not counts:
        yield "No single filter is to blame: press f and drop several, or u to undo."


def _looser(filter: FlowFilter, zone: tzinfo) -> list[tuple[str, FlowFilter]]:
    found = [(format_condition(c), filter - c) for c in filter.conditions[:MOST_COUNTED]]
    if filter.time is not None:
        found.append((" ".join(format_time(filter.time, zone)), filter.without_time()))
    return found


def count_rows(session: Session, view: View, cancelled: threading.Event) -> int | None:
    """How many rows a view has, counted by the engine; None where that would be billed."""
    inner = view.query.sql.strip().rstrip(";")
    sql = f"SELECT count(*) AS n FROM (\n{inner}\n) AS answer"
    query = replace(view.query, sql=sql, against="")  # of a comparison: the rows of now
    return _one_number(session, replace(view, query=query), cancelled)


LOST_WINDOWS: Final = SavedQuery(
    "lost-windows",
    "Lost windows",
    "SELECT count(*) AS n FROM flows WHERE log_status = 'SKIPDATA'",
    wants_health=True,
)
"""Counts SKIPDATA windows."""


def lost_windows(session: Session, times: Sequence[TimeRange], cancelled: threading.Event) -> int:
    """SKIPDATA windows in some times, in all where none is given.

    Counted only where that costs nothing, else 0.
    """
    known = session.engine.facts().skipped_windows
    if not known or not times or not session.engine.schema.is_local:
        return known or 0
    views = (View(LOST_WINDOWS, FlowFilter(time=time)) for time in times)
    return sum(_one_number(session, view, cancelled) or 0 for view in views)


def _one_number(session: Session, view: View, cancelled: threading.Event) -> int | None:
    statement = session.compile(view)
    if session.service is None:
        executions = session.run(statement, cancelled)
    else:
        here = session.answer_here(view, statement, cancelled)
        if here is None:
            return None
        executions = here
    *_, last = executions
    if last.state is not QueryState.SUCCEEDED:
        return 0
    rows = session.results(last).page(0, 1).rows
    return int(str(rows[0][0])) if rows else 0
