"""Commands that change the question by what is under the cursor, and take that back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from ipaddress import IPv4Network, IPv6Network
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from flowtui.domain.addresses import Network
from flowtui.domain.conditions import kind_of
from flowtui.domain.executions import Cell, Column
from flowtui.domain.fields import FIELD
from flowtui.domain.filterline import format_condition
from flowtui.domain.filters import Condition, FlowFilter
from flowtui.domain.pivots import keep_only, leave_out, put_in_place, widened
from flowtui.domain.times import TimeRange
from flowtui.ui.actions.asking import change_filter
from flowtui.ui.actions.going import drill_label, pair_of, row_filter
from flowtui.ui.runner import Lane

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen

MOST_VALUES: Final = 500
"""Different values that one condition takes from marked rows; Athena's SQL has an end."""


@dataclass(frozen=True, slots=True)
class Pivot:
    """What `=` or `!` on one address made last; the same key again widens it."""

    condition: Condition
    address: Network


def only(screen: ExploreScreen) -> None:
    """Only records with the value under the cursor, or one of those of the marked rows."""
    _narrow(screen, is_excluded=False)


def exclude(screen: ExploreScreen) -> None:
    """No records with the value under the cursor, or with one of those of the marked rows."""
    _narrow(screen, is_excluded=True)


def _narrow(screen: ExploreScreen, *, is_excluded: bool) -> None:
    """By the values of the marked rows in the cursor's column, else by the cell under it."""
    from flowtui.ui.marked import read_values

    showing, columns = screen.course.showing, screen.table.columns
    if screen.table.marks and showing is not None and columns:
        column = columns[screen.table.cursor[1]]
        take = partial(narrow_by, screen, column, is_excluded=is_excluded)
        piece = partial(read_values, showing, screen.table.marks, column.name, MOST_VALUES, take)
        screen.start(Lane.VALUES, piece)
        return
    found = screen.table.cell_at_cursor()
    if found is not None:
        narrow_by(screen, found[0], (found[1],), is_excluded=is_excluded)


def narrow_by(
    screen: ExploreScreen, column: Column, values: Sequence[Cell], *, is_excluded: bool
) -> None:
    """Only records with one of some values in a column of the result, or all but those."""
    from flowtui.sql import condition_for_cell

    if screen.course.walk is None:
        return
    key = filter_key(screen, column.name)
    if key is None:
        screen.note(
            f"{column.name} is worked out by the query: records cannot be told by it.", "warning"
        )
        return
    cells = tuple(dict.fromkeys(values))
    if len(cells) > MOST_VALUES:
        screen.note(f"These are more than {MOST_VALUES} different values.", "warning")
        return
    try:
        if key.startswith("time:"):
            _narrow_time(screen, column, key, cells, is_excluded=is_excluded)
            return
        wanted = dict.fromkeys(v for cell in cells for v in condition_for_cell(key, cell).values)
    except (ValueError, OverflowError) as error:
        screen.note(str(error), "warning")
        return
    _apply(screen, Condition(key, tuple(wanted), is_excluded=is_excluded))


def _narrow_time(
    screen: ExploreScreen, column: Column, key: str, cells: Sequence[Cell], *, is_excluded: bool
) -> None:
    """Narrow to the time of one slot, or of several side by side."""
    from flowtui.sql import drill_filter

    assert screen.course.walk is not None
    if is_excluded:
        screen.note("A time cannot be left out: t chooses the range.", "warning")
        return
    slots = (drill_filter([(column.name, key)], [column], (cell,)).time for cell in cells)
    found = sorted(
        (slot.since, slot.until)
        for slot in slots
        if isinstance(slot, TimeRange) and slot.since and slot.until
    )
    if any(until != since for (_, until), (since, _) in pairwise(found)):
        screen.note("These times do not lie side by side: a filter holds one range.", "warning")
    elif found:
        time = TimeRange(found[0][0], found[-1][1])
        change_filter(screen, replace(screen.course.walk.view.filter, time=time))


