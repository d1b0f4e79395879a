"""Commands that mark rows: copying, writing and narrowing act on those in place of one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowtui.ui.following import MOST_SPANS
from flowtui.ui.table import NO_MARKS, Marks

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen


def mark_row(screen: ExploreScreen) -> None:
    """Mark the row under the cursor, or unmark it."""
    if _can_mark(screen):
        _put(screen, screen.table.sheet.marks.toggled(screen.table.cursor[0]))


def mark_range(screen: ExploreScreen) -> None:
    """Mark from the last marked row to the cursor."""
    if not _can_mark(screen):
        return
    marks = screen.table.sheet.marks
    _put(screen, marks.ranged(screen.table.cursor[0]))
    if marks.anchor is None:
        screen.note("Marked this row: V on another one marks all between.")


def invert_marks(screen: ExploreScreen) -> None:
    """Mark what is not marked, and the other way round, of the rows that are shown."""
    if _can_mark(screen):
        _put(screen, screen.table.sheet.marks.flipped(screen.table.total_rows))


def clear_marks(screen: ExploreScreen) -> None:
    """Unmark every row, hidden ones too."""
    if screen.table.sheet.marks:
        _put(screen, NO_MARKS)
        screen.note("No row is marked.")


def _can_mark(screen: ExploreScreen) -> bool:
    course = screen.course
    if course.showing is None or not screen.table.total_rows:
        return False
    if course.showing.refinement.order and course.is_growing:
        # Rows still to come are sorted in between: the marks would come to stand on others.
        screen.note("Sorted rows can be marked once all rows are here.", "warning")
        return False
    return True


def _put(screen: ExploreScreen, marks: Marks) -> None:
    if len(marks.shown) > MOST_SPANS:
        screen.note(f"At most {MOST_SPANS} stretches of rows can be marked.", "warning")
        return
    screen.table.put_marks(marks)
    screen.course.keep_soon()
    screen.told.place()
    screen.told.footer()
