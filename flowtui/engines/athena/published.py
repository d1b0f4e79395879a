"""Named queries that AWS generates, and what is known to be wrong with them.

"Generate Athena integration" makes them by a CloudFormation template. See "Query flow logs using
Amazon Athena", VPC User Guide. A warning is given only where the text still has the fault.
"""

from __future__ import annotations

import re
from typing import Final

_PREFIX: Final = "vpcflowlogs"
_NAMES: Final = (
    "AcceptedTraffic", "AdminPortTraffic", "IPv4Traffic", "IPv6Traffic", "RejectedTCPTraffic",
    "RejectedTraffic", "SshRdpTraffic", "TopTalkers", "TopTalkersPacketLevel",
    "TopTalkingInstances", "TopTalkingSubnets", "TopTCPTraffic", "TotalBytesTransferred",
    "TotalBytesTransferredPacketLevel", "TrafficFrmSrcAddr", "TrafficToDstAddr",
)  # fmt: skip
_SUMS_BYTES: Final = ("TopTalk", "TotalBytes")
_ORDER: Final = re.compile(r"\border\s+by\b([^()]*?)\blimit\b", re.IGNORECASE | re.DOTALL)
_PORT: Final = re.compile(r"(src|dst|source|destination)_?port\b\W*(in|=|between|<|>)", re.I)
_COMMENT: Final = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


def template_of(name: str) -> str:
    """Which of AWS's generated queries a name means, as `TotalBytesTransferred`; else empty."""
    folded = re.sub(r"[^a-z0-9]", "", name.lower())
    _, prefix, rest = folded.partition(_PREFIX)
    fitting = [known for known in _NAMES if prefix and rest.startswith(known.lower())]
    return max(fitting, key=len, default="")


def known_faults(name: str, sql: str) -> str:
    """What to know before believing a generated query; empty where nothing is known."""
    template = template_of(name)
    if not template:
        return ""
    text = _COMMENT.sub(" ", sql)
    faults = [
        *_smallest(template, text),
        *_no_ports(template, text),
        *_twice(template),
    ]
    return " ".join(faults)


def _smallest(template: str, text: str) -> list[str]:
    order = _ORDER.search(text)
    is_ascending = order is not None and not re.search(r"\bdesc\b", order[1], re.IGNORECASE)
    if template.startswith(("Top", "Total")) and is_ascending:
        return ["It sorts upwards before its LIMIT: these are the smallest, not the largest."]
    return []


def _no_ports(template: str, text: str) -> list[str]:
    if template in ("AdminPortTraffic", "SshRdpTraffic") and not _PORT.search(text):
        return ["It has no condition on ports: this is all traffic."]
    return []


def _twice(template: str) -> list[str]:
    if template.startswith(_SUMS_BYTES):
        return ["Bytes are summed over every interface: what two of them logged counts twice."]
    return []
