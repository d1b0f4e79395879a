"""The statements that Athena takes and those that it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

_HERE = Path(__file__).parent


class Refused(NamedTuple):
    """A statement, and what Athena says of it."""

    code: str
    place: str
    """Line and column; empty for none."""
    sql: str


def valid() -> list[str]:
    """Statements that run."""
    text = (_HERE / "valid.sql").read_text()
    parts = text.split(";\n")
    return [sql for part in parts if (sql := _without_headings(part))]


def refused() -> list[Refused]:
    """Statements that do not."""
    found = []
    for part in (_HERE / "refused.sql").read_text().split("-- ")[1:]:
        head, _, sql = part.partition("\n")
        code, _, place = head.partition(" ")
        found.append(Refused(code, place, sql.strip()))
    return found


def _without_headings(text: str) -> str:
    lines = text.strip().splitlines()
    while lines and lines[0].startswith("-- "):
        del lines[0]
    return "\n".join(lines)
