"""What is known, at this moment, of every log file of a source: the listing joined to the index."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from flowtui.engines.local.indexed import Known, Part, Snapshot
from flowtui.engines.local.logfile import LogFile
from flowtui.engines.local.looking import Look
from flowtui.engines.local.naming import named_span
from flowtui.engines.local.store import Store

if TYPE_CHECKING:
    from flowtui.engines.local.convert import Converted


class Ledger:
    """Log files by path, each either in one valid part or still to be read itself.

    Safe to use from several threads. `store` is None where there is no cache.
    """

    def __init__(self) -> None:
        self.store: Store | None = None
        self._lock = threading.Lock()
        self._listed: dict[str, Known] = {}
        self._known: dict[str, Known] = {}
        self._files: dict[str, LogFile] = {}
        self._parts: dict[str, Part] = {}

    def enter(self, look: Look, indexed: Snapshot) -> None:
        """Take a new listing, and tell the index what is new in it and what is gone.

        Raises:
            CacheError: The index cannot be written.
        """
        self._listed = look.known
        if self.store is not None and (look.new or look.gone):
            self.store.note_files(look.new.items(), look.gone)
            indexed = self.store.read()
        self._join(indexed)

    def refresh(self) -> None:
        """Take over what other processes have entered in the index.

        Raises:
            CacheError: The index cannot be read.
        """
        if self.store is not None:
            self._join(self.store.read())

    def _join(self, indexed: Snapshot) -> None:
        known = {
            path: _later(each, indexed.files.get(path, each)) for path, each in self._listed.items()
        }
        with self._lock:
            before = self._files
            self._known, self._parts = known, dict(indexed.parts)
            self._files = {
                path: _log_file(path, each, before.get(path))
                for path, each in known.items()
                if each.fields and not each.refusal
            }

    def learn(self, converted: Converted) -> None:
        """Take over a part that was entered in the index."""
        with self._lock:
            self._parts[converted.part.name] = converted.part
            for path, known in converted.files.items():
                self._known[path] = replace(known, part=converted.part.name)

    def widen(self, path: str, fields: tuple[str, ...]) -> None:
        """Note that a file has more columns than its first header line names."""
        with self._lock:
            self._files[path] = replace(self._files[path], fields=fields)

    def files(self) -> list[LogFile]:
        """Every file that holds records, in the order of the paths."""
        with self._lock:
            return list(self._files.values())

    def known(self) -> dict[str, Known]:
        """What is known of every listed file, also of those that hold nothing of use."""
        with self._lock:
            return dict(self._known)

    def split(self) -> tuple[list[Part], list[LogFile]]:
        """The parts that hold files of this source, and the files that are in none."""
        with self._lock:
            raw, used = [], dict[str, Part]()
            for path, file in self._files.items():
                name = self._known[path].part
                if name:
                    used[name] = self._parts[name]
                else:
                    raw.append(file)
            return list(used.values()), raw


def _later(listed: Known, indexed: Known) -> Known:
    """The index where it is about the same state of the file, or has it in a part.

    Another process may have converted a later state; its part holds other files too, so it must
    stand for this one whatever our listing says.
    """
    is_same = (listed.size, listed.mtime_ns) == (indexed.size, indexed.mtime_ns)
    return indexed if indexed.part or is_same else replace(listed, part="")


def _log_file(path: str, known: Known, before: LogFile | None) -> LogFile:
    if before and (before.size, before.mtime_ns) == (known.size, known.mtime_ns):
        return (
            before
            if set(known.fields) <= set(before.fields)
            else replace(before, fields=known.fields)
        )
    return LogFile(path, known.size, known.mtime_ns, known.fields, named_span(path))
