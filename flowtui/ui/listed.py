"""What is wanted of a query of the list: told by the list, wherever that stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowtui.domain.queries import SavedQuery
from flowtui.library import BrokenQuery
from flowtui.ui.messages import Heard

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen

Listed = SavedQuery | BrokenQuery


@dataclass
class ListWork(Heard):
    """A query of the list, or a broken file, is to be worked on."""

    command: str
    """`list.edit`, `list.copy`, `list.rename`, `list.delete`."""
    item: Listed

    def tell(self, screen: ExploreScreen) -> None:
        """Have it done."""
        from flowtui.ui.actions import listing

        listing.work_on(screen, self.command, self.item)
