"""Which way copied text can leave this machine: from the environment and from tmux's settings.

Facts: tmux 3.3a with default settings drops plain OSC 52 and passthrough without a word, and takes
`load-buffer -w`; a clipboard program on a remote host fills the wrong machine's clipboard.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from flowtui.errors import ConfigError
from flowtui.session.copytext import plain

TIME_LIMIT_S: Final = 3.0
"""For tmux and for the clipboard program."""

CHOICES: Final = ("auto", "osc52", "tmux", "native", "file")
"""What `--clipboard` and `FLOWTUI_CLIPBOARD` may say."""


class Route(Enum):
    """A way for text to leave; the value is how doctor names it."""

    TERMINAL = "OSC 52"
    """To the terminal, or to a tmux that hands it on by its own settings."""
    PASSTHROUGH = "OSC 52 through tmux passthrough"
    SCREEN = "OSC 52 through GNU screen"
    TMUX = "tmux load-buffer -w"
    """To tmux, which tells the terminal."""
    TMUX_ONLY = "tmux load-buffer"
    """To tmux alone; it pastes inside tmux."""
    NATIVE = "the clipboard of this machine"
    FILE = "a file only"


@dataclass(frozen=True, slots=True)
class Choice:
    """The route taken, and why."""

    route: Route
    reason: str
    settings: tuple[tuple[str, str], ...] = ()
    """What was looked at: name and value."""


def choose_route(env: Mapping[str, str], override: str = "") -> Choice:
    """The one route that a copy takes now. Blocks: asks tmux, or looks for a clipboard program.

    Raises:
        ConfigError: The override is none of `CHOICES`.
    """
    wanted = override or env.get("FLOWTUI_CLIPBOARD", "") or "auto"
    if wanted not in CHOICES:
        raise ConfigError(f"{wanted} is not a way to copy.", f"Choose one of {', '.join(CHOICES)}.")
    if wanted != "auto":
        return _forced(wanted, env)
    if env.get("TMUX"):
        return _in_tmux(env)
    if not _is_remote(env) and has_native_clipboard(env):
        return Choice(Route.NATIVE, "not an SSH session, and a clipboard program is there")
    if env.get("STY"):
        return Choice(Route.SCREEN, "inside GNU screen (STY is set)")
    term = env.get("TERM", "")
    if term in ("", "dumb", "linux"):
        return Choice(Route.FILE, f"TERM={term or 'unset'} has no way to take it")
    return Choice(Route.TERMINAL, _place(env))


def _place(env: Mapping[str, str]) -> str:
    if _is_remote(env):
        return "an SSH session: only the terminal can reach your clipboard"
    return "no clipboard program on this machine; the terminal may take it"


def _is_remote(env: Mapping[str, str]) -> bool:
    return any(env.get(name) for name in ("SSH_TTY", "SSH_CONNECTION", "SSH_CLIENT"))


def _forced(wanted: str, env: Mapping[str, str]) -> Choice:
    reason = f"{wanted} was asked for"
    match wanted:
        case "file":
            return Choice(Route.FILE, reason)
        case "native":
            return Choice(Route.NATIVE, reason)
        case "tmux":
            settings = ask_tmux(env)
            can_tell = "clipboard" in settings.get("client features", "").split(",")
            route = Route.TMUX if can_tell else Route.TMUX_ONLY
            return Choice(route, reason, tuple(settings.items()))
        case _:
            if env.get("TMUX"):
                settings = ask_tmux(env)
                is_through = settings.get("allow-passthrough") in ("on", "all")
                route = Route.PASSTHROUGH if is_through else Route.TERMINAL
                return Choice(route, reason, tuple(settings.items()))
            return Choice(Route.SCREEN if env.get("STY") else Route.TERMINAL, reason)


def _in_tmux(env: Mapping[str, str]) -> Choice:
    settings = ask_tmux(env)
    seen = tuple(settings.items())
    if settings.get("allow-passthrough") in ("on", "all"):
        return Choice(Route.PASSTHROUGH, "inside tmux with allow-passthrough on", seen)
    if "clipboard" in settings.get("client features", "").split(","):
        return Choice(Route.TMUX, "inside tmux, whose terminal has the clipboard feature", seen)
    if settings.get("set-clipboard") == "on":
        return Choice(Route.TERMINAL, "inside tmux with set-clipboard on", seen)
    if not settings:
        return Choice(Route.TMUX_ONLY, "inside tmux, which does not answer", seen)
    return Choice(Route.TMUX_ONLY, "inside tmux, whose terminal lacks the clipboard feature", seen)


def ask_tmux(env: Mapping[str, str]) -> dict[str, str]:
    """What decides how tmux hands text on; empty where tmux does not answer."""
    names = ("version", "client_termfeatures", "allow-passthrough", "set-clipboard")
    target = ["-t", env["TMUX_PANE"]] if env.get("TMUX_PANE") else []
    command = ["tmux", "display-message", "-p", *target, "|".join(f"#{{{n}}}" for n in names)]
    try:
        answer = subprocess.run(
            command, env=dict(env), capture_output=True, timeout=TIME_LIMIT_S, check=True
        ).stdout.decode(errors="replace")
    except (OSError, subprocess.SubprocessError):
        return {}
    values = answer.strip().split("|")
    if len(values) != len(names):
        return {}
    version, features, passthrough, clipboard = values
    return {
        "tmux": version,
        "client features": features,
        # Before 3.3 there is no such option, and everything passes.
        "allow-passthrough": {"": "on", "0": "off", "1": "on", "2": "all"}.get(
            passthrough, passthrough
        ),
        "set-clipboard": clipboard,
    }


# In a process of its own: clipboard programs write to the terminal, may hang without a display, and
# pyperclip does not look at whether they failed.
_NATIVE: Final = """
import sys, pyperclip
copy, _ = pyperclip.determine_clipboard()
if not copy:
    sys.exit(9)
if sys.argv[1:] == ["copy"]:
    copy(sys.stdin.buffer.read().decode())
"""


def has_native_clipboard(env: Mapping[str, str]) -> bool:
    """True where pyperclip finds a clipboard program here."""
    return run_native(env, [], b"") == ""


def run_native(env: Mapping[str, str], arguments: list[str], data: bytes) -> str:
    """What went wrong, in a few words; empty where nothing did."""
    with tempfile.TemporaryFile() as said:
        try:
            # Not a pipe: the clipboard program stays in the background and would hold it open.
            status = subprocess.run(
                [sys.executable, "-P", "-W", "ignore", "-c", _NATIVE, *arguments],
                input=data, env=dict(env), stdout=subprocess.DEVNULL, stderr=said,
                timeout=TIME_LIMIT_S, check=False,
            ).returncode  # fmt: skip
        except subprocess.TimeoutExpired:
            return "the clipboard program does not answer"
        except OSError as error:
            return str(error)
        said.seek(0)
        lines = said.read().decode(errors="replace").strip().splitlines()
    if status == 9:
        return "there is no clipboard program on this machine"
    if lines:
        return plain(lines[-1])
    return f"the clipboard program failed with {status}" if status else ""


def load_buffer(env: Mapping[str, str], data: bytes, options: list[str]) -> bool:
    """Put text into a new tmux buffer; False where tmux did not take it."""
    try:
        status = subprocess.run(
            ["tmux", "load-buffer", *options, "-"],
            input=data, env=dict(env), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            timeout=TIME_LIMIT_S, check=False,
        ).returncode  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return False
    return status == 0
