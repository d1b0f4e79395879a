"""How columns are shown, kept for a query: read and written in a thread."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flowtui.domain.executions import Column
from flowtui.domain.layouts import AS_GIVEN, KeptLayout, Layout, layout_for
from flowtui.session.layouts import Layouts, keep_layout, read_layouts
from flowtui.ui.messages import Heard
from flowtui.ui.runner import Post

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen


def read(path: Path, post: Post, _cancelled: threading.Event) -> None:
    """Read what is kept."""
    post(LayoutsKnown(read_layouts(path)))


def keep(
    path: Path, slug: str, layout: KeptLayout | None, post: Post, _cancelled: threading.Event
) -> None:
    """Keep a layout for a query, or none any more."""
    told = "The columns of this query are shown so from now on."
    if layout is None:
        told = "The columns of this query are shown as they come from now on."
    post(LayoutsKnown(keep_layout(path, slug, layout), told))


@dataclass
class LayoutsKnown(Heard):
    """The layouts that are kept, by query."""

    layouts: Layouts
    told: str = ""

    def tell(self, screen: ExploreScreen) -> None:
        """Show what was there before them as they say, unless it was laid out otherwise."""
        screen.layouts = self.layouts
        if self.told:
            screen.note(self.told, "good")
        elif screen.course.walk is not None and screen.table.sheet.layout == AS_GIVEN:
            slug = screen.course.walk.view.query.slug
            screen.table.set_layout(usual_layout(screen, slug, screen.table.columns))


def usual_layout(screen: ExploreScreen, slug: str, columns: tuple[Column, ...]) -> Layout:
    """How the columns of a query are shown first."""
    kept = screen.layouts.get(slug)
    return layout_for(kept, columns) if kept is not None else AS_GIVEN
