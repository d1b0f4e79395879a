"""Whether flow logs in S3 can be read: listing, the newest file, its fields."""

from __future__ import annotations

from collections.abc import Iterator

from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.checks import Check, failing, good, poor
from flowtui.engines.s3.place import s3_place
from flowtui.errors import EngineError


def place_checks(clients: AwsClients, location: str) -> Iterator[Check]:
    """What lies at a prefix; lists folders and reads the head of one file.

    Raises:
        ConfigError: It is no S3 location.
    """
    try:
        place = s3_place(clients, location)
    except EngineError as error:
        yield failing("place", error)
        return
    if place.accounts:
        yield good("accounts", ", ".join(place.accounts))
        yield good("regions", ", ".join(place.regions))
    else:
        yield poor("place", f"{place.root} has no AWSLogs/ACCOUNT/ folders: all of it is listed")
    if not place.sample:
        yield poor("newest file", f"no log file was found under {location}")
        return
    yield good("newest file", place.sample)
    yield good("fields", f"{len(place.fields)}: {', '.join(place.fields)}")
