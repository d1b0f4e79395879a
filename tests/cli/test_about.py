"""ABOUT on the command line: what is a source, what is something to begin with, what is neither."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from flowtui.cli.about import told_apart
from flowtui.domain.addresses import network_text
from flowtui.errors import ConfigError
from flowtui.session.config import Config
from tests.cli.conftest import Run
from tests.ptyprobe import Probe


@pytest.mark.parametrize(
    ("source", "about", "opened", "address"),
    [
        ("10.0.3.7", "", "", "10.0.3.7"),
        ("demo", "203.0.113.9:443", "demo", "203.0.113.9"),
        ("blocked 203.0.113.9 on 2026-11-23", "", "", "203.0.113.9"),
        ("demo", "", "demo", None),
        ("s3://10.0.3.7/", "", "s3://10.0.3.7/", None),
        ("nonsense", "", "nonsense", None),
    ],
)
def test_a_source_is_told_from_what_to_begin_with(
    source: str, about: str, opened: str, address: str | None
) -> None:
    """What is no source, and names something, is what to begin with."""
    found, _text, clues = told_apart(source, about, Config())
    assert found == opened
    assert (network_text(clues.addresses[0]) if clues else None) == address


def test_a_directory_of_that_name_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Logs kept in a directory named like an address are still logs."""
    monkeypatch.chdir(tmp_path)
    Path("10.0.3.7").mkdir()
    assert told_apart("10.0.3.7", "", Config()) == ("10.0.3.7", "", None)


def test_what_names_nothing_is_refused() -> None:
    """An alarm without traffic in it says what is wanted."""
    with pytest.raises(ConfigError, match="names no address"):
        told_apart("demo", "all is well", Config())


def test_without_a_terminal_it_is_said(flowtui: Run) -> None:
    """From a pipe with nobody at a keyboard, the screen does not open, and says so."""
    done = flowtui("demo", "-", input="203.0.113.9")
    assert done.returncode == 2
    assert "terminal" in done.stderr


@pytest.mark.pty
def test_a_finding_on_stdin_opens_the_screen_on_it(home: dict[str, str], tmp_path: Path) -> None:
    """A GuardDuty finding through a pipe: the conversation that it names is on the screen."""
    finding = {
        "Type": "UnauthorizedAccess:EC2/SSHBruteForce",
        "Resource": {
            "InstanceDetails": {"NetworkInterfaces": [{"PrivateIpAddress": "10.20.0.22"}]}
        },
        "Service": {
            "EventFirstSeen": "2026-11-23T01:40:00Z",
            "EventLastSeen": "2026-11-23T02:20:00Z",
            "Action": {
                "NetworkConnectionAction": {"RemoteIpDetails": {"IpAddressV4": "203.0.113.66"}}
            },
        },
    }
    file = tmp_path / "finding.json"
    file.write_text(json.dumps(finding))
    run = f"cat {file} | {sys.executable} -m flowtui demo -"
    with Probe(["sh", "-c", run], 100, 30, env=home | {"TMUX": ""}) as probe:
        probe.wait_for(r"203\.0\.113\.66 +10\.20\.0\.22 +22 +tcp +ACCEPT", timeout=60)
        probe.press("I")
        probe.wait_for("GuardDuty finding", timeout=10)
        probe.press("escape")
        probe.press("Q")
