"""Keeps what an editor holds: a file in its place, SQL as a query of one's own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flowtui.ui import own
from flowtui.ui.editor.checking import Checked
from flowtui.ui.runner import Lane

if TYPE_CHECKING:
    from flowtui.session.ownqueries import Words
    from flowtui.ui.editor.screen import EditorScreen


class Keeping:
    """Keeps the text of an editor."""

    def __init__(self, screen: EditorScreen) -> None:
        self._screen = screen

    def keep(self) -> None:
        """Write the file; SQL is judged first, and its title asked for."""
        if self._screen.sheet.path is not None:
            self._write(is_agreed=False)
        else:
            self._screen.judging.when_judged(self._ask_words)

    def _ask_words(self, checked: Checked) -> None:
        from flowtui.session.ownqueries import Words, told
        from flowtui.ui.screens.keep_form import KeepForm

        if checked.view is None:
            return
        setting = self._screen.explore.setting
        query, directory = checked.view.query, setting.queries

        def given(words: Words | None) -> None:
            if words is not None:
                piece = partial(own.keep_new, told(query, words), directory)
                self._screen.start(Lane.NAMED, partial(piece, setting.read_library))

        words = Words(query.title, query.description, query.parameters)
        about = f"The SQL as it is written here, for any filter and time, in {directory}."
        self._screen.app.push_screen(KeepForm("Keep as a file", about, words), given)

    def _write(self, *, is_agreed: bool) -> None:
        screen = self._screen
        assert screen.sheet.path is not None
        before = None if is_agreed else screen.sheet.text
        piece = partial(own.write_over, screen.sheet.path, before, screen.area.text)
        screen.start(Lane.NAMED, partial(piece, screen.explore.setting.read_library))

    def ask_to_write_over(self, event: own.FileChanged) -> None:
        """Something else has changed the file meanwhile: ask."""
        from flowtui.ui.screens.confirm import ConfirmScreen

        def answered(is_meant: bool | None) -> None:
            if is_meant:
                self._write(is_agreed=True)
            else:
                self._screen.note("Nothing was written; the draft is kept.")

        question = f"{event.path} was changed by something else meanwhile. Write over it?"
        self._screen.app.push_screen(ConfirmScreen(question, "write over it"), answered)
