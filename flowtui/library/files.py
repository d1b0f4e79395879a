"""A saved query as a file: leading `--` lines that hold TOML, then SQL.

    -- title = "Top rejected pairs"
    -- [params.limit]
    -- type = "count"
    -- default = "100"

    SELECT srcaddr, dstaddr, count(*) AS records FROM flows ...

A file without such a header is a query too: its title comes from its name, and a comment at its top
stays part of the SQL.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from typing import Final

from flowtui.domain.queries import Parameter, ParameterType, SavedQuery
from flowtui.library.detections import check_technique, detection_lines, parse_detection
from flowtui.library.facts import (
    QueryFileError,
    nearest,
    quoted,
    refuse_unknown,
    table_of,
    text_of,
    texts_of,
)

__all__ = ["QueryFileError", "format_query", "parse_query"]

_TEXTS: Final = ("title", "description", "group", "source", "trap", "technique", "against")
_SWITCHES: Final = ("is_records", "wants_health")
_KEYS: Final = (*_TEXTS, *_SWITCHES, "tags", "params", "drill", "detection")
_PARAMETER_KEYS: Final = ("type", "default", "help")
_HEADER_LINE = re.compile(rf"--\s*(?:(?:{'|'.join(_KEYS)})\s*=|\[\s*(?:params|drill|detection)\b)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


def parse_query(text: str, slug: str, group: str = "Mine") -> SavedQuery:
    """The query that a file's text holds.

    Args:
        text: The whole file.
        slug: File name without `.sql`.
        group: Heading to list it under when the header names none.

    Raises:
        QueryFileError: The header is not TOML, holds something unknown, or there is no SQL.
    """
    lines, first, last = _parts(text)
    header = [line.lstrip() for line in lines[first:last]]
    sql = "\n".join(lines[last:]).strip()
    if not sql:
        raise QueryFileError("there is no SQL in it", last + 1)
    facts = _read_toml(header, first)
    facts.setdefault("title", slug.replace("-", " ").replace("_", " ").strip().capitalize() or slug)
    return _saved_query(facts, slug, group, sql)


def sql_line(text: str) -> int:
    """The line of a file, from 0, at which its SQL begins."""
    lines, _, last = _parts(text)
    return next((at for at in range(last, len(lines)) if lines[at].strip()), last)


def retitled(text: str, title: str) -> str:
    """The same file under another title; all else in it stays as it is."""
    lines, first, last = _parts(text)
    for at in range(first, last):
        if re.match(r"\s*--\s*\[", lines[at]):
            break  # from here on a key belongs to a table
        if re.match(r"\s*--\s*title\s*=", lines[at]):
            lines[at] = f"-- title = {quoted(title)}"
            return "\n".join(lines)
    gap = [] if last > first else [""]
    return "\n".join((*lines[:first], f"-- title = {quoted(title)}", *gap, *lines[first:]))


def _parts(text: str) -> tuple[list[str], int, int]:
    """The lines of a file, and the half-open range of them that are its header."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    last = first
    while last < len(lines) and lines[last].lstrip().startswith("--"):
        last += 1
    is_header = any(_HEADER_LINE.match(line.lstrip()) for line in lines[first:last])
    return lines, first, last if is_header else first


def _read_toml(header: list[str], offset: int) -> dict[str, object]:
    try:
        return tomllib.loads("\n".join(line[2:].removeprefix(" ") for line in header))
    except RecursionError:
        raise QueryFileError("the comment at the top is nested too deeply", offset + 1) from None
    except ValueError as error:  # TOMLDecodeError, and what Python says of an absurd number
        place = _TOML_PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else len(header)
        said = _TOML_PLACE.sub("", str(error))
        raise QueryFileError(
            f"the comment at the top is not valid TOML: {said}",
            line + offset,
            'Write it as key = "value"; a blank line ends it.',
        ) from error


def _saved_query(facts: dict[str, object], slug: str, group: str, sql: str) -> SavedQuery:
    refuse_unknown(facts, _KEYS, "key")
    texts = {key: text_of(facts[key], key) for key in _TEXTS if key in facts}
    texts.setdefault("group", group)
    for key in _SWITCHES:
        if not isinstance(facts.get(key, False), bool):
            raise QueryFileError(f"`{key}` must be true or false")
    check_technique(texts.get("technique", ""))
    parameters = tuple(_parameter(name, table) for name, table in table_of(facts, "params").items())
    return SavedQuery(
        slug=slug,
        sql=sql,
        **texts,
        tags=texts_of(facts.get("tags", []), "tags", '["dns", "noise"]'),
        parameters=parameters,
        detection=parse_detection(facts, parameters),
        drill=tuple(
            (column, text_of(key, f"drill.{column}"))
            for column, key in table_of(facts, "drill").items()
        ),
        is_records=bool(facts.get("is_records", False)),
        wants_health=bool(facts.get("wants_health", False)),
    )


def _parameter(name: str, facts: object) -> Parameter:
    place = f"params.{name}"
    if not _NAME.fullmatch(name):
        raise QueryFileError(f"`{name}` cannot name a parameter: letters, digits and _ only")
    if not isinstance(facts, dict):
        raise QueryFileError(f"`{place}` must be a table", hint=f"Write [{place}], then type = …")
    refuse_unknown(facts, _PARAMETER_KEYS, f"key of {place}")
    word = text_of(facts.get("type", "text"), f"{place}.type")
    types = {kind.value: kind for kind in ParameterType}
    if word not in types:
        hint = f"Known types: {', '.join(types)}."
        raise QueryFileError(f"`{word}` is no type of parameter{nearest(word, types)}", hint=hint)
    default = facts.get("default", "")
    if isinstance(default, int) and not isinstance(default, bool):
        default = str(default)
    help = text_of(facts.get("help", ""), f"{place}.help")
    return Parameter(name, types[word], text_of(default, f"{place}.default"), help)


def format_query(query: SavedQuery) -> str:
    """The file's text for a query; reads back as the same query."""
    header = "".join(f"-- {line}\n" for line in _header(query))
    return f"{header}\n{query.sql.strip()}\n"


_DEFAULTS: Final = {f.name: f.default for f in fields(SavedQuery)}


def _header(query: SavedQuery) -> Iterator[str]:
    for key in _TEXTS:
        value = getattr(query, key)
        if value != _DEFAULTS[key]:
            yield f"{key} = {quoted(value)}"
    if query.tags:
        yield f"tags = [{', '.join(map(quoted, query.tags))}]"
    for key in _SWITCHES:
        if getattr(query, key):
            yield f"{key} = true"
    for parameter in query.parameters:
        yield f"[params.{parameter.name}]"
        yield f'type = "{parameter.type.value}"'
        if parameter.default:
            yield f"default = {quoted(parameter.default)}"
        if parameter.help:
            yield f"help = {quoted(parameter.help)}"
    if query.drill:
        yield "[drill]"
        yield from (f"{quoted(column)} = {quoted(key)}" for column, key in query.drill)
    if query.detection is not None:
        yield from detection_lines(query.detection)
