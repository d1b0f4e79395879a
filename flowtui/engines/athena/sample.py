"""Whether a table's columns stand where the files have them, by a look into one file.

Text tables go by position: a column too few, or one in another place, shows every later value under
its neighbour's name, without any error. The usual case: a table partitioned by `region` leaves the
data column `region` out, as the documentation's own DDL does. Reading the first kilobytes of one
object costs a request, where sampling through Athena would cost a scan.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

from flowtui.domain.fields import canonical
from flowtui.engines.athena.catalog import TableMetadata
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.faults import translating

_HEAD_BYTES: Final = 65_536
_LOOK_AT: Final = 1000
"""Keys listed in search of a log file: one page of ListObjectsV2."""


def header_of(clients: AwsClients, locations: Sequence[str]) -> tuple[str, ...] | None:
    """The header line of a log file under the first location that has one; None: none is there.

    Raises:
        CredentialsError: Listing or reading is not allowed.
    """
    s3 = clients.client("s3")
    with translating("reading the head of a log file", clients.settings.profile):
        for bucket, key in _log_keys(s3, locations):
            answer = s3.get_object(Bucket=bucket, Key=key, Range=f"bytes=0-{_HEAD_BYTES - 1}")
            if fields := _header(answer["Body"].read(), key):
                return fields
    return None


def column_warning(table: TableMetadata, header: Sequence[str]) -> str:
    """What is wrong with the table's columns beside a file's header; empty: nothing.

    Only for text tables, whose columns go by position.
    """
    if not table.is_text:
        return ""
    columns = [name for name, _ in table.columns]
    for place, (column, field) in enumerate(zip(columns, header, strict=False), start=1):
        if (canonical(column) or column) != (canonical(field) or field):
            return _misplaced(table, place, column, field)
    if len(columns) < len(header):
        return (
            f"The files hold {len(header) - len(columns)} more fields than the table has columns "
            f"(from {header[len(columns)]} on). flowtui ddl prints a table with all of them."
        )
    return ""


def _misplaced(table: TableMetadata, place: int, column: str, field: str) -> str:
    keys = {name for name, _ in table.partition_columns}
    cause = (
        f"The table leaves {field} out because a partition has that name; so every column from "
        f"{column} on shows its neighbour's values."
        if field in keys
        else "Every column from there on shows another field's values."
    )
    return (
        f"Column {place} of {table.name} is {column}, but the files hold {field} there. {cause} "
        "flowtui ddl prints a table whose columns fit the files."
    )


def _log_keys(s3: Any, locations: Sequence[str]) -> Iterator[tuple[str, str]]:
    for location in locations:
        bucket, _, prefix = location.removeprefix("s3://").partition("/")
        listed = s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=_LOOK_AT)
        for item in reversed(listed.get("Contents", [])):
            if item["Size"] and item["Key"].endswith((".gz", ".log")):
                yield bucket, item["Key"]
                break


def _header(head: bytes, key: str) -> tuple[str, ...] | None:
    if key.endswith(".gz"):
        try:
            head = zlib.decompressobj(31).decompress(head, _HEAD_BYTES)
        except zlib.error:
            return None
    line = head.partition(b"\n")[0].decode("utf-8", "replace")
    names = line.split()
    known = sum(canonical(name) is not None for name in names)
    return tuple(name.lower().replace("-", "_") for name in names) if known >= 3 else None
