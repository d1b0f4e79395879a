"""Layouts of columns that a person keeps for a query, in one file of the state directory.

What does not read as a layout is passed over: a file that somebody spoilt costs a layout, no more.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from flowtui.domain.layouts import NARROWEST, WIDEST, Kept, KeptLayout
from flowtui.errors import ConfigError
from flowtui.session.paths import private_dir

_VERSION: Final = 1
_MOST_COLUMNS: Final = 1000
_LONGEST_FILE: Final = 4_000_000
"""Bytes; nobody has so many layouts, and reading more would take time."""

Layouts = Mapping[str, KeptLayout]
"""Slug of a saved query to how its columns are shown."""


def read_layouts(path: Path) -> Layouts:
    """The layouts kept in a file; none where there is no such file, or nothing in it reads."""
    try:
        if path.stat().st_size > _LONGEST_FILE:
            return {}
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    queries = found.get("queries") if isinstance(found, dict) else None
    if not isinstance(queries, dict) or found.get("version") != _VERSION:
        return {}
    return {slug: _read(one) for slug, one in queries.items() if isinstance(one, dict)}


def keep_layout(path: Path, slug: str, layout: KeptLayout | None) -> Layouts:
    """Keep a layout for a query, or none any more; gives back all that are kept. Blocks.

    Raises:
        ConfigError: The file cannot be written.
    """
    layouts = dict(read_layouts(path))
    layouts.pop(slug, None)
    if layout is not None:
        layouts[slug] = layout
    written = {"version": _VERSION, "queries": {s: _as_json(one) for s, one in layouts.items()}}
    try:
        private_dir(path.parent)
        _replace(path, json.dumps(written, indent=1))
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written: {error.strerror or error}.",
            "Columns stay as they are until flowtui ends.",
        ) from error
    return layouts


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _as_json(layout: KeptLayout) -> dict[str, Any]:
    return {
        "frozen": layout.frozen,
        "columns": [
            {"name": one.name}
            | ({"nth": one.nth} if one.nth else {})
            | ({"hidden": True} if one.is_hidden else {})
            | ({"width": one.width} if one.width is not None else {})
            for one in layout.columns
        ],
    }


def _read(found: dict[str, Any]) -> KeptLayout:
    columns = found.get("columns")
    columns = columns[:_MOST_COLUMNS] if isinstance(columns, list) else []
    read = (_read_column(one) for one in columns if isinstance(one, dict))
    return KeptLayout(
        tuple(one for one in read if one is not None), _number(found.get("frozen"), 0) or 0
    )


def _read_column(found: dict[str, Any]) -> Kept | None:
    name = found.get("name")
    if not isinstance(name, str):
        return None
    width = _number(found.get("width"), NARROWEST)
    return Kept(name, _number(found.get("nth"), 0) or 0, found.get("hidden") is True, width)


def _number(found: object, least: int) -> int | None:
    if not isinstance(found, int) or isinstance(found, bool):
        return None
    return found if least <= found <= WIDEST else None
