"""The screenshots that the README shows, from real runs over the demo.

    python -m tests.screenshots

Same data, same clock, and a run that always takes as long: a difference means that the screen has
changed.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from textual.pilot import Pilot

from flowtui.domain.executions import QueryExecution
from flowtui.library import load_library
from flowtui.session.clipboard import copy
from flowtui.session.config import Config
from flowtui.session.session import Session
from flowtui.session.sources import open_engine, resolve_source, write_demo_if_missing
from flowtui.ui.app import FlowtuiApp
from flowtui.ui.runner import Lane
from flowtui.ui.screens.explore import ExploreScreen
from flowtui.ui.setting import Setting

FOLDER: Final = Path(__file__).parents[1] / "screenshots"
NOW: Final = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Shot:
    """A screenshot: keys from the opened demo on."""

    name: str
    keys: tuple[str, ...] = ()
    size: tuple[int, int] = (120, 36)
    query: str = ""
    filter_line: str = ""
    theme: str = ""


_CUT_OFF: Final = "ip:10.20.12.77"
_ALARM: Final = "brute force: 203.0.113.66 to 10.20.0.22:22 at 2026-11-23T02:12Z"
_HOUR: Final = "from:2026-11-23T14:00Z to:2026-11-23T15:00Z"

SHOTS: Final = (
    Shot("explore"),
    Shot("explore-80", size=(80, 24)),
    Shot("queries", ("o", *"scan"), query="top-rejected-pairs"),
    Shot("filter", ("f", *" dstprot:22"), filter_line="ip:10.20.0.0/16", size=(80, 24)),
    Shot("drill", ("down", "down", "enter", "~", "l", "l", "l")),
    Shot("record", ("down", "down", "enter", "~", "enter", *["down"] * 4), size=(100, 36)),
    Shot("marks", ("l", "_", "v", "j", "j", "V", *["l"] * 9), query="records", size=(120, 24)),
    Shot("copy", ("v", "j", "v", "y", "f"), query="records", size=(100, 30)),
    Shot("why", ("E", "~"), filter_line=_CUT_OFF, size=(120, 40)),
    Shot("hunt", ("M", "~"), size=(120, 40)),
    Shot("once", ("O", "~"), size=(100, 30)),
    Shot("compare", ("C", "enter", "~"), filter_line=_HOUR, size=(120, 30)),
    Shot("sql", ("S",), filter_line="dstport:22 last:12h"),
    Shot("editor", ("e", "down", "end", *" dstprot,"), size=(120, 30)),
    Shot("alarm", ("I", *_ALARM, "tab"), size=(100, 36)),
    Shot("tour", ("Z",), size=(80, 24)),
    Shot("help", ("?",), size=(100, 40)),
    Shot("empty", query="ssh-rdp", filter_line="srcaddr:10.99.0.0/16 protocol:tcp", size=(80, 24)),
    Shot("light", ("j", "s"), query="upload-ratio", theme="okabe-ito-light", size=(100, 30)),
)


class StillSession(Session):
    """Runs that all take as long."""

    def run(self, *args: Any, **chosen: Any) -> Iterator[QueryExecution]:
        """As ever, but for the time it took."""
        for execution in super().run(*args, **chosen):
            yield replace(execution, elapsed_ms=412)


def setting_for(shot: Shot) -> Setting:
    """The demo, converted before, at a time that stands still."""
    config = Config()
    source = resolve_source("demo", config)

    def opener(cancelled: threading.Event, tell: object) -> Session:
        write_demo_if_missing(source, cancelled, lambda _progress: None)
        session = StillSession(open_engine(source, config), clock=lambda: NOW)
        session.open()
        session.engine.prepare(cancelled, lambda _progress: None)
        return session

    return Setting(
        title="demo",
        opener=opener,
        read_library=load_library,
        copier=lambda text, what: copy(text, what, override="file"),
        query=shot.query,
        filter_line=shot.filter_line,
        is_prepared=False,
        has_timeline=True,
        local=ZoneInfo("Asia/Tokyo"),
        theme=shot.theme,
        clock=lambda: NOW,
        log=lambda: logging.getLogger("flowtui.screenshots"),
    )


async def settled(pilot: Pilot[None], screen: ExploreScreen) -> None:
    """Wait until nothing more will change by itself."""
    for _ in range(600):
        await pilot.pause(0.05)
        course = screen.course
        answer = course.walk.answer if course.walk else None
        is_empty = answer is not None and bool(answer.reasons or answer.error)
        has_rows = course.showing is not None and screen.table.row_at(0) is not None
        is_busy = any(map(screen.runner.is_busy, Lane))
        if not course.is_running and not is_busy and (is_empty or has_rows):
            await pilot.pause(0.5)
            return
    raise RuntimeError("the demo did not answer")


async def take(shot: Shot) -> str:
    """One screenshot, as SVG without anything from the network."""
    app = FlowtuiApp(setting_for(shot))
    async with app.run_test(size=shot.size) as pilot:
        screen = app.screen
        assert isinstance(screen, ExploreScreen)
        await settled(pilot, screen)
        for key in shot.keys:
            if key == "~":
                await settled(pilot, screen)
            else:
                await pilot.press("space" if key == " " else key)
        await pilot.pause(0.3)
        svg = app.export_screenshot(title="flowtui")
    app.runner.close(5)
    return re.sub(r",\s*url\([^)]*\) format\([^)]*\)", "", svg)


def main() -> None:
    """Take all, over a demo and in a home of their own."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        for name in ("CACHE", "STATE", "CONFIG"):
            os.environ[f"XDG_{name}_HOME"] = str(Path(home, name.lower()))
        for shot in SHOTS:
            file = FOLDER / f"{shot.name}.svg"
            file.write_text(asyncio.run(take(shot)) + "\n")
            print(file)


if __name__ == "__main__":
    main()
