"""The command that defines a better table over the files of the one that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowtui.ui.actions.copying import copy_text

if TYPE_CHECKING:
    from flowtui.ui.screens.explore import ExploreScreen


async def define_table(screen: ExploreScreen) -> None:
    """Show the definition; once it is made, open the new table."""
    session, reopen = screen.session, screen.setting.reopen
    if session is None or reopen is None:
        screen.note("Only Athena has tables.", "warning")
        return
    from flowtui.ui.app import FlowtuiApp
    from flowtui.ui.screens.definition import DefinitionScreen

    def copy(text: str) -> None:
        copy_text(screen, text, "the table definition")

    async def made(location: str | None) -> None:
        if location and isinstance(screen.app, FlowtuiApp):
            await screen.app.open(reopen(location))

    await screen.app.push_screen(DefinitionScreen(session, screen.runner, copy), made)
