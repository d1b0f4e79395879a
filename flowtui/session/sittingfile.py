"""How a sitting is written in its file, and read again from whatever stands there.

A file may be of an older or a newer flowtui, or damaged. What is not understood is passed over: a
view that cannot be read is left out, and counted; only a file without a single view is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from flowtui.domain.filterline import format_filter, parse_filter
from flowtui.domain.times import TimeRange
from flowtui.domain.views import Parked, Trail, View
from flowtui.errors import ConfigError, FlowtuiError
from flowtui.library import format_query, parse_query
from flowtui.session.sittings import Changes, Place, Reach, Sitting

_VERSION: Final = 2
"""Only said: what is there decides how it is read. 1 had each view's query beside it."""
_MOST_CHANGES: Final = 20
"""Views to undo, and as many to redo, that are kept of a step."""
_WRONG: Final = (
    ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, FlowtuiError,
)  # fmt: skip


def written(sitting: Sitting) -> str:
    """The text of its file."""
    queries: dict[tuple[str, str], int] = {}
    changes = sitting.changes or (Changes(),) * len(sitting.places)

    def step(view: View, place: Place) -> dict[str, Any]:
        query = view.query.slug, format_query(view.query)
        return {"query": queries.setdefault(query, len(queries)), **_step(view, place)}

    steps = [
        {
            **step(view, place),
            "before": [step(*one) for one in changed.before[-_MOST_CHANGES:]],
            "after": [step(*one) for one in changed.after[-_MOST_CHANGES:]],
        }
        for view, place, changed in zip(sitting.trail.steps, sitting.places, changes, strict=True)
    ]
    return json.dumps(
        {
            "version": _VERSION,
            "id": sitting.id,
            "source": sitting.source,
            "saved": sitting.saved.isoformat(),
            "ended": sitting.ended,
            "position": sitting.trail.position,
            "reach": asdict(sitting.reach),
            "extra_fields": sitting.extra_fields,
            "queries": [{"slug": slug, "text": text} for slug, text in queries],
            "steps": steps,
        }
    )


def _step(view: View, place: Place) -> dict[str, Any]:
    return {
        "filter": format_filter(view.filter),
        "off": format_filter(view.parked.filter),
        "off_places": [place for place, _ in view.parked.conditions],
        "arguments": dict(view.arguments),
        "label": view.label,
        "query_id": place.query_id,
        "sql": place.sql,
        "row": place.row,
        "column": place.column,
        "since": _instant_text(place.time.since if place.time else None),
        "until": _instant_text(place.time.until if place.time else None),
        "left_running": place.left_running,
        "kept": dict(place.kept),
    }


def read(path: Path) -> Sitting:
    """The sitting in a file, as far as it can be understood.

    Raises:
        ConfigError: Not a single view can be.
    """
    try:
        return _Reading(json.loads(path.read_text(encoding="utf-8"))).sitting(path.stem)
    except (OSError, RecursionError, *_WRONG) as error:
        raise ConfigError(
            f"The sitting in {path} cannot be read: {error}",
            "Delete the file; nothing else is lost.",
        ) from error


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reading of one file."""

    found: Mapping[str, Any]

    def sitting(self, id: str) -> Sitting:
        steps = _list(self.found["steps"])
        read = [_or_none(self._pair, step) for step in steps]
        at = [index for index, pair in enumerate(read) if pair is not None]
        if not at:
            raise ValueError("there is no view in it")
        pairs = [pair for pair in read if pair is not None]
        views, places = zip(*pairs, strict=True)
        return Sitting(
            id, str(self.found["source"]), Trail(views, self._position(at)), places, self._saved(),
            self._reach(), self._extra_fields(), tuple(self._changes(steps[index]) for index in at),
            str(self.found.get("ended") or ""), len(steps) - len(at),
        )  # fmt: skip

    def _position(self, at: list[int]) -> int:
        """Where one stood, among the views that could be read: there, or the one before it."""
        position = _number(self.found.get("position"))
        return max(0, sum(index <= position for index in at) - 1)

    def _saved(self) -> datetime:
        saved: datetime | None = _or_none(_instant, self.found.get("saved"))
        return saved or datetime.fromtimestamp(0, UTC)

    def _extra_fields(self) -> tuple[str, ...]:
        return tuple(map(str, _or_none(_list, self.found.get("extra_fields")) or ()))

    def _reach(self) -> Reach:
        reach = self.found.get("reach")
        known = [field.name for field in fields(Reach)]
        if not isinstance(reach, dict):
            return Reach()
        return Reach(**{name: str(reach.get(name) or "") for name in known})

    def _changes(self, step: Any) -> Changes:
        return Changes(self._pairs(step.get("before")), self._pairs(step.get("after")))

    def _pairs(self, steps: Any) -> tuple[tuple[View, Place], ...]:
        pairs = (_or_none(self._pair, step) for step in _or_none(_list, steps) or ())
        return tuple(pair for pair in pairs if pair is not None)

    def _pair(self, step: Mapping[str, Any]) -> tuple[View, Place]:
        return self._view(step), _place(step)

    def _view(self, step: Mapping[str, Any]) -> View:
        slug, text = step.get("slug"), step["query"]
        if isinstance(text, int):
            query = self.found["queries"][text]
            slug, text = query["slug"], query["text"]
        extra = self._extra_fields()
        filter = parse_filter(step["filter"], now=self._saved(), extra_fields=extra)
        off = parse_filter(step.get("off") or "", now=self._saved(), extra_fields=extra)
        arguments = step.get("arguments") or {}
        return View(
            parse_query(text, str(slug)),
            filter,
            tuple((str(name), str(value)) for name, value in arguments.items()),
            str(step.get("label") or ""),
            Parked.of(off, map(int, step.get("off_places") or ())),
        )


def _place(step: Mapping[str, Any]) -> Place:
    since, until = (_or_none(_instant, step.get(name)) for name in ("since", "until"))
    kept = step.get("kept")
    return Place(
        str(step.get("query_id") or ""),
        str(step.get("sql") or ""),
        _number(step.get("row")),
        _number(step.get("column")),
        TimeRange(since, until) if since or until else None,
        str(step.get("left_running") or ""),
        kept if isinstance(kept, dict) else {},
    )


def _or_none(read: Callable[[Any], Any], found: Any) -> Any:
    try:
        return read(found)
    except _WRONG:
        return None


def _list(found: Any) -> list[Any]:
    if not isinstance(found, list):
        raise TypeError("a list was expected")
    return found


def _number(found: Any) -> int:
    """A place in a table or a trail; 0 for what is none."""
    is_number = isinstance(found, int) and not isinstance(found, bool)
    return found if is_number and 0 <= found < 2**53 else 0


def _instant_text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _instant(text: Any) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
