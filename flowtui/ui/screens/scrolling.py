"""Keys of the dialogs that are read by scrolling or hold a list, the same in each."""

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
LIST_KEYS: Final[tuple[BindingType, ...]] = (
    Binding("j,down", "move('cursor_down')", show=False),
    Binding("k,up", "move('cursor_up')", show=False),
    Binding("g,home", "move('first')", show=False),
    Binding("G,end", "move('last')", show=False),
)
"""For a screen whose `action_move` moves the highlight of a list."""
PAGE_KEYS: Final[tuple[BindingType, ...]] = (
    Binding("space,pagedown", "move('page_down')", show=False),
    Binding("b,pageup", "move('page_up')", show=False),
)
"""For such a screen too, where these keys do nothing else."""
