"""The installed program, run as a person runs it, in a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]
PROGRAM = str(Path(sys.executable).with_name("flowtui"))
HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes"
    " start end action log-status\n"
)


def record(
    source: str = "10.0.0.1", port: int = 22, bytes: int = 60, action: str = "REJECT"
) -> str:
    """One line of a log in the default format."""
    return (
        f"2 012345678901 eni-0a {source} 10.0.0.2 50000 {port} 6 1 {bytes}"
        f" 1764000000 1764000060 {action} OK\n"
    )


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment whose settings, state and cache start empty."""
    root = tmp_path_factory.mktemp("home")
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "PYTHONPATH")}
    return kept | {
        "HOME": str(root),
        "TERM": "xterm-256color",
        "XDG_CONFIG_HOME": str(root / "config"),
        "XDG_STATE_HOME": str(root / "state"),
        "XDG_CACHE_HOME": str(root / "cache"),
    }


@pytest.fixture
def flowtui(home: dict[str, str]) -> Run:
    """Run the program to its end; `input` is its stdin."""

    def run(*arguments: str, input: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PROGRAM, *arguments],
            env=home, input=input, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    return run


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A directory with one log of three records."""
    directory = tmp_path / "logs"
    directory.mkdir()
    text = HEADER + record() + record("10.0.0.9", 443, 2**60 + 1, "ACCEPT") + record()
    (directory / "a.log").write_text(text)
    return directory
