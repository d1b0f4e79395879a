"""Sittings of the whole program in a terminal: killed, cut off, side by side, on a full disk."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from pathlib import Path

import pytest

from flowtui.session.sittings import Sittings
from tests.ptyprobe import PROGRAM, Probe, places

pytestmark = pytest.mark.pty


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, written once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def home(cache: Path, tmp_path: Path) -> dict[str, str]:
    """Places of this test's own, but for the demo."""
    return places(tmp_path) | {"XDG_CACHE_HOME": str(cache)}


def sittings(home: dict[str, str]) -> Sittings:
    """Those that were written."""
    return Sittings(Path(home["XDG_STATE_HOME"]) / "flowtui" / "sittings")


def started(home: dict[str, str], *arguments: str) -> Probe:
    """The program on a terminal of 100 by 30."""
    return Probe([*PROGRAM, *arguments], 100, 30, env=home)


def sees(probe: Probe, pattern: str) -> None:
    """Wait until a pattern is on the screen."""
    probe.wait_for(pattern, timeout=20, since=time.perf_counter())


def drilled(home: dict[str, str], probe: Probe) -> None:
    """Go into the first pair, to its third record, and wait until that is on disk."""
    sees(probe, r"SUCCEEDED.*100 rows")
    probe.press("enter")
    sees(probe, r"Top rejected pairs › .* → ")
    sees(probe, r"row 1 of 1 024")
    probe.press("j")
    probe.press("j")
    sees(probe, r"row 3 of 1 024")
    end = time.monotonic() + 20
    while not any(one.places[-1].row == 2 for one in sittings(home).all()):
        assert time.monotonic() < end, "never written"
        probe.pump(0.05)


def ended(probe: Probe) -> None:
    """Wait until the program is no more."""
    end = time.monotonic() + 20
    while probe.process.isalive():
        assert time.monotonic() < end, probe.text()
        probe.pump(0.05)


@pytest.mark.parametrize(
    ("number", "said"), [(signal.SIGKILL, "cut off"), (signal.SIGHUP, "connection lost")]
)
def test_what_was_cut_off_is_offered_and_stands_again(
    number: signal.Signals, said: str, home: dict[str, str]
) -> None:
    """Killed outright or hung up on: the next start offers it, and `,` goes to the same record."""
    with started(home, "demo") as probe:
        drilled(home, probe)
        os.kill(probe.process.pid, number)
        ended(probe)
    with started(home, "demo", "--no-resume") as probe:
        sees(probe, r"SUCCEEDED.*100 rows")
        probe.settle()
        assert "go on where" not in probe.text()
        os.kill(probe.process.pid, signal.SIGKILL)
        ended(probe)
    newest = sittings(home).all()[0]
    sittings(home).remove(newest.id)
    with started(home, "demo") as probe:
        sees(probe, rf"Press , to go on where the last sitting stood \({said}")
        probe.press(",")
        sees(probe, r"Top rejected pairs › .* → ")
        sees(probe, r"row 3 of")
        probe.press("Q")
        ended(probe)
    (left,) = sittings(home).all()
    assert (left.ended, left.places[-1].row) == ("quit", 2)
    with started(home, "demo") as probe:
        sees(probe, r"SUCCEEDED.*100 rows")
        probe.settle()
        assert "go on where" not in probe.text()


def test_several_stand_side_by_side(home: dict[str, str]) -> None:
    """Two at once over one source keep two sittings; each is listed, and taken up by its id."""
    with started(home, "demo") as one, started(home, "demo") as other:
        drilled(home, one)
        sees(other, r"SUCCEEDED.*100 rows")
        other.press("j")
        sees(other, r"row 2 of 100")
        command = [*PROGRAM, "sittings"]
        listed = subprocess.check_output(command, env=os.environ | home, text=True).splitlines()
        assert [" open " in line for line in listed] == [True, True]
        for probe in (one, other):
            probe.press("Q")
            ended(probe)
    found = {len(one.trail.steps): one for one in sittings(home).all()}
    assert {steps: one.places[-1].row for steps, one in found.items()} == {1: 1, 2: 2}
    with started(home, "--resume", found[1].id) as probe:
        sees(probe, r"row 2 of 100")
    with started(home, "--resume", found[2].id) as probe:
        sees(probe, r"row 3 of")


def test_flowtui_alone_offers_recent_sittings(home: dict[str, str]) -> None:
    """Without a source the list has them, below what it always has."""
    with started(home, "demo") as probe:
        drilled(home, probe)
        probe.press("Q")
        ended(probe)
    with started(home) as probe:
        sees(probe, r"Go on: demo +left \d+ s(econds)? ago at Top rejected pairs › ")
        probe.type("go on")
        probe.settle()
        probe.press("enter")
        sees(probe, r"Top rejected pairs › .* → ")
        sees(probe, r"row 3 of")


def test_a_full_disk_does_not_end_a_sitting(home: dict[str, str]) -> None:
    """No file can be written any more: it is said, the screen goes on, no pieces are left."""
    with started(home, "demo") as probe:
        sees(probe, r"SUCCEEDED.*100 rows")
        resource.prlimit(probe.process.pid, resource.RLIMIT_FSIZE, (0, 0))
        probe.press("enter")
        sees(probe, r"not kept for --resume")
        sees(probe, r"row 1 of")
        probe.press("Q")
        ended(probe)
    folder = Path(home["XDG_STATE_HOME"]) / "flowtui" / "sittings"
    assert not list(folder.glob(".*.part"))
    assert len(sittings(home).all()) == 1
