"""What a new person may try next; keys go where they always go."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from flowtui.ui.tour import Moment, Tour


class TourBar(Widget):
    """The step of the tour, in as many lines as it needs."""

    DEFAULT_CSS = "TourBar { height: auto; padding: 0 1; background: $primary 20%; }"

    def __init__(self) -> None:
        super().__init__()
        self.tour = Tour()

    def look(self, moment: Moment) -> None:
        """Go on where the step is done."""
        tour = self.tour.seen(moment)
        if tour != self.tour:
            self.tour = tour
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Its lines."""
        return len(self._text().wrap(max(10, width)))

    def render(self) -> Content:
        """The step, and how to be rid of it."""
        return Content("\n").join(self._text().wrap(max(10, self.size.width)))

    def _text(self) -> Content:
        ends = "Z closes." if self.tour.is_over else "Z ends the tour."
        return Content.assemble(
            (f"{self.tour.place} ", "bold $text-primary"),
            self.tour.told,
            (f" {ends}", "$text-muted"),
        )
