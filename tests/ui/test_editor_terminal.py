"""The editor in a real terminal: pasted text, an editor of the person's own, and every way out."""

from __future__ import annotations

import os
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ptyprobe import PROGRAM, Probe, places

pytestmark = pytest.mark.pty


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo is written, once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def home(cache: Path, tmp_path: Path) -> dict[str, str]:
    """Places of this test's own for everything else."""
    return places(tmp_path) | {"XDG_CACHE_HOME": str(cache)}


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """An editor that writes down how the file stood, and does what its text says."""
    return tmp_path / "editor with blanks"


@pytest.fixture
def probe(home: dict[str, str], script: Path) -> Iterator[Probe]:
    """The demo at 80x24, with the SQL of its first query in the editor."""
    env = home | {"VISUAL": f"'{script}' --wait", "EDITOR": "false"}
    with Probe([*PROGRAM, "demo"], 80, 24, env=env) as running:
        running.wait_for(r"SUCCEEDED.*100 rows", timeout=60)
        running.press("e")
        sees(running, r"LIMIT :limit")
        yield running


def sees(probe: Probe, pattern: str) -> None:
    """Wait until a pattern is on the screen."""
    probe.wait_for(pattern, timeout=30, since=time.perf_counter())


def leave(probe: Probe) -> None:
    """From the text to the keys, and from there back."""
    probe.press("escape")
    sees(probe, r"r Run")
    probe.press("q")
    sees(probe, r"SUCCEEDED.*100 rows")


def make(script: Path, body: str) -> None:
    """Write the editor: a shell script; `$2` is the file."""
    script.write_text(f"#!/bin/sh\nstat -c '%a' \"$2\" > '{script}.mode'\n{body}\n")
    script.chmod(0o700)


def lent(home: dict[str, str]) -> list[Path]:
    """Files that editors were given and nobody took back."""
    directory = Path(home["XDG_STATE_HOME"]) / "flowtui" / "editing"
    return sorted(directory.iterdir()) if directory.exists() else []


def test_what_the_editor_writes_is_judged_and_runs(
    probe: Probe, home: dict[str, str], script: Path
) -> None:
    """It gets the terminal and a file for this user alone; what comes back is judged like typed."""
    make(script, "echo 'SELECT dstport, count(*) AS n FROM flows GROUP BY dstprot' > \"$2\"")
    probe.press("ctrl+g")
    sees(probe, r"GROUP BY dstprot")
    sees(probe, r"Line 1, column 51: .*has no column dstprot")
    assert Path(f"{script}.mode").read_text() == "600\n"
    assert lent(home) == []
    make(script, "sed -i 's/dstprot/dstport/' \"$2\"")
    probe.press("ctrl+g")
    sees(probe, r"It can run")
    probe.press("ctrl+r")
    sees(probe, r"› Top rejected pairs \(edited\)")
    sees(probe, r"dstport +n")
    probe.settle(0.5)
    probe.press("q")
    sees(probe, r"SUCCEEDED.*100 rows")


def test_an_editor_that_talks_on_the_terminal_has_it_alone(probe: Probe, script: Path) -> None:
    """It reads what is typed, and nothing of ours is drawn over it; Ctrl-C is its own."""
    make(
        script,
        "trap 'echo interrupted' INT\nprintf 'Which table? '\n"
        'while [ -z "$name" ]; do read name; done\n'
        'echo "SELECT 1 AS one FROM $name" > "$2"',
    )
    probe.press("ctrl+g")
    sees(probe, r"Which table\?")
    before = len(probe.raw)
    probe.settle(1.0, timeout=1.5)
    assert len(probe.raw) == before
    os.write(probe.process.fd, b"\x03")
    sees(probe, r"interrupted")
    assert probe.process.isalive()
    probe.type("flows\r")
    sees(probe, r"SELECT 1 AS one FROM flows")
    sees(probe, r"It can run")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("echo changed > \"$2\"; exit 3", r"ended with status 3"),
        ("kill -9 $$", r"ended with signal 9"),
        ("head -c 400000 /dev/zero | tr '\\0' x > \"$2\"", r"too long"),
        ("printf '\\377' > \"$2\"", r"not UTF-8"),
        ("rm \"$2\"", r"cannot be read back"),
        ("true", r"Nothing was changed"),
    ],
)  # fmt: skip
def test_an_editor_that_fails_is_told_and_changes_nothing(
    body: str, said: str, probe: Probe, script: Path
) -> None:
    """The text is as it was, the screen is whole, and what the editor wrote is not thrown away."""
    make(script, body)
    probe.press("ctrl+g")
    sees(probe, said)
    sees(probe, r"LIMIT :limit")
    sees(probe, r"\^R Run")


def test_an_editor_that_is_not_there_is_told(probe: Probe) -> None:
    """With what to do; the terminal is ours again."""
    probe.press("ctrl+g")
    sees(probe, r"cannot be started: No such file")
    sees(probe, r"LIMIT :limit")
    leave(probe)


def test_escape_sequences_from_the_editor_do_not_act(probe: Probe, script: Path) -> None:
    """They are written out."""
    make(script, "printf 'SELECT 1 -- \\033[2J\\033]52;c;QUJD\\007' > \"$2\"")
    before = len(probe.raw)
    probe.press("ctrl+g")
    sees(probe, r"\\x1b\[2J\\x1b\]52")
    assert b"\x1b]52;" not in probe.raw[before:]


def test_a_text_of_pasted_megabytes_leaves_the_screen_usable(probe: Probe) -> None:
    """A long line in brackets of paste is taken, keys still do what they say."""
    line = "SELECT '" + "x" * 100_000 + "' AS one FROM flows"
    probe.type(f"\x1b[200~{line}\x1b[201~")
    sees(probe, r"xxxxxxxx")
    leave(probe)


def test_what_is_typed_outlives_a_terminal_that_goes_away(
    probe: Probe, home: dict[str, str]
) -> None:
    """The draft is there in the next sitting, when `e` is pressed again."""
    probe.type("/* still here */ ")
    sees(probe, r"still here")
    probe.process.kill(signal.SIGHUP)
    end = time.monotonic() + 20
    while probe.process.isalive() and time.monotonic() < end:
        probe.pump(0.05)
    drafts = Path(home["XDG_STATE_HOME"]) / "flowtui" / "drafts"
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (drafts, *drafts.iterdir())}
    assert modes == {0o700, 0o600}
    with Probe([*PROGRAM, "demo"], 80, 24, env=home) as again:
        again.wait_for(r"SUCCEEDED.*100 rows", timeout=60)
        again.press("e")
        sees(again, r"still here")
        again.press("ctrl+r")
        sees(again, r"\(edited\)")
        sees(again, r"SUCCEEDED.*100 rows")
