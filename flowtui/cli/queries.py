"""Finding, listing and showing saved queries."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flowtui.domain.detections import meaning, technique_text
from flowtui.domain.queries import SavedQuery
from flowtui.errors import ConfigError
from flowtui.library import MOST_BYTES

if TYPE_CHECKING:
    from flowtui.library.collection import Library


def library() -> Library:
    """Ours and the user's queries."""
    from flowtui.library.collection import load_library
    from flowtui.session.paths import queries_dir

    return load_library(queries_dir())


def find_query(name: str) -> SavedQuery:
    """The query that a NAME, a FILE.sql or `-` means.

    Raises:
        ConfigError: There is none, or the file cannot be used.
    """
    if name == "-":
        if sys.stdin.isatty():
            click.echo("flowtui: reading SQL from the terminal; Ctrl-D ends it", err=True)
        return _parsed(sys.stdin.buffer.read(MOST_BYTES + 1), "stdin", "the SQL from stdin")
    if is_typed(name):
        return _from_file(Path(name).expanduser())
    try:
        return library().get(name)
    except ConfigError as error:
        if any(map(str.isspace, name)):
            hint = "SQL comes from a file, or from stdin: echo 'SELECT …' | flowtui query - SOURCE"
            raise ConfigError("That is no name of a saved query.", hint) from error
        raise


def is_typed(name: str) -> bool:
    """True where the SQL is not of the list of saved queries: stdin, or a file."""
    return name == "-" or name.endswith(".sql") or os.sep in name


def _from_file(path: Path) -> SavedQuery:
    try:
        with path.open("rb") as file:
            return _parsed(file.read(MOST_BYTES + 1), path.stem, str(path))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}") from error


def _parsed(data: bytes, slug: str, what: str) -> SavedQuery:
    from flowtui.library.files import QueryFileError, parse_query

    if len(data) > MOST_BYTES:
        raise ConfigError(f"{what} is too long for a query: over 1 MB.")
    try:
        return parse_query(data.decode(), slug)
    except UnicodeDecodeError as error:
        raise ConfigError(f"{what} is not UTF-8 text.") from error
    except QueryFileError as error:
        line = f", line {error.line}" if error.line else ""
        raise ConfigError(f"{what}{line}: {error.message}", error.hint) from error


def slugs() -> list[str]:
    """Names of all saved queries, for completion."""
    return [query.slug for query in library().queries]


def list_queries() -> None:
    """Print group, name and title of each."""
    from flowtui.cli.talk import say
    from flowtui.session.copytext import one_line

    found = library()
    width = max((len(query.slug) for query in found.queries), default=0)
    for group in found.groups:
        click.echo(one_line(group))
        for query in found.queries:
            if query.group == group:
                click.echo(f"  {one_line(query.slug):{width}}  {one_line(query.title)}")
    for broken in found.broken:
        say(f"flowtui: {broken.place}: {broken.message}. {broken.hint}".rstrip())


def show_query(name: str) -> None:
    """Print what a query answers, its parameters, and its SQL."""
    from flowtui.session.copytext import plain

    query = find_query(name)
    lines = [query.title, "", *_paragraphs(query)]
    for parameter in query.parameters:
        default = f" (default {parameter.default})" if parameter.default else " (needed)"
        lines.append(
            f"  --param {parameter.name}={parameter.type.value.upper()}  {parameter.help}{default}"
        )
    if query.parameters:
        lines.append("")
    click.echo(plain("\n".join((*lines, query.sql))))


def _paragraphs(query: SavedQuery) -> list[str]:
    facts = (
        ("", query.description),
        ("Trap avoided: ", query.trap),
        ("MITRE ATT&CK: ", technique_text(query.technique)),
        *meaning(query.detection),
        ("Tags: ", ", ".join(query.tags)),
        ("Source: ", query.source),
    )
    told = [label + text for label, text in facts if text]
    return [*told, ""] if told else []
