"""From the author's SQL to the statement as it runs, and back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flowtui.ui.editor.checking import Checked

if TYPE_CHECKING:
    from flowtui.ui.editor.screen import EditorScreen


def turn(screen: EditorScreen) -> None:
    """Show the other text; the finished one as soon as it is made."""
    if screen.sheet.path is not None:
        screen.note("A file holds the author's SQL; r runs it, S then shows it as it ran.")
    elif screen.texts.is_finished:
        screen.texts.show_author(screen.area.text)
        screen.show_other()
    else:
        screen.judging.when_judged(partial(_finish, screen))


def _finish(screen: EditorScreen, checked: Checked) -> None:
    if checked.statement is None or checked.view is None:
        return  # what is wrong is on the screen
    if checked.missing and not screen.texts.finished:
        screen.note("It needs values first: ^R asks for them; then S shows it as it ran.")
        return
    screen.texts.show_finished(screen.area.text, checked.statement, checked.view.filter)
    screen.show_other()
