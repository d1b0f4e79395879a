"""How many bytes go to the terminal on a slow line, key by key. Bounds on bytes; none on time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ptyprobe import OVER_SSH, PROGRAM, Probe, places

pytestmark = pytest.mark.pty


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Places of this module's own, and an SSH connection."""
    root = tmp_path_factory.mktemp("home")
    return places(root) | OVER_SSH


@pytest.fixture
def probe(home: dict[str, str]) -> Iterator[Probe]:
    """The demo over SSH at 120x40, with its first rows."""
    with Probe([*PROGRAM, "demo"], 120, 40, env=home) as running:
        running.wait_for(r"SUCCEEDED.*100 rows", timeout=60)
        running.settle(0.5)
        yield running


def sent(probe: Probe, act: Callable[[], object], quiet: float = 0.5) -> int:
    """Bytes that come until it is quiet."""
    before = len(probe.raw)
    act()
    probe.settle(quiet)
    return len(probe.raw) - before


def idle(probe: Probe, seconds: float) -> int:
    """Bytes that come by themselves."""
    before = len(probe.raw)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        probe.pump(0.05)
    return len(probe.raw) - before


def test_few_bytes_go_out(probe: Probe) -> None:
    """A screen at first; then nothing by itself, and some hundred bytes for a key."""
    assert len(probe.raw) < 60_000
    assert idle(probe, 2.0) == 0
    assert sent(probe, lambda: probe.type("j")) < 1_000
    assert sent(probe, lambda: probe.type("l")) < 1_000
    assert "row 2 of 100" in probe.text()


def test_a_burst_of_keys_is_few_frames(probe: Probe) -> None:
    """Fifty keys at once send a fraction of fifty frames, and all of them have worked."""
    one = sent(probe, lambda: probe.type("j"))
    fifty = sent(probe, lambda: probe.type("j" * 50))
    assert fifty < 20 * one
    assert "row 52 of 100" in probe.text()


def test_typing_waits_in_silence(probe: Probe) -> None:
    """No cursor blinks; a letter is some hundred bytes."""
    probe.type("f")
    probe.settle(0.5)
    assert idle(probe, 2.0) == 0
    assert sent(probe, lambda: probe.type("x")) < 1_500


def test_the_mouse_is_not_followed(probe: Probe) -> None:
    """Movements are not asked for, clicks are."""
    assert probe.raw.rfind(b"\x1b[?1003l") > probe.raw.rfind(b"\x1b[?1003h")
    assert probe.raw.rfind(b"\x1b[?1000h") > probe.raw.rfind(b"\x1b[?1003l")


def test_what_another_wrote_is_drawn_over_when_asked(probe: Probe) -> None:
    """`Draw anew` sends all of it; so does another size of the terminal."""
    probe._stream.feed(b"\x1b[5;5Hwall: the system goes down")
    assert "goes down" in probe.text()
    probe.type(":")
    probe.settle()
    probe.type("draw anew")
    probe.settle()
    probe.press("enter")
    probe.settle()
    assert "goes down" not in probe.text()
    probe._stream.feed(b"\x1b[5;5Hwall: the system goes down")
    probe.process.setwinsize(41, 120)
    probe.screen.resize(41, 120)
    probe.settle(0.5)
    assert "goes down" not in probe.text()


def test_off_is_off(home: dict[str, str], tmp_path: Path) -> None:
    """The command line says it over what is found, the settings where the line says nothing."""
    (tmp_path / "flowtui").mkdir()
    (tmp_path / "flowtui" / "config.toml").write_text('slow_line = "off"\n')
    settings = {**home, "XDG_CONFIG_HOME": str(tmp_path)}
    for env, arguments in ((home, ["--slow-line", "off"]), (settings, [])):
        with Probe([*PROGRAM, "demo", *arguments], 120, 40, env=env) as probe:
            probe.wait_for(r"SUCCEEDED.*100 rows", timeout=60)
            assert b"\x1b[?1003l" not in probe.raw
