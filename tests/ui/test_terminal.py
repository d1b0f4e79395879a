"""The program in a real terminal: the demo's story by keyboard, and every way out."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ptyprobe import PROGRAM, Probe, places

pytestmark = pytest.mark.pty

RESTORED = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l", b"\x1b[?1000l")
"""Alternate screen off, cursor on, bracketed paste off, mouse off."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Places of this module's own for everything that flowtui writes; the demo is written once."""
    root = tmp_path_factory.mktemp("home")
    return places(root)


@pytest.fixture
def probe(home: dict[str, str]) -> Iterator[Probe]:
    """The demo at 80x24, with the first rows on the screen."""
    with Probe([*PROGRAM, "demo"], 80, 24, env=home) as running:
        running.wait_for(r"SUCCEEDED.*100 rows", timeout=60)
        yield running


def ask(probe: Probe, words: str, *keys: str) -> None:
    """Choose a saved query by typing some of its title."""
    probe.press("o")
    probe.wait_for("Search in titles", timeout=10, since=time.perf_counter())
    probe.type(words)
    probe.settle()
    for key in ("enter", *keys):
        probe.press(key)


def sees(probe: Probe, pattern: str) -> None:
    """Wait until a pattern is on the screen."""
    probe.wait_for(pattern, timeout=30, since=time.perf_counter())


def test_the_story_of_the_demo_is_found_by_keyboard(probe: Probe) -> None:
    """The README's first five minutes, key by key: each claim stands on the screen."""
    ask(probe, "port scans")
    sees(probe, r"198\.51\.100\.23 +10\.20\.0\.22 +1 024")

    ask(probe, "ssh and rdp")
    sees(probe, r"SSH and RDP")
    sees(probe, r"203\.0\.113\.66 +10\.20\.0\.22")
    sees(probe, r"384")

    ask(probe, "lateral")
    sees(probe, r"Lateral movement")
    sees(probe, r"10\.20\.0\.22|10\.20\.0\.10")

    ask(probe, "outbound")
    sees(probe, r"10\.20\.11\.51 +192\.0\.2\.200")
    sees(probe, r"930\.0 MB")

    ask(probe, "verdict")
    sees(probe, r"10\.20\.12\.77 +10\.20\.20\.100")
    probe.press("/")
    sees(probe, r"Search /")
    probe.type("10.20.12.77")
    probe.press("enter")
    sees(probe, r"row 1 of")
    probe.press("enter")
    sees(probe, r"Verdict changed › 10\.20\.12\.77 → 10\.20\.20\.100")
    sees(probe, r"ACCEPT")
    probe.press("/")
    probe.type("reject")
    probe.press("enter")
    sees(probe, r"▸ +11-23 14:0\d:\d\d +REJECT")
    probe.press("enter")
    sees(probe, r"› record")
    sees(probe, r"dstport +5432 +postgres")
    probe.press("q")
    probe.press("[")
    sees(probe, r"▸ +10\.20\.12\.77")

    ask(probe, "no answer")
    sees(probe, r"8443")

    ask(probe, "log health")
    sees(probe, r"SKIPDATA")


def test_filters_narrow_the_story(probe: Probe) -> None:
    """Typed and taken from cells, undone, and zero rows explained."""
    ask(probe, "top accepted")
    sees(probe, r"Top rejected pairs › Top accepted pairs")
    probe.press("f")
    probe.type("srcaddr:10.20.11.51 dstport:443")
    probe.press("enter")
    sees(probe, r"▸ +10\.20\.11\.51")
    probe.press("!")
    sees(probe, r"-srcaddr:10\.20\.11\.51")
    sees(probe, r"exclude each other")
    probe.press("u")
    sees(probe, r"▸ +10\.20\.11\.51")


def left(probe: Probe) -> int | None:
    """Wait until the program has ended; its exit status, or minus the signal."""
    end = time.monotonic() + 15
    while probe.process.isalive() and time.monotonic() < end:
        probe.pump(0.05)
    assert not probe.process.isalive(), probe.text()
    while probe.pump(0.05):
        pass
    status = probe.process.exitstatus
    return status if status is not None else -(probe.process.signalstatus or 0)


