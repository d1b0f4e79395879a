"""Days to hunt over: the demo's, and the same day without the incident."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowtui.demo import everyday, write_demo
from flowtui.demo.records import FIELDS
from flowtui.demo.story import DAY, MINUTES
from flowtui.domain.filterline import parse_filter
from flowtui.engines.local.engine import LocalEngine
from flowtui.library import Library, load_library
from flowtui.session.hunt import Hunt, hunt
from flowtui.session.huntplan import plan_hunt
from flowtui.session.session import Session
from tests.athena_server.fixtures import athena, athena_process, demo_objects

__all__ = ["athena", "athena_process", "demo_objects"]


def hunted(session: Session, line: str = "", library: Library | None = None) -> Hunt:
    """The hunt over a source, at its end."""
    queries = library or load_library(None)
    never = threading.Event()
    filter = parse_filter(line, now=session.clock())
    plan = plan_hunt(session, queries.queries, load_library(None).records, filter, never)
    (*_, last) = hunt(session, plan, never)
    return last


def _opened(place: Path, cache: Path) -> Session:
    session = Session(LocalEngine(str(place), name="day", cache_root=cache))
    session.open()
    session.engine.prepare(threading.Event(), lambda _: None)
    return session


@pytest.fixture(scope="session")
def incident(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """The demo, with all that happened."""
    directory = tmp_path_factory.mktemp("incident")
    write_demo(directory / "demo")
    session = _opened(directory / "demo", directory / "cache")
    yield session
    session.close()


@pytest.fixture(scope="session")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """The demo's everyday traffic and internet noise, and no incident."""
    directory = tmp_path_factory.mktemp("quiet")
    lines: tuple[list[str], list[str]] = ([FIELDS], [FIELDS])
    for minute in range(DAY, DAY + MINUTES * 60, 60):
        everyday.play(minute, lines)
    (directory / "logs").mkdir()
    for name, text in zip(("edge", "inside"), lines, strict=True):
        (directory / "logs" / f"{name}.log").write_text("\n".join(text) + "\n")
    session = _opened(directory / "logs", directory / "cache")
    yield session
    session.close()
