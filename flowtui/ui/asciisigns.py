"""Draws in ASCII what a terminal without Unicode would show as rubbish; every cell stays one."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rich.cells import get_character_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_SIGNS: Final = {
    "▸▹▶►›»→": ">",
    "◀◂‹«←": "<",
    "▴▲↑": "^",
    "▾▼↓": "v",
    "●◆■▪•": "*",
    "○◇□▫": "o",
    "✓✔": "v",
    "✕✗×": "x",
    "…": "~",
    "·": ".",
    "↔": "-",
    "⏎": "<",
    "│┃┆┊║▏▕▎▍▌▐": "|",
    "─━┄┈═╌‐‑‒–—−": "-",
    "╭╮╰╯┌┐└┘├┤┬┴┼╵╷╴╶╞╡": "+",
    "▁": "_",
    "▂": ".",
    "▃": "-",
    "▄": "=",
    "▅": "+",
    "▆": "*",
    "▇": "%",
    "█▉▊▋": "#",
    "▔▀": "^",
    "░▒▓": ":",
    "‘’": "'",
    "“”": '"',
    "≤": "<",
    "≥": ">",
    "≠": "!",
}
"""Signs that are drawn, and what stands for each of them; a bar chart keeps its heights apart."""
_SIGN: Final = {sign: ascii for signs, ascii in _SIGNS.items() for sign in signs}
_OTHER: Final = "?"


class AsciiSigns(LineFilter):
    """Replaces every character beyond ASCII."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same line in ASCII."""
        return [
            segment if segment.text.isascii() else Segment(in_ascii(segment.text), segment.style)
            for segment in segments
        ]


@lru_cache(4096)
def in_ascii(text: str) -> str:
    """The text in ASCII, as wide as it was; `?` for letters that ASCII has not."""
    return "".join(c if c.isascii() else _cells(c) for c in text)


def _cells(character: str) -> str:
    return _SIGN.get(character) or _OTHER * get_character_cell_size(character)
