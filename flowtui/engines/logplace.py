"""What a place where flow logs are delivered tells of them: whose, from where, in which form.

AWS writes `[prefix/]AWSLogs/ACCOUNT/vpcflowlogs/REGION/YYYY/MM/DD/[HH/]`, or the same with Hive
keys, and names files `ACCOUNT_vpcflowlogs_REGION_…`. See "Flow log files", VPC User Guide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

ACCOUNT_FOLDER: Final = re.compile(r"(?:aws-account-id=)?(\d{12})")
REGION_FOLDER: Final = re.compile(r"(?:aws-region=)?([a-z]{2}(?:-[a-z]+)+-\d)")
LOG_ENDINGS: Final = (".log", ".gz", ".parquet")
_FILE: Final = re.compile(r"(?:^|/)(\d{12})_vpcflowlogs_([a-z]{2}(?:-[a-z]+)+-\d)_[^/]*$")
_HOURLY: Final = re.compile(r"/\d{4}/\d\d/\d\d/\d\d/[^/]*$|/hour=\d\d/[^/]*$")


@dataclass(frozen=True, slots=True)
class LogPlace:
    """The flow logs at a place."""

    root: str = ""
    """`s3://bucket/[prefix/]AWSLogs/`, or the place itself where there is no such folder; empty for
    files on this machine."""
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    """In the order of the files; empty where no file could be read."""
    is_parquet: bool = False
    is_hive: bool = False
    """True where folders are `key=value`."""
    is_hourly: bool = False
    sample: str = ""
    """The file that was looked into; empty where none was found."""


def named_owner(path: str) -> tuple[str, str] | None:
    """Account and region that a log file's name tells."""
    found = _FILE.search(path)
    return (found[1], found[2]) if found else None


def is_hourly(path: str) -> bool:
    """True for a file in a folder of its hour."""
    return bool(_HOURLY.search(path))


def is_hive(path: str) -> bool:
    """True for a file in folders with Hive keys."""
    return "/aws-region=" in path or "/year=" in path
