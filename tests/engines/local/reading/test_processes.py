"""Killed processes, processes at the same time, and disks that are full."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from flowtui.engines.local.caches import list_caches
from tests.bench.generate import Plan, generate
from tests.engines.local.reading.conftest import convert, records

CONVERT = """
import sys, threading
from pathlib import Path
import flowtui.engines.local.convert as convert
from flowtui.engines.local.files import FlowLogFiles
convert.BATCH_BYTES = 100_000
files = FlowLogFiles(sys.argv[1], cache_root=Path(sys.argv[2]))
files.open()
print("open", flush=True)
files.convert(threading.Event(), lambda progress: print(progress.files_done, flush=True))
print(files.facts().records, len(files.inputs(None).raw), flush=True)
files.close()
"""


def start(logs: Path, cache: Path, *before: str) -> subprocess.Popen[str]:
    """A process that converts a source in many small parts."""
    command = [sys.executable, "-c", "\n".join([*before, CONVERT]), str(logs), str(cache)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A source of 100,000 records in 60 files, and its truth."""
    logs = tmp_path_factory.mktemp("source")
    return logs, generate(Plan(logs, 100_000, 60))["total"]


def assert_exact(files: Any, truth: dict[str, Any]) -> None:
    """Every record once, and none else."""
    found = records(files, "log_status", "bytes")
    ok = [row["bytes"] for row in found if row["log_status"] == "OK"]
    assert len(found) == truth["records"]
    assert (len(ok), sum(ok)) == (truth["ok"], truth["sum_bytes"])


def test_killed_at_any_moment(source: Any, tmp_path: Path, open_source: Any) -> None:
    """After kill -9, whenever it comes, the source reads exactly, converted or not."""
    logs, truth = source
    moments = random.Random(7)
    for _ in range(6):
        process = start(logs, tmp_path / "cache")
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(moments.random() * 0.25)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        files = open_source(logs)
        assert_exact(files, truth)
        files.close()
    files = open_source(logs)
    convert(files)
    assert not files.inputs(None).raw
    assert_exact(files, truth)
    held = {path.name for path in files.inputs(None).parquet}
    files.close()
    files = open_source(logs)
    (entry,) = list_caches(tmp_path / "cache")
    assert {path.name for path in entry.path.glob("*.parquet*")} == held


def test_two_at_once(source: Any, tmp_path: Path, open_source: Any) -> None:
    """Two processes that convert the same source leave each record once, and both see all."""
    logs, truth = source
    processes = [start(logs, tmp_path / "cache") for _ in range(2)]
    answers = [process.communicate(timeout=120)[0].split() for process in processes]
    assert [answer[-2:] for answer in answers] == [["100000", "0"]] * 2
    files = open_source(logs)
    assert not files.inputs(None).raw
    assert files.facts().records == 100_000
    assert_exact(files, truth)


def test_one_dies_while_another_waits(source: Any, tmp_path: Path, open_source: Any) -> None:
    """The one that waits takes over what the dead one left undone."""
    logs, truth = source
    first, second = (start(logs, tmp_path / "cache") for _ in range(2))
    assert first.stdout is not None
    first.stdout.readline()
    first.kill()
    first.wait()
    first.stdout.close()
    assert second.communicate(timeout=120)[0].split()[-2:] == ["100000", "0"]
    assert_exact(open_source(logs), truth)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits are those of Unix")
def test_a_full_disk(source: Any, tmp_path: Path, open_source: Any) -> None:
    """Where nothing more can be written, the conversion ends with a note and loses nothing."""
    logs, truth = source
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))"
    tell = "import atexit; atexit.register(lambda: print(files.facts().notes, flush=True))"
    out = start(logs, tmp_path / "cache", limit, tell).communicate(timeout=120)[0]
    assert "cache" in out.splitlines()[-1]
    assert "None 60" in out.splitlines()[-2] or "None" in out.splitlines()[-2]
    files = open_source(logs)
    assert_exact(files, truth)
    (entry,) = list_caches(tmp_path / "cache")
    assert not list(entry.path.glob("*.tmp"))
    convert(files)
    assert not files.inputs(None).raw
    assert_exact(files, truth)
