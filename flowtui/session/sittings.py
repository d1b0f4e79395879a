"""A sitting on disk: the trail, the executions behind its views, and where the cursor stood.

Written after every step, so that a dropped connection or a crash loses nothing: `flowtui --resume`
stands where it stood, and on Athena the rows come back by execution id without a new scan.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from flowtui.domain.filterline import format_filter, parse_filter
from flowtui.domain.times import TimeRange
from flowtui.domain.views import Parked, Trail, View
from flowtui.errors import ConfigError, FlowtuiError
from flowtui.library import format_query, parse_query
from flowtui.session.paths import private_dir
from flowtui.session.sources import Source

_VERSION: Final = 1
_KEPT: Final = 20
"""Sittings on disk; older ones go."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one stood in a view's table, and which execution had filled it."""

    query_id: str = ""
    """Athena's id; empty for local runs, which are simply run again."""
    sql: str = ""
    """The statement that ran under it."""
    row: int = 0
    column: int = 0
    time: TimeRange | None = None
    """Bounds that the statement held; `last:1h` would mean others by now."""
    left_running: str = ""
    """Our id of it, where it was left to run: history does not know yet what it cost."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What the command line said of how to reach and read the source; empty: nothing."""

    format: str = ""
    profile: str = ""
    region: str = ""
    output_location: str = ""


UNTOLD: Final = Reach()
"""The AWS chain decides, and the files say themselves how they are read."""


def reach_of(source: Source) -> Reach:
    """How a source is reached."""
    return Reach(source.format, source.profile, source.region, source.output_location)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One sitting as it can be taken up again."""

    id: str
    source: str
    """As typed on the command line; a path in full."""
    trail: Trail
    places: tuple[Place, ...]
    """One for each step of the trail."""
    saved: datetime
    reach: Reach = Reach()
    extra_fields: tuple[str, ...] = ()
    """Columns of the source that are no fields of a flow log; filters may name them."""


class Sittings:
    """The sittings in a directory, one file each.

    Args:
        directory: Made, for this user alone, at the first save.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def save(self, sitting: Sitting) -> None:
        """Write it, whole or not at all; the oldest beyond twenty go. Blocks on the disk."""
        private_dir(self._directory)
        handle, name = tempfile.mkstemp(dir=self._directory, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(_as_json(sitting), file, ensure_ascii=False)
            os.replace(name, self._path(sitting.id))
        except BaseException:
            # A full disk must not be filled further at each step.
            os.unlink(name)
            raise
        for path in self._newest_first()[_KEPT:]:
            path.unlink(missing_ok=True)

    def load(self, id: str = "") -> Sitting:
        """The sitting of that id; the latest where none is named.

        Raises:
            ConfigError: There is none, or it cannot be read.
        """
        paths = [self._path(id)] if id else self._newest_first()
        if not paths or not paths[0].exists():
            raise ConfigError(
                f"There is no sitting {id}." if id else "There is no sitting to take up.",
                "flowtui sittings lists them.",
            )
        return _read(paths[0])

    def all(self) -> list[Sitting]:
        """Every sitting that can be read, the latest first."""
        found = []
        for path in self._newest_first():
            with suppress(FlowtuiError):
                found.append(_read(path))
        return found

    def remove(self, id: str) -> None:
        """Forget one."""
        self._path(id).unlink(missing_ok=True)

    def _path(self, id: str) -> Path:
        if not id.replace("-", "").isalnum():
            raise ConfigError(f"Not a sitting: {id}", "flowtui sittings lists them.")
        return self._directory / f"{id}.json"

    def _newest_first(self) -> list[Path]:
        if not self._directory.is_dir():
            return []
        found = []
        for path in self._directory.glob("*.json"):
            with suppress(FileNotFoundError):  # another process keeps twenty too
                found.append((path.stat().st_mtime_ns, path))
        return [path for _, path in sorted(found, reverse=True)]


def _as_json(sitting: Sitting) -> dict[str, Any]:
    return {
        "version": _VERSION,
        "id": sitting.id,
        "source": sitting.source,
        "saved": sitting.saved.isoformat(),
        "position": sitting.trail.position,
        "reach": asdict(sitting.reach),
        "extra_fields": sitting.extra_fields,
        "steps": [
            {
                "slug": view.query.slug,
                "query": format_query(view.query),
                "filter": format_filter(view.filter),
                "off": format_filter(view.parked.filter),
                "off_places": [place for place, _ in view.parked.conditions],
                "arguments": dict(view.arguments),
                "label": view.label,
                "query_id": place.query_id,
                "sql": place.sql,
                "row": place.row,
                "column": place.column,
                "since": _written(place.time.since if place.time else None),
                "until": _written(place.time.until if place.time else None),
                "left_running": place.left_running,
            }
            for view, place in zip(sitting.trail.steps, sitting.places, strict=True)
        ],
    }


def _read(path: Path) -> Sitting:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["version"] != _VERSION:
            raise ValueError(f"version {found['version']}")
        saved = datetime.fromisoformat(found["saved"]).astimezone(UTC)
        extra = tuple(map(str, found.get("extra_fields", ())))
        steps = tuple(_view(step, saved, extra) for step in found["steps"])
        places = tuple(map(_place, found["steps"]))
        reach = Reach(**found.get("reach", {}))
        position = int(found["position"])
        if not 0 <= position < len(steps):
            raise ValueError("the position lies outside the trail")
        return Sitting(
            found["id"], found["source"], Trail(steps, position), places, saved, reach, extra
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, FlowtuiError) as error:
        raise ConfigError(
            f"The sitting in {path} cannot be read: {error}",
            "Delete the file; nothing else is lost.",
        ) from error


def _place(step: Mapping[str, Any]) -> Place:
    since, until = (_read_instant(step.get(name)) for name in ("since", "until"))
    return Place(
        str(step["query_id"]),
        str(step["sql"]),
        int(step["row"]),
        int(step["column"]),
        TimeRange(since, until) if since or until else None,
        str(step.get("left_running", "")),
    )


def _written(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _read_instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _view(step: Mapping[str, Any], now: datetime, extra_fields: tuple[str, ...]) -> View:
    off = parse_filter(step.get("off", ""), now=now, extra_fields=extra_fields)
    return View(
        parse_query(step["query"], step["slug"]),
        parse_filter(step["filter"], now=now, extra_fields=extra_fields),
        tuple((str(name), str(text)) for name, text in step["arguments"].items()),
        step["label"],
        Parked.of(off, map(int, step.get("off_places", ()))),
    )
