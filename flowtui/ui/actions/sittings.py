"""Going on where an earlier sitting stood."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from flowtui.ui.runner import Lane, Post

if TYPE_CHECKING:
    from flowtui.session.sittings import Sitting
    from flowtui.ui.screens.explore import ExploreScreen
    from flowtui.ui.screens.sittings import SittingsScreen


async def go_on(screen: ExploreScreen) -> None:
    """Where the sitting stood that is offered; else choose one."""
    keeper, offered = screen.setting.keeper, screen.told.interrupted
    if keeper is None:
        screen.note("Sittings are not kept here.")
    elif screen.session is None:
        screen.note("The source is not open yet.")
    elif offered is not None:
        take_up(screen, offered)
    else:
        await _choose(screen)


async def _choose(screen: ExploreScreen) -> None:
    from flowtui.ui.messages import WorkFailed
    from flowtui.ui.screens.sittings import SittingsScreen

    keeper = screen.setting.keeper
    assert keeper is not None

    def read(to: SittingsScreen) -> None:
        screen.runner.start(Lane.OFFER, work, to, WorkFailed)

    def work(post: Post, _cancelled: threading.Event) -> None:
        from flowtui.ui.sitting import SittingsRead

        post(SittingsRead(*keeper.others()))

    async def chosen(sitting: Sitting | None) -> None:
        if sitting is not None:
            await _open(screen, sitting)

    await screen.app.push_screen(SittingsScreen(screen.setting.clock(), read), chosen)


async def _open(screen: ExploreScreen, sitting: Sitting) -> None:
    from flowtui.errors import FlowtuiError
    from flowtui.ui.app import FlowtuiApp

    keeper = screen.setting.keeper
    if keeper is not None and keeper.is_over(sitting):
        take_up(screen, sitting)
        return
    app = screen.app
    if screen.setting.going_on is None or not isinstance(app, FlowtuiApp):
        screen.note(f"It was over another source: flowtui --resume {sitting.id}", "warning")
        return
    try:
        setting = screen.setting.going_on(sitting)
    except FlowtuiError as error:
        screen.note(f"{error.message} {error.hint}", "error")
        return
    screen.course.keep()
    await app.open(setting)


def take_up(screen: ExploreScreen, sitting: Sitting) -> None:
    """Stand where it stood, and go on writing it; over the same source only."""
    from flowtui.ui.resuming import walk_of

    keeper = screen.setting.keeper
    assert keeper is not None
    keeper.go_on(sitting.id)
    screen.told.interrupted = None
    screen.course.go(walk_of(sitting))
    say_taken_up(screen, sitting)


def say_taken_up(screen: ExploreScreen, sitting: Sitting) -> None:
    """Where the rows come from, and what was lost."""
    is_athena = screen.session is not None and screen.session.service is not None
    rows = "by execution id: nothing is scanned" if is_athena else "by asking the files again"
    lost = f" {sitting.lost_steps} of its views cannot be read." if sitting.lost_steps else ""
    since = f"{sitting.saved.astimezone(screen.zone):%m-%d %H:%M}"
    screen.note(f"As it stood {since}. Its rows come {rows}.{lost}", "warning" if lost else "good")
