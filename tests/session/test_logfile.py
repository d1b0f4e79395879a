from __future__ import annotations

import logging
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowtui.session.logfile import start_log


@pytest.fixture(autouse=True)
def _clean_log() -> Iterator[None]:
    hook = threading.excepthook
    yield
    threading.excepthook = hook
    log = logging.getLogger("flowtui")
    for handler in list(log.handlers):
        log.removeHandler(handler)
        handler.close()


def test_the_log_is_private_and_holds_tracebacks(tmp_path: Path) -> None:
    """What went wrong is written with its traceback, for the owner's eyes."""
    file = tmp_path / "state" / "flowtui.log"
    log = start_log(file)
    try:
        raise ValueError("that went wrong")
    except ValueError:
        log.exception("a fault")
    assert "Traceback" in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_nothing_reaches_the_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line on stderr would tear the screen."""
    start_log(tmp_path / "flowtui.log").error("a fault")
    assert capsys.readouterr() == ("", "")


def test_a_log_that_cannot_be_written_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a place for the log the program goes on."""
    (tmp_path / "state").write_text("a file where a directory should be")
    start_log(tmp_path / "state" / "flowtui.log").error("a fault")
    assert capsys.readouterr() == ("", "")


def test_a_thread_that_dies_is_in_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its traceback is for the log file; on the screen it would tear the frame."""
    file = tmp_path / "flowtui.log"
    start_log(file)

    def mistaken() -> None:
        raise RuntimeError("a mistake of ours")

    thread = threading.Thread(target=mistaken, name="athena-run")
    thread.start()
    thread.join()
    assert "athena-run died" in file.read_text()
    assert "RuntimeError: a mistake of ours" in file.read_text()
    assert capsys.readouterr() == ("", "")
