"""Commands that copy how to have the rows again: the command line, and the ticket block."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flowtui.domain.spans import length
from flowtui.ui import copies, work
from flowtui.ui.actions.copying import copy_text, held, marked_rows, rows_on_screen, wanted
from flowtui.ui.runner import Lane

if TYPE_CHECKING:
    from flowtui.domain.views import View
    from flowtui.session.formats.ticket import Ticket
    from flowtui.ui.screens.explore import ExploreScreen
    from flowtui.ui.walk import Answer


def can_cite(screen: ExploreScreen) -> bool:
    """True where there are rows, and a command line can name their source."""
    walk = screen.course.walk
    is_known = walk is not None and walk.answer.statement is not None
    return is_known and screen.setting.source is not None


def is_answered(screen: ExploreScreen) -> bool:
    """True where there are rows, or it is known that there are none: that is evidence too."""
    walk = screen.course.walk
    if walk is None or walk.answer.statement is None:
        return False
    return not _is_empty(screen) or walk.answer.is_complete


def _is_empty(screen: ExploreScreen) -> bool:
    """True where no rows are shown; the table may hold those of a view before."""
    return screen.course.showing is None or not screen.table.total_rows


def copy_command(screen: ExploreScreen) -> None:
    """The command line that gives these rows again."""
    copy_text(screen, "\n".join(command_lines(screen)), "the command line")


def command_lines(screen: ExploreScreen) -> tuple[str, ...]:
    """What gives the rows again, the cheapest first; what would scan again is a comment."""
    from flowtui.domain.executions import Refinement
    from flowtui.session.earlier import is_kept
    from flowtui.session.reproducing import asking_line, attaching_line, reached

    walk, source = screen.course.walk, screen.setting.source
    if walk is None or source is None or walk.answer.statement is None:
        return ()
    answer = walk.answer
    refinement = Refinement(answer.order, answer.contains)
    place = reached(source)
    time = walk.answer.statement.time
    asked = asking_line(walk.view, time, place, refinement, screen.library)
    execution = answer.execution
    if execution is None or not is_kept(execution, screen.setting.clock()):
        return (asked,)
    anew = "\n".join(f"# {line}" for line in asked.split("\n"))
    again = attaching_line(execution.query_id, place, refinement)
    return (again, f"# asked anew, which scans again:\n{anew}")


def show_plain(screen: ExploreScreen) -> None:
    """Print the marked rows, else those on the screen, undecorated, beside the screen."""
    from flowtui.ui.plainly import print_rows

    marked = marked_rows(screen)
    rows = wanted(screen, marked or held(rows_on_screen(screen)), marked is not None)
    screen.start(Lane.COPY, partial(print_rows, rows, screen.copying, length(screen.table.marks)))


def copy_ticket(screen: ExploreScreen) -> None:
    """A ticket block of the marked rows, else of those on the screen."""
    walk = screen.course.walk
    if walk is None or walk.answer.statement is None:
        return
    marked = marked_rows(screen)
    shown = [] if _is_empty(screen) else rows_on_screen(screen)
    rows = wanted(screen, marked or held(shown), marked is not None)
    choice, ticket = screen.copying, _ticket(screen)
    piece = partial(copies.copy_ticket, screen.setting.copier, rows, ticket, choice)
    screen.start(Lane.COPY, piece)


def _ticket(screen: ExploreScreen) -> Ticket:
    from dataclasses import replace

    from flowtui.domain.filterline import format_filter
    from flowtui.session.formats.ticket import Ticket, incomplete
    from flowtui.session.reproducing import reached
    from flowtui.ui.doubts import doubts

    walk, source = screen.course.walk, screen.setting.source
    assert walk is not None
    answer = walk.answer
    statement, execution = answer.statement, answer.execution
    assert statement is not None
    fixed = replace(walk.view.filter, time=statement.time or walk.view.filter.time)
    notes = screen.facts.notes if screen.facts else ()
    short = (incomplete(execution) if execution else "", _cut(walk.view, answer))
    return Ticket(
        title=" › ".join(walk.trail.crumbs()),
        extent=f"{_extent(screen)}{_refined(answer)}.",
        filter=format_filter(fixed),
        source=reached(source).text if source else screen.setting.title,
        statement=statement,
        execution=execution,
        extent_of_data=screen.facts.time if screen.facts else None,
        warnings=(*filter(None, short), *doubts(walk, screen.facts), *answer.reasons, *notes),
        commands=command_lines(screen),
        made=screen.setting.clock(),
    )


def _cut(view: View, answer: Answer) -> str:
    most = view.most_rows
    is_cut = most is not None and answer.rows_here >= most > 0
    return (
        f"The query ends at {work.counted(most or 0, 'row')}: there may be more." if is_cut else ""
    )


def _extent(screen: ExploreScreen) -> str:
    total = work.counted(screen.table.total_rows, "row")
    seen, marked = screen.table.visible_rows, length(screen.table.marks)
    if _is_empty(screen):
        return "No rows"
    if not marked:
        return f"Rows {seen.start + 1}-{seen.stop} of {total}"
    rows = work.counted(marked, "marked row")
    if marked > copies.TICKET_ROWS:
        return f"The first {copies.TICKET_ROWS} of {rows}, of {total}"
    return f"{rows} of {total}"


def _refined(answer: Answer) -> str:
    keys = [f"{key.column}{' (down)' if key.is_descending else ''}" for key in answer.order]
    order = f", sorted by {', '.join(keys)}" if keys else ""
    quick = f", of those that hold “{answer.contains}”" if answer.contains else ""
    return f"{quick}{order}"
