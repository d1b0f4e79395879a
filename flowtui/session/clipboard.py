"""Copying that arrives, over SSH and in tmux too, and that says no more than what happened.

The text is first written to a file, always. Then exactly one route is taken, chosen from the
environment and, inside tmux, from tmux's own settings. Nothing here writes to the terminal: a
sequence for it is handed back, so that the screen's driver writes it between two frames.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flowtui.domain.values import format_size
from flowtui.session import paths
from flowtui.session.copytext import plain
from flowtui.session.routes import Choice, Route, choose_route, load_buffer, run_native

OSC52_LIMIT: Final = 74_994
"""Bytes of text; with base64 and its frame they make the 100,000 that terminals take at most."""
SCREEN_CHUNK: Final = 76
"""Bytes that every GNU screen passes on in one string."""


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What became of a copy."""

    message: str
    """What to say, complete and true."""
    route: Route
    path: Path
    """The file that holds the text; not written where `is_written` is False."""
    sequence: str | None = None
    """What the screen must write to the terminal, in one piece; None: nothing."""
    is_sent: bool = True
    """False where the text is in the file alone."""
    is_written: bool = True


def copy(
    text: str,
    what: str,
    *,
    env: Mapping[str, str] | None = None,
    override: str = "",
    path: Path | None = None,
) -> CopyReport:
    """Copy a text. Blocks for up to a few seconds; worker threads only.

    Args:
        text: Copied as plain text: control characters but tab and newline are written out.
        what: What it is, for the message: `12 rows (TSV)`.
        env: Environment; the process's own by default.
        override: One of `CHOICES`; empty: `FLOWTUI_CLIPBOARD`, else `auto`.
        path: File to keep the text in; by default `clip.txt` in the state directory.
    """
    env = os.environ if env is None else env
    data = plain(text).encode()
    file = path or paths.clip_file()
    fault = _keep(data, file)
    choice = choose_route(env, override)
    return _Sending(data, what, file, fault, env).by(choice)


def _keep(data: bytes, path: Path) -> str:
    """Write the file, whole or not at all, readable by its owner; what went wrong, or empty."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        paths.private_dir(path.parent)
        with suppress(FileNotFoundError):
            unfinished.unlink()
        fd = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(fd, "wb") as file:
            file.write(data)
        os.replace(unfinished, path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        return error.strerror or str(error)
    return ""


@dataclass(frozen=True, slots=True)
class _Sending:
    """One text on its way."""

    data: bytes
    what: str
    path: Path
    fault: str
    """Why the file could not be written; empty where it was."""
    env: Mapping[str, str]

    @property
    def thing(self) -> str:
        """`12 rows (TSV, 1.4 kB)`."""
        size = format_size(len(self.data))
        if self.what.endswith(")"):
            return f"{self.what[:-1]}, {size})"
        return f"{self.what} ({size})"

    def by(self, choice: Choice) -> CopyReport:
        """Go the way that was chosen."""
        match route := choice.route:
            case Route.TERMINAL | Route.PASSTHROUGH | Route.SCREEN:
                return self._by_sequence(route)
            case Route.TMUX | Route.TMUX_ONLY:
                return self._by_tmux(route)
            case Route.NATIVE:
                fault = run_native(self.env, ["copy"], self.data)
                if fault:
                    return self._in_file(route, f"{self.thing} not copied: {fault}.")
                return self._sent(route, f"Copied {self.thing} to the clipboard of this machine")
            case Route.FILE:
                return self._in_file(route, f"{self.thing} not sent: {choice.reason}.")

    def _by_sequence(self, route: Route) -> CopyReport:
        if len(self.data) > OSC52_LIMIT:
            limit = format_size(OSC52_LIMIT)
            return self._in_file(route, f"{self.thing} not sent: over {limit} for OSC 52.")
        way, frame = {
            Route.TERMINAL: ("tmux" if self.env.get("TMUX") else "your terminal", osc52),
            Route.PASSTHROUGH: ("your terminal through tmux", for_tmux),
            Route.SCREEN: ("your terminal through screen", for_screen),
        }[route]
        return self._sent(route, f"Sent {self.thing} to {way} (OSC 52)", frame(self.data))

    def _by_tmux(self, route: Route) -> CopyReport:
        is_told = route is Route.TMUX and len(self.data) <= OSC52_LIMIT
        if is_told and load_buffer(self.env, self.data, ["-w"]):
            return self._sent(route, f"Sent {self.thing} to tmux and, by it, to your terminal")
        if not load_buffer(self.env, self.data, []):
            return self._in_file(route, f"{self.thing} not sent: tmux did not take it.")
        return self._sent(
            Route.TMUX_ONLY, f"Sent {self.thing} to tmux: pastes inside tmux only (prefix ])"
        )

    def _sent(self, route: Route, message: str, sequence: str | None = None) -> CopyReport:
        return CopyReport(message, route, self.path, sequence, is_written=not self.fault)

    def _in_file(self, route: Route, message: str) -> CopyReport:
        place = (
            f"{self.path} cannot be written: {self.fault}"
            if self.fault
            else f"It is in {self.path}"
        )
        return CopyReport(
            f"{message} {place}", route, self.path, is_sent=False, is_written=not self.fault
        )


def osc52(data: bytes) -> str:
    """The sequence that asks a terminal to fill its clipboard."""
    return f"\x1b]52;c;{b64encode(data).decode()}\x07"


def for_tmux(data: bytes) -> str:
    """The same, wrapped so that tmux passes it to the terminal."""
    return "\x1bPtmux;" + osc52(data).replace("\x1b", "\x1b\x1b") + "\x1b\\"


def for_screen(data: bytes) -> str:
    """The same, in pieces small enough for GNU screen to pass on."""
    sequence = osc52(data)
    pieces = (sequence[at : at + SCREEN_CHUNK] for at in range(0, len(sequence), SCREEN_CHUNK))
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
