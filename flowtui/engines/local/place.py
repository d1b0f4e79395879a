"""What log files on this machine tell of the place they came from."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Final

from flowtui.engines.local.discover import list_files
from flowtui.engines.local.header import Layout, Refusal, recognise
from flowtui.engines.logplace import LogPlace, is_hive, is_hourly, named_owner
from flowtui.errors import FileFormatError

_HEAD_BYTES: Final = 65_536
_LOOK_INTO: Final = 20
"""Files opened in search of one that can be read."""


def local_place(location: str) -> LogPlace:
    """The fields of the newest readable file, accounts and regions by the names of all.

    Raises:
        ConnectError: There is no such file or directory.
        FileFormatError: None of the newest files holds VPC flow logs; the message says why.
    """
    files = [found.path for found in list_files(location).files]
    owners = [owner for path in files if (owner := named_owner(path))]
    path, layout = _newest_layout(location, files)
    return LogPlace(
        accounts=tuple(sorted({account for account, _ in owners})),
        regions=tuple(sorted({region for _, region in owners})),
        fields=layout.columns,
        is_parquet=path.endswith(".parquet"),
        is_hive=is_hive(path),
        is_hourly=is_hourly(path),
        sample=path,
    )


def _newest_layout(location: str, files: list[str]) -> tuple[str, Layout]:
    reason = "there are no log files"
    for path in reversed(files[-_LOOK_INTO:]):
        layout = _layout(path)
        if isinstance(layout, Layout):
            return path, layout
        reason = layout.reason if layout else "nothing but blank lines"
    raise FileFormatError(f"No fields can be read from {location}: {reason}", location)


def _layout(path: str) -> Layout | Refusal | None:
    if path.endswith(".parquet"):
        from flowtui.engines.local.awsparquet import parquet_layout

        return parquet_layout(path)
    try:
        with Path(path).open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        return Refusal(f"cannot be read: {error.strerror}")
    return layout_of_head(head)


def layout_of_head(head: bytes) -> Layout | Refusal | None:
    """The layout that the first bytes of a text file tell, gzip or not."""
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(31).decompress(head, _HEAD_BYTES)
        except zlib.error as error:
            return Refusal(f"not readable as gzip: {error}")
    return recognise(head.splitlines())
