"""The command that switches parts of the filter off and on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowtui.ui.actions.asking import change

if TYPE_CHECKING:
    from flowtui.domain.chips import Chip
    from flowtui.ui.screens.explore import ExploreScreen


async def switch_chips(screen: ExploreScreen) -> None:
    """Choose which parts of the filter are asked; one question is asked at the end."""
    from flowtui.domain.chips import chips_of, with_chips
    from flowtui.ui.screens.chips import ChipsScreen

    if screen.course.walk is None:
        return
    view = screen.course.walk.view
    chips = chips_of(view.filter, view.parked)
    if not chips:
        screen.note("There is no filter yet: f writes one, = takes the value under the cursor.")
        return

    def chosen(found: tuple[Chip, ...] | None) -> None:
        if found is not None and found != chips:
            change(screen, with_chips(view, found))

    await screen.app.push_screen(ChipsScreen(chips, screen.zone, screen.parse), chosen)
