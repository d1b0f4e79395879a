from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flowtui.domain.executions import Progress
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.s3.downloads import Downloads
from flowtui.engines.s3.listing import S3Object, list_objects
from flowtui.errors import ConnectError, EngineError
from tests.athena_server import AthenaServer
from tests.engines.s3.conftest import BUCKET, Put

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NEVER = threading.Event()


@pytest.fixture
def downloads(clients: AwsClients, tmp_path: Path) -> Downloads:
    """An empty place for files."""
    return Downloads(clients, tmp_path / "s3")


def test_files_arrive_once(
    put: Put, downloads: Downloads, clients: AwsClients, athena: AthenaServer
) -> None:
    """All are fetched with progress; asked again, nothing is."""
    bodies = {put(NOON + timedelta(minutes=5 * n), f"log {n}".encode()): n for n in range(20)}
    items = list_objects(clients, BUCKET, "", None)
    seen: list[Progress] = []
    assert downloads.fetch(items, NEVER, seen.append) == []
    for item in items:
        assert downloads.path_of(item).read_bytes() == f"log {bodies[item.key]}".encode()
    assert (seen[-1].files_done, seen[-1].bytes_done) == (20, sum(i.size for i in items))
    before = len(athena.ops("S3.GetObject"))
    assert downloads.fetch(items, NEVER) == []
    assert len(athena.ops("S3.GetObject")) == before


def test_an_object_that_changed_is_fetched_again(
    put: Put, downloads: Downloads, clients: AwsClients
) -> None:
    """The ETag decides, not the name."""
    put(NOON, b"before")
    downloads.fetch(list_objects(clients, BUCKET, "", None), NEVER)
    put(NOON, b"after!")
    (item,) = list_objects(clients, BUCKET, "", None)
    assert downloads.missing([item]) == [item]
    downloads.fetch([item], NEVER)
    assert downloads.path_of(item).read_bytes() == b"after!"


def test_a_broken_body_is_taken_up_where_it_broke(
    put: Put, downloads: Downloads, clients: AwsClients, athena: AthenaServer
) -> None:
    """Bytes that arrived are kept, and the rest is asked for by range."""
    body = bytes(range(256)) * 100
    put(NOON, body)
    (item,) = list_objects(clients, BUCKET, "", None)
    athena.fault("S3.GetObject", truncate=10_000)
    assert downloads.fetch([item], NEVER) == []
    assert downloads.path_of(item).read_bytes() == body


@pytest.mark.parametrize("code", ["SlowDown", "InternalError"])
def test_a_busy_s3_is_asked_again(
    code: str, put: Put, downloads: Downloads, clients: AwsClients, athena: AthenaServer
) -> None:
    """Throttling and 5xx are waited out."""
    put(NOON, b"log")
    items = list_objects(clients, BUCKET, "", None)
    athena.fault("S3.GetObject", code=code, status=503, times=5)
    assert downloads.fetch(items, NEVER) == []


def test_what_may_not_be_read_is_named(
    put: Put, downloads: Downloads, clients: AwsClients, athena: AthenaServer
) -> None:
    """A denied object is reported; the others are fetched."""
    for n in range(3):
        put(NOON + timedelta(minutes=5 * n), b"log")
    items = list_objects(clients, BUCKET, "", None)
    athena.fault("S3.GetObject", code="AccessDenied", message="no", status=403)
    ((item, error),) = downloads.fetch(items, NEVER)
    assert item in items
    assert "Access denied" in error.message
    assert downloads.missing(items) == [item]


def test_cancelling_keeps_what_is_whole(
    put: Put, downloads: Downloads, clients: AwsClients
) -> None:
    """Nothing half stands under its name, and what is left is fetched later."""
    for n in range(30):
        put(NOON + timedelta(minutes=5 * n), b"log" * 1000)
    items = list_objects(clients, BUCKET, "", None)
    cancelled = threading.Event()
    downloads.fetch(items, cancelled, lambda p: cancelled.set() if p.files_done >= 2 else None)
    left = downloads.missing(items)
    assert 0 < len(left) < 30
    assert downloads.fetch(items, NEVER) == []
    assert downloads.missing(items) == []


@pytest.mark.parametrize(
    "key", ["../evil.log", "a/../../../evil.log", "/evil.log", "a//evil.log", "./evil.log"]
)
def test_a_key_cannot_lead_out(key: str, downloads: Downloads) -> None:
    """A hostile object name writes nothing outside the cache, nor over another object's file."""
    item: Any = S3Object(BUCKET, key, 1, "e")
    with pytest.raises(ConnectError):
        downloads.path_of(item)


@pytest.mark.parametrize(
    "hostile", ["logs//a.log", "/a.log", "logs/a.log/b.log", f"logs/{'x' * 300}.log"]
)
def test_a_name_that_cannot_be_kept_spares_the_others(
    hostile: str, downloads: Downloads, clients: AwsClients, athena: AthenaServer
) -> None:
    """What S3 takes for a name and this disk does not is left out by name; the rest is here."""
    athena.put(f"s3://{BUCKET}/logs/a.log", b"good")
    good, *_ = list_objects(clients, BUCKET, "", None)
    assert downloads.fetch([good], NEVER) == []
    athena.put(f"s3://{BUCKET}/{hostile}", b"evil")
    items = list_objects(clients, BUCKET, "", None)
    ((item, error),) = downloads.fetch(items, NEVER)
    assert (item.key, bool(error.message)) == (hostile, True)
    assert downloads.path_of(good).read_bytes() == b"good"


def test_a_place_that_cannot_be_written_is_said(clients: AwsClients, tmp_path: Path) -> None:
    """Where nothing can be kept, the error is ours, with what to do about it."""
    (tmp_path / "file").touch()
    item = S3Object(BUCKET, "a.log", 1, "e")
    with pytest.raises(EngineError, match="cannot be kept") as caught:
        Downloads(clients, tmp_path / "file").fetch([item], NEVER)
    assert "XDG_CACHE_HOME" in caught.value.hint


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk always full")
def test_a_full_disk_is_not_taken_for_the_network(
    downloads: Downloads, clients: AwsClients, athena: AthenaServer
) -> None:
    """It is said at once, and the object is not asked for again and again."""
    athena.put(f"s3://{BUCKET}/a.log", b"good")
    (item,) = list_objects(clients, BUCKET, "", None)
    path = downloads.path_of(item)
    path.parent.mkdir(parents=True)
    path.with_name(f".{path.name}.{item.etag}.part").symlink_to("/dev/full")
    ((_, error),) = downloads.fetch([item], NEVER)
    assert "No space left" in error.message
    assert len(athena.ops("S3.GetObject")) == 1
