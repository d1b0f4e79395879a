"""What a sitting keeps of how a table stood, besides the cursor: one entry for each feature.

To have something survive quitting and crashing, add a `Keepsake`. Its value is JSON; what cannot be
read again, of a damaged file or another version, is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from flowtui.domain import layouts
from flowtui.domain.executions import Column, SortKey
from flowtui.domain.layouts import AS_GIVEN, Layout
from flowtui.domain.spans import Spans, spans_of
from flowtui.session.sittings import Place
from flowtui.ui.table import Marks
from flowtui.ui.table.state import TableState
from flowtui.ui.walk import Answer


@dataclass(frozen=True, slots=True)
class Keepsake:
    """Something that is kept of an answer under a name."""

    name: str
    of: Callable[[Answer], Any]
    """As JSON; what is false is not kept."""
    onto: Callable[[Answer, Any], Answer]
    """The answer with it, before its rows are here; may raise whatever a wrong value leads to."""


def _order(answer: Answer) -> list[list[Any]]:
    return [[key.column, key.is_descending] for key in answer.order]


def _ordered(answer: Answer, kept: Any) -> Answer:
    return replace(answer, order=tuple(SortKey(str(name), bool(down)) for name, down in kept))


_MOST_SPANS: Final = 1000
"""Stretches of marked rows that are kept: a file is written every few seconds."""
KEEPSAKES: Final = (
    Keepsake("order", _order, _ordered),
    Keepsake("contains", lambda a: a.contains, lambda a, kept: replace(a, contains=str(kept))),
    Keepsake("search", lambda a: a.search, lambda a, kept: replace(a, search=str(kept))),
)


def kept_of(answer: Answer) -> dict[str, Any]:
    """What is kept of how an answer stands."""
    kept = {keepsake.name: keepsake.of(answer) for keepsake in KEEPSAKES}
    if (table := answer.table) is not None:
        kept["scroll"] = list(table.scroll)
        kept["layout"] = _written_layout(table)
        kept["marks"] = _written_marks(table.marks, answer.rows_here) if table.marks else {}
    return {name: value for name, value in kept.items() if value}


def remembering(place: Place) -> Answer:
    """An answer without rows yet, which knows how it stood in an earlier sitting."""
    answer = Answer(earlier=place)
    for keepsake in KEEPSAKES:
        if keepsake.name in place.kept:
            with suppress(ValueError, TypeError, KeyError, AttributeError):
                answer = keepsake.onto(answer, place.kept[keepsake.name])
    return answer


def _written_layout(table: TableState) -> dict[str, Any]:
    if table.layout == AS_GIVEN:
        return {}
    layout = layouts.kept(table.layout, table.columns)
    columns = [[one.name, one.nth, one.is_hidden, one.width] for one in layout.columns]
    return {"columns": columns, "frozen": layout.frozen}


def layout_of(kept: Mapping[str, Any], columns: tuple[Column, ...]) -> Layout | None:
    """How the columns of a result stood; None where they stood as given."""
    try:
        found = kept["layout"]
        named = tuple(
            layouts.Kept(str(name), int(nth), bool(is_hidden), width and int(width))
            for name, nth, is_hidden, width in found["columns"]
        )
        return layouts.layout_for(layouts.KeptLayout(named, int(found["frozen"])), columns)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _written_marks(marks: Marks, rows: int) -> dict[str, Any]:
    spans = {"shown": marks.shown[:_MOST_SPANS], "hidden": marks.hidden[:_MOST_SPANS]}
    written = {name: [[one.start, one.stop] for one in found] for name, found in spans.items()}
    return {**written, "rows": rows}


def marks_of(kept: Mapping[str, Any], rows: int) -> Marks | None:
    """The rows that were marked, of a result of so many rows; None where it is another by now."""
    try:
        found = kept["marks"]
        if found["rows"] != rows:
            return None
        return Marks(_spans(found["shown"], rows), _spans(found["hidden"], rows))
    except (KeyError, TypeError, ValueError):
        return None


def _spans(found: Any, rows: int) -> Spans:
    return spans_of(range(max(0, int(start)), min(rows, int(stop))) for start, stop in found)


def quick_filter(kept: Mapping[str, Any]) -> str:
    """The quick filter that was on; counted again once rows are here."""
    return str(kept.get("contains") or "")


def first_row(kept: Mapping[str, Any]) -> int | None:
    """The row that was the first on the screen."""
    match kept.get("scroll"):
        case [int(row), *_] if 0 <= row < 2**53:
            return row
        case _:
            return None
