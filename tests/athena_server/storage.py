"""The objects of moto's S3, as files for DuckDB."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moto.s3.models import s3_backends

from tests.athena_server.errors import failure


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An object of a table."""

    path: str
    """On this machine; keeps the suffix, by which DuckDB knows the compression."""
    uri: str
    size: int


def split_uri(uri: str) -> tuple[str, str]:
    """Bucket and key of an `s3://` URI."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


class Storage:
    """Reads and writes moto's S3 without going through HTTP, which the call log would show."""

    def __init__(self, directory: Path, account: str, region: str) -> None:
        self.directory = directory
        self._account, self._region = account, region
        self._lock = threading.Lock()

    @property
    def _s3(self) -> Any:
        return s3_backends[self._account]["aws"]

    def has_bucket(self, bucket: str) -> bool:
        """Whether the bucket exists."""
        return bucket in self._s3.buckets

    def create_bucket(self, bucket: str) -> None:
        """Make the bucket, if it is missing."""
        if not self.has_bucket(bucket):
            self._s3.create_bucket(bucket, self._region)

    def put(self, uri: str, body: bytes) -> None:
        """Write an object."""
        bucket, key = split_uri(uri)
        self._s3.put_object(bucket, key, body)

    def holds(self, uri: str) -> bool:
        """Whether the object exists."""
        bucket, key = split_uri(uri)
        return self.has_bucket(bucket) and self._s3.get_object(bucket, key) is not None

    def uris(self, location: str) -> list[str]:
        """Objects under a location which a query would read; `_` and `.` hide them.

        Raises:
            QueryFailedError: The bucket does not exist.
        """
        bucket, prefix = split_uri(location)
        prefix = prefix.rstrip("/") + "/" if prefix else ""
        if not self.has_bucket(bucket):
            reason = f"The specified bucket does not exist: {bucket} (Status Code: 404)"
            raise failure("HIVE_FILESYSTEM_ERROR", reason)
        keys = [key for key in list(self._s3.buckets[bucket].keys) if key.startswith(prefix)]
        return [f"s3://{bucket}/{key}" for key in sorted(keys) if _is_read(key[len(prefix) :])]

    def file(self, uri: str) -> StoredFile:
        """The object as a file of this machine; it keeps its name while it keeps its contents."""
        bucket, key = split_uri(uri)
        stored = self._s3.get_object(bucket, key)
        version = hashlib.sha256(f"{uri}{stored.etag}".encode()).hexdigest()[:16]
        path = self.directory / f"{version}_{Path(key).name}"
        with self._lock:
            if not path.exists():
                path.write_bytes(stored.value)
        return StoredFile(str(path), uri, stored.size)


def _is_read(key: str) -> bool:
    is_hidden = any(part.startswith(("_", ".")) for part in key.split("/"))
    return bool(key) and not key.endswith("/") and not is_hidden
