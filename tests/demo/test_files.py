"""The demo appears whole or not at all, whoever writes, stops or dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from flowtui.demo import FILES, demo_directory, is_written, write_demo
from flowtui.errors import ConfigError

WRITE = "import sys, pathlib, flowtui.demo as d; d.write_demo(pathlib.Path(sys.argv[1]))"


def _files(directory: Path) -> set[str]:
    return {path.name for path in directory.rglob("*.log.gz")}


def test_progress_counts_every_file(tmp_path: Path) -> None:
    """Each file is told once, up to the last, and then the demo stands."""
    told: list[tuple[int, int]] = []
    directory = demo_directory(tmp_path / "not" / "there" / "yet")
    assert not is_written(directory)
    write_demo(directory, lambda done, total: told.append((done, total)))
    assert told == [(n, FILES) for n in range(1, FILES + 1)]
    assert is_written(directory)
    assert len(_files(directory)) == FILES


def test_a_written_demo_is_left_alone(demo: Path) -> None:
    """A second call does nothing at all."""
    write_demo(demo, lambda done, total: pytest.fail(f"wrote {done} of {total}"))


def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    """After cancelling, neither the demo nor a part of it is there."""
    cancelled = threading.Event()

    def stop_at_20(done: int, total: int) -> None:
        if done == 20:
            cancelled.set()

    write_demo(tmp_path / "demo", stop_at_20, cancelled)
    assert list(tmp_path.iterdir()) == []


def test_a_killed_writer_harms_nobody(tmp_path: Path) -> None:
    """After kill -9 the demo is not there, and the next writer makes it and clears the rest."""
    directory = tmp_path / "demo"
    writer = subprocess.Popen([sys.executable, "-c", WRITE, str(directory)])
    while not list(tmp_path.glob(".demo.*.partial/**/*.log.gz")):
        time.sleep(0.005)
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    assert not is_written(directory)
    (left,) = tmp_path.glob(".demo.*.partial")
    os.utime(left, (0, 0))
    write_demo(directory)
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]
    assert len(_files(directory)) == FILES


def test_two_writers_at_once_make_one_demo(tmp_path: Path) -> None:
    """Both succeed, and what stands is whole."""
    directory = tmp_path / "demo"
    writers = [subprocess.Popen([sys.executable, "-c", WRITE, str(directory)]) for _ in range(2)]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]
    assert len(_files(directory)) == FILES


def test_another_directory_is_not_written_into(tmp_path: Path) -> None:
    """A directory that holds something else is refused, and stays as it was."""
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.txt").write_text("mine")
    with pytest.raises(ConfigError, match="cannot write the demo to"):
        write_demo(tmp_path / "demo")
    assert [path.name for path in tmp_path.rglob("*")] == ["demo", "thesis.txt"]


def test_an_empty_directory_will_do(tmp_path: Path) -> None:
    """`mkdir demo` first does no harm."""
    (tmp_path / "demo").mkdir()
    write_demo(tmp_path / "demo")
    assert is_written(tmp_path / "demo")


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A file where a directory should be is named, with what to do."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError) as caught:
        write_demo(tmp_path / "file" / "demo")
    assert str(tmp_path / "file" / "demo") in caught.value.message
    assert "choose another directory" in caught.value.hint
