"""The zone of the person at the keyboard."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def local_zone(env: Mapping[str, str], link: Path = Path("/etc/localtime")) -> tzinfo:
    """The zone that `TZ` or the system names; where neither does, the offset of today."""
    for name in (env.get("TZ", "").removeprefix(":"), _linked(link)):
        try:
            if name:
                return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return datetime.now(UTC).astimezone().tzinfo or UTC


def _linked(link: Path) -> str:
    try:
        return os.readlink(link).partition("zoneinfo/")[2]
    except OSError:
        return ""


def zone_label(zone: tzinfo) -> str:
    """`UTC`, `Europe/Berlin`, or an offset."""
    if zone is UTC:
        return "UTC"
    name = str(zone)
    return "UTC" if name in ("UTC", "Etc/UTC") else name
