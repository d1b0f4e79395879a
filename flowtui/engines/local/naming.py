"""What the name and the folders of a log file say about the time of its records.

See "Flow log files", Amazon VPC User Guide: names carry a UTC time, folders a UTC day and maybe an
hour, and both follow the end of the records. Clocks and delivery are not exact, so every span is
widened: skipping a file that holds records in range would lose them.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import PurePath

Span = tuple[int, int]
"""Earliest start and latest end that records may have, Unix seconds, both inclusive."""

_NAME = re.compile(r"_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z_[^/]*$")
_FOLDERS = re.compile(
    r"[/=]vpcflowlogs/.*?/(?:year=)?(\d{4})/(?:month=)?(\d\d)/(?:day=)?(\d\d)(?:/(?:hour=)?(\d\d))?$"
)
_WINDOW_S = 600
"""Longest aggregation window: a record starts at most so long before its end, give or take 60 s."""
_SLACK_S = 900


def named_span(path: str) -> Span | None:
    """The times that records of a file may have, by its name, else by its folders."""
    found = _NAME.search(path)
    if found:
        moment = _seconds(*found.groups())
        if moment is not None:
            return moment - _SLACK_S - _WINDOW_S - 60, moment + 300 + _SLACK_S
    return _folder_span(str(PurePath(path).parent))


@lru_cache(maxsize=4096)
def _folder_span(folder: str) -> Span | None:
    found = _FOLDERS.search(folder)
    if found is None:
        return None
    year, month, day, hour = found.groups()
    moment = _seconds(year, month, day, hour or "00")
    if moment is None:
        return None
    unit = 3600 if hour else 86400
    return moment - unit - _WINDOW_S, moment + 2 * unit


def _seconds(year: str, month: str, day: str, hour: str, minute: str = "00") -> int | None:
    midnight = _midnight(year, month, day)
    if midnight is None or int(hour) > 23 or int(minute) > 59:
        return None
    return midnight + int(hour) * 3600 + int(minute) * 60


@lru_cache(maxsize=4096)
def _midnight(year: str, month: str, day: str) -> int | None:
    try:
        return int(datetime(int(year), int(month), int(day), tzinfo=UTC).timestamp())
    except ValueError:
        return None
