"""Commands that go somewhere: into a row, back, forward, out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from flowtui.domain.executions import QueryExecution
from flowtui.domain.filterline import format_condition
from flowtui.domain.filters import Condition, FlowFilter, Value
from flowtui.domain.times import TimeRange
from flowtui.session.bill import bill_so_far
from flowtui.ui.actions import looking
from flowtui.ui.widgets.status_title import span_text

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen

_LABEL_PARTS: Final = 2
"""How much a crumb tells of a row; the chips tell all."""


async def drill(screen: ExploreScreen) -> None:
    """From an aggregate row to its records; from a record to its fields."""
    walk = screen.course.walk
    row = screen.table.row_at(screen.table.cursor[0])
    if walk is None or row is None or screen.library is None:
        return
    if walk.view.query.is_records:
        await looking.open_record(screen)
        return
    found = row_filter(screen)
    if found is None:
        screen.note("These rows do not lead to records: here are their fields.", "warning")
        await looking.open_record(screen)
        return
    label = drill_label(found, screen)
    statement = walk.answer.statement
    if statement is not None and statement.before is not None:
        found = replace(found, time=statement.span)  # the records of both windows
        between = ", and of what lies between" if len(statement.windows) > 1 else ""
        screen.call_next(screen.note, f"The records of both windows{between}.")
    screen.course.go(
        screen.course.kept().push(walk.view.drill(screen.library.records, found, label))
    )


def row_filter(screen: ExploreScreen) -> FlowFilter | None:
    """What selects the records behind the row under the cursor; None where nothing does."""
    from flowtui.sql import drill_filter

    walk = screen.course.walk
    row = screen.table.row_at(screen.table.cursor[0])
    statement = walk.answer.statement if walk else None
    if row is None or statement is None or not statement.drill:
        return None
    try:
        return drill_filter(
            statement.drill, screen.table.columns, row, statement.conditions, statement.time
        )
    except (ValueError, OverflowError) as error:
        screen.note(str(error), "warning")
        return None


def drill_label(filter: FlowFilter, screen: ExploreScreen) -> str:
    """`203.0.113.9 → 10.0.1.20`, and what else told the row from others."""
    by_key = {condition.key: condition for condition in filter.conditions}
    parts = []
    if "srcaddr" in by_key and "dstaddr" in by_key:
        ends = (_values(by_key.pop("srcaddr")), _values(by_key.pop("dstaddr")))
        parts.append(" → ".join(ends))
    parts += [format_condition(c) for c in by_key.values() if c.key != "action"]
    if isinstance(filter.time, TimeRange):
        parts.append(span_text(filter.time, screen.zone))
    more = ["…"] if len(parts) > _LABEL_PARTS else []
    return " ".join(parts[:_LABEL_PARTS] + more) or "records"


def _values(condition: Condition) -> str:
    return format_condition(condition).partition(":")[2]


def pair_of(filter: FlowFilter) -> tuple[Value, Value] | None:
    """Source and destination that a filter names, where it names both."""
    found = {c.key: c.values for c in filter.conditions if not c.is_excluded}
    if "srcaddr" in found and "dstaddr" in found:
        return found["srcaddr"][0], found["dstaddr"][0]
    return None


async def back_or_out(screen: ExploreScreen) -> None:
    """Out of the quick filter, else back; at the first view, out to what it was opened from."""
    if screen.course.walk is not None and screen.course.walk.answer.contains:
        screen.course.begin_filtering()
        screen.course.filter_rows("")
        screen.note("The quick filter is off.")
        return
    if screen.course.walk is not None and screen.course.walk.trail.can_go_back:
        back(screen)
        return
    if screen.app.screen_stack[0] is not screen:
        screen.course.keep()
        screen.runner.cancel_all()
        screen.app.pop_screen()
        return
    if running_on_service(screen) is not None:
        await leave(screen)
        return
    from flowtui.ui.screens.confirm import ConfirmScreen

    is_busy = screen.course.is_running
    question = "Leave flowtui? What runs is cancelled." if is_busy else "Leave flowtui?"

    def answered(is_meant: bool | None) -> None:
        if is_meant:
            _exit(screen)

    await screen.app.push_screen(ConfirmScreen(question, "leave"), answered)


def back(screen: ExploreScreen) -> None:
    """To the view before, as it stood."""
    if screen.course.walk is not None and screen.course.walk.trail.can_go_back:
        screen.course.go(screen.course.kept().back())
    else:
        screen.note("This is the first view.")


def forward(screen: ExploreScreen) -> None:
    """To the view that back came from, as it stood."""
    if screen.course.walk is not None and screen.course.walk.trail.can_go_forward:
        screen.course.go(screen.course.kept().forward())
    else:
        screen.note("This is the last view.")


def previous(screen: ExploreScreen) -> None:
    """To the view seen before this one."""
    if screen.course.walk is None or screen.course.walk.previous is None:
        screen.note("There is no other view yet.")
        return
    screen.course.go(screen.course.kept().toggled())


async def leave(screen: ExploreScreen) -> None:
    """Leave the program; where a query runs on Athena, ask what becomes of it."""
    execution = running_on_service(screen)
    if execution is None:
        _exit(screen)
        return
    from flowtui.ui.screens.leaving import LeaveScreen, Way

    def answered(way: Way | None) -> None:
        if way is Way.RUN_ON:
            _let_run_on(screen)
        if way is not None:
            _exit(screen)

    told = f"A query runs on Athena. {bill_so_far(execution)}".rstrip()
    await screen.app.push_screen(LeaveScreen(told), answered)


def running_on_service(screen: ExploreScreen) -> QueryExecution | None:
    """The execution that would go on on Athena by itself; None: there is none."""
    walk, session = screen.course.walk, screen.session
    execution = walk.answer.execution if walk else None
    if session is None or session.service is None or execution is None:
        return None
    is_there = bool(execution.query_id) and not execution.state.is_terminal
    return execution if is_there and screen.course.is_running else None


def _let_run_on(screen: ExploreScreen) -> None:
    execution = running_on_service(screen)
    if execution is not None and screen.session is not None:
        screen.session.leave_running(execution)
        screen.course.learn(is_left_running=True)


def _exit(screen: ExploreScreen) -> None:
    screen.course.keep()
    screen.app.exit()
