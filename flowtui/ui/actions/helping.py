"""Commands that explain: keys, words, and what flow logs leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowtui.ui.helping import Pane
    from flowtui.ui.screens.explore import ExploreScreen


async def show_help(screen: ExploreScreen) -> None:
    """What has the keys first, then everything."""
    await _show(screen, "")


async def show_words(screen: ExploreScreen) -> None:
    """Words and fields."""
    await _show(screen, "Words and fields")


async def show_not_recorded(screen: ExploreScreen) -> None:
    """What flow logs do not record."""
    await _show(screen, "Not recorded")


async def _show(screen: ExploreScreen, page: str) -> None:
    from flowtui.ui.screens.help import HelpScreen

    await screen.app.push_screen(HelpScreen(screen.commands, _pane(screen), page))


def _pane(screen: ExploreScreen) -> Pane:
    """What has the keys."""
    from flowtui.ui import helping
    from flowtui.ui.editor.screen import EditorScreen
    from flowtui.ui.screens.record import RecordScreen
    from flowtui.ui.widgets.query_list import QueryList

    if isinstance(screen.app.screen, RecordScreen):
        return helping.RECORD
    if isinstance(screen.app.screen, EditorScreen):
        return helping.EDITOR
    if isinstance(screen.focused, QueryList):
        return helping.LIST
    if screen.charting.has_keys:
        return helping.TIMELINE
    return helping.TABLE if screen.table.display else helping.NO_ROWS
