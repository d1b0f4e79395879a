"""Pages of lists, and tokens that say where the next one begins."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from tests.athena_server.errors import RefusedError


def token_for(position: int) -> str:
    """An opaque token for a position."""
    return base64.urlsafe_b64encode(f"at:{position}".encode()).decode()


def position_of(token: str | None) -> int:
    """The position of a token; 0 without one.

    Raises:
        RefusedError: It is no token of ours.
    """
    if not token:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token).decode().removeprefix("at:"))
    except (ValueError, binascii.Error):
        raise RefusedError(f"Malformed nextPageToken {token}") from None


def page_size(request: dict[str, Any], most: int) -> int:
    """MaxResults, or as many as may be.

    Raises:
        RefusedError: It is more, or less than one.
    """
    size = request.get("MaxResults") or most
    if not 1 <= size <= most:
        raise RefusedError(f"MaxResults is more than maximum allowed length {most}")
    return int(size)


def page(request: dict[str, Any], items: Sequence[object], key: str, most: int) -> dict[str, Any]:
    """The page of the items that the request asks for."""
    start, size = position_of(request.get("NextToken")), page_size(request, most)
    answer: dict[str, Any] = {key: list(items[start : start + size])}
    if start + size < len(items):
        answer["NextToken"] = token_for(start + size)
    return answer
