"""Checking what the head of a query file says; what is wrong names the nearest that is right."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from flowtui.errors import ConfigError


class QueryFileError(ConfigError):
    """A query file that cannot be used.

    Attributes:
        line: Line number from 1, where known.
    """

    def __init__(self, message: str, line: int | None = None, hint: str = "") -> None:
        super().__init__(message, hint)
        self.line = line


def text_of(value: object, key: str) -> str:
    """The value as text; raises QueryFileError where it is none."""
    if not isinstance(value, str):
        raise QueryFileError(f"`{key}` must be text in quotes, not {value!r}")
    return value


def texts_of(value: object, key: str, example: str) -> tuple[str, ...]:
    """The value as a list of texts; raises QueryFileError where it is none."""
    if not isinstance(value, list):
        raise QueryFileError(f"`{key}` must be a list: {key} = {example}")
    return tuple(text_of(one, key) for one in value)


def table_of(facts: Mapping[str, object], key: str, place: str = "") -> dict[str, object]:
    """A table of the head, empty where it is not there; raises QueryFileError where it is none."""
    table = facts.get(key, {})
    if not isinstance(table, dict):
        raise QueryFileError(f"`{place or key}` must be a table")
    return table


def refuse_unknown(facts: Mapping[str, object], known: tuple[str, ...], what: str) -> None:
    """Raises QueryFileError for the first key that nobody knows."""
    for key in facts:
        if key not in known:
            hint = f"Known: {', '.join(known)}."
            raise QueryFileError(f"unknown {what} `{key}`{nearest(key, known)}", hint=hint)


def nearest(word: str, known: Iterable[str]) -> str:
    """`, did you mean `…`?`, where a known word is near."""
    close = get_close_matches(word, list(known), n=1)
    return f", did you mean `{close[0]}`?" if close else ""


def quoted(text: str) -> str:
    """The text as TOML writes it."""
    # JSON's escapes are TOML's, but for DEL, which TOML wants escaped too.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
