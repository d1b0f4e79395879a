"""What is typed ahead: each key is followed as if one had waited for the one before it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.widget import Widget

from flowtui.ui.screens.confirm import ConfirmScreen
from flowtui.ui.screens.help import HelpScreen
from tests.ui.harness import Stage, stage


def type_ahead(on: Stage, *keys: str) -> None:
    """Let keys arrive in one lump."""
    for key in keys:
        on.app.post_message(events.Key(key, key if len(key) == 1 else None))


def is_back(on: Stage) -> bool:
    """True where one stands as one began, but for the row."""
    return len(on.crumbs) == 1 and len(on.app.screen_stack) == 1


def is_on(on: Stage, row: int) -> bool:
    """True where the cursor is on a row, in the first column."""
    return on.screen.table.cursor == (row, 0)


def is_asked_to_leave(on: Stage) -> bool:
    """True where going back found nothing to go back to."""
    return isinstance(on.app.screen, ConfirmScreen) and len(on.crumbs) == 1


def has_help(on: Stage) -> bool:
    """True where help is open."""
    return isinstance(on.app.screen, HelpScreen)


@pytest.mark.parametrize(
    ("keys", "holds"),
    [
        (("o", *"ssh", "enter", "q", "j"), lambda on: is_back(on) and is_on(on, 1)),
        (("o", *"ssh", "enter", "q", "j") * 2, lambda on: is_back(on) and is_on(on, 2)),
        (("o", *"ssh", "enter", "q", "q"), is_asked_to_leave),
        (("e", "escape", "q", "j"), lambda on: is_back(on) and is_on(on, 1)),
        (("e", "escape", "q", "q"), is_asked_to_leave),
        (("question_mark", "l", "j"), lambda on: has_help(on) and is_on(on, 0)),
        (("question_mark", "j", "q", "j"), lambda on: is_back(on) and is_on(on, 1)),
        (("j", "j", "k", "enter", "q", "j"), lambda on: is_back(on) and is_on(on, 2)),
        (("colon", *"help", "enter", "j", "q", "j"), lambda on: is_back(on) and is_on(on, 1)),
    ],
)
async def test_each_key_of_a_lump_goes_where_it_was_meant(
    keys: tuple[str, ...], holds: Callable[[Stage], bool]
) -> None:
    """What a key opens or closes has come or gone before the next one is given."""
    async with stage() as on:
        type_ahead(on, *keys)
        await on.until(lambda: holds(on))
        await on.pilot.pause(0.1)
        assert holds(on)


class Held(Widget, can_focus=True):
    """Has no use for a key, but does not come to it for a while."""

    def __init__(self) -> None:
        super().__init__()
        self.has_key, self.is_let_go = asyncio.Event(), asyncio.Event()

    async def on_key(self) -> None:
        """Hold on to it."""
        self.has_key.set()
        await self.is_let_go.wait()


class Brief(ModalScreen[None]):
    """A dialog that something else than a key closes."""

    def compose(self) -> ComposeResult:
        """What has the keys."""
        yield Held()


async def test_a_key_is_not_lost_with_the_dialog_that_had_it() -> None:
    """It goes to what has the keys then, and what was typed after it follows."""
    async with stage() as on:
        await on.app.push_screen(Brief())
        dialog = on.app.screen
        held = dialog.query_one(Held)
        type_ahead(on, "j", "l", "l")
        await held.has_key.wait()
        on.app.pop_screen()
        while dialog.is_running:
            await asyncio.sleep(0.01)
        held.is_let_go.set()
        await on.until(lambda: on.screen.table.cursor == (1, 2))
