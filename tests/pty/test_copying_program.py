"""What is copied in a real terminal: each form arrives, and a command line gives the same rows."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.athena_server import AthenaServer
from tests.ptyprobe import OVER_SSH, Probe, places

pytestmark = pytest.mark.pty

TABLE = "athena://default.flows_parquet"
HOURS = "from:2026-11-23T14:00Z to:2026-11-23T16:00Z"


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Places for all that flowtui writes, and a terminal that takes OSC 52."""
    return places(tmp_path) | OVER_SSH


def started(home: dict[str, str], *arguments: str) -> Probe:
    """The program on a terminal of 100 by 30."""
    return Probe([sys.executable, "-m", "flowtui", *arguments], 100, 30, env=home)


def sees(probe: Probe, pattern: str) -> None:
    """Wait until a pattern is on the screen."""
    probe.wait_for(pattern, timeout=60, since=time.perf_counter())


def copied(probe: Probe, home: dict[str, str], *keys: str) -> str:
    """What some keys copy: the file holds it, too long for the terminal or not."""
    file = Path(home["XDG_STATE_HOME"], "flowtui", "clip.txt")
    before = file.stat().st_ino if file.exists() else None
    for key in keys:
        probe.press(key)
    end = time.monotonic() + 30
    while (file.stat().st_ino if file.exists() else None) == before:
        assert time.monotonic() < end, probe.text()
        probe.pump(0.05)
    sees(probe, r"Sent|not sent")
    probe.settle()
    return file.read_text()


def run(line: str, home: dict[str, str]) -> list[dict[str, Any]]:
    """The rows that a copied command line gives, in a shell that knows `flowtui`."""
    shell = f'flowtui() {{ "{sys.executable}" -m flowtui "$@"; }}\n{line} --format json'
    done = subprocess.run(
        ["bash", "-c", shell], capture_output=True, text=True, check=False, env=os.environ | home
    )
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def as_json(probe: Probe, home: dict[str, str]) -> list[dict[str, Any]]:
    """All rows, copied as JSON."""
    copied(probe, home, "y", "f", "j")
    rows: list[dict[str, Any]] = json.loads(copied(probe, home, "y", "a"))
    return rows


FORMS = {
    "f t": "srcaddr\tdstaddr",
    "f c": "srcaddr,dstaddr",
    "f j": '\\A\\[\n{"srcaddr":',
    "f n": '{"srcaddr":',
    "f m": r"\A\| srcaddr \|",
    "f a": r"\A\d+(\.\d+){3}\n\Z",
    "f w": '"IPAddressVersion": "IPV4"',
    "f u": '"LockToken"',
    "f d": "aws ec2 create-network-acl-entry",
    "c": r"\A\d+(\.\d+){3}\Z",
    "p": "# Network ACL",
    "q": "WITH flows AS",
    "l": "flowtui query top-rejected-pairs demo",
    "t": "### Top rejected pairs",
}
"""Keys after `y`, in this order, and what is found in the copy then."""


def test_each_form_reaches_the_terminal(home: dict[str, str]) -> None:
    """Every entry of both menus arrives by OSC 52, and the file holds the same."""
    with started(home, "demo") as probe:
        sees(probe, r"row 1 of \d+ ·")
        for keys, wanted in FORMS.items():
            text = copied(probe, home, "y", *keys.split())
            assert re.search(wanted, text), keys
            assert probe.clipboard() == text
        probe.press("Q")


def test_the_command_line_gives_the_rows_of_a_directory(home: dict[str, str]) -> None:
    """Filter, sort and quick filter, then a drill-down: run in a shell, the same rows in order."""
    with started(home, "demo", "--filter", "action:REJECT -dstport:22") as probe:
        sees(probe, r"row 1 of \d+ ·")
        for key in ("l", "l", "l", "s"):
            probe.press(key)
        probe.press("\\")
        probe.type("203.0")
        probe.press("enter")
        sees(probe, r"of \d+ loaded rows")
        rows = as_json(probe, home)
        line = copied(probe, home, "y", "l")
        assert "--contains=203.0" in line
        assert run(line, home) == rows
        probe.press("enter")
        # The place of the table before stays until there are rows.
        sees(probe, r"(?s)SUCCEEDED[^\n]* (\d+) rows.*› 203\.0.* → .*row 1 of \1 ·")
        rows = json.loads(copied(probe, home, "y", "a"))
        assert run(copied(probe, home, "y", "l"), home) == rows
        probe.press("Q")


def test_both_command_lines_give_the_rows_of_athena(
    demo_tables: AthenaServer, home: dict[str, str]
) -> None:
    """The first without a new query, as it stands; the second, a comment, asks anew."""
    place = ("--output-location", "s3://results/")
    with started(home, TABLE, *place, "--filter", HOURS) as probe:
        sees(probe, r"SUCCEEDED.*rows?")
        sees(probe, r"row 1 of \d+ ·")
        rows = as_json(probe, home)
        text = copied(probe, home, "y", "l")
        asked = len(demo_tables.ops("Athena.StartQueryExecution"))
        again, *comments = text.splitlines()
        assert "--attach" in again
        assert all(line.startswith("#") for line in comments)
        assert run(again, home) == rows
        assert len(demo_tables.ops("Athena.StartQueryExecution")) == asked
        anew = comments[-1].removeprefix("# ")
        assert "--output-location=s3://results/" in anew
        assert run(anew, home) == rows
        ticket = copied(probe, home, "y", "t")
        assert again in ticket
        assert "scanned" in ticket
        probe.press("Q")


def plain(probe: Probe) -> None:
    """Ask for plain rows by the palette."""
    sees(probe, r"row 1 of \d+ ·")
    probe.press("j")
    sees(probe, r"row 2 of \d+ ·")
    probe.press(":")
    probe.type("plain rows")
    sees(probe, "Plain rows")
    probe.press("enter")
    sees(probe, "Enter goes back to flowtui")


def test_plain_rows_are_beside_the_screen(home: dict[str, str]) -> None:
    """The alternate screen is left, the rows stand there bare; Enter is back where one stood."""
    with started(home, "demo") as probe:
        plain(probe)
        assert b"\x1b[?1049l" in probe.raw
        after = bytes(probe.raw).rpartition(b"\x1b[?1049l")[2]
        assert b"srcaddr  " in after
        assert b"\x1b[1m" not in after
        probe.press("enter")
        sees(probe, r"row 2 of \d+ ·")
        probe.press("j")
        sees(probe, r"row 3 of \d+ ·")
        probe.press("Q")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_program_while_rows_are_read(
    number: signal.Signals, home: dict[str, str]
) -> None:
    """The event loop stands still there, and is told all the same."""
    with started(home, "demo") as probe:
        plain(probe)
        os.kill(probe.process.pid, number)
        end = time.monotonic() + 20
        while probe.pump(0.05) or probe.process.isalive():
            assert time.monotonic() < end
        assert probe.process.exitstatus == 128 + number


def test_ctrl_c_there_only_goes_back(home: dict[str, str]) -> None:
    """It interrupts the reading, not the sitting."""
    with started(home, "demo") as probe:
        plain(probe)
        probe.press("ctrl+c")
        sees(probe, r"row 2 of \d+ ·")
        probe.press("Q")
