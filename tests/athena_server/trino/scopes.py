"""Which columns a name may mean at a place in a query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.athena_server.trino.sqltypes import UNKNOWN
from tests.athena_server.trino.tokens import SqlRefusedError, Token

HIDDEN: Final = (("$path", "varchar"), ("$file_size", "bigint"))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table or of a result."""

    name: str
    """In lower case; empty where the query gives none."""
    kind: str
    is_hidden: bool = False
    """`$path` and its like: not in `*`."""


Catalog = Callable[[tuple[str, ...]], Sequence[Column] | None]
"""Columns of a table or view by its dotted name; None where there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One relation in FROM."""

    names: frozenset[str]
    """What may stand before the dot."""
    columns: tuple[Column, ...]


@dataclass(slots=True)
class Scope:
    """The relations of a FROM, inside those of the query around it."""

    sources: list[Source] = field(default_factory=list)
    parent: Scope | None = None
    merged: set[str] = field(default_factory=set)
    """Columns that JOIN USING made one of two."""

    def resolve(self, parts: tuple[str, ...], token: Token) -> tuple[object, str, Scope]:
        """What a name means: its identity, its type, and the scope that it was found in.

        Raises:
            SqlRefusedError: It means nothing, or more than one thing.
        """
        found = [
            (source, column, rest)
            for source in self.sources
            for column, rest in _matches(source, parts)
        ]
        if len(found) > 1 and not (parts[-1] in self.merged and len(parts) == 1):
            reason = f"Column '{'.'.join(parts)}' is ambiguous"
            raise SqlRefusedError(reason, token, "AMBIGUOUS_NAME")
        if found:
            source, column, rest = found[0]
            kind = UNKNOWN if rest else column.kind
            return (id(source), column.name, rest), kind, self
        if self.parent is not None:
            return self.parent.resolve(parts, token)
        reason = (
            f"Column '{'.'.join(parts)}' cannot be resolved or requester is not authorized to "
            "access requested resources"
        )
        raise SqlRefusedError(reason, token, "COLUMN_NOT_FOUND")

    def star(self, prefix: tuple[str, ...] = ()) -> list[Column]:
        """What `*` or `prefix.*` stands for."""
        chosen = [s for s in self.sources if not prefix or prefix[-1] in s.names]
        merged: list[Column] = []
        others: list[Column] = []
        for source in chosen:
            for column in source.columns:
                if column.is_hidden:
                    continue
                if column.name not in self.merged or prefix:
                    others.append(column)
                elif column.name not in {c.name for c in merged}:
                    merged.append(column)
        return merged + others


def _matches(source: Source, parts: tuple[str, ...]) -> list[tuple[Column, tuple[str, ...]]]:
    """Columns of the source that the name may mean, with the fields that it goes on into."""
    found = [(c, parts[1:]) for c in source.columns if c.name == parts[0]]
    found = [(c, rest) for c, rest in found if not rest or _has_fields(c)]
    for length in range(1, len(parts)):
        if parts[length - 1] in source.names:
            found += [(c, parts[length + 1 :]) for c in source.columns if c.name == parts[length]]
    return found


def _has_fields(column: Column) -> bool:
    return column.kind == UNKNOWN or column.kind.startswith("row(")
