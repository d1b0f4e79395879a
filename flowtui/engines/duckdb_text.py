"""Text of ours as part of SQL for DuckDB, where a statement takes no parameter."""

from __future__ import annotations


def text_literal(text: str) -> str:
    """Text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
