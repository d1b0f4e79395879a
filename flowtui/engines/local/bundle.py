"""Many small files read as one, where all of them are as they should be.

Looking after one table costs as much as parsing some thousand records: five-minute files of quiet
networks have twenty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowtui.engines.local.header import Layout
from flowtui.engines.local.inflate import TextFile
from flowtui.engines.local.logfile import LogFile, recognise_text
from flowtui.engines.local.parse import TextParser
from flowtui.engines.local.problems import Problems

if TYPE_CHECKING:
    import pyarrow

_SMALL_BYTES = 64 << 10
_BUNDLE_BYTES = 512 << 10
_BUNDLE_FILES = 256


@dataclass(frozen=True, slots=True)
class Bundle:
    """The records of some files, in the order of the files."""

    table: pyarrow.Table
    records: tuple[int, ...]
    """How many of them each file has."""


def bundles(files: Iterable[LogFile]) -> Iterator[tuple[LogFile, ...]]:
    """Files in their order: small neighbours together, others each alone."""
    held: list[LogFile] = []
    held_bytes = 0
    for file in files:
        is_small = file.size <= _SMALL_BYTES
        is_full = held_bytes >= _BUNDLE_BYTES or len(held) >= _BUNDLE_FILES
        if held and (is_full or not is_small):
            yield tuple(held)
            held, held_bytes = [], 0
        if is_small:
            held.append(file)
            held_bytes += file.size
        else:
            yield (file,)
    if held:
        yield tuple(held)


def read_bundle(
    files: Sequence[LogFile], fields: Sequence[str], format: tuple[str, ...] | None
) -> Bundle | None:
    """All records of the files; None where one of them needs a closer look."""
    layout: Layout | None = None
    bodies: list[bytes] = []
    for file in files:
        text = _sound_text(file.path)
        if text is None:
            return None
        if layout is None or not (layout.header and text.startswith(layout.header + b"\n")):
            found = recognise_text(text, format)
            if not isinstance(found, Layout) or (layout is not None and found != layout):
                return None
            layout = found
        body = _body(text, layout)
        if body is None:
            return None
        bodies.append(body)
    if layout is None or not set(layout.columns) <= set(fields):
        return None
    head = layout.header + b"\n" if layout.header else b""
    table = TextParser(layout, fields, Problems("")).quick_table(head + b"".join(bodies))
    records = tuple(body.count(b"\n") for body in bodies)
    return Bundle(table, records) if table is not None and table.num_rows == sum(records) else None


def _sound_text(path: str) -> bytes | None:
    file = TextFile(path)
    try:
        blocks = list(file.blocks())
    except OSError:
        return None
    return bytes(blocks[0]) if len(blocks) == 1 and not file.trouble else None


def _body(text: bytes, layout: Layout) -> bytes | None:
    """The lines after the header, each of which must be a record."""
    if layout.header and not text.startswith(layout.header + b"\n"):
        return None
    body = text[len(layout.header) + 1 :] if layout.header else text
    if body and not body.endswith(b"\n"):
        body += b"\n"
    is_odd = b"\r" in body or body.startswith(b"\n") or b"\n\n" in body
    return None if is_odd else body
