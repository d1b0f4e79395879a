"""AWS WAF IP sets: the JSON that `aws wafv2 … --cli-input-json` takes.

See "CreateIPSet" and "UpdateIPSet", AWS WAFV2 API Reference: a set holds addresses of one version
only, always as CIDR, never /0. What a person must fill in begins with REPLACE.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from flowtui.domain.addresses import Network
from flowtui.errors import FlowtuiError
from flowtui.session.copytext import counted
from flowtui.session.formats.addresses import columns_of, private_among, taken_networks, where
from flowtui.session.formats.taken import Made, Taken

SET_LIMIT: Final = 10_000
"""Addresses in one set. See "AWS WAF quotas", AWS WAF Developer Guide."""


def _made(is_update: bool, taken: Taken) -> Made:
    columns = columns_of(taken, is_to_block=True)
    found = [net for net in taken_networks(taken, columns) if net.prefixlen]
    if not found:
        raise FlowtuiError("WAF takes no /0.", "Nothing was copied.")
    sets = list(_sets(found, taken, is_update))
    text = "".join(json.dumps(one, indent=2) + "\n" for one in sets)
    addresses = counted(len(found), "address") + where(taken, columns) + private_among(found)
    call = "update-ip-set, which replaces all that is in it" if is_update else "create-ip-set"
    return Made(text, f"{addresses} ({counted(len(sets), 'WAF IP set')} for {call})")


def _sets(found: list[Network], taken: Taken, is_update: bool) -> Iterator[dict[str, Any]]:
    for version in (4, 6):
        texts = [str(network) for network in found if network.version == version]
        for first in range(0, len(texts), SET_LIMIT):
            part = f"-{first // SET_LIMIT + 1}" if len(texts) > SET_LIMIT else ""
            name = f"{_name(taken)}-ipv{version}{part}"
            addresses = texts[first : first + SET_LIMIT]
            yield (_update if is_update else _create)(name, version, addresses)


def _name(taken: Taken) -> str:
    """At most 128 letters, digits, `_` and `-`."""
    moment = f"-{taken.now:%Y%m%dT%H%M%SZ}" if taken.now else ""
    slug = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in taken.slug)
    return f"flowtui-{slug[:60]}{moment}"


def _create(name: str, version: int, addresses: list[str]) -> dict[str, Any]:
    return {
        "Name": name,
        "Scope": "REGIONAL",
        "Description": "Addresses from VPC Flow Logs, by flowtui",
        "IPAddressVersion": f"IPV{version}",
        "Addresses": addresses,
    }


def _update(name: str, _version: int, addresses: list[str]) -> dict[str, Any]:
    return {
        "Name": f"REPLACE-{name}",
        "Scope": "REGIONAL",
        "Id": "REPLACE-BY-ID-FROM-list-ip-sets",
        "Addresses": addresses,
        "LockToken": "REPLACE-BY-TOKEN-FROM-get-ip-set",
    }


create = partial(_made, False)
update = partial(_made, True)
