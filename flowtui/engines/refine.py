"""SQL that sorts, filters and searches rows already held.

Columns are stored as c0, c1, …, so that no name that a query chose ever becomes SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flowtui.domain.executions import Column, SortKey
from flowtui.domain.fields import Kind
from flowtui.domain.spans import Spans
from flowtui.errors import EngineError

_FIRST_WINDOW: Final = 50_000
SETUP: Final = r"""
-- A list of one gives its element a name: a macro's argument is written out at every use of it.
CREATE MACRO ipv4_number(a) AS list_transform([string_split(a, '.')], lambda o:
    TRY_CAST(o[1] AS UTINYINT)::BIGINT * 16777216 + TRY_CAST(o[2] AS UTINYINT)::BIGINT * 65536
    + TRY_CAST(o[3] AS UTINYINT)::BIGINT * 256 + TRY_CAST(o[4] AS UTINYINT)::BIGINT)[1];
CREATE MACRO ipv6_groups(a) AS list_filter(string_split(a, ':'), lambda g: g <> '');
CREATE MACRO ipv6_plain(a) AS
    CASE WHEN contains(a, '.')
    THEN regexp_replace(a, '[^:]*$', '') || list_transform(
        [ipv4_number(regexp_extract(a, '[^:]*$'))],
        lambda n: printf('%x:%x', n // 65536, n % 65536))[1]
    ELSE a END;
CREATE MACRO ipv6_text(a) AS
    CASE WHEN contains(a, ':') THEN list_transform([ipv6_plain(lower(a))], lambda plain:
        array_to_string(list_transform(
            ipv6_groups(replace(plain, '::', ':' || repeat('0:', 8 - len(ipv6_groups(plain))))),
            lambda g: lpad(g, 4, '0')), ''))[1] END;
CREATE MACRO ipv4_or_next(a) AS
    CASE WHEN contains(a, ':') THEN 4294967296 ELSE ipv4_number(a) END;
"""
"""Macros: an IPv4 address as its number, an IPv6 address as the next one and 32 hexadecimal digits,
what is no address as NULL."""


def stored_name(index: int) -> str:
    """The name under which a column is kept."""
    return f"c{index}"


def index_of(columns: tuple[Column, ...], name: str) -> int:
    """Position of a column by its heading; the first where a heading stands twice.

    Raises:
        EngineError: No column is called so.
    """
    for index, column in enumerate(columns):
        if column.name == name:
            return index
    raise EngineError(
        f"The result has no column {name!r}.", f"Columns: {', '.join(c.name for c in columns)}."
    )


def order_sql(columns: tuple[Column, ...], keys: tuple[SortKey, ...]) -> str:
    """What follows ORDER BY: NULL last either way, equal rows in engine order."""
    terms: list[str] = []
    for key in keys:
        index = index_of(columns, key.column)
        name = stored_name(index)
        ranks = _address_ranks(name) if columns[index].kind is Kind.ADDRESS else (name,)
        direction = "DESC" if key.is_descending else "ASC"
        terms += [f"{term} {direction} NULLS LAST" for term in ranks]
    return ", ".join((*terms, "held.rowid"))


def _address_ranks(name: str) -> tuple[str, ...]:
    """IPv4 before IPv6, each by value; what is no address after them, as text."""
    number = f"ipv4_or_next({name})"
    return (number, f"ipv6_text({name})", f"CASE WHEN {number} IS NULL THEN {name} END")


def contains_sql(columns: tuple[Column, ...]) -> str:
    """True for rows with a cell that holds parameter `$text`, ignoring case."""
    cells = (
        f"contains(lower(CAST({stored_name(i)} AS VARCHAR)), lower($text))"
        for i in range(len(columns))
    )
    return f"({' OR '.join(cells)})" if columns else "false"


def among_sql(number: str) -> str:
    """True where a row number lies in the half-open spans of `$firsts` and `$lasts`."""
    spans = "SELECT unnest($firsts) AS first, unnest($lasts) AS last"
    return f"{number} IN (SELECT unnest(range(first, last)) FROM ({spans}))"


def spans_sql(number: str, source: str, condition: str) -> str:
    """The numbers of the rows for which a condition holds, as half-open spans in order."""
    numbers = f"SELECT {number} AS n FROM {source} WHERE {condition}"
    islands = f"SELECT n, n - row_number() OVER (ORDER BY n) AS island FROM ({numbers})"
    return f"SELECT min(n), max(n) + 1 FROM ({islands}) GROUP BY island ORDER BY 1"


def spans_parameters(spans: Spans) -> dict[str, list[int]]:
    """What `among_sql` asks for."""
    return {"firsts": [s.start for s in spans], "lasts": [s.stop for s in spans]}


def windows(start: int, total: int, is_backward: bool) -> Iterator[tuple[int, int]]:
    """Half-open spans from `start` to the end, each longer: a near hit is found at once."""
    length = _FIRST_WINDOW
    if is_backward:
        last = min(start + 1, total)
        while last > 0:
            yield max(0, last - length), last
            last, length = last - length, length * 4
        return
    first = max(0, start)
    while first < total:
        yield first, min(first + length, total)
        first, length = first + length, length * 4
