"""Lines of a table as they were drawn last: only what changed is drawn again."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style
from textual.strip import Strip

from flowtui.ui.table.paint import Brush
from flowtui.ui.table.rows import MOST_HELD
from flowtui.ui.table.sheet import Sheet


class Drawing:
    """Strips of the rows of a sheet, and the styles they are drawn in.

    Args:
        sheet: What is shown.
        style_of: The style of a component class; `True`: by itself, not over another one.
    """

    def __init__(self, sheet: Sheet, style_of: Callable[[str, bool], Style]) -> None:
        self._sheet = sheet
        self._style_of = style_of
        self._strips: dict[tuple[int, int | None, bool], Strip] = {}
        self._styles: dict[str, Style] = {}

    def forget(self) -> None:
        """Draw every line anew."""
        self._strips.clear()

    def forget_styles(self) -> None:
        """Read the styles anew too: the theme is another."""
        self._styles.clear()
        self._strips.clear()

    def brush(self, search: str) -> Brush:
        """What lines are drawn with; `search` is marked in them, lower case."""
        sheet = self._sheet
        return Brush(sheet.boxes, sheet.frozen, sheet.left, sheet.room, self.style, search)

    def row(self, index: int, cursor: tuple[int, int], brush: Brush) -> Strip:
        """The line of a row."""
        is_marked = index in self._sheet.marks
        key = index, cursor[1] if index == cursor[0] else None, is_marked
        strip = self._strips.get(key)
        if strip is None:
            if len(self._strips) > MOST_HELD:
                self._strips.clear()
            name = "row" if index == cursor[0] else ("odd", "even")[index % 2]
            strip = brush.row(self._sheet.texts(index), self.style(name), key[1], is_marked)
            self._strips[key] = strip
        return strip

    def style(self, name: str) -> Style:
        """The style of a component, by its name without `result--`."""
        style = self._styles.get(name)
        if style is None:
            is_whole = name in ("header", "odd", "even", "row")
            style = self._styles[name] = self._style_of(f"result--{name}", is_whole)
        return style
