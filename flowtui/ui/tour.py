"""The first steps of a new person on the demo: what to do, and when it is done. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from flowtui.ui.walk import Walk


@dataclass(frozen=True, slots=True)
class Moment:
    """What the tour looks at."""

    walk: Walk
    command: str = ""
    """Id of the command that was done last."""


@dataclass(frozen=True, slots=True)
class TourStep:
    """One thing to try."""

    told: str
    is_done: Callable[[Moment], bool]


def _has_chosen(moment: Moment) -> bool:
    return moment.walk.view.query.slug == "ssh-rdp"


def _has_narrowed(moment: Moment) -> bool:
    return bool(moment.walk.view.filter.conditions)


def _has_drilled(moment: Moment) -> bool:
    return moment.walk.view.query.is_records


def _has_undone(moment: Moment) -> bool:
    return not moment.walk.view.query.is_records and bool(moment.walk.step.after)


def _has_copied(moment: Moment) -> bool:
    return moment.command.startswith("copy.")


STEPS: Final = (
    TourStep("Press o, type ssh, and Enter: a saved query asks who reaches SSH and RDP.",
             _has_chosen),
    TourStep("203.0.113.66 was rejected, later accepted: somebody opened the port. Press = on its "
             "address to keep only that.", _has_narrowed),
    TourStep("Press j, then Enter on the accepted row: the raw records behind it.", _has_drilled),
    TourStep("q comes back to the rows as they stood, nothing runs twice; u undoes the filter.",
             _has_undone),
    TourStep("y copies, over SSH and in tmux as well: press y, then r for the row.", _has_copied),
)  # fmt: skip
END: Final = "That is the way of it. ? helps with whatever has the keys, : finds commands by name."


@dataclass(frozen=True, slots=True)
class Tour:
    """How far a person has come."""

    at: int = 0

    @property
    def is_over(self) -> bool:
        """True once every step is done."""
        return self.at >= len(STEPS)

    @property
    def told(self) -> str:
        """What to do now."""
        return END if self.is_over else STEPS[self.at].told

    @property
    def place(self) -> str:
        """`Tour 2/5`."""
        return "Tour" if self.is_over else f"Tour {self.at + 1}/{len(STEPS)}"

    def seen(self, moment: Moment) -> Tour:
        """One step on where the step at hand is done."""
        if not self.is_over and STEPS[self.at].is_done(moment):
            return replace(self, at=self.at + 1)
        return self
