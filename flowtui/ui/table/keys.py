"""The keys of a table: what moves its cursor, and chooses a row."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding, BindingType

KEYS: Final[list[BindingType]] = [
    Binding("down,j", "rows(1)", "Down", id="table.down", show=False),
    Binding("up,k", "rows(-1)", "Up", id="table.up", show=False),
    Binding("right,l", "columns(1)", "Right", id="table.right", show=False),
    Binding("left,h", "columns(-1)", "Left", id="table.left", show=False),
    Binding("space,pagedown", "pages(1)", "Page down", id="table.page_down", show=False),
    Binding("b,pageup", "pages(-1)", "Page up", id="table.page_up", show=False),
    Binding("g,home", "end_row(False)", "First row", id="table.first_row", show=False),
    Binding("G,end", "end_row(True)", "Last row", id="table.last_row", show=False),
    Binding("0", "end_column(False)", "First column", id="table.first_column", show=False),
    Binding("$", "end_column(True)", "Last column", id="table.last_column", show=False),
    Binding("enter", "choose", "Drill in", id="table.choose", show=False),
]
"""For a widget with the actions of a `ResultTable`."""
