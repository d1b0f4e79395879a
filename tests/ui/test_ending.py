"""The end of the program where something does not stop: quick, quiet, with its own exit code."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

_STUCK: Final = """
import duckdb, threading
from flowtui.ui import app as ending
from flowtui.ui.runner import Lane
from tests.scripted import ScriptedEngine
from tests.ui.harness import Copies, made, usual

ending._LEAVE_S = 0.2
running = made(ScriptedEngine(usual), Copies())
inside = threading.Event()

def work(post, cancelled):
    inside.set()
    duckdb.connect().execute("SELECT count(*) FROM range(10_000_000_000) a WHERE a.range % 7 = 3")

def run():
    running.runner.start(Lane.VALUES, work, running, lambda error: None)
    inside.wait(30)
    running._return_code = 7

running.run = run
ending.FlowtuiApp = lambda _opened: running
raise SystemExit(ending.run(None))
"""


def test_a_thread_inside_duckdb_does_not_abort_the_end() -> None:
    """The exit code is the screen's, and nothing is said: Python would have aborted the process."""
    done = subprocess.run(
        [sys.executable, "-c", _STUCK], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (7, "")
