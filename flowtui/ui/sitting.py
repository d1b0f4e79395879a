"""The sitting at hand, kept in threads, and the one before it, offered.

As in `work`, each function blocks, and ends in messages.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowtui.session.keeping import SittingKeeper
from flowtui.session.sittings import Sitting
from flowtui.ui.messages import Heard
from flowtui.ui.runner import Post

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen


@dataclass
class NotKept(Heard):
    """Where one stands could not be written down."""

    why: str

    def tell(self, screen: ExploreScreen) -> None:
        """Say so."""
        screen.note(f"This sitting is not kept for --resume: {self.why}.", "warning")


@dataclass
class KeptAsCopy(Heard):
    """The sitting that is gone on with is open in another process too."""

    id: str

    def tell(self, screen: ExploreScreen) -> None:
        """Say that neither overwrites the other."""
        screen.note(f"{self.id} is open elsewhere too: this one is kept as a copy.", "warning")


@dataclass
class Interrupted(Heard):
    """The last sitting over this source was not quit."""

    sitting: Sitting

    def tell(self, screen: ExploreScreen) -> None:
        """Offer it, unless one already stands there."""
        walk, last = screen.course.walk, self.sitting
        is_same = walk is not None and last.trail == walk.trail and not last.places[0].row
        if not is_same:
            screen.told.interrupted = last
            screen.told.banner()


@dataclass
class SittingsRead(Heard):
    """What can be gone on with, the latest first; and which of them are open."""

    sittings: tuple[Sitting, ...]
    open_ids: frozenset[str]

    def tell(self, screen: ExploreScreen) -> None:
        """The list takes it in; there is nothing to tell here."""


def write_down(keeper: SittingKeeper, post: Post, _cancelled: threading.Event) -> None:
    """Write down where one stands; trouble is told once."""
    before = keeper.trouble
    keeper.write()
    if keeper.trouble and not before:
        post(NotKept(keeper.trouble))
    if keeper.copied:
        post(KeptAsCopy(keeper.copied))
        keeper.copied = ""


def find_interrupted(keeper: SittingKeeper, post: Post, _cancelled: threading.Event) -> None:
    """Look for a sitting over the same source that nobody quit."""
    if (found := keeper.interrupted()) is not None:
        post(Interrupted(found))
