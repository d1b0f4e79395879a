"""Findings of AWS's detectors as JSON: which address is the resource's own, and which is not.

Source: "GuardDuty finding format" (GetFindings, EventBridge event), "AWS Security Finding Format".
Keys are taken in any case of letters, since the API and EventBridge write them differently.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from flowtui.domain.addresses import Network, is_private, parse_network
from flowtui.domain.clues import Clues, find_ids, gathered

_MOST_FINDINGS: Final = 100
_DEEPEST: Final = 40
_OWN: Final = (
    "privateipaddress", "privateipaddresses", "publicip", "ipv4addresses", "ipv6address",
    "ipv6addresses", "localipdetails",
)  # fmt: skip
"""Keys under which the resource's own addresses stand."""
_REMOTE: Final = ("remoteipdetails",)
_TIMES: Final = (
    "eventfirstseen", "eventlastseen", "firstobservedat", "lastobservedat", "firstseen", "lastseen",
)  # fmt: skip
"""Of the traffic; when the finding was written says less, and is taken where these are missing."""
_WRITTEN: Final = ("createdat", "updatedat", "time")
_CLIENTS_PORT: Final = 32768
"""From here on a port is the client's own, new with every connection."""


def read_finding(text: str, *, now: datetime) -> Clues | None:
    """The clues of a finding, or of several together; None where the text is no finding's JSON.

    Args:
        text: One finding, a list, `{"Findings": […]}`, an EventBridge event, or one a line.
        now: Aware; later times are not taken.
    """
    documents = _documents(text)
    found = [finding for one in documents for finding in _findings(one)][:_MOST_FINDINGS]
    if not found:
        return None
    pairs = [pair for finding in found for pair in _walk(finding, ())]
    first = found[0]
    kind = "Security Hub finding" if _get(first, "productarn") else "GuardDuty finding"
    ours, others = _sides(pairs)
    ids = json.dumps(found)
    return gathered(
        kind=kind if len(found) == 1 else f"{len(found)} {kind}s",
        title=str(_get(first, "title") or _get(first, "type") or ""),
        ours=ours,
        others=others,
        ports=_ports(pairs),
        interfaces=find_ids(ids, "eni"),
        instances=find_ids(ids, "i"),
        times=_times(pairs, now),
    )


def _documents(text: str) -> list[Any]:
    stripped = text.strip()
    if not stripped.startswith(("{", "[")):
        return []
    try:
        return [json.loads(stripped)]
    except (ValueError, RecursionError):
        pass
    lines = []
    for line in stripped.splitlines():
        try:
            lines.append(json.loads(line))
        except (ValueError, RecursionError):
            continue
    return lines


def _findings(document: Any) -> Iterator[dict[str, Any]]:
    if isinstance(document, list):
        for one in document:
            yield from _findings(one)
    elif isinstance(document, dict):
        inner = _get(document, "findings") or _get(document, "detail")
        if inner is not None and not _is_finding(document):
            yield from _findings(inner)
        elif _is_finding(document):
            yield document


def _is_finding(document: dict[str, Any]) -> bool:
    has_where = any(_get(document, key) is not None for key in ("resource", "resources", "network"))
    return has_where and any(_get(document, key) for key in ("service", "schemaversion"))


def _get(document: Any, name: str) -> Any:
    if isinstance(document, dict):
        for key, value in document.items():
            if str(key).lower() == name:
                return value
    return None


_Pair = tuple[tuple[str, ...], Any]
"""The keys above a value, in lower case, and the value."""


def _walk(node: Any, above: tuple[str, ...]) -> Iterator[_Pair]:
    if len(above) > _DEEPEST:
        return
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _walk(value, (*above, str(key).lower()))
    elif isinstance(node, list):
        for value in node:
            yield from _walk(value, above)
    else:
        yield above, node


def _sides(pairs: list[_Pair]) -> tuple[list[Network], list[Network]]:
    own: list[Network] = []
    others: list[Network] = []
    directions = (str(v).lower() for keys, v in pairs if keys[-2:] == ("network", "direction"))
    own_end = {"in": "destinationip", "out": "sourceip"}.get(next(directions, ""), "")
    for keys, value in pairs:
        network = _network(value)
        if network is None:
            continue
        if any(key in _REMOTE for key in keys):
            others.append(network)
        elif any(key in _OWN for key in keys):
            own.append(network)
        elif keys and keys[-1].startswith(("sourceip", "destinationip")):
            is_own = keys[-1].startswith(own_end) if own_end else is_private(str(network[0]))
            (own if is_own else others).append(network)
        elif keys and keys[-1] in ("ipaddress", "ipaddressv4", "ipaddressv6", "ip"):
            others.append(network)
    return own, others


def _network(value: Any) -> Network | None:
    if not isinstance(value, str) or len(value) > 45 or value[:1] not in "0123456789abcdefABCDEF:":
        return None
    if "." not in value and ":" not in value:
        return None
    try:
        return parse_network(value)
    except ValueError:
        return None


def _ports(pairs: list[_Pair]) -> Iterator[int]:
    for keys, value in pairs:
        is_port = keys[-1:] in (("port",), ("sourceport",), ("destinationport",))
        if is_port and type(value) is int and 0 < value < _CLIENTS_PORT:
            yield value


def _times(pairs: list[_Pair], now: datetime) -> list[datetime]:
    for names in (_TIMES, _WRITTEN):
        found = [
            at for keys, value in pairs if keys and keys[-1] in names and (at := _instant(value))
        ]
        found = [at for at in found if at <= now + timedelta(days=1)]
        if found:
            return found
    return []


def _instant(value: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
