"""Merging small parts: what arrives five minutes at a time must not become thousands of files."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from flowtui.engines.local.indexed import Part
from flowtui.engines.local.writing import PartWriter

SMALL_RECORDS = 250_000
_FEWEST = 8
_MERGED_RECORDS = 1_000_000


def merges(parts: Iterable[Part]) -> Iterator[tuple[Part, ...]]:
    """Groups of small parts with the same columns, neighbours in time, that are worth merging."""
    by_fields: dict[tuple[str, ...], list[Part]] = {}
    for part in sorted(parts, key=lambda each: (each.min_start or 0, each.name)):
        if part.records < SMALL_RECORDS:
            by_fields.setdefault(part.fields, []).append(part)
    for small in by_fields.values():
        if len(small) < _FEWEST:
            continue
        group: list[Part] = []
        for part in small:
            group.append(part)
            if sum(each.records for each in group) >= _MERGED_RECORDS:
                yield tuple(group)
                group = []
        if len(group) > 1:
            yield tuple(group)


def merge(parts: tuple[Part, ...], directory: Path, stopped: threading.Event) -> Part | None:
    """Write one part with the records of several; None where it was stopped before it was whole.

    Raises:
        OSError: A part cannot be read, or the new one not written.
    """
    import pyarrow
    from pyarrow import parquet

    writer = PartWriter(directory, parts[0].fields)
    try:
        for part in parts:
            with parquet.ParquetFile(directory / part.name) as file:
                for group in range(file.num_row_groups):
                    if stopped.is_set():
                        writer.abandon()
                        return None
                    writer.add(file.read_row_group(group))
        return writer.finish()
    except pyarrow.ArrowException as error:
        writer.abandon()
        raise OSError(f"a converted file is broken: {error}") from error
    except BaseException:
        writer.abandon()
        raise
