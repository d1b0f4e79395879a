"""Commands and saved queries for the command palette."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.types import IgnoreReturnCallbackType

from flowtui.ui.actions import ACTIONS
from flowtui.ui.actions.asking import ask_query
from flowtui.ui.screens.explore import ExploreScreen
from flowtui.ui.widgets.line import plain


class CommandFinder(Provider):
    """What makes sense now, by title and help; and every saved query."""

    async def discover(self) -> Hits:
        """Everything, before anything is typed."""
        for title, help, call in self._found():
            yield DiscoveryHit(Content(title), call, text=title, help=help)

    async def search(self, query: str) -> Hits:
        """What matches, the best first."""
        matcher = self.matcher(query)
        for title, help, call in self._found():
            if (score := matcher.match(title)) > 0:
                yield Hit(score, matcher.highlight(title), call, text=title, help=help)

    def _found(self) -> Iterator[tuple[str, str, IgnoreReturnCallbackType]]:
        screen = self.screen
        if not isinstance(screen, ExploreScreen):
            return
        for command in screen.commands:
            if command.id in ACTIONS and screen.can(command.id):
                keys = f"  ({command.shown_keys[0]})" if command.keys else ""
                title = f"{command.title}{keys}"
                yield title, command.help, partial(screen.action_command, command.id)
        for query in screen.library.queries if screen.library else ():
            title = f"Query: {plain(query.title)}"
            yield title, plain(query.description), partial(ask_query, screen, query)
        yield "Theme", "Choose colours", screen.app.action_change_theme
