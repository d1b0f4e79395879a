"""The command that counts the same traffic once."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from flowtui.ui.actions.asking import change_filter
from flowtui.ui.runner import Lane

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from flowtui.domain.filters import FlowFilter
    from flowtui.ui.screens.explore import ExploreScreen


async def show_count_once(screen: ExploreScreen) -> None:
    """By how much totals shrink when traffic is counted once; Enter switches that on or off."""
    from flowtui.ui.screens.count_once import CountOnceScreen

    walk = screen.course.walk
    if walk is None or screen.session is None:
        return
    filter = walk.view.filter

    def left(is_switched: bool | None) -> None:
        screen.runner.cancel(Lane.VALUES)
        if is_switched:
            change_filter(screen, replace(filter, is_counted_once=not filter.is_counted_once))

    ask = partial(_count, screen, filter)
    dialog = CountOnceScreen(filter.is_counted_once, screen.session.service is not None, ask)
    await screen.app.push_screen(dialog, left)


def _count(screen: ExploreScreen, filter: FlowFilter, is_agreed: bool, to: MessagePump) -> None:
    from flowtui.ui.counting import OnceFailed, find_out

    if screen.session is not None:
        money = screen.post_message
        piece = partial(find_out, screen.session, filter, is_agreed, money)
        screen.runner.start(Lane.VALUES, piece, to, OnceFailed)
