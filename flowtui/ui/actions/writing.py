"""The command that writes the rows to a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flowtui.domain.spans import length
from flowtui.session.rowfile import default_name
from flowtui.ui.runner import Lane
from flowtui.ui.work import counted

if TYPE_CHECKING:
    from flowtui.session.rowfile import Manner
    from flowtui.ui.messages import RowsWritten
    from flowtui.ui.screens.explore import ExploreScreen
    from flowtui.ui.screens.write_form import WriteForm
    from flowtui.ui.walk import Answer


async def write_rows(screen: ExploreScreen) -> None:
    """Ask for a file, and write all rows, or the marked ones, to it in the order shown."""
    from flowtui.ui.messages import WriteFailed
    from flowtui.ui.screens.write_form import WriteForm

    walk, showing = screen.course.walk, screen.course.showing
    if walk is None or showing is None:
        screen.note("There are no rows to write yet.")
        return

    marks = screen.table.marks

    def begin(form: WriteForm, path: Path, manner: Manner) -> None:
        wanted = marks if form.is_only_marked else None
        piece = partial(showing.write, path, manner, wanted)
        screen.runner.start(Lane.WRITE, piece, form, partial(WriteFailed, path))

    def left(written: RowsWritten | None) -> None:
        screen.runner.cancel(Lane.WRITE)
        if written is None:
            screen.note("Nothing was written.")
        else:
            rows = counted(written.rows, "row")
            what = f"the addresses of {rows}" if written.path.suffix == ".txt" else rows
            hidden = ", anonymised," if written.is_anonymised else ""
            screen.note(f"Wrote {what}{hidden} to {written.path}", "good")

    name = default_name(walk.view.query.slug, screen.setting.clock())
    stop = partial(screen.runner.cancel, Lane.WRITE)
    is_hidden = screen.copying.is_anonymised
    form = WriteForm(name, _about(walk.answer), begin, stop, length(marks), is_anonymised=is_hidden)
    await screen.app.push_screen(form, left)


def _about(answer: Answer) -> str:
    """Which rows there are."""
    rows = counted(answer.rows_shown, "row") + ("" if answer.is_complete else " so far")
    about = f"All {rows}, in the order shown, those still to come too."
    if answer.is_complete:
        about = f"All {rows}, in the order shown."
    if answer.contains:
        about = f"The quick filter is on: only rows that hold “{answer.contains}”, {rows}."
    return about
