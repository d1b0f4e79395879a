"""The rows that are taken for a copy, and what was made of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flowtui.domain.executions import Column, Row
from flowtui.session.copytext import counted


@dataclass(frozen=True, slots=True)
class Taken:
    """Some rows of a result."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    column: int | None = None
    """Index of the column under the cursor: where it holds addresses, they are the ones meant."""
    slug: str = "rows"
    """Of the question that they answer."""
    now: datetime | None = None
    """Names what is made; None: nothing is said of the time."""
    is_cut: bool = False
    """True where there are more than are taken."""
    thing: str = "row"
    """What one of them is called: `marked row`."""

    @property
    def counted(self) -> str:
        """`1 row`, `the first 100 000 marked rows`."""
        return ("the first " if self.is_cut else "") + counted(len(self.rows), self.thing)


@dataclass(frozen=True, slots=True)
class Made:
    """A text to copy, and what it is, for the message: `12 rows (TSV)`."""

    text: str
    what: str
