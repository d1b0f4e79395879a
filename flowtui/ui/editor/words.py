"""What SQL could go on with at the cursor, with a word on each. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from flowtui.domain.fields import FIELD
from flowtui.domain.queries import Parameter
from flowtui.domain.schema import TableSchema
from flowtui.sql.known_functions import KNOWN_FUNCTIONS

_MOST: Final = 60
_BEGUN: Final = re.compile(r':?"?\w*\Z')
_AFTER_FROM: Final = re.compile(r"\b(?:from|join)\s+\Z", re.IGNORECASE)
_TABLE: Final = "flows"

_OURS: Final = {
    "port_in": ("port_in(dstport, '22,8000-8999,@admin')", "port is in a list, range or set"),
    "ip_in": ("ip_in(srcaddr, '10.0.0.0/8,fd00::/8')", "address lies in one of the networks"),
    "is_private": ("is_private(srcaddr)", "address that the internet does not route"),
    "is_opener": ("is_opener(tcp_flags)", "record with SYN and without ACK"),
    "openers": ("openers()", "how many records are openers"),
    "bucket": ("bucket(start, 300)", "when the five minutes begin that it lies in"),
    "optional": ("optional(tcp_flags)", "the field, or NULL where the table lacks it"),
}
_THEIRS: Final = {
    "approx_distinct": "how many different values, about",
    "approx_percentile": "(x, 0.95): the value under which so many lie",
    "array_agg": "all values as a list",
    "at_timezone": "(timestamp, 'Asia/Tokyo')",
    "avg": "mean",
    "bitwise_and": "(tcp_flags, 2): bits that both have",
    "cast": "(x AS varchar); an error where it cannot be",
    "coalesce": "the first that is not NULL",
    "concat": "texts one after another",
    "contains": "('10.0.0.0/8', CAST(srcaddr AS ipaddress)): lies in the network",
    "count": "(*): how many rows; (DISTINCT x): different values",
    "count_if": "(condition): how many rows meet it",
    "date_diff": "('minute', from, to)",
    "date_trunc": "('hour', timestamp)",
    "format_datetime": "(timestamp, 'yyyy-MM-dd HH:mm')",
    "from_unixtime": "(start): seconds since 1970 as a timestamp",
    "greatest": "the largest of its arguments",
    "if": "(condition, then, else)",
    "lag": "(x) OVER (…): the value of the row before",
    "lead": "(x) OVER (…): the value of the next row",
    "least": "the smallest of its arguments",
    "length": "characters of a text",
    "lower": "in small letters",
    "max": "the largest value",
    "max_by": "(x, y): x where y is largest",
    "min": "the smallest value",
    "min_by": "(x, y): x where y is smallest",
    "nullif": "(x, y): NULL where both are the same",
    "rank": "() OVER (ORDER BY …)",
    "regexp_like": "(text, 'pattern')",
    "round": "(x, digits)",
    "row_number": "() OVER (PARTITION BY … ORDER BY …)",
    "split_part": "(text, '/', 1)",
    "substr": "(text, from, length)",
    "sum": "total",
    "to_unixtime": "(timestamp): seconds since 1970",
    "try_cast": "(x AS bigint); NULL where it cannot be",
    "upper": "in capitals",
}
_KEYWORDS: Final = (
    "SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "IS NULL",
    "GROUP BY", "ORDER BY", "HAVING", "LIMIT", "DISTINCT", "CASE", "WHEN", "THEN", "ELSE", "END",
    "WITH", "JOIN", "LEFT JOIN", "UNION ALL", "OVER", "PARTITION BY", "DESC", "ASC", "FILTER",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """Something that may stand at the cursor."""

    text: str
    about: str


def begun_word(before: str) -> str:
    """The word that the text before the cursor ends with; empty where it ends with none."""
    found = _BEGUN.search(before)
    return found[0] if found else ""


def words_for(
    before: str, schema: TableSchema | None, parameters: Iterable[Parameter]
) -> tuple[Word, ...]:
    """Words that may stand in place of the one begun, the likeliest first.

    Args:
        before: The line up to the cursor.
        schema: The table there is; None: not known yet.
        parameters: That the query declares.
    """
    begun = begun_word(before)
    if begun.startswith(":"):
        known = (Word(f":{p.name}", f"{p.type.value}  {p.help}".rstrip()) for p in parameters)
        return _matching(begun, known)
    is_table = _AFTER_FROM.search(before[: len(before) - len(begun)]) is not None
    words = [*_tables(schema), *_fields(schema)] if is_table else [*_fields(schema)]
    if not is_table:
        words += [*_functions(), *_tables(schema), *(Word(k, "keyword") for k in _KEYWORDS)]
    return _matching(begun.removeprefix('"'), words)


def _matching(begun: str, words: Iterable[Word]) -> tuple[Word, ...]:
    lower = begun.lower()
    first, then = [], []
    for word in dict.fromkeys(words):
        plain = word.text.lower().removeprefix('"')
        if plain.startswith(lower):
            first.append(word)
        elif lower in plain and len(lower) > 1:
            then.append(word)
    return tuple((*first, *then)[:_MOST])


def _fields(schema: TableSchema | None) -> Iterator[Word]:
    if schema is None:
        yield from (Word(_quoted(f.name), f"{f.athena_type}  {f.help}") for f in FIELD.values())
        return
    for column in schema.columns:
        field = FIELD.get(column.field or "")
        if field is not None:
            yield Word(_quoted(field.name), f"{field.athena_type}  {field.help}")
        else:
            yield Word(_quoted(column.name), f"{column.type}  a column of this table")
    for key in schema.partition_keys:
        yield Word(_quoted(key.name), f"{key.type}  partition key")


def _tables(schema: TableSchema | None) -> Iterator[Word]:
    yield Word(_TABLE, "the flow logs, under the filter, whatever their table")
    if schema is not None and not schema.is_local:
        yield Word(_quoted(schema.table), "this table by its own name")


def _functions() -> Iterator[Word]:
    for name, (example, about) in _OURS.items():
        yield Word(f"{name}(", f"{example}  {about}")
    for name in sorted(KNOWN_FUNCTIONS | _THEIRS.keys()):
        yield Word(f"{name}(", _THEIRS.get(name, "function of Athena"))


def _quoted(name: str) -> str:
    from flowtui.sql.literals import name as identifier

    return identifier(name).sql(dialect="athena")
