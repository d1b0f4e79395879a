"""Words offered while SQL is written, and put where the cursor is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowtui.ui.editor.word_list import WordList
from flowtui.ui.editor.words import begun_word, words_for

if TYPE_CHECKING:
    from flowtui.ui.editor.screen import EditorScreen


class Completing:
    """Offers words for the text of an editor."""

    def __init__(self, screen: EditorScreen) -> None:
        self._screen = screen

    @property
    def _list(self) -> WordList:
        return self._screen.query_one(WordList)

    def follow(self) -> None:
        """The text has changed: offer what fits now, where words are offered."""
        if self._list.is_open:
            self._offer()

    def press(self, key: str) -> bool:
        """Do what a key means while words are offered; True where it meant something."""
        if key == "tab" and not self._list.is_open:
            self._offer(is_asked=True)
            return True
        if not self._list.is_open:
            return False
        if key in ("tab", "enter"):
            self._put_word()
        elif key == "escape":
            self._list.offer(())
        else:
            self._list.move(key)
        return True

    def _offer(self, *, is_asked: bool = False) -> None:
        before, screen = self._before, self._screen
        words = words_for(before, screen.session.engine.schema, screen.sheet.view.query.parameters)
        begun = begun_word(before)
        if not begun and not is_asked:
            words = ()
        self._list.offer(words)
        if is_asked and len(words) == 1:
            self._put_word()
        elif is_asked and not words:
            screen.note(f"Nothing begins with {begun}.")

    @property
    def _before(self) -> str:
        row, column = self._screen.area.cursor_location
        return self._screen.area.document.get_line(row)[:column]

    def _put_word(self) -> None:
        area, word = self._screen.area, self._list.chosen
        self._list.offer(())
        if word is None:
            return
        row, column = area.cursor_location
        begun = begun_word(self._before)
        area.replace(
            word.text, (row, column - len(begun)), (row, column), maintain_selection_offset=False
        )
