"""Text that is safe to draw.

It is one line without control characters, escape sequences, or what turns or hides its neighbours,
and every character has a width.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from rich.cells import cell_len, set_cell_size

LONGEST_SHOWN: Final = 200
"""Characters of a value that are looked at; a cell may hold megabytes."""


def harmless(text: str) -> str:
    """The text on one line, every character visible and of known width; cut at `LONGEST_SHOWN`."""
    if len(text) > LONGEST_SHOWN:
        text = text[:LONGEST_SHOWN] + "…"
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, unicodedata.normalize("NFC", text)))


def clipped(text: str, width: int) -> str:
    """The text in at most `width` cells, ending in `…` where some is missing."""
    if (len(text) if text.isascii() else cell_len(text)) <= width:
        return text
    return set_cell_size(text, width - 1) + "…" if width > 0 else ""


@lru_cache(4096)
def _visible(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    is_sound = character.isprintable() or unicodedata.category(character) == "Zs"
    return character if is_sound and cell_len(character) > 0 else "\ufffd"
