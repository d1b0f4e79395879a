"""What could not be used of a file, counted while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from flowtui.domain.executions import LeftOut


@dataclass(slots=True)
class Problems:
    """What could not be used of one file: by reason, how often, and where first."""

    path: str
    found: dict[str, tuple[int, int | None]] = field(default_factory=dict)

    def add(self, reason: str, count: int = 0, line: int | None = None) -> None:
        """Count lines that were left out; none where the whole file is meant."""
        had, first = self.found.get(reason, (0, None))
        lines = [number for number in (first, line) if number is not None]
        self.found[reason] = (had + count, min(lines, default=None))

    def left_out(self) -> tuple[LeftOut, ...]:
        """The same as values, in the order they were met."""
        return tuple(
            LeftOut(self.path, reason, count, line) for reason, (count, line) in self.found.items()
        )


def cannot_read(error: OSError) -> str:
    """Why a file or directory cannot be read, in words for the user."""
    return f"cannot be read: {error.strerror or error}"
