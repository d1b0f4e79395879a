"""What the terminal can show, and whether what is drawn goes a long way to it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SLOW_LINE_CHOICES: Final = ("auto", "on", "off")
SIGN_CHOICES: Final = ("auto", "unicode", "ascii")
_REMOTE: Final = ("SSH_TTY", "SSH_CONNECTION", "SSH_CLIENT")
_LOCALE: Final = ("LC_ALL", "LC_CTYPE", "LANG")


@dataclass(frozen=True, slots=True)
class Terminal:
    """What to heed of the terminal."""

    colours: int = 1 << 24
    """How many it has; 0: none."""
    is_ascii: bool = False
    """Draw with letters and signs of ASCII alone."""
    is_slow_line: bool = False
    """Send few bytes: only what differs from what it shows, and not often."""


def terminal_of(slow_line: str, signs: str, env: Mapping[str, str]) -> Terminal:
    """What is known of the terminal.

    Args:
        slow_line: `auto` (over SSH), `on` or `off`.
        signs: `auto` (as the locale says), `unicode` or `ascii`.
        env: Of the process.
    """
    is_ascii = signs == "ascii" or (signs == "auto" and not can_unicode(env))
    return Terminal(colours(env), is_ascii, is_slow_line(slow_line, env))


def is_slow_line(choice: str, env: Mapping[str, str]) -> bool:
    """True where few bytes should be sent; `auto` does so over SSH."""
    return choice == "on" or (choice == "auto" and any(env.get(name) for name in _REMOTE))


def can_unicode(env: Mapping[str, str], encoding: str | None = None) -> bool:
    """True where lines and signs beyond ASCII come through.

    Where no locale is set at all, as in many containers, they do: terminals of today take UTF-8.

    Args:
        env: Of the process.
        encoding: In which text is written to the terminal; None: what Python found.
    """
    found = encoding or getattr(sys.__stderr__, "encoding", None) or "utf-8"
    if not found.lower().replace("-", "").startswith("utf"):
        return False
    locale = next((env[name] for name in _LOCALE if env.get(name)), "")
    return locale not in ("C", "POSIX")


def colours(env: Mapping[str, str]) -> int:
    """How many colours there are, as `COLORTERM` and terminfo say; 0: none."""
    import curses

    if env.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return 1 << 24
    try:
        curses.setupterm(env.get("TERM") or "dumb", 1)
        return max(0, curses.tigetnum("colors"))
    except curses.error:  # a terminal of which nothing is written down
        return 256 if "256" in env.get("TERM", "") else 8
