from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from flowtui.domain.times import TimeRange
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.s3.listing import folder_span, list_objects, newest, parse_location
from flowtui.errors import ConfigError, ConnectError
from tests.athena_server import AthenaServer
from tests.engines.s3.conftest import BUCKET, Put

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = TimeRange(NOON - timedelta(hours=1), NOON)


@pytest.mark.parametrize("layout", ["plain", "hourly", "hive"])
def test_only_folders_in_range_are_listed(
    layout: str, put: Put, athena: AthenaServer, clients: AwsClients
) -> None:
    """A month of logs costs a few listings when an hour is asked for."""
    near = {put(NOON - timedelta(minutes=m), layout=layout) for m in (5, 30, 55)}
    for day in range(3, 28):
        put(NOON - timedelta(days=day), layout=layout)
        put(NOON - timedelta(days=day * 30), layout=layout)
    before = len(athena.ops("S3.ListObjects"))
    found = {item.key for item in list_objects(clients, BUCKET, "", HOUR)}
    assert found == near
    assert len(athena.ops("S3.ListObjects")) - before <= 14


def test_no_file_of_the_range_is_missed(put: Put, clients: AwsClients) -> None:
    """Files whose records end after the range, or that came late, are among those found."""
    wanted = {put(NOON + timedelta(minutes=m)) for m in (-60, -30, 0, 5)}
    far = {put(NOON + timedelta(minutes=m)) for m in (-300, 300)}
    found = {item.key for item in list_objects(clients, BUCKET, "AWSLogs/", HOUR)}
    assert wanted <= found
    assert not far & found


def test_everything_is_listed_without_a_time(put: Put, clients: AwsClients) -> None:
    """No time means all there is; the newest is known by its name."""
    keys = [put(NOON - timedelta(days=d)) for d in range(3)]
    items = list_objects(clients, BUCKET, "", None)
    assert {item.key for item in items} == set(keys)
    assert newest(items, "s3://x/").key == keys[0]


@pytest.mark.parametrize(
    ("folder", "first", "beyond"),
    [
        ("a/2026/", "2026-01-01T00", "2027-01-01T00"),
        ("a/2026/02/", "2026-02-01T00", "2026-03-01T00"),
        ("a/2026/02/28/", "2026-02-28T00", "2026-03-01T00"),
        ("a/2026/02/28/23/", "2026-02-28T23", "2026-03-01T00"),
        ("a/year=2026/month=12/", "2026-12-01T00", "2027-01-01T00"),
    ],
)
def test_folders_say_their_time(folder: str, first: str, beyond: str) -> None:
    """Year, month, day and hour folders, Hive-style or not."""
    span = folder_span(folder)
    assert span is not None
    assert [f"{moment:%Y-%m-%dT%H}" for moment in span] == [first, beyond]


@pytest.mark.parametrize("folder", ["", "AWSLogs/", "123456789012/", "a/2026/13/", "a/0000/"])
def test_other_folders_say_nothing(folder: str) -> None:
    """Account folders and impossible dates are looked into."""
    assert folder_span(folder) is None


def test_a_missing_bucket_says_so(clients: AwsClients) -> None:
    """The error names what was looked for."""
    with pytest.raises(ConnectError):
        list_objects(clients, "no-such-bucket", "", None)
    with pytest.raises(ConnectError, match="No flow logs"):
        newest([], "s3://x/")


@pytest.mark.parametrize("text", ["s3://", "s3:///x", "https://x/y", "s3://UPPER/x"])
def test_wrong_places_say_the_form(text: str) -> None:
    """What is no S3 URI is refused with the form."""
    with pytest.raises(ConfigError):
        parse_location(text)


def test_prefixes_end_in_a_slash() -> None:
    """`s3://b/p` and `s3://b/p/` are the same place, and `s3://b` is the whole bucket."""
    assert parse_location("s3://bucket/p") == parse_location("s3://bucket/p/") == ("bucket", "p/")
    assert parse_location("s3://bucket") == ("bucket", "")