def test_leaving_gives_the_terminal_back(probe: Probe) -> None:
    """`q` and yes: status 0, and every mode of the terminal as it was."""
    probe.press("q")
    sees(probe, "Leave flowtui")
    probe.type("y")
    assert left(probe) == 0
    assert all(mode in probe.raw[-400:] for mode in RESTORED)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_cleanly(probe: Probe, number: signal.Signals) -> None:
    """The terminal is given back, and the status tells the signal as a shell would."""
    os.kill(probe.process.pid, number)
    assert left(probe) == 128 + number
    assert all(mode in probe.raw[-400:] for mode in RESTORED)


def test_a_terminal_that_goes_away_ends_it(home: dict[str, str]) -> None:
    """A dropped connection leaves no process behind."""
    with Probe([*PROGRAM, "demo"], 80, 24, env=home) as probe:
        probe.wait_for(r"SUCCEEDED.*100 rows", timeout=60)
        pid = probe.process.pid
        probe.process.fileobj.close()
        end = time.monotonic() + 15
        while time.monotonic() < end:
            found, _ = os.waitpid(pid, os.WNOHANG)
            if found:
                break
            time.sleep(0.05)
        else:
            pytest.fail("it still runs")
        probe.process.terminated = True
        probe.process.closed = True


def test_without_colours(home: dict[str, str]) -> None:
    """NO_COLOR: states and verdicts are words, and no colour is sent."""
    with Probe([*PROGRAM, "demo"], 80, 24, env={**home, "NO_COLOR": "1"}) as probe:
        probe.wait_for(r"● SUCCEEDED.*100 rows", timeout=60)
        colours = {
            tuple(found.split(b";")[2:5])
            for found in re.findall(rb"\x1b\[[0-9;]*([34]8;2;[0-9;]+)m", bytes(probe.raw))
        }
        assert all(len(set(colour)) == 1 for colour in colours), "only greys"


@pytest.mark.parametrize("term", ["screen", "xterm", "linux", "dumb"])
def test_any_kind_of_terminal(home: dict[str, str], term: str) -> None:
    """Whatever TERM says, rows come and keys work."""
    env = {**home, "TERM": term, "COLORTERM": ""}
    with Probe([*PROGRAM, "demo"], 80, 24, env=env) as probe:
        probe.wait_for(r"SUCCEEDED.*100 rows", timeout=60)
        probe.press("j")
        sees(probe, "row 2 of 100")


def test_resizing_at_any_moment(probe: Probe) -> None:
    """Smaller, larger, while it draws: rows and cursor stay on the screen."""
    for rows, columns in ((10, 40), (50, 200), (3, 10), (24, 80)):
        probe.process.setwinsize(rows, columns)
        probe.screen.resize(rows, columns)
        probe.press("j")
    probe.settle()
    sees(probe, r"▸ +\d+\.\d+\.\d+\.\d+")
    sees(probe, "row 5 of 100")


def test_a_fresh_machine(tmp_path: Path) -> None:
    """With nothing written before, the demo is written, told about, and opened."""
    env = places(tmp_path)
    with Probe([*PROGRAM, "demo"], 120, 40, env=env) as probe:
        probe.wait_for("flowtui  demo", timeout=30)
        probe.wait_for("Writing the demo", timeout=30)
        probe.wait_for(r"198\.51\.100\.23", timeout=60)


@pytest.mark.parametrize(("cols", "rows"), [(80, 24), (120, 40)])
def test_the_timeline_sets_the_time_by_keyboard(home: dict[str, str], cols: int, rows: int) -> None:
    """In a real terminal: into it, a span between two marks, and back by u; ten rows stay."""
    with Probe([*PROGRAM, "demo"], cols, rows, env=home) as probe:
        probe.wait_for(r"accepted [▁-█]+", timeout=60)
        assert len(re.findall(r"REJECT|\d+\.\d+\.\d+\.\d+ +\d+\.\d+", probe.text())) >= 10
        for key in ("m", "g", "v", "l", "l"):
            probe.press(key)
        sees(probe, r"00:00 – \d\d:\d\d · [\d ]+ rec")
        probe.press("enter")
        sees(probe, r"from:2026-\d\d-\d\dT00:00Z to:2026-\d\d-\d\dT0\d:\d\dZ")
        sees(probe, r"accepted [▁-█]+")
        probe.press("u")
        sees(probe, "No filter: all there is")
