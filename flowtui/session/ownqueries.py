"""Keeping what is asked as a query of one's own: a file in the directory of saved queries."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Final

from flowtui.domain.queries import SavedQuery
from flowtui.domain.views import View
from flowtui.engines.export import replacing
from flowtui.errors import ConfigError
from flowtui.library import format_query
from flowtui.library.shipped import SHIPPED
from flowtui.session.session import Session

_LONGEST: Final = 60
"""Letters of a file's name."""


def file_for(title: str, directory: Path) -> Path:
    """The file of a query of that title: `Top pairs!` is `top-pairs.sql`.

    The name is never that of a query that ships, which it would hide.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-") or "query"
    shipped = {name for _, names in SHIPPED for name in names}
    return directory / f"{slug}-mine.sql" if slug in shipped else directory / f"{slug}.sql"


def own_query(session: Session, view: View, title: str, description: str) -> SavedQuery:
    """A view as a query to keep, with its conditions and arguments, and free of its time.

    Time is left to the filter under which it will be asked, like that of every saved query.

    Raises:
        QueryError: It cannot be built.
    """
    query, filter = view.query, view.filter
    arguments = dict(view.arguments)
    kept = replace(
        query,
        title=title,
        description=description,
        group="Mine",
        named_id="",
        parameters=tuple(
            replace(p, default=arguments.get(p.name, p.default)) for p in query.parameters
        ),
    )
    if not (filter.conditions or filter.is_counted_once):
        return kept
    statement = session.compile(replace(view, filter=replace(filter, time=None)))
    return replace(kept, sql=statement.sql, parameters=(), drill=statement.drill)


def write_query(query: SavedQuery, path: Path) -> None:
    """Write the file, whole or not at all. Blocks on the disk.

    Raises:
        ConfigError: The directory cannot be made.
        EngineError: The file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{path.parent} cannot be made: {error.strerror or error}") from error
    with replacing(path) as unfinished:
        unfinished.write_text(format_query(query), encoding="utf-8")
