"""What a step of the start screen shows: a heading, a few words, and what can be chosen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Act = Callable[[], Awaitable[None] | None]
"""Goes on from a choice; on the event loop."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be chosen."""

    title: str
    about: str
    act: Act
    is_dim: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One question, and its answers."""

    heading: str
    about: str
    offers: tuple[Offer, ...] = ()
    is_wrong: bool = False
    """True where the words say what failed."""
    is_passing: bool = False
    """True for one that another takes the place of: listing, failing."""


def matching(offers: tuple[Offer, ...], text: str) -> tuple[Offer, ...]:
    """The offers that hold every word, in title or words about it."""
    words = text.casefold().split()
    return tuple(
        offer
        for offer in offers
        if all(word in f"{offer.title} {offer.about}".casefold() for word in words)
    )
