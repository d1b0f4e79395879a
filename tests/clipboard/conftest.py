"""A terminal that remembers every byte, and tmux servers that end with the test."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ptyprocess import PtyProcess


class Terminal:
    """A program in a pseudo-terminal, and every byte that it wrote."""

    def __init__(self, argv: list[str], env: dict[str, str]) -> None:
        self.process = PtyProcess.spawn(argv, dimensions=(24, 80), env=env)
        self.bytes = b""

    def wait(self, is_there: Callable[[], bool], timeout_s: float = 30) -> None:
        """Read until the condition holds."""
        deadline = time.monotonic() + timeout_s
        while not is_there():
            assert time.monotonic() < deadline, f"it never came: {self.bytes!r}"
            self._read(0.05)

    def wait_for_bytes(self, wanted: bytes) -> None:
        """Read until the terminal was sent these bytes."""
        self.wait(lambda: wanted in self.bytes)

    def _read(self, wait_s: float) -> None:
        if select.select([self.process.fd], [], [], wait_s)[0]:
            try:
                self.bytes += os.read(self.process.fd, 65536)
            except OSError:  # the program has ended
                time.sleep(wait_s)


@pytest.fixture
def clean_env(tmp_path: Path) -> dict[str, str]:
    """An environment that says nothing of multiplexers, displays and SSH."""
    env = {k: v for k, v in os.environ.items() if k in ("PATH", "PYTHONPATH", "LANG")}
    return env | {
        "HOME": str(tmp_path),
        "TERM": "xterm-256color",
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }


@pytest.fixture
def terminal(clean_env: dict[str, str]) -> Iterator[Callable[..., Terminal]]:
    """Start programs in terminals of their own."""
    started: list[Terminal] = []

    def start(argv: list[str], **env: str) -> Terminal:
        started.append(Terminal(argv, clean_env | env))
        return started[-1]

    yield start
    for one in started:
        one.process.close(force=True)


class Tmux:
    """A tmux server of its own, shown in a terminal of its own."""

    def __init__(self, start: Callable[..., Terminal], settings: str, term: str) -> None:
        self.socket = f"flowtui-test-{uuid.uuid4().hex[:12]}"
        self.terminal = start(["tmux", "-L", self.socket, "-f", settings, "new"], TERM=term)
        self.terminal.wait(lambda: self.run("list-clients") != "")

    def run(self, *command: str) -> str:
        """A tmux command's output; empty where it fails."""
        done = subprocess.run(
            ["tmux", "-L", self.socket, *command], capture_output=True, text=True, check=False
        )
        return done.stdout if done.returncode == 0 else ""


@pytest.fixture
def tmux(terminal: Callable[..., Terminal], tmp_path: Path) -> Iterator[Callable[..., Tmux]]:
    """Start tmux servers; `settings` are lines of a tmux.conf, none by default."""
    if shutil.which("tmux") is None:
        pytest.skip("TMUX IS NOT INSTALLED: copying through tmux was not tested")
    servers: list[Tmux] = []

    def start(settings: str = "", term: str = "xterm-256color") -> Tmux:
        file = tmp_path / f"tmux-{len(servers)}.conf"
        file.write_text(settings)
        servers.append(Tmux(terminal, str(file), term))
        return servers[-1]

    yield start
    for server in servers:
        server.run("kill-server")
