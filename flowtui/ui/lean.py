"""Sends a terminal only what differs from what it shows, for lines on which bytes are dear.

Textual sends whole widgets, with all attributes before each piece of text: 30 kB when a line opens
to type in. Here the terminal's cells are known, and only those that change are sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

Piece = tuple[int, int, Strip]
"""Column and line of the first cell, and what is drawn from there on."""
SLOW: Final = "-slow-line"
"""CSS class of an application that sends few bytes."""
_FREE: Final = 6
"""Unchanged cells that cost no more than a move over them."""


class Look(NamedTuple):
    """SGR parameters of a cell."""

    attributes: str
    colour: str
    background: str


class Cell(NamedTuple):
    """What a cell shows; a wide character stands in its first cell, and nothing in its second."""

    text: str
    look: Look


_PLAIN: Final = Look("", "", "")
_UNKNOWN: Final = Cell("\0", _PLAIN)


class ShownCells:
    """What a terminal shows, cell by cell, as far as it is known."""

    def __init__(self) -> None:
        self._lines: dict[int, list[Cell]] = {}

    def forget(self) -> None:
        """Nothing is known any more: all that is drawn next is sent."""
        self._lines.clear()

    def sequence(self, pieces: Iterable[Piece], colours: ColorSystem) -> str:
        """What must be sent so that the pieces are shown; afterwards they are taken for shown."""
        pen = _Pen()
        for x, y, strip in pieces:
            cells = _cells(strip, colours)
            line = self._lines.setdefault(y, [])
            line.extend([_UNKNOWN] * (x + len(cells) - len(line)))
            for first, last in _changes(line[x : x + len(cells)], cells):
                pen.write(x + first, y, cells[first:last])
            line[x : x + len(cells)] = cells
        return pen.sequence()


class _Pen:
    """Writes cells, and knows where it stands and how it writes."""

    def __init__(self) -> None:
        self._written: list[str] = []
        self._look = _PLAIN

    def write(self, x: int, y: int, cells: list[Cell]) -> None:
        self._written.append(f"\x1b[{y + 1};{x + 1}H")
        for cell in cells:
            if cell.look != self._look:
                self._written.append(_change(self._look, cell.look))
                self._look = cell.look
            self._written.append(cell.text)

    def sequence(self) -> str:
        end = ["\x1b[m"] if self._look != _PLAIN else []
        return "".join(self._written + end)


@lru_cache(1024)
def _change(before: Look, after: Look) -> str:
    """From one look to another: only what differs, where nothing must be taken away."""
    is_less = any(was and not now for was, now in zip(before, after, strict=True))
    if before.attributes != after.attributes or is_less:
        return f"\x1b[{';'.join(('', *filter(None, after)))}m"
    changed = (now for was, now in zip(before, after, strict=True) if was != now)
    return f"\x1b[{';'.join(changed)}m"


def _changes(before: list[Cell], after: list[Cell]) -> Iterator[tuple[int, int]]:
    """Stretches to write again: whole wide characters, and no gap that costs less than a move."""
    first = last = -1
    for at, cell in enumerate(after):
        if before[at] == cell:
            continue
        if first >= 0 and at - last > _FREE:
            yield _whole(before, after, first, last)
            first = -1
        first = at if first < 0 else first
        last = at + 1
    if first >= 0:
        yield _whole(before, after, first, last)


def _whole(before: list[Cell], after: list[Cell], first: int, last: int) -> tuple[int, int]:
    while first and not (before[first].text and after[first].text):
        first -= 1
    while last < len(after) and not (before[last].text and after[last].text):
        last += 1
    return first, last


def _cells(strip: Iterable[Segment], colours: ColorSystem) -> list[Cell]:
    cells: list[Cell] = []
    for text, style, control in strip:
        if control:
            continue
        look = look_of(style, colours) if style else _PLAIN
        if text.isascii():
            cells.extend([Cell(character, look) for character in text])
        else:
            _add_wide(cells, text, look)
    return cells


def _add_wide(cells: list[Cell], text: str, look: Look) -> None:
    for character in text:
        width = get_character_cell_size(character)
        if width:
            cells.append(Cell(character, look))
            cells.extend([Cell("", look)] * (width - 1))
            continue
        # It combines with what stands before it.
        at = len(cells) - 1
        while at >= 0 and not cells[at].text:
            at -= 1
        if at >= 0:
            cells[at] = cells[at]._replace(text=cells[at].text + character)


@lru_cache(4096)
def look_of(style: Style, colours: ColorSystem) -> Look:
    """The SGR parameters of a style."""
    plain = style.without_color
    colour, background = style.color, style.bgcolor
    return Look(
        Strip.render_ansi(plain, colours),
        ";".join(colour.downgrade(colours).get_ansi_codes()) if colour else "",
        ";".join(background.downgrade(colours).get_ansi_codes(foreground=False))
        if background
        else "",
    )
