"""Opening a source: which files it has now, which are new or changed, and what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flowtui.domain.executions import LeftOut
from flowtui.engines.local.discover import FoundFile, Listing
from flowtui.engines.local.header import Layout, Refusal, ordered
from flowtui.engines.local.indexed import Known
from flowtui.engines.local.logfile import look_into
from flowtui.engines.local.problems import cannot_read

NOT_A_LOG = "-"
"""Refusal of a file that nobody called a log: it is passed over without a word."""


@dataclass(frozen=True, slots=True)
class Look:
    """What comparing a listing with the index gave."""

    known: dict[str, Known]
    """Every listed file that could be opened."""
    new: dict[str, Known]
    """Those of them that the index does not have, or has otherwise."""
    gone: tuple[str, ...]
    """Files of the index that are not there any more, or cannot be opened any more."""
    unreadable: tuple[LeftOut, ...]
    """Files that could not be opened; they are tried again next time."""


def look_at_files(
    listing: Listing, indexed: Mapping[str, Known], format: tuple[str, ...] | None
) -> Look:
    """Read the first lines of the files that the index does not know as they are now."""
    known: dict[str, Known] = {}
    new: dict[str, Known] = {}
    unreadable: list[LeftOut] = []
    for found in listing.files:
        before = indexed.get(found.path)
        if before and (before.size, before.mtime_ns) == (found.size, found.mtime_ns):
            known[found.path] = before
            continue
        try:
            known[found.path] = new[found.path] = _look_at(found, format)
        except OSError as error:
            unreadable.append(LeftOut(found.path, cannot_read(error), 0))
    return Look(known, new, tuple(indexed.keys() - known.keys()), tuple(unreadable))


def _look_at(found: FoundFile, format: tuple[str, ...] | None) -> Known:
    fields, refusal = _fields_of(found, format)
    if refusal and not found.is_certain:
        refusal = NOT_A_LOG
    return Known(found.size, found.mtime_ns, fields, refusal)


def _fields_of(found: FoundFile, format: tuple[str, ...] | None) -> tuple[tuple[str, ...], str]:
    if found.size == 0:
        is_cut = found.path.lower().endswith((".gz", ".parquet"))
        return (), "zero bytes: an interrupted copy?" if is_cut else ""
    match look_into(found.path, format):
        case Layout(columns=columns):
            return ordered(columns), ""
        case Refusal(reason=reason):
            return (), reason
        case None:
            return (), ""
