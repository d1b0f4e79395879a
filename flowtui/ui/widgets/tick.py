"""A box to tick whose mark can be seen without colours."""

from __future__ import annotations

from textual.widgets import Checkbox


class Tick(Checkbox):
    """`▐X▌ Only the marked rows`; unticked it is empty, where Textual's only changes its colour.

    Args:
        label: What is chosen.
        is_on: To begin with.
        id: Names it.
    """

    DEFAULT_CSS = """
    Tick, Tick:focus { border: none; padding: 0; background: $surface; }
    """

    def __init__(self, label: str, is_on: bool = False, *, id: str | None = None) -> None:
        super().__init__(label, is_on, id=id, compact=True)
        self._mark()

    def watch_value(self) -> None:
        """Show the mark, or none."""
        super().watch_value()
        self._mark()

    def _mark(self) -> None:
        self.BUTTON_INNER = "X" if self.value else " "
