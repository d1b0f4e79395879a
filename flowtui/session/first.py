"""What one begins with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowtui.domain.clues import Clues


@dataclass(frozen=True, slots=True)
class First:
    """What one begins with, as the command line says it."""

    query: str = ""
    """Slug of the first question."""
    line: str = ""
    """Its filter line; narrows it, whatever is opened."""
    clues: Clues | None = None
    """What it is about."""
    about: str = ""
    """The text that they were read from."""
