"""The whole screen under test, over an engine that does as it is told."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from textual.message import Message
from textual.pilot import Pilot

from flowtui.domain.executions import Column, Row, SourceFacts, Statement
from flowtui.domain.fields import Kind
from flowtui.domain.times import TimeRange
from flowtui.library import Library, load_library
from flowtui.session.clipboard import CopyReport
from flowtui.session.drafts import Drafts
from flowtui.session.routes import Route
from flowtui.session.session import Session
from flowtui.ui.app import FlowtuiApp
from flowtui.ui.screens.explore import ExploreScreen
from flowtui.ui.setting import Setting
from flowtui.ui.widgets.key_footer import KeyFooter
from flowtui.ui.widgets.note_line import NoteLine
from flowtui.ui.widgets.panel import Panel
from tests.scripted import Answer, ScriptedEngine

NOW = datetime(2026, 11, 24, 10, 42, tzinfo=UTC)
DATA = TimeRange(datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC))
FACTS = SourceFacts("scripted", files=3, records=4, time=DATA)

PAIR_COLUMNS = (
    Column("srcaddr", "varchar", Kind.ADDRESS),
    Column("dstaddr", "varchar", Kind.ADDRESS),
    Column("records", "bigint", Kind.COUNT),
    Column("bytes", "bigint", Kind.BYTES),
    Column("action", "varchar", Kind.ACTION),
)
PAIRS: tuple[Row, ...] = (
    ("203.0.113.9", "10.0.1.20", 1204, 48_200, "REJECT"),
    ("198.51.100.7", "10.0.1.21", 300, 12_000, "REJECT"),
    ("203.0.113.10", "10.0.1.20", 7, 280, "REJECT"),
)
RECORD_COLUMNS = (
    Column("srcaddr", "varchar", Kind.ADDRESS),
    Column("dstaddr", "varchar", Kind.ADDRESS),
    Column("srcport", "bigint", Kind.PORT),
    Column("dstport", "bigint", Kind.PORT),
    Column("protocol", "bigint", Kind.PROTOCOL),
    Column("packets", "bigint", Kind.COUNT),
    Column("bytes", "bigint", Kind.BYTES),
    Column("start", "bigint", Kind.TIME),
    Column("action", "varchar", Kind.ACTION),
    Column("tcp_flags", "bigint", Kind.FLAGS),
)


def record(index: int) -> Row:
    """A raw record; its source port tells the index."""
    start = int(DATA.since.timestamp()) + index if DATA.since else index
    return "203.0.113.9", "10.0.1.20", 40_000 + index, 22, 6, 1, 60, start, "REJECT", 2


RECORDS = tuple(record(index) for index in range(500))


def usual(statement: Statement) -> Answer:
    """Pairs for what groups, records for what does not, 0 for a count."""
    if "COUNT(*) AS n" in statement.sql:
        return Answer((Column("n", "bigint"),), ((0,),))
    if "GROUP BY" in statement.sql:
        return Answer(PAIR_COLUMNS, PAIRS)
    return Answer(RECORD_COLUMNS, RECORDS)


@dataclass
class Copies:
    """A copier that keeps what it was given."""

    texts: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, text: str, what: str) -> CopyReport:
        """Say that it was sent."""
        self.texts.append((text, what))
        return CopyReport(f"Sent {what}", Route.TERMINAL, Path("clip.txt"), "\x1b]52;c;Zm9v\x07")


@dataclass
class Stage:
    """A running application, and what can be asked of it."""

    app: FlowtuiApp
    pilot: Pilot[None]
    engine: ScriptedEngine
    copies: Copies
    heard: list[Message]
    """Every message that the explore screen got, in order."""

    @property
    def screen(self) -> ExploreScreen:
        """The screen to explore in, under whatever dialog."""
        found = self.app.screen_stack[0]
        assert isinstance(found, ExploreScreen)
        return found

    @property
    def crumbs(self) -> tuple[str, ...]:
        """The trail."""
        assert self.screen.course.walk is not None
        return self.screen.course.walk.trail.crumbs()

    @property
    def filter_line(self) -> str:
        """The filter of the view on the screen."""
        from flowtui.domain.filterline import format_filter

        assert self.screen.course.walk is not None
        return format_filter(self.screen.course.walk.view.filter)

    @property
    def note(self) -> str:
        """What was said last."""
        return self.screen.query_one(NoteLine).note

    @property
    def panel(self) -> str:
        """What stands in place of the rows; empty where the rows do."""
        panel = self.screen.query_one(Panel)
        return panel.text if panel.display else ""

    @property
    def footer(self) -> str:
        """The keys that are offered."""
        return self.screen.query_one(KeyFooter).render().plain

    @property
    def shown(self) -> str:
        """All that is drawn."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    async def press(self, *keys: str) -> None:
        """Press keys, and let what they cause settle as far as it can without waiting."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def write(self, text: str) -> None:
        """Type a text."""
        await self.pilot.press(*("space" if letter == " " else letter for letter in text))
        await self.pilot.pause()

    async def until(self, holds: Callable[[], Any], seconds: float = 30.0) -> None:
        """Wait until something holds."""
        for _ in range(int(seconds / 0.01)):
            if holds():
                await self.pilot.pause()
                return
            await self.pilot.pause(0.01)
        raise AssertionError(f"never came about; on the screen:\n{self.shown}")

    async def rows(self) -> None:
        """Wait for rows that are drawn, of a run that has ended."""
        await self.until(
            lambda: (
                not self.screen.course.is_running
                and self.screen.course.showing is not None
                and self.screen.table.row_at(self.screen.table.cursor[0]) is not None
            )
        )

    def heard_of(self, kind: type[Message]) -> list[Any]:
        """The messages of a kind, in order."""
        return [message for message in self.heard if isinstance(message, kind)]


Script = Answer | Callable[[Statement], Answer]


def made(
    engine: ScriptedEngine,
    copies: Copies,
    library: Callable[[], Library] = load_library,
    **chosen: Any,
) -> FlowtuiApp:
    """The application over an engine, at a time that stands still."""

    def opener(_cancelled: threading.Event, _tell: object) -> Session:
        session = Session(engine, clock=lambda: NOW)
        session.open()
        return session

    chosen.setdefault("drafts", Drafts(None))
    return FlowtuiApp(
        Setting(
            title="scripted",
            opener=opener,
            read_library=library,
            copier=copies,
            local=ZoneInfo("Asia/Tokyo"),
            clock=lambda: NOW,
            log=lambda: logging.getLogger("flowtui.test"),
            **chosen,
        )
    )


@asynccontextmanager
async def stage(
    script: Script = usual,
    *,
    size: tuple[int, int] = (80, 24),
    engine: ScriptedEngine | None = None,
    is_waited_for: bool = True,
    **chosen: Any,
) -> AsyncIterator[Stage]:
    """The application, on its first view unless told not to wait for it."""
    engine = engine or ScriptedEngine(script, facts=FACTS, clock=lambda: NOW)
    copies = Copies()
    app = made(engine, copies, **chosen)
    heard: list[Message] = []

    def hear(message: Message) -> None:
        if message._sender is None or type(message).__module__.startswith("flowtui"):
            heard.append(message)

    try:
        async with app.run_test(size=size, message_hook=hear) as pilot:
            running = Stage(app, pilot, engine, copies, heard)
            if is_waited_for:
                await running.rows()
            yield running
    finally:
        app.runner.close(5)


def library_of(*queries: Any) -> Callable[[], Library]:
    """A library of these queries beside the records."""
    records = load_library().records

    def read() -> Library:
        return Library((*queries, records))

    return read


def texts(messages: Sequence[Message]) -> list[str]:
    """The kinds of some messages."""
    return [type(message).__name__ for message in messages]
