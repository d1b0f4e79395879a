"""Keeping what is asked as a query of one's own: a file in the directory of saved queries."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from flowtui.domain.queries import Parameter, SavedQuery
from flowtui.domain.views import View
from flowtui.engines.export import replacing
from flowtui.errors import ConfigError
from flowtui.library import format_query
from flowtui.library.files import retitled
from flowtui.library.shipped import SHIPPED
from flowtui.session.drafts import MOST_SQL_BYTES
from flowtui.session.session import Session

LONGEST_TITLE: Final = 128
"""See "CreateNamedQuery", Athena API Reference."""
_LONGEST: Final = 60
"""Letters of a file's name."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a person says of a query that is to be kept."""

    title: str
    description: str
    parameters: tuple[Parameter, ...] = ()


def file_for(title: str, directory: Path) -> Path:
    """The file of a query of that title: `Top pairs!` is `top-pairs.sql`.

    The name is never that of a query that ships, which it would hide.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-") or "query"
    shipped = {name for _, names in SHIPPED for name in names}
    return directory / f"{slug}-mine.sql" if slug in shipped else directory / f"{slug}.sql"


def kept_parameters(view: View) -> tuple[Parameter, ...]:
    """The parameters that a view has once it is kept, beginning with what was typed for them.

    None where its conditions are kept with it: they hold the values.
    """
    if _is_narrowed(view):
        return ()
    arguments = dict(view.arguments)
    return tuple(
        replace(p, default=arguments.get(p.name, p.default)) for p in view.query.parameters
    )


def _is_narrowed(view: View) -> bool:
    return bool(view.filter.conditions) or view.filter.is_counted_once


def own_query(session: Session, view: View, words: Words) -> SavedQuery:
    """A view as a query to keep, with its conditions and arguments, and free of its time.

    Time is left to the filter under which it will be asked, like that of every saved query.

    Raises:
        QueryError: It cannot be built.
    """
    kept = told(view.query, words)
    if not _is_narrowed(view):
        return kept
    alone = replace(view.query, against="")  # what is kept compares again, when it is asked
    timeless = replace(view.filter, time=None)
    statement = session.compile(replace(view, query=alone, filter=timeless))
    return replace(kept, sql=statement.sql, parameters=(), drill=statement.drill)


def told(query: SavedQuery, words: Words) -> SavedQuery:
    """A query of one's own, with what was said of it."""
    return replace(
        query,
        title=words.title,
        description=words.description,
        group="Mine",
        named_id="",
        parameters=words.parameters,
    )


def write_query(query: SavedQuery, path: Path) -> None:
    """Write the file, whole or not at all. Blocks on the disk.

    Raises:
        ConfigError: The directory cannot be made.
        EngineError: The file cannot be written.
    """
    write_text(format_query(query), path)


def write_text(text: str, path: Path) -> None:
    """Write a file of SQL, whole or not at all. Blocks on the disk.

    Raises:
        ConfigError: The directory cannot be made.
        EngineError: The file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{path.parent} cannot be made: {error.strerror or error}") from error
    with replacing(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")


def read_text(path: Path) -> str:
    """What a file of SQL holds, without the last line end. Blocks on the disk.

    Raises:
        ConfigError: It cannot be read, is no text, or too long to be edited.
    """
    try:
        if not path.is_file():
            raise ConfigError(f"{path} is no file.")
        with path.open("rb") as file:
            data = file.read(MOST_SQL_BYTES + 1)
        if len(data) > MOST_SQL_BYTES:
            raise ConfigError(f"{path} is too long to be edited here.", "Use another editor.")
        return data.decode("utf-8").replace("\r\n", "\n").rstrip("\n")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 text.", "Mend it in another editor.") from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}.") from error


def rename_query(path: Path, title: str) -> Path:
    """Give a file another title, and the file name that goes with it; where it is now.

    One that stands in for a query that ships keeps its name. Blocks on the disk.

    Raises:
        ConfigError: Another one has that name, or it cannot be read or written.
        EngineError: It cannot be written.
    """
    text = retitled(read_text(path), title) + "\n"
    is_shipped = any(path.stem in names for _, names in SHIPPED)
    new = path if is_shipped else file_for(title, path.parent)
    if new != path and new.exists():
        raise ConfigError(f"{new} is there already.", "Choose another title.")
    write_text(text, new)
    if new != path:
        delete_query(path)
    return new


def delete_query(path: Path) -> None:
    """Delete a file. Blocks on the disk.

    Raises:
        ConfigError: It cannot be deleted.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(f"{path} cannot be deleted: {error.strerror or error}.") from error
