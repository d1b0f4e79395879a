"""What the screen is to begin with: ABOUT, as an argument or from stdin."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flowtui.errors import ConfigError
from flowtui.session.config import Config
from flowtui.session.sources import resolve_source

if TYPE_CHECKING:
    from flowtui.domain.clues import Clues

_STDIN = "-"


def told_apart(source: str, about: str, config: Config) -> tuple[str, str, Clues | None]:
    """The source, empty for that of the settings; what is asked about, as text and as clues.

    Raises:
        ConfigError: ABOUT says nothing about traffic, or stdin cannot be read and the keyboard had.
    """
    if source and not about and _is_about(source, config):
        source, about = "", source
    if not about:
        return source, "", None
    text = _from_stdin() if about == _STDIN else about
    clues = _clues(text)
    if not clues:
        what = "What came from stdin" if about == _STDIN else f"{about!r}"
        raise ConfigError(
            f"{what} names no address, port, interface or instance.",
            "Give an address, ADDRESS:PORT, eni-…, i-…, or the text of an alarm.",
        )
    return source, text, clues


def _is_about(text: str, config: Config) -> bool:
    """True for what is no source, and names something; a file of that name wins."""
    if text == _STDIN:
        return True
    try:
        resolve_source(text, config)
    except ConfigError:
        return "://" not in text and bool(_clues(text))
    return False


def _clues(text: str) -> Clues:
    from flowtui.domain.clues import read_clues  # the screen opens without, as a rule

    return read_clues(text, now=datetime.now(UTC))


def _from_stdin() -> str:
    """What comes from stdin; afterwards keys come from the terminal."""
    from flowtui.domain.clues import LONGEST

    if sys.stdin.isatty():
        print("Paste the alarm, then press Ctrl-D on a line of its own.", file=sys.stderr)
    text = sys.stdin.buffer.read(LONGEST + 1).decode("utf-8", "replace")
    if not sys.stdin.isatty():
        try:
            terminal = os.open("/dev/tty", os.O_RDWR)
        except OSError as error:
            raise ConfigError(
                "The screen needs a terminal, and there is none to read keys from.",
                "`flowtui query` and `flowtui records` print without one.",
            ) from error
        os.dup2(terminal, 0)
        os.close(terminal)
    return text
