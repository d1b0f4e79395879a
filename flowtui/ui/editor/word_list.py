"""The words that may stand at the cursor, under the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from flowtui.ui.editor.words import Word
from flowtui.ui.widgets.line import plain

_SHOWN: Final = 7


class WordList(OptionList, inherit_bindings=False):
    """A list that never takes the keys: the text has them, and moves the highlight."""

    DEFAULT_CSS = """
    WordList {
        height: auto; max-height: 7; padding: 0; border: none; background: $panel;
        scrollbar-size-vertical: 1; display: none;
        & > .option-list--option { padding: 0 1; }
        & > .option-list--option-highlighted { background: $primary; color: $text;
            text-style: bold; }
    }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.can_focus = False
        self._words: tuple[Word, ...] = ()

    @property
    def is_open(self) -> bool:
        """True while words are offered."""
        return bool(self._words)

    def offer(self, words: Sequence[Word]) -> None:
        """Offer these; none: close."""
        self._words = tuple(words)
        width = max((len(word.text) for word in self._words), default=0)
        self.set_options(
            Option(Content.assemble(f"{plain(w.text):<{width}}", (f"  {plain(w.about)}", "dim")))
            for w in self._words
        )
        self.display = bool(self._words)
        if self._words:
            self.highlighted = 0

    @property
    def chosen(self) -> Word | None:
        """The word under the highlight."""
        at = self.highlighted
        return self._words[at] if at is not None and at < len(self._words) else None

    def move(self, key: str) -> None:
        """Move the highlight as a key says."""
        match key:
            case "down":
                self.action_cursor_down()
            case "up":
                self.action_cursor_up()
            case "pagedown" | "pageup":
                by = _SHOWN if key == "pagedown" else -_SHOWN
                last = len(self._words) - 1
                self.highlighted = max(0, min(last, (self.highlighted or 0) + by))
