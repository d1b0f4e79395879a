"""One thing that was looked at, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass

from flowtui.errors import EngineError


@dataclass(frozen=True, slots=True)
class Check:
    """A fact about a source, with what to do where it is not as it should be."""

    name: str
    text: str
    is_good: bool = True
    is_needed: bool = True
    """True where nothing can be asked unless it is good."""


def good(name: str, text: str) -> Check:
    """All is well."""
    return Check(name, text)


def poor(name: str, text: str) -> Check:
    """Questions can be asked, but this should be known."""
    return Check(name, text, is_good=False, is_needed=False)


def bad(name: str, text: str) -> Check:
    """Something will not work."""
    return Check(name, text, is_good=False)


def failing(name: str, error: EngineError, is_needed: bool = True) -> Check:
    """What could not be looked at, and why."""
    text = f"{error.message} {error.hint}".rstrip()
    return Check(name, text, is_good=False, is_needed=is_needed)
