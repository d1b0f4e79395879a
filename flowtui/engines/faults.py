"""Every exception of DuckDB and pyarrow as one of ours, with what to do next."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from flowtui.errors import (
    ConnectError,
    FlowtuiError,
    GuardError,
    QueryFailedError,
)

_NAMED: Final = re.compile(r'"([^"\n]{1,200})"')
_MEANT: Final = re.compile(r"(?:Did you mean|Candidate bindings:)\s*(.{1,300})")
_FULL: Final = "No space left on device"
"""Comes under several names: a commit that fails is one of DuckDB's transactions to it."""
_PREFIX: Final = re.compile(r"^([A-Z][A-Za-z ]*? Error): ")
_OF_SQL: Final = {
    **dict.fromkeys(
        ("NotImplemented", "NotSupported"),
        ("The local engine cannot do this", "Write it in another way."),
    ),
    **dict.fromkeys(
        ("Conversion", "OutOfRange", "TypeMismatch", "Data"),
        ("A value does not fit", "Use TRY_CAST, or exclude such records."),
    ),
}
"""Errors that a place in the SQL can have: what is said before their own words, and what to do."""
_TOLD: Final[dict[str, tuple[type[FlowtuiError], str, str]]] = {
    "Permission": (
        GuardError,
        "The local engine may read this source and nothing else",
        "Query vpc_flow_logs, or open the other file as a source of its own.",
    ),
    "OutOfMemory": (
        QueryFailedError,
        "The query needs more memory than it may have",
        "Narrow the time range, group by fewer columns, or add a LIMIT.",
    ),
    "IO": (
        ConnectError,
        "A file cannot be read or written",
        "Check that it is there, may be read, and that the disk is not full.",
    ),
    **dict.fromkeys(
        ("Internal", "Fatal"),
        (QueryFailedError, "DuckDB failed in itself", "Run it again; restart flowtui if it stays."),
    ),
}
"""By the driver's name of an error: ours, what stands before its own words, and what to do."""


def translate(error: BaseException, sql: str = "") -> FlowtuiError:
    """Our error for a driver's.

    Args:
        error: From duckdb or pyarrow, or OSError.
        sql: What was run, as the user sees it; gives the place of a wrong name.
    """
    if isinstance(error, FlowtuiError):
        return error
    text = str(error).strip() or type(error).__name__
    prefix, message = _split(text)
    name = "IO" if _FULL in text else _kind_of(error, prefix)
    summary = _summary(message)
    if name == "Interrupt":
        return QueryFailedError("The query was stopped.", "Run it again.", is_retryable=True)
    if name in _TOLD:
        kind, what, advice = _TOLD[name]
        return kind(f"{what}: {summary}", advice)
    position = _position(message, sql)
    if name in _OF_SQL:
        what, advice = _OF_SQL[name]
        return QueryFailedError(f"{what}: {summary}", advice, position=position)
    return QueryFailedError(summary, _advice(message), category=2, position=position)


@contextmanager
def translating(sql: str = "") -> Iterator[None]:
    """Raise ours for any driver exception inside."""
    try:
        yield
    except _driver_errors() as error:
        raise translate(error, sql) from error


def _driver_errors() -> tuple[type[BaseException], ...]:
    """Looked up when something was raised, so that neither driver is imported for nothing."""
    import duckdb

    arrow = sys.modules.get("pyarrow")
    arrow_errors = (arrow.lib.ArrowException,) if arrow is not None else ()
    return (duckdb.Error, OSError, MemoryError, *arrow_errors)


def _split(text: str) -> tuple[str, str]:
    """DuckDB's own class of error, which also stands in what pyarrow passes on, and the rest."""
    match = _PREFIX.match(text)
    return (match[1].removesuffix(" Error"), text[match.end() :]) if match else ("", text)


def _kind_of(error: BaseException, prefix: str) -> str:
    by_prefix = {
        "Out of Memory": "OutOfMemory",
        "IO": "IO",
        "INTERRUPT": "Interrupt",
        "Permission": "Permission",
        "Conversion": "Conversion",
        "Out of Range": "OutOfRange",
    }.get(prefix)
    if by_prefix:
        return by_prefix
    name = type(error).__name__
    if name == "ArrowMemoryError" or isinstance(error, MemoryError):
        return "OutOfMemory"
    if name == "HTTPException" or isinstance(error, OSError):
        return "IO"
    return name.removesuffix("Exception").removesuffix("Error")


def _summary(message: str) -> str:
    """The first line, without control characters; the rest repeats SQL that the user never saw."""
    line = message.split("\n", 1)[0].strip()
    return "".join(c if c.isprintable() else "�" for c in line)[:500]


def _advice(message: str) -> str:
    meant = _MEANT.search(message)
    if meant:
        return f"Did you mean {_summary(meant[1]).rstrip('?')}?"
    return "Correct the SQL and run it again."


def _position(message: str, sql: str) -> tuple[int, int] | None:
    """Line and column of the name that the message quotes, in the SQL that the user sees."""
    named = _NAMED.search(message)
    if not named or not sql:
        return None
    found = re.search(rf"(?<!\w){re.escape(named[1])}(?!\w)", sql, re.IGNORECASE)
    if not found:
        return None
    before = sql[: found.start()]
    return before.count("\n") + 1, found.start() - before.rfind("\n")
