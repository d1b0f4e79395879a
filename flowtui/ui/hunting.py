"""A hunt in a thread, and what it tells."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flowtui.domain.filters import FlowFilter
from flowtui.errors import FlowtuiError
from flowtui.library import Library
from flowtui.session.budget import Verdict
from flowtui.session.hunt import Hunt, begin, hunt
from flowtui.session.huntplan import plan_hunt
from flowtui.session.session import Session
from flowtui.ui.messages import Heard
from flowtui.ui.runner import Post
from flowtui.ui.spending import tell_money

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen


@dataclass(frozen=True, slots=True)
class Hunted:
    """The hunt of a sitting as it stands, kept so that one can come back to it."""

    filter: FlowFilter
    """Asked under; its time as typed."""
    hunt: Hunt | None = None
    """None: it is being planned."""
    is_held_back: bool = False
    """True: somebody must agree to what it costs first."""
    error: FlowtuiError | None = None
    """Why there is none."""
    at: int = 0
    """The finding under the highlight."""
    number: int = 0
    """How many hunts were begun before it: what is told of an earlier one is dropped."""

    @property
    def is_running(self) -> bool:
        """True while something more will come by itself."""
        is_over = self.error is not None or self.is_held_back
        return not is_over and (self.hunt is None or not self.hunt.is_over)


@dataclass
class HuntChanged(Heard):
    """The hunt has come on."""

    hunted: Hunted

    def tell(self, screen: ExploreScreen) -> None:
        """Keep it; show it where the findings are on the screen."""
        from flowtui.ui.screens.hunt import HuntScreen

        before = screen.hunted
        if before is not None and before.number != self.hunted.number:
            return
        screen.hunted = replace(self.hunted, at=before.at if before is not None else 0)
        if isinstance(screen.app.screen, HuntScreen):
            screen.app.screen.show(screen.hunted)


def failed(hunted: Hunted) -> Callable[[FlowtuiError], HuntChanged]:
    """What is told where a hunt could not be made."""
    return lambda error: HuntChanged(replace(hunted, hunt=None, error=error))


def go_hunting(
    session: Session, library: Library, hunted: Hunted, post: Post, cancelled: threading.Event
) -> None:
    """Plan a hunt, and run it where nobody need be asked."""
    from flowtui.library import load_library

    # Not a query of the person's own that has that name.
    records = load_library(None).records
    plan = plan_hunt(session, library.queries, records, hunted.filter, cancelled)
    first = replace(hunted, hunt=begin(plan))
    if cancelled.is_set():
        return
    if plan.check.verdict is not Verdict.GO:
        post(HuntChanged(replace(first, is_held_back=True)))
        return
    post(HuntChanged(first))
    run_hunt(session, first, post, cancelled)


def run_hunt(session: Session, hunted: Hunted, post: Post, cancelled: threading.Event) -> None:
    """Run a hunt that was planned, and tell each change."""
    assert hunted.hunt is not None
    for state in hunt(session, hunted.hunt.plan, cancelled):
        post(HuntChanged(replace(hunted, hunt=state, is_held_back=False)))
    tell_money(session, post)
