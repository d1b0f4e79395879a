"""Commands that go to a pane, and give it all the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowtui.ui.widgets.query_list import QueryList

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen

_ROWS = "-only-rows"
_QUERIES = "-only-queries"


def to_queries(screen: ExploreScreen) -> None:
    """To the list of queries, which gets room where it had none."""
    queries = screen.query_one(QueryList)
    screen.remove_class(_ROWS)
    if screen.has_class("-narrow"):
        screen.add_class(_QUERIES)
    queries.focus()


def to_rows(screen: ExploreScreen) -> None:
    """To the table."""
    screen.remove_class(_QUERIES)
    if screen.table.display:
        screen.set_focus(screen.table)


def to_next(screen: ExploreScreen) -> None:
    """Between the list of queries and the rows."""
    queries = screen.query_one(QueryList)
    if isinstance(screen.focused, QueryList) or not queries.display:
        to_rows(screen)
    else:
        queries.focus()


def maximise(screen: ExploreScreen) -> None:
    """Give the pane that has the keys all the room; again: as it was."""
    is_list = isinstance(screen.focused, QueryList)
    wanted, other = (_QUERIES, _ROWS) if is_list else (_ROWS, _QUERIES)
    screen.remove_class(other)
    screen.toggle_class(wanted)
    if not is_list:
        to_rows(screen)
    screen.note("z again: all panes." if screen.has_class(wanted) else "")


def leave_queries(screen: ExploreScreen) -> None:
    """A query was chosen: its rows need the room."""
    screen.remove_class(_QUERIES)
