"""SQL with colours: enough to read it by, and no lexer library to load."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from textual.content import Content

from flowtui.session.copytext import plain

_KEYWORDS: Final = (
    "select|from|where|and|or|not|in|is|null|as|with|group|order|by|having|limit|offset|case|when|"
    "then|else|end|between|like|join|left|right|inner|cross|on|union|all|distinct|asc|desc|nulls|"
    "first|last|over|partition|rows|range|preceding|following|current|row|interval|exists|values|"
    "true|false|filter"
)
_TOKEN: Final = re.compile(
    r"(?P<comment>--[^\n]*|/\*.*?\*/)"
    r"|(?P<string>'(?:[^']|'')*')"
    r'|(?P<name>"(?:[^"]|"")*")'
    r"|(?P<parameter>:\w+)"
    r"|(?P<number>\b\d+(?:\.\d+)?\b)"
    rf"|(?P<keyword>\b(?:{_KEYWORDS})\b)"
    r"|(?P<function>\b\w+(?=\())",
    re.IGNORECASE | re.DOTALL,
)
_STYLES: Final = {
    "comment": "dim italic",
    "string": "$text-success",
    "number": "$text-warning",
    "keyword": "bold $text-primary",
    "function": "$text-accent",
}


def coloured(sql: str) -> Content:
    """The same text with its keywords, functions, literals and comments told apart."""
    content = Content(plain(sql))
    for start, end, kind in spans(content.plain):
        content = content.stylize(_STYLES[kind], start, end)
    return content


def spans(sql: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and kind of each part that has a colour, in order."""
    for found in _TOKEN.finditer(sql):
        if (found.lastgroup or "") in _STYLES:
            yield *found.span(), found.lastgroup or ""
