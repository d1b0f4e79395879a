"""The themes that there are, ours among them, and which one a terminal can show."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from textual.theme import BUILTIN_THEMES, Theme

from flowtui.errors import ConfigError
from flowtui.session.config import Config, line_of
from flowtui.session.terminal import Terminal

# The colours of Okabe and Ito, "Color Universal Design" (2008): told apart by all common kinds of
# colour vision. Accepted is blue and rejected vermilion, never green and red.
_BLUE, _SKY, _VERMILION, _ORANGE, _YELLOW, _PURPLE = (
    "#0072B2", "#56B4E9", "#D55E00", "#E69F00", "#F0E442", "#CC79A7",
)  # fmt: skip
OURS: Final = (
    Theme(
        "okabe-ito-dark", primary=_BLUE, secondary=_PURPLE, accent=_ORANGE, warning=_YELLOW,
        error=_VERMILION, success=_SKY, foreground="#E0E0E0", background="#121212",
        surface="#1E1E1E", panel="#2A2A2A",
    ),
    Theme(
        "okabe-ito-light", primary=_BLUE, secondary=_PURPLE, accent=_PURPLE, warning="#8A6D00",
        error="#BA4B00", success=_BLUE, foreground="#1A1A1A", background="#FFFFFF",
        surface="#F6F6F6", panel="#E4E4E4", dark=False,
        # As they are: what Textual makes of them for text is too dark to be told apart.
        variables={"text-success": _BLUE, "text-error": "#BA4B00"},
    ),
)  # fmt: skip
_OWN: Final = "ansi-dark"
"""The terminal's own sixteen colours."""
_MANY: Final = 256
"""Colours from which on a theme can be shown as it is meant."""


def theme_names() -> tuple[str, ...]:
    """All of them, ours first."""
    ours = tuple(theme.name for theme in OURS)
    return ours + tuple(sorted(name for name in BUILTIN_THEMES if name not in ours))


def checked_theme(config: Config) -> str:
    """The theme of the settings; empty: none is set.

    Raises:
        ConfigError: There is none of that name.
    """
    names = theme_names()
    if not config.theme or config.theme in names:
        return config.theme
    near = get_close_matches(config.theme, names, n=1, cutoff=0.0)[0]
    raise ConfigError(
        f"{_place(config)}: there is no theme {config.theme!r}", f"The nearest one is {near}."
    )


def shown_theme(chosen: str, terminal: Terminal) -> str:
    """The theme that a terminal is given; empty: the usual one.

    Args:
        chosen: By the person; empty: none.
        terminal: What can be shown.
    """
    if terminal.colours == 0:
        return _OWN
    return chosen or (_OWN if terminal.colours < _MANY else "")


def _place(config: Config) -> str:
    try:
        with open(config.path, encoding="utf-8") as file:
            return f"{config.path}:{line_of(file.read(), ('theme',))}"
    except (OSError, ValueError):
        return config.path
