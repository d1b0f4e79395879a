"""A filter as the texts of a form, and those texts as a filter line again. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Final

from flowtui.domain.conditions import format_values
from flowtui.domain.filterline import format_filter, format_time
from flowtui.domain.filters import FlowFilter, Op


@dataclass(frozen=True, slots=True)
class FormField:
    """A line of the form."""

    key: str
    """Of the filter line; empty for all other conditions."""
    label: str
    hint: str


FORM_FIELDS: Final = (
    FormField("action", "Action", "ACCEPT or REJECT"),
    FormField("ip", "Either address", "10.0.1.20, 10.0.0.0/8, 2001:db8::/32"),
    FormField("srcaddr", "Source", "address or network; several with commas"),
    FormField("dstaddr", "Destination", "address or network"),
    FormField("port", "Either port", "22,3389 or 8000-8999 or ssh or @admin"),
    FormField("srcport", "Source port", ""),
    FormField("dstport", "Destination port", ""),
    FormField("protocol", "Protocol", "tcp, udp, icmp, 47"),
    FormField("flow_direction", "Direction", "ingress or egress"),
    FormField("interface_id", "Interface", "eni-0123456789abcdef0"),
    FormField("last", "Last", "15m, 1h, 24h, 7d"),
    FormField("from", "From", "2026-11-24T10:00, 14:03, -2h"),
    FormField("to", "To", "the bound itself is outside"),
    FormField("", "Others", "-src:10.1.0.0/16 bytes>1000 flags:S"),
)
_KEYS: Final = tuple(field.key for field in FORM_FIELDS)


def texts_of(filter: FlowFilter, zone: tzinfo) -> dict[str, str]:
    """The text of each line of the form, by its key."""
    texts = dict.fromkeys(_KEYS, "")
    others = []
    for condition in filter.conditions:
        key = condition.key
        is_plain = condition.op is Op.IS and not condition.is_excluded
        if is_plain and key in texts and not texts[key]:
            texts[key] = format_values(key, condition.values)
        else:
            others.append(condition)
    for term in format_time(filter.time, zone):
        key, _, value = term.partition(":")
        texts[key] = value
    texts[""] = format_filter(replace(filter, conditions=tuple(others), time=None), zone)
    return texts


def line_of(texts: Mapping[str, str]) -> tuple[str, dict[str, tuple[int, int]]]:
    """The filter line that the form means, and the span that each key takes in it."""
    line = ""
    spans: dict[str, tuple[int, int]] = {}
    for key in _KEYS:
        text = texts.get(key, "").strip()
        if not text:
            continue
        if key and '"' not in text:
            text = re.sub(r"\s*,\s*", ",", text)
            text = f'"{text}"' if " " in text else text
        start = len(line) + bool(line)
        line = f"{line} {key}:{text}" if line else f"{key}:{text}"
        if not key:
            line = line.removesuffix(f":{text}") + text
        spans[key] = (start, len(line))
    return line, spans


def key_at(spans: Mapping[str, tuple[int, int]], span: tuple[int, int]) -> str | None:
    """The key whose text holds the beginning of a span."""
    return next((key for key, (first, end) in spans.items() if first <= span[0] < end), None)
