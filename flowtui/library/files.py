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

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from difflib import get_close_matches
from typing import Final

from flowtui.domain.queries import Parameter, ParameterType, SavedQuery
from flowtui.errors import ConfigError

_TEXTS: Final = ("title", "description", "group", "source", "trap", "technique")
_SWITCHES: Final = ("is_records", "wants_health")
_KEYS: Final = (*_TEXTS, *_SWITCHES, "tags", "params", "drill")
_PARAMETER_KEYS: Final = ("type", "default", "help")
_HEADER_LINE = re.compile(rf"--\s*(?:(?:{'|'.join(_KEYS)})\s*=|\[\s*(?:params|drill)\b)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


class QueryFileError(ConfigError):
    """A query file that cannot be used.

    Attributes:
        line: Line number from 1, where known.
    """

    def __init__(self, message: str, line: int | None = None, hint: str = "") -> None:
        super().__init__(message, hint)
        self.line = line


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
    _refuse_unknown(facts, _KEYS, "key")
    texts = {key: _text(facts[key], key) for key in _TEXTS if key in facts}
    texts.setdefault("group", group)
    for key in _SWITCHES:
        if not isinstance(facts.get(key, False), bool):
            raise QueryFileError(f"`{key}` must be true or false")
    tags = facts.get("tags", [])
    if not isinstance(tags, list):
        raise QueryFileError('`tags` must be a list: tags = ["dns", "noise"]')
    return SavedQuery(
        slug=slug,
        sql=sql,
        **texts,
        tags=tuple(_text(tag, "tags") for tag in tags),
        parameters=tuple(
            _parameter(name, table) for name, table in _table(facts, "params").items()
        ),
        drill=tuple(
            (column, _text(key, f"drill.{column}"))
            for column, key in _table(facts, "drill").items()
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
    _refuse_unknown(facts, _PARAMETER_KEYS, f"key of {place}")
    word = _text(facts.get("type", "text"), f"{place}.type")
    types = {kind.value: kind for kind in ParameterType}
    if word not in types:
        hint = f"Known types: {', '.join(types)}."
        raise QueryFileError(f"`{word}` is no type of parameter{_nearest(word, types)}", hint=hint)
    default = facts.get("default", "")
    if isinstance(default, int) and not isinstance(default, bool):
        default = str(default)
    help = _text(facts.get("help", ""), f"{place}.help")
    return Parameter(name, types[word], _text(default, f"{place}.default"), help)


def _table(facts: Mapping[str, object], key: str) -> dict[str, object]:
    table = facts.get(key, {})
    if not isinstance(table, dict):
        raise QueryFileError(f"`{key}` must be a table")
    return table


def _text(value: object, key: str) -> str:
    if not isinstance(value, str):
        raise QueryFileError(f"`{key}` must be text in quotes, not {value!r}")
    return value


def _refuse_unknown(facts: Mapping[str, object], known: tuple[str, ...], what: str) -> None:
    for key in facts:
        if key not in known:
            hint = f"Known: {', '.join(known)}."
            raise QueryFileError(f"unknown {what} `{key}`{_nearest(key, known)}", hint=hint)


def _nearest(word: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    close = get_close_matches(word, known, n=1)
    return f", did you mean `{close[0]}`?" if close else ""


def format_query(query: SavedQuery) -> str:
    """The file's text for a query; reads back as the same query."""
    header = "".join(f"-- {line}\n" for line in _header(query))
    return f"{header}\n{query.sql.strip()}\n"


_DEFAULTS: Final = {f.name: f.default for f in fields(SavedQuery)}


def _header(query: SavedQuery) -> Iterator[str]:
    for key in _TEXTS:
        value = getattr(query, key)
        if value != _DEFAULTS[key]:
            yield f"{key} = {_quoted(value)}"
    if query.tags:
        yield f"tags = [{', '.join(map(_quoted, query.tags))}]"
    for key in _SWITCHES:
        if getattr(query, key):
            yield f"{key} = true"
    for parameter in query.parameters:
        yield f"[params.{parameter.name}]"
        yield f'type = "{parameter.type.value}"'
        if parameter.default:
            yield f"default = {_quoted(parameter.default)}"
        if parameter.help:
            yield f"help = {_quoted(parameter.help)}"
    if query.drill:
        yield "[drill]"
        yield from (f"{_quoted(column)} = {_quoted(key)}" for column, key in query.drill)


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's, but for DEL, which TOML wants escaped too.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
