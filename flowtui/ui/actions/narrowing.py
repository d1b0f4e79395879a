"""Commands that change the question by what is under the cursor, and take that back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flowtui.domain.conditions import kind_of
from flowtui.domain.executions import Cell, Column
from flowtui.domain.fields import FIELD
from flowtui.domain.filters import FlowFilter
from flowtui.ui.actions.asking import change_filter
from flowtui.ui.actions.going import drill_label, pair_of, row_filter

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen


def only(screen: ExploreScreen) -> None:
    """Only records with the value under the cursor."""
    _narrow(screen, is_excluded=False)


def exclude(screen: ExploreScreen) -> None:
    """No records with the value under the cursor."""
    _narrow(screen, is_excluded=True)


def _narrow(screen: ExploreScreen, *, is_excluded: bool) -> None:
    found = screen.table.cell_at_cursor()
    if found is not None:
        narrow_by(screen, *found, is_excluded=is_excluded)


def narrow_by(screen: ExploreScreen, column: Column, value: Cell, *, is_excluded: bool) -> None:
    """Only records with a value in a column of the result, or all but those."""
    from flowtui.sql import condition_for_cell, drill_filter

    if screen.course.walk is None:
        return
    key = filter_key(screen, column.name)
    if key is None:
        screen.note(
            f"{column.name} is worked out by the query: records cannot be told by it.", "warning"
        )
        return
    filter = screen.course.walk.view.filter
    try:
        if key.startswith("time:"):
            if is_excluded:
                screen.note("A time cannot be left out: t chooses the range.", "warning")
                return
            slot = drill_filter([(column.name, key)], [column], (value,))
            change_filter(screen, filter & slot)
            return
        condition = replace(condition_for_cell(key, value), is_excluded=is_excluded)
    except (ValueError, OverflowError) as error:
        screen.note(str(error), "warning")
        return
    if condition in filter.conditions:
        screen.note("The filter says so already.")
        return
    change_filter(screen, filter & condition)


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
    """The question before its last change, with its rows."""
    if screen.course.walk is None or not screen.course.walk.step.before:
        screen.note("Nothing to undo here: q or [ goes back.")
        return
    screen.course.go(screen.course.kept().undo())


def redo(screen: ExploreScreen) -> None:
    """What was undone."""
    if screen.course.walk is None or not screen.course.walk.step.after:
        screen.note("Nothing to redo.")
        return
    screen.course.go(screen.course.kept().redo())


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
