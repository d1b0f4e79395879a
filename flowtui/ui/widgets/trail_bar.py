"""The trail: the titles of the views on the way to this one."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from flowtui.ui.widgets.line import Line, plain

_BETWEEN = " › "


class TrailBar(Line):
    """`Top rejected pairs › 203.0.113.9 → 10.0.1.20`; cut on the left, where it is known best."""

    DEFAULT_CSS = "TrailBar { padding: 0 1; }"

    _crumbs: tuple[str, ...] = ()

    def tell(self, crumbs: Sequence[str]) -> None:
        """Show the way."""
        self._crumbs = tuple(map(plain, crumbs))
        self.refresh()

    @property
    def crumbs(self) -> tuple[str, ...]:
        """The titles it shows."""
        return self._crumbs

    def render(self) -> Content:
        """The crumbs, the last one always there."""
        shown = list(self._crumbs)
        left = 0
        while left < len(shown) - 1 and _width(shown, left) > self.size.width:
            left += 1
        shown = ["…", *shown[left:]] if left else shown
        if not shown:
            return Content()
        *before, last = shown
        text = Content.assemble(*((crumb + _BETWEEN, "dim") for crumb in before), (last, "bold"))
        return text.truncate(self.size.width, ellipsis=True)


def _width(crumbs: Sequence[str], left: int) -> int:
    return cell_len(_BETWEEN.join(["…"] * bool(left) + list(crumbs[left:])))
