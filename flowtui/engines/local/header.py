"""Which fields a log file holds, and in which order, by its first lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flowtui.domain.fields import DEFAULT_FORMAT, FIELD, canonical
from flowtui.errors import ConfigError

_NAME = re.compile(rb"\$?\{?[A-Za-z][A-Za-z0-9_.-]*\}?")
_OTHER_LOGS = {
    b"tgw-id": "transit gateway",
    b"tgw-attachment-id": "transit gateway",
    b"TransitGateway": "transit gateway",
    b"core-network-arn": "Cloud WAN",
    b"CoreNetwork": "Cloud WAN",
}
REMEDY = (
    "Say what its columns are: --format '${version} ${account-id} …', or format = in"
    " [sources.NAME] of config.toml."
)
"""What to do about a file whose fields cannot be known."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a text file, in the order of the file."""

    columns: tuple[str, ...]
    header: bytes = b""
    """The header line as written; empty where the file has none."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not read as flow logs, and what to do, in one sentence each."""

    reason: str


def recognise(
    lines: Iterable[bytes], format: tuple[str, ...] | None = None
) -> Layout | Refusal | None:
    """The layout that the first lines of a file tell; None where there is nothing but blanks.

    Args:
        lines: First lines, without line ends; lines that make no sense may stand before the header.
        format: Canonical columns of files that have no header line.
    """
    width = 0
    for line in lines:
        tokens = line.split()
        if not tokens:
            continue
        width = width or len(tokens)
        found = _by_header(line, tokens) or _by_record(tokens, format)
        if found:
            return found
    if not width:
        return None
    if format:
        return Refusal(f"no header line, and {width} columns where the format has {len(format)}")
    return Refusal(f"no header line, and {width} columns instead of the default 14. {REMEDY}")


@lru_cache(maxsize=256)
def header_columns(line: bytes) -> tuple[str, ...] | None:
    """The columns that a header line names; None for a line that is not one."""
    tokens = line.split()
    if not tokens or not all(_NAME.fullmatch(token) for token in tokens):
        return None
    names = [token.decode("ascii").strip("${}") for token in tokens]
    known = sum(canonical(name) is not None for name in names)
    return columns_of(names) if known * 2 >= len(names) else None


def columns_of(names: Sequence[str]) -> tuple[str, ...]:
    """Canonical names of columns in file order, each once; unknown ones keep their own name."""
    columns: list[str] = []
    for name in names:
        field = canonical(name)
        plain = re.sub(r"[^a-z0-9_]", "_", name.lower()) or "column"
        column = field if field and field not in columns else plain
        copies = 2
        while column in columns:
            column, copies = f"{plain}_{copies}", copies + 1
        columns.append(column)
    return tuple(columns)


def parse_format(text: str) -> tuple[str, ...]:
    """The columns of a format as AWS writes it: `${version} ${account-id} …`; plain names will do.

    Raises:
        ConfigError: There is no field in it, or something that cannot be one.
    """
    names = [token.strip("${}") for token in text.replace(",", " ").split()]
    wrong = [name for name in names if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]*", name)]
    if wrong or not names:
        raise ConfigError(
            f"Not a flow log format: {wrong[0] if wrong else text!r}",
            "Write it as the flow log's LogFormat has it: ${version} ${account-id} ${srcaddr} …",
        )
    return columns_of(names)


def ordered(columns: Iterable[str]) -> tuple[str, ...]:
    """Columns in the order of the documentation, unknown ones after them by name."""
    return _ordered(frozenset(columns))


@lru_cache(maxsize=256)
def _ordered(present: frozenset[str]) -> tuple[str, ...]:
    known = tuple(name for name in FIELD if name in present)
    return known + tuple(sorted(present - set(known)))


def _by_header(line: bytes, tokens: list[bytes]) -> Layout | Refusal | None:
    for token in tokens:
        if token in _OTHER_LOGS:
            return Refusal(
                f"a {_OTHER_LOGS[token]} flow log, which has other fields; flowtui reads VPC flow"
                " logs only"
            )
    columns = header_columns(line)
    return Layout(columns, line) if columns else None


def _by_record(tokens: list[bytes], format: tuple[str, ...] | None) -> Layout | None:
    if format is not None:
        return Layout(format) if len(tokens) == len(format) else None
    is_default = (
        len(tokens) == len(DEFAULT_FORMAT)
        and tokens[0].isdigit()
        and tokens[12] in (b"ACCEPT", b"REJECT", b"-")
        and tokens[13] in (b"OK", b"NODATA", b"SKIPDATA")
    )
    return Layout(DEFAULT_FORMAT) if is_default else None
