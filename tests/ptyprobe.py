"""Drive a full-screen program through a pseudo-terminal, as a person at an SSH prompt would.

A `Probe` starts a command in a pty of a given size, keeps what the program draws in a
terminal emulator (pyte), sends keys, and times what comes back.

    with Probe(["flowtui", "demo"], cols=120, rows=40) as p:
        print("first paint", p.wait_for("Saved queries", timeout=10))
        print("key to screen", p.press("down"))
        print(p.text())
"""

from __future__ import annotations

import base64
import os
import re
import select
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pyte
from ptyprocess import PtyProcess

PROGRAM = (sys.executable, "-m", "flowtui")
"""The program of this tree."""
OVER_SSH = {"SSH_TTY": "/dev/pts/9"}
KEYS = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "enter": "\r",
    "tab": "\t",
    "backtab": "\x1b[Z",
    "escape": "\x1b",
    "space": " ",
    "backspace": "\x7f",
    "delete": "\x1b[3~",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f5": "\x1b[15~",
} | {f"ctrl+{c}": chr(ord(c) - 96) for c in "abcdefghijklmnopqrstuvwxyz"}

_OSC52 = re.compile(rb"\x1b\]52;([a-z]*);([A-Za-z0-9+/=]*)(?:\x07|\x1b\\)")
# Sequences that pyte would print as text: private CSI with <, =, > and DCS/APC strings.
_UNKNOWN = re.compile(
    rb"\x1b\[[<=>][0-9;:]*[a-zA-Z]|\x1b\[\?[0-9;]*\$[a-z]|\x1b[P_^][^\x1b]*\x1b\\"
)


def places(root: Path) -> dict[str, str]:
    """An environment without tmux, in which all that flowtui writes lies below a directory."""
    names = ("CACHE", "STATE", "CONFIG")
    return {f"XDG_{name}_HOME": str(root / name.lower()) for name in names} | {"TMUX": ""}


class Probe:
    """One running program and the screen it has drawn."""

    def __init__(
        self,
        argv: Sequence[str],
        cols: int = 120,
        rows: int = 40,
        env: dict[str, str] | None = None,
        cwd: str | None = None,
    ) -> None:
        self.screen = pyte.Screen(cols, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = bytearray()
        full_env = (
            os.environ
            | {
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                "LANG": "C.UTF-8",
                "LC_ALL": "C.UTF-8",
            }
            | (env or {})
        )
        if not env or "COLUMNS" not in env:
            full_env = {k: v for k, v in full_env.items() if k not in ("COLUMNS", "LINES")}
        self.started = time.perf_counter()
        self.process = PtyProcess.spawn(list(argv), dimensions=(rows, cols), env=full_env, cwd=cwd)

    def __enter__(self) -> Probe:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the program if it is still there."""
        if self.process.isalive():
            self.process.terminate(force=True)

    def pump(self, seconds: float) -> bool:
        """Feed what the program writes within `seconds` to the screen; True where anything came."""
        ready, _, _ = select.select([self.process.fd], [], [], max(0.0, seconds))
        if not ready:
            return False
        try:
            data = os.read(self.process.fd, 1 << 16)
        except OSError:
            return False
        if not data:
            return False
        self.raw += data
        self._stream.feed(_UNKNOWN.sub(b"", data))
        return True

    def text(self) -> str:
        """The screen as it stands, a line per row."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait_for(self, pattern: str, timeout: float = 10.0, since: float | None = None) -> float:
        """Seconds until `pattern`, a regular expression, is on the screen; or TimeoutError."""
        begin = self.started if since is None else since
        deadline = time.perf_counter() + timeout
        wanted = re.compile(pattern)
        while True:
            if wanted.search(self.text()):
                return time.perf_counter() - begin
            left = deadline - time.perf_counter()
            if left <= 0:
                raise TimeoutError(
                    f"{pattern!r} not on the screen after {timeout} s:\n{self.text()}"
                )
            if not self.pump(min(left, 0.05)) and not self.process.isalive():
                raise RuntimeError(
                    f"the program ended (status {self.process.exitstatus}):\n{self.text()}"
                )

    def settle(self, quiet: float = 0.15, timeout: float = 5.0) -> None:
        """Wait until nothing has been drawn for `quiet` seconds."""
        deadline = time.perf_counter() + timeout
        while time.perf_counter() < deadline and self.pump(quiet):
            pass

    def type(self, text: str) -> None:
        """Type `text` as it is."""
        os.write(self.process.fd, text.encode())

    def press(self, key: str, timeout: float = 2.0) -> float | None:
        """Press one key; seconds until the first change on the screen, None where none came."""
        before = self.text(), (self.screen.cursor.x, self.screen.cursor.y), self._colours()
        begin = time.perf_counter()
        os.write(self.process.fd, KEYS.get(key, key).encode())
        while time.perf_counter() - begin < timeout:
            if (
                self.pump(0.02)
                and (self.text(), (self.screen.cursor.x, self.screen.cursor.y), self._colours())
                != before
            ):
                return time.perf_counter() - begin
        return None

    def _colours(self) -> tuple[tuple[str, str], ...]:
        buffer = self.screen.buffer
        return tuple(
            (buffer[y][0].bg, buffer[y][self.screen.columns // 2].bg)
            for y in range(self.screen.lines)
        )

    def clipboard(self) -> str | None:
        """What the program last put on the terminal's clipboard by OSC 52."""
        found = _OSC52.findall(bytes(self.raw))
        return base64.b64decode(found[-1][1]).decode() if found else None

    def peak_rss_mib(self) -> float:
        """Peak resident memory of the program in MiB (0.0 once it has ended)."""
        try:
            with open(f"/proc/{self.process.pid}/status") as status:
                for line in status:
                    if line.startswith("VmHWM"):
                        return int(line.split()[1]) / 1024
        except FileNotFoundError:
            pass
        return 0.0
