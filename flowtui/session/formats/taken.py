"""The rows that are taken for a copy, and what was made of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from flowtui.domain.executions import Column, Row
from flowtui.session.copytext import counted, one_line

_NAMED: Final = 3
"""Hidden columns that are told by name."""


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
    shown: tuple[int, ...] | None = None
    """Columns that a table of them shows, in order; what looks for a field knows all. None: all."""

    @property
    def seen(self) -> Taken:
        """The rows with the columns that a table of them shows."""
        if self.shown is None or self.shown == tuple(range(len(self.columns))):
            return self
        return replace(
            self,
            columns=tuple(self.columns[at] for at in self.shown),
            rows=tuple(tuple(row[at] for at in self.shown) for row in self.rows),
            column=None,
            shown=None,
        )

    @property
    def unseen(self) -> str:
        """`, without dstport and 3 more that are hidden`; empty where no column is."""
        shown = set(range(len(self.columns)) if self.shown is None else self.shown)
        names = [one_line(c.name) for at, c in enumerate(self.columns) if at not in shown]
        if not names:
            return ""
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        verb = "is" if len(names) == 1 else "are"
        return f", without {', '.join(names[:_NAMED])}{more}, which {verb} hidden"

    @property
    def counted(self) -> str:
        """`1 row`, `the first 100 000 marked rows`."""
        return ("the first " if self.is_cut else "") + counted(len(self.rows), self.thing)


@dataclass(frozen=True, slots=True)
class Made:
    """A text to copy, and what it is, for the message: `12 rows (TSV)`."""

    text: str
    what: str