def _apply(screen: ExploreScreen, condition: Condition) -> None:
    assert screen.course.walk is not None
    filter = screen.course.walk.view.filter
    address = _single(condition)
    if address is not None and (wide := _wider(screen, condition, address)):
        old, new = wide
        change_filter(screen, put_in_place(filter, old, new))
        screen.course.pivot = Pivot(new, address)
        screen.note(_widened_text(new))
        return
    make = leave_out if condition.is_excluded else keep_only
    changed = make(filter, condition)
    if changed == filter:
        screen.note("The filter says so already.")
        return
    change_filter(screen, changed)
    if address is not None:
        screen.course.pivot = Pivot(condition, address)


def _single(condition: Condition) -> Network | None:
    value = condition.values[0]
    is_network = isinstance(value, IPv4Network | IPv6Network) and value.num_addresses == 1
    return value if len(condition.values) == 1 and is_network else None  # type: ignore[return-value]


def _wider(
    screen: ExploreScreen, condition: Condition, address: Network
) -> tuple[Condition, Condition] | None:
    """The condition that the same key on the same address made, and the wider one for it."""
    assert screen.course.walk is not None
    for old in screen.course.walk.view.filter.conditions:
        if old.key != condition.key or old.is_excluded != condition.is_excluded:
            continue
        if old == condition or _is_made_here(screen, old, address):
            new = widened(old, address)
            return (old, new) if new is not None and new != old else None
    return None


def _is_made_here(screen: ExploreScreen, old: Condition, address: Network) -> bool:
    """True where the last pivot made it, on this address or with the cursor left where it was."""
    pivot = screen.course.pivot
    if pivot is None or pivot.condition != old:
        return False
    is_unmoved = screen.table.cursor[0] == 0 and not old.is_excluded
    return address == pivot.address or is_unmoved


def _widened_text(condition: Condition) -> str:
    key = "!" if condition.is_excluded else "="
    network = condition.values[0]
    assert isinstance(network, IPv4Network | IPv6Network)
    what = "Without" if condition.is_excluded else "Only"
    said = format_condition(replace(condition, is_excluded=False))
    if network.num_addresses == 1:
        return f"{what} {said}: the address alone again."
    return f"{what} {said}: the /{network.prefixlen} around it; {key} again goes on."


def filter_key(screen: ExploreScreen, column: str) -> str | None:
    """The filter key that tells records by a column of the result; None where none does."""
    walk = screen.course.walk
    if walk is None or walk.answer.statement is None:
        return None
    drill = dict(walk.answer.statement.drill)
    if column in drill:
        return drill[column]
    if not walk.view.query.is_records:
        return None
    is_known = column in FIELD or column in screen.extra_fields
    return column if is_known and kind_of(column) else None


def undo(screen: ExploreScreen) -> None:
    """What was before the last change of the question, or of the look of its rows."""
    if screen.course.walk is None or not screen.course.walk.step.before:
        screen.note("Nothing to undo here: q or [ goes back.")
        return
    screen.course.undo()


def redo(screen: ExploreScreen) -> None:
    """What was undone."""
    if screen.course.walk is None or not screen.course.walk.step.after:
        screen.note("Nothing to redo.")
        return
    screen.course.redo()


def flip(screen: ExploreScreen) -> None:
    """The same pair in the other direction, whatever was done with it."""
    walk = screen.course.walk
    if walk is None or screen.library is None:
        return
    if walk.view.query.is_records and pair_of(walk.view.filter) is not None:
        filter = _any_action(walk.view.filter)
        view = replace(walk.view, filter=filter).flip()
    else:
        found = row_filter(screen)
        if found is None or pair_of(found) is None:
            screen.note("There is no pair of addresses in this row.", "warning")
            return
        view = walk.view.drill(screen.library.records, _any_action(found), "")
        view = replace(view, filter=_any_action(view.filter)).flip()
    own = FlowFilter(tuple(c for c in view.filter.conditions if c.key in _PAIR))
    screen.course.go(screen.course.kept().push(replace(view, label=drill_label(own, screen))))
    screen.note("The other direction, accepted and rejected.")


_PAIR = ("srcaddr", "dstaddr", "srcport", "dstport")


def _any_action(filter: FlowFilter) -> FlowFilter:
    """A rejected request has no answer of the same kind to look for."""
    return replace(filter, conditions=tuple(c for c in filter.conditions if c.key != "action"))
