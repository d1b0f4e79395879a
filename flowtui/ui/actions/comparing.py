"""The command that compares the view with another window of time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from flowtui.errors import FlowtuiError
from flowtui.ui.actions.asking import change

if TYPE_CHECKING:
    from flowtui.domain.views import View
    from flowtui.ui.screens.explore import ExploreScreen

_ABOUT: Final = (
    "previous: the same length just before · -1d, -7d: the same time that much earlier · "
    "FROM..TO: any other. Enter runs it: one query that reads both windows."
)


async def compare(screen: ExploreScreen) -> None:
    """Ask with which window, then the same question of both."""
    from flowtui.domain.comparing import PREVIOUS
    from flowtui.ui.screens.ask_line import AskLine

    walk, session = screen.course.walk, screen.session
    if walk is None or session is None:
        return
    view = walk.view

    def wrong(text: str) -> str:
        try:
            session.compile(_against(screen, view, text))
        except ValueError as error:
            return str(error)
        except FlowtuiError as error:
            return f"{error.message}. {error.hint}"
        return ""

    if told := wrong(PREVIOUS):  # in the way of every window
        screen.note(told, "warning")
        return

    def chosen(text: str | None) -> None:
        if text is None:
            return
        wanted = _against(screen, view, text)
        if view.query.against:
            change(screen, wanted)
        else:
            screen.course.go(screen.course.kept().push(wanted))

    begin = view.query.against or PREVIOUS
    await screen.app.push_screen(AskLine("Compare with", _ABOUT, text=begin, wrong=wrong), chosen)


def _against(screen: ExploreScreen, view: View, text: str) -> View:
    from flowtui.domain.comparing import compared, read_against

    kept = read_against(text, screen.setting.clock(), screen.zone)
    return replace(view, query=compared(view.query, kept), label="")
