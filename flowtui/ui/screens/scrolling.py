"""Keys of the dialogs that are read by scrolling, the same in each."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding, BindingType

SCROLL_KEYS: Final[tuple[BindingType, ...]] = (
    Binding("j", "scroll('down')", show=False),
    Binding("k", "scroll('up')", show=False),
    Binding("space", "scroll('page_down')", show=False),
    Binding("b", "scroll('page_up')", show=False),
    Binding("g", "scroll('home')", show=False),
    Binding("G", "scroll('end')", show=False),
)
"""For a screen whose `action_scroll` takes where to."""
