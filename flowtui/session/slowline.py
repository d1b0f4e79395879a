"""Whether what is drawn goes a long way to whoever looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CHOICES: Final = ("auto", "on", "off")
_SIGNS: Final = ("SSH_TTY", "SSH_CONNECTION", "SSH_CLIENT")


def is_slow_line(choice: str, env: Mapping[str, str]) -> bool:
    """True where few bytes should be sent; `auto` does so over SSH.

    Args:
        choice: `auto`, `on` or `off`.
        env: Of the process.
    """
    return choice == "on" or (choice == "auto" and any(env.get(name) for name in _SIGNS))
