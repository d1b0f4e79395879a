"""What the index of a source's converted files holds, as values and as rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flowtui.domain.executions import LeftOut


class CacheError(Exception):
    """The cache cannot be used; the message says why, for the user."""


@dataclass(frozen=True, slots=True)
class Part:
    """A Parquet file of converted records."""

    name: str
    fields: tuple[str, ...]
    records: int
    bytes: int
    min_start: int | None
    max_end: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the index knows of a log file."""

    size: int
    mtime_ns: int
    fields: tuple[str, ...]
    refusal: str = ""
    """Why it is not read; empty: it is."""
    part: str = ""
    """Name of the part that holds its records; empty: not converted."""
    records: int = 0
    skipdata: int = 0
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the index holds at one moment."""

    files: dict[str, Known]
    """Log files by path."""
    parts: dict[str, Part]
    """Valid parts by name."""


def known(
    path: str, size: int, mtime_ns: int, fields: str, refusal: str, part: str, records: int,
    skipdata: int, left_out: str,
) -> tuple[str, Known]:  # fmt: skip
    """A log file's path, and what a row of the index says of it."""
    reasons = () if left_out == "[]" else json.loads(left_out)
    return path, Known(
        size, mtime_ns, _split(fields), refusal, part, records, skipdata,
        tuple(LeftOut(path, *rest) for rest in reasons),
    )  # fmt: skip


def part(name: str, fields: str, *rest: Any) -> Part:
    """The part that a row of the index tells of."""
    return Part(name, _split(fields), *rest)


@lru_cache(maxsize=256)
def _split(fields: str) -> tuple[str, ...]:
    return tuple(fields.split())


def written(left_out: tuple[LeftOut, ...]) -> str:
    """As the index keeps it; the path is known there."""
    return json.dumps([[each.reason, each.count, each.first_line] for each in left_out])
