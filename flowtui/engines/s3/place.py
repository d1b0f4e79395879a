"""What lies at a place in S3: accounts, regions and form by the folders, fields by one file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.faults import translating
from flowtui.engines.local.header import Layout, Refusal, columns_of
from flowtui.engines.local.place import layout_of_head
from flowtui.engines.logplace import (
    ACCOUNT_FOLDER,
    LOG_ENDINGS,
    REGION_FOLDER,
    LogPlace,
    is_hive,
    is_hourly,
    named_owner,
)
from flowtui.engines.s3.listing import SCHEME, parse_location
from flowtui.errors import ConnectError

_AWS_LOGS: Final = "AWSLogs/"
_HEAD_BYTES: Final = 65_536
_MOST_ACCOUNTS: Final = 200
"""Accounts whose regions are listed."""
_MOST_FOLDERS: Final = 60
"""Folders gone through in search of the newest object."""


@dataclass(frozen=True, slots=True)
class LogObject:
    """A log file in S3 as listed."""

    bucket: str
    key: str
    size: int
    modified: datetime

    @property
    def uri(self) -> str:
        """`s3://bucket/key`."""
        return f"{SCHEME}{self.bucket}/{self.key}"


def s3_place(clients: AwsClients, location: str) -> LogPlace:
    """What a prefix, or a single object, tells. Lists folders, and reads the head of one file.

    Raises:
        ConfigError: It is no S3 location.
        ConnectError: No such bucket, or the file holds no VPC flow logs.
        CredentialsError: Listing or reading is not allowed.
    """
    if location.endswith(LOG_ENDINGS):
        bucket, key = parse_location(location)
        key = key.rstrip("/")
        place = _by_folders(clients, bucket, _root_of(key) or key.rpartition("/")[0] + "/", key)
        return _with_sample(clients, place, LogObject(bucket, key, 0, datetime.now(UTC)))
    bucket, prefix = parse_location(location)
    root = _root_of(prefix) or _found_root(clients, bucket, prefix)
    place = _by_folders(clients, bucket, root, prefix)
    newest = newest_object(clients, bucket, prefix if prefix.startswith(root) else root)
    return _with_sample(clients, place, newest) if newest else place


def newest_object(clients: AwsClients, bucket: str, prefix: str) -> LogObject | None:
    """The log file delivered last under a prefix, by the order of folder and file names.

    Goes into the last folder first; None where the first sixty folders hold no log file.
    """
    waiting, left = [prefix], _MOST_FOLDERS
    while waiting and left:
        folder, left = waiting.pop(), left - 1
        objects, below = _list(clients, bucket, folder)
        if objects:
            return max(objects, key=lambda o: (o.modified, o.key))
        waiting += below
    return None


def folders(clients: AwsClients, bucket: str, prefix: str) -> list[str]:
    """Names of the folders right under a prefix, without the slash."""
    return [name.removeprefix(prefix).rstrip("/") for name in _list(clients, bucket, prefix)[1]]


def owners(clients: AwsClients, bucket: str, root: str) -> Iterator[tuple[str, str, str]]:
    """Account, region and prefix of each that delivers under an `AWSLogs/` folder."""
    for account in folders(clients, bucket, root)[:_MOST_ACCOUNTS]:
        if not (known := ACCOUNT_FOLDER.fullmatch(account)):
            continue
        service = "aws-service=vpcflowlogs" if "=" in account else "vpcflowlogs"
        prefix = f"{root}{account}/{service}/"
        for region in folders(clients, bucket, prefix):
            if found := REGION_FOLDER.fullmatch(region):
                yield known[1], found[1], f"{prefix}{region}/"


def _by_folders(clients: AwsClients, bucket: str, root: str, path: str) -> LogPlace:
    place = LogPlace(f"{SCHEME}{bucket}/{root}")
    if not root.endswith(_AWS_LOGS):
        return place
    # A path that goes deeper than AWSLogs/ means those accounts and regions only.
    deeper = path if path.startswith(root) else root
    found = [
        (account, region)
        for account, region, prefix in owners(clients, bucket, root)
        if prefix.startswith(deeper) or deeper.startswith(prefix)
    ]
    return replace(
        place,
        accounts=tuple(sorted({account for account, _ in found})),
        regions=tuple(sorted({region for _, region in found})),
    )


def _root_of(path: str) -> str:
    before, folder, _ = path.partition(_AWS_LOGS)
    is_folder = folder and (not before or before.endswith("/"))
    return before + folder if is_folder else ""


def _found_root(clients: AwsClients, bucket: str, prefix: str) -> str:
    return prefix + _AWS_LOGS if "AWSLogs" in folders(clients, bucket, prefix) else prefix


def _list(clients: AwsClients, bucket: str, prefix: str) -> tuple[list[LogObject], list[str]]:
    objects: list[LogObject] = []
    below: list[str] = []
    paginator = clients.client("s3").get_paginator("list_objects_v2")
    with translating(f"listing s3://{bucket}/{prefix}", clients.settings.profile):
        for page in paginator.paginate(Bucket=bucket, Prefix=prefix, Delimiter="/"):
            objects += [_object(bucket, item) for item in page.get("Contents", []) if _is_log(item)]
            below += [item["Prefix"] for item in page.get("CommonPrefixes", [])]
    return objects, below


def _object(bucket: str, item: dict[str, Any]) -> LogObject:
    return LogObject(bucket, item["Key"], item["Size"], item["LastModified"])


def _is_log(item: dict[str, Any]) -> bool:
    return bool(item["Size"]) and item["Key"].endswith(LOG_ENDINGS)


def _with_sample(clients: AwsClients, place: LogPlace, newest: LogObject) -> LogPlace:
    owner = named_owner(newest.key)
    return replace(
        place,
        accounts=place.accounts or ((owner[0],) if owner else ()),
        regions=place.regions or ((owner[1],) if owner else ()),
        fields=fields_of(clients, newest),
        is_parquet=newest.key.endswith(".parquet"),
        is_hive=is_hive("/" + newest.key),
        is_hourly=is_hourly("/" + newest.key),
        sample=newest.uri,
    )


def fields_of(clients: AwsClients, file: LogObject) -> tuple[str, ...]:
    """The fields of a log file in its order; reads its first, or for Parquet its last, 64 KiB.

    Raises:
        ConnectError: It holds no VPC flow logs.
    """
    is_parquet = file.key.endswith(".parquet")
    part = _read(clients, file, f"-{_HEAD_BYTES}" if is_parquet else f"0-{_HEAD_BYTES - 1}")
    if is_parquet:
        return _parquet_fields(clients, file, part)
    layout = layout_of_head(part)
    if isinstance(layout, Layout):
        return layout.columns
    reason = layout.reason if isinstance(layout, Refusal) else "there is nothing in it"
    raise ConnectError(f"{file.uri} is not used: {reason}", "Give another file or prefix.")


def _parquet_fields(clients: AwsClients, file: LogObject, tail: bytes) -> tuple[str, ...]:
    import pyarrow
    from pyarrow import parquet

    # The footer says its own length, and describes every column of every row group.
    needed = int.from_bytes(tail[-8:-4], "little") + 8
    if needed > len(tail) and needed < 1 << 24:
        tail = _read(clients, file, f"-{needed}")
    try:
        return columns_of(parquet.read_schema(io.BytesIO(tail)).names)
    except (pyarrow.ArrowException, OSError) as error:
        raise ConnectError(f"{file.uri} is not a readable Parquet file.", str(error)) from error


def _read(clients: AwsClients, file: LogObject, range: str) -> bytes:
    with translating(f"reading {file.uri}", clients.settings.profile):
        answer = clients.client("s3").get_object(
            Bucket=file.bucket, Key=file.key, Range=f"bytes={range}"
        )
        return bytes(answer["Body"].read())
