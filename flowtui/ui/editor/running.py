"""Runs what an editor holds, as a view of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flowtui.ui.editor.checking import Checked

if TYPE_CHECKING:
    from flowtui.domain.views import View
    from flowtui.ui.editor.screen import EditorScreen


def run(screen: EditorScreen, checked: Checked) -> None:
    """Ask for the values that are missing, then have the explore screen ask the question."""
    view = checked.view
    if view is None:
        return
    if not checked.missing:
        _ask(screen, view)
        return
    from flowtui.ui.screens.parameters import ParametersScreen

    def given(arguments: tuple[tuple[str, str], ...] | None) -> None:
        if arguments is not None:
            _ask(screen, replace(view, arguments=arguments))

    screen.app.push_screen(ParametersScreen(view.query, view.arguments), given)


def _ask(screen: EditorScreen, view: View) -> None:
    from flowtui.ui.actions.editing import ask_typed

    screen.drafting.forget()
    screen.dismiss()
    ask_typed(screen.explore, view)
