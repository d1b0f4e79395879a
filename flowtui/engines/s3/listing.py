"""Which objects under a prefix hold records of a time, found without listing the others.

AWS delivers into a folder per day, and per hour where asked, so listing goes down folder by folder
and leaves out those of other times. See "Flow log files", VPC User Guide.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from flowtui.domain.times import TimeRange
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.faults import translating
from flowtui.engines.local.naming import named_span
from flowtui.errors import ConfigError, ConnectError

SCHEME: Final = "s3://"
_DATED: Final = re.compile(
    r"(?:^|/)(?:year=)?(\d{4})/(?:(?:month=)?(\d\d)/(?:(?:day=)?(\d\d)/(?:(?:hour=)?(\d\d)/)?)?)?$"
)
_ENDINGS: Final = (".log", ".gz", ".parquet")
_LISTERS: Final = 8
_LATE: Final = timedelta(hours=1)
"""A folder goes by the records' end, but delivery may put a file into the next one."""


@dataclass(frozen=True, slots=True)
class S3Object:
    """A log file in S3."""

    bucket: str
    key: str
    size: int
    etag: str


def parse_location(text: str) -> tuple[str, str]:
    """Bucket and prefix of `s3://bucket/prefix`; a prefix ends in `/` or is empty.

    Raises:
        ConfigError: It is not of that form.
    """
    bucket, _, prefix = text.removeprefix(SCHEME).partition("/")
    if not text.startswith(SCHEME) or not re.fullmatch(
        r"[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]", bucket
    ):
        raise ConfigError(f"Not a place in S3: {text}", "Write s3://BUCKET/PREFIX/.")
    return bucket, prefix if not prefix or prefix.endswith("/") else prefix + "/"


def list_objects(
    clients: AwsClients, bucket: str, prefix: str, time: TimeRange | None
) -> list[S3Object]:
    """Log files that may hold records of the time, by key; all there are where there is no time.

    Raises:
        ConnectError: No such bucket.
        CredentialsError: s3:ListBucket is not allowed.
    """
    found: list[S3Object] = []
    folders = [prefix]
    with ThreadPoolExecutor(_LISTERS, thread_name_prefix="s3-list") as pool:
        while folders:
            answers = pool.map(lambda folder: _list_folder(clients, bucket, folder), folders)
            deeper: list[str] = []
            for objects, below in answers:
                found += [o for o in objects if _may_hold(named_span(o.key), time)]
                deeper += [folder for folder in below if _is_in(folder, time)]
            folders = deeper
    return sorted(found, key=lambda o: o.key)


def _list_folder(clients: AwsClients, bucket: str, folder: str) -> tuple[list[S3Object], list[str]]:
    """Log files right in a folder, and the folders in it."""
    objects: list[S3Object] = []
    below: list[str] = []
    for page in _pages(clients, bucket, folder):
        objects += [
            S3Object(bucket, item["Key"], item["Size"], item["ETag"].strip('"'))
            for item in page.get("Contents", [])
            if item["Size"] and item["Key"].endswith(_ENDINGS)
        ]
        below += [item["Prefix"] for item in page.get("CommonPrefixes", [])]
    return objects, below


def _pages(clients: AwsClients, bucket: str, folder: str) -> Iterator[dict[str, Any]]:
    paginator = clients.client("s3").get_paginator("list_objects_v2")
    with translating(f"listing s3://{bucket}/{folder}", clients.settings.profile):
        yield from paginator.paginate(Bucket=bucket, Prefix=folder, Delimiter="/")


def _is_in(folder: str, time: TimeRange | None) -> bool:
    span = folder_span(folder)
    if time is None or span is None:
        return True
    first, beyond = span
    return (time.until is None or first < time.until + _LATE) and (
        time.since is None or beyond + _LATE > time.since
    )


def folder_span(folder: str) -> tuple[datetime, datetime] | None:
    """First instant and first instant beyond, of a folder's year, month, day or hour.

    None where it names none. Half-open, UTC.
    """
    match = _DATED.search(folder)
    if match is None:
        return None
    year, month, day, hour = (int(part) if part else None for part in match.groups())
    try:
        first = datetime(year or 0, month or 1, day or 1, hour or 0, tzinfo=UTC)
    except ValueError:
        return None
    if month is None:
        return first, first.replace(year=first.year + 1)
    if day is None:
        return first, first + timedelta(days=monthrange(first.year, first.month)[1])
    return first, first + (timedelta(days=1) if hour is None else timedelta(hours=1))


def _may_hold(span: tuple[int, int] | None, time: TimeRange | None) -> bool:
    if span is None or time is None:
        return True
    first, last = span
    return (time.until is None or first < time.until.timestamp()) and (
        time.since is None or last >= time.since.timestamp()
    )


def newest(objects: list[S3Object], location: str) -> S3Object:
    """The object whose name says that it is the latest.

    Raises:
        ConnectError: There is none.
    """
    if not objects:
        raise ConnectError(
            f"No flow logs of that time under {location}",
            "Check the prefix, or widen the time: --since 24h.",
        )
    return max(objects, key=lambda o: (named_span(o.key) or (0, 0), o.key))
