"""Work in threads: one piece in each lane counts, and whatever fails is told."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual.message import Message
from textual.message_pump import MessagePump

from flowtui.errors import ConnectError, FlowtuiError
from flowtui.session.logfile import start_log
from flowtui.ui.runner import Lane, Post, Runner


@dataclass
class Said(Message):
    """Something that work said."""

    text: str


class Ear(MessagePump):
    """Keeps what is posted to it."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Message] = []

    def post_message(self, message: Message) -> bool:
        self.heard.append(message)
        return True


@pytest.fixture
def runner() -> Iterator[Runner]:
    """A runner, closed at the end."""
    made = Runner(lambda: logging.getLogger("flowtui.test"))
    yield made
    made.close(5)


def failed(error: FlowtuiError) -> Message:
    """The message of a failure."""
    return Said(f"failed: {error.message}")


def until(holds: object, seconds: float = 5) -> None:
    """Wait until a call gives something true."""
    assert callable(holds)
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.002)


def test_the_newest_in_a_lane_cancels_the_one_before(runner: Runner) -> None:
    """The old piece is told to stop; other lanes are left alone."""
    events: list[threading.Event] = []

    def work(_post: Post, cancelled: threading.Event) -> None:
        events.append(cancelled)
        cancelled.wait(5)

    for lane in (Lane.QUERY, Lane.SOURCE, Lane.QUERY):
        count = len(events)
        runner.start(lane, work, Ear(), failed)
        until(lambda count=count: len(events) > count)
    assert [event.is_set() for event in events] == [True, False, False]
    assert runner.is_busy(Lane.QUERY)
    assert runner.cancel(Lane.QUERY)
    assert not runner.cancel(Lane.QUERY)
    assert not runner.is_busy(Lane.QUERY)


def test_errors_become_messages(runner: Runner) -> None:
    """One of ours says what it says."""
    ear = Ear()

    def work(_post: Post, _cancelled: threading.Event) -> None:
        raise ConnectError("no such host")

    runner.start(Lane.SOURCE, work, ear, failed)
    until(lambda: ear.heard)
    assert ear.heard == [Said("failed: no such host")]


def test_the_unforeseen_is_logged_and_told(tmp_path: Path) -> None:
    """The traceback is in the log file, and the message names the file."""
    logging.getLogger("flowtui").handlers.clear()
    log = start_log(tmp_path / "flowtui.log")
    runner = Runner(lambda: log)
    ear = Ear()
    told: list[FlowtuiError] = []

    def keep(error: FlowtuiError) -> Message:
        told.append(error)
        return Said("")

    def work(_post: Post, _cancelled: threading.Event) -> None:
        raise ZeroDivisionError("of a driver")

    try:
        runner.start(Lane.QUERY, work, ear, keep)
        until(lambda: ear.heard)
        assert "flowtui.log" in told[0].hint
        text = (tmp_path / "flowtui.log").read_text()
        assert "ZeroDivisionError: of a driver" in text
    finally:
        for handler in log.handlers:
            handler.close()
        log.handlers.clear()


def test_closing_waits_no_longer_than_it_may(runner: Runner) -> None:
    """Work that never looks at its event does not keep the program."""
    never = threading.Event()

    def work(_post: Post, _cancelled: threading.Event) -> None:
        never.wait(30)

    runner.start(Lane.QUERY, work, Ear(), failed)
    closed: list[str] = []
    runner.close_at_end(lambda: closed.append("source"))
    began = time.monotonic()
    assert not runner.close(0.05)
    assert time.monotonic() - began < 5
    assert closed == ["source"]
    never.set()
    assert runner.close(5)


def test_a_screen_that_is_gone_ends_the_work(runner: Runner) -> None:
    """What posts after the end is told to stop instead of failing."""

    class Gone(Ear):
        def post_message(self, message: Message) -> bool:
            raise RuntimeError("Event loop is closed")

    seen: list[bool] = []

    def work(post: Post, cancelled: threading.Event) -> None:
        post(Said("x"))
        seen.append(cancelled.is_set())

    runner.start(Lane.QUERY, work, Gone(), failed)
    until(lambda: seen)
    assert seen == [True]
