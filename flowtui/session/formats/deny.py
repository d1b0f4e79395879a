"""Rules that keep the addresses of rows out, as lines of the AWS CLI to read, change and run.

Nothing is run here. A network ACL can deny; a security group cannot: what it lets in can only be
taken back. See "CreateNetworkAclEntry" and "RevokeSecurityGroupIngress", Amazon EC2 API Reference,
and "Network ACL rules", Amazon VPC User Guide.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, collapse_addresses
from typing import Any, Final

from flowtui.domain.addresses import Network
from flowtui.domain.executions import Cell
from flowtui.domain.fields import canonical
from flowtui.errors import FlowtuiError
from flowtui.session.copytext import counted
from flowtui.session.formats.addresses import columns_of, networks_of, private_among, where
from flowtui.session.formats.taken import Made, Taken

RULE_QUOTA: Final = 20
"""Rules of one direction in a network ACL, before a quota is raised; the default deny is one."""
LINE_LIMIT: Final = 500
_FIRST_RULE: Final = 10
_ALL: Final = -1
_TCP, _UDP, _ICMP, _ICMP6 = 6, 17, 1, 58
_GROUP_NAMES: Final = {_TCP: "tcp", _UDP: "udp", _ICMP: "icmp", _ICMP6: "icmpv6"}
_ACL, _GROUP = "acl-REPLACE", "sg-REPLACE"


@dataclass(frozen=True, slots=True, order=True)
class Traffic:
    """What is denied: a protocol, and of TCP and UDP a port."""

    protocol: int = _ALL
    port: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Some traffic from, or to, one network."""

    network: Network
    traffic: Traffic


def rules(taken: Taken) -> Made:
    """Commands for a network ACL, then for a security group.

    Raises:
        FlowtuiError: There is no address, or there are more rules than anybody could want.
    """
    columns = columns_of(taken, is_to_block=True)
    found = list(_rules(taken, columns))
    if not found:
        raise FlowtuiError("There is no address in these rows.", "Nothing was copied.")
    if len(found) > LINE_LIMIT:
        raise FlowtuiError(
            f"These rows make {len(found):,} rules; {LINE_LIMIT} are written at most.",
            "Mark fewer rows, or copy a WAF IP set.",
        )
    is_egress = all("dst" in taken.columns[index].name for index in columns)
    lines = [*_acl_lines(found, is_egress), "", *_group_lines(found, is_egress)]
    networks = list(dict.fromkeys(rule.network for rule in found))
    what = f"{counted(len(found), 'deny rule')}{where(taken, columns)}{private_among(networks)}"
    return Made("\n".join(lines) + "\n", f"{what} (AWS CLI; nothing was run)")


def _rules(taken: Taken, columns: Sequence[int]) -> Iterator[Rule]:
    protocol, port = (_index(taken, name) for name in ("protocol", "dstport"))
    by_traffic: dict[Traffic, list[Cell]] = {}
    for row in taken.rows:
        traffic = _traffic(row[protocol] if protocol is not None else None,
                           row[port] if port is not None else None)  # fmt: skip
        by_traffic.setdefault(traffic, []).extend(row[index] for index in columns)
    for traffic, cells in sorted(by_traffic.items(), key=lambda pair: _rank(pair[0])):
        found = networks_of(cells)
        # Neighbours become one rule: the same addresses, fewer of a small quota.
        fours = collapse_addresses(n for n in found if isinstance(n, IPv4Network))
        sixes = collapse_addresses(n for n in found if isinstance(n, IPv6Network))
        networks: list[Network] = [*fours, *sixes]
        for network in networks:
            yield Rule(network, _of_version(traffic, network))


def _rank(traffic: Traffic) -> tuple[int, int]:
    return traffic.protocol, -1 if traffic.port is None else traffic.port


def _index(taken: Taken, name: str) -> int | None:
    found = (i for i, column in enumerate(taken.columns) if canonical(column.name) == name)
    return next(found, None)


def _traffic(protocol: Cell, port: Cell) -> Traffic:
    if not isinstance(protocol, int) or not 0 <= protocol <= 255:
        return Traffic()
    if protocol in (_TCP, _UDP) and isinstance(port, int) and 0 <= port <= 65_535:
        return Traffic(protocol, port)
    return Traffic(protocol)


def _of_version(traffic: Traffic, network: Network) -> Traffic:
    is_icmp = traffic.protocol in (_ICMP, _ICMP6)
    return Traffic(_ICMP if network.version == 4 else _ICMP6) if is_icmp else traffic


def _acl_lines(found: list[Rule], is_egress: bool) -> Iterator[str]:
    yield "# Network ACL: denies, for every interface in the subnets that it belongs to."
    yield f"# Replace {_ACL}. Numbers must be free and lower than those of the rules that allow:"
    yield f"#   aws ec2 describe-network-acls --network-acl-ids {_ACL}"
    if len(found) >= RULE_QUOTA:
        yield f"# {len(found)} rules: a network ACL has {RULE_QUOTA} for each direction by default."
    direction = "--egress" if is_egress else "--ingress"
    for number, rule in enumerate(found, _FIRST_RULE):
        words = ["aws", "ec2", "create-network-acl-entry", "--network-acl-id", _ACL, direction,
                 "--rule-number", str(number), "--rule-action", "deny",
                 "--protocol", str(rule.traffic.protocol)]  # fmt: skip
        if rule.traffic.port is not None:
            words += ["--port-range", f"From={rule.traffic.port},To={rule.traffic.port}"]
        if rule.traffic.protocol in (_ICMP, _ICMP6):
            words += ["--icmp-type-code", "Code=-1,Type=-1"]
        option = "--cidr-block" if rule.network.version == 4 else "--ipv6-cidr-block"
        yield shlex.join([*words, option, str(rule.network)])


def _group_lines(found: list[Rule], is_egress: bool) -> Iterator[str]:
    way = "egress" if is_egress else "ingress"
    yield "# Security group: it cannot deny. What lets the traffic through can be taken back. Its"
    yield "# rules, whatever they name (a wider network lets these addresses through too):"
    yield f"#   aws ec2 describe-security-group-rules --filters Name=group-id,Values={_GROUP}"
    yield f"#   aws ec2 revoke-security-group-{way} --group-id {_GROUP} \\"
    yield "#     --security-group-rule-ids sgr-REPLACE"
    yield f"# Replace {_GROUP}. This takes back rules for exactly these addresses, where there are:"
    permissions = json.dumps([_permission(rule) for rule in found])
    yield shlex.join(["aws", "ec2", f"revoke-security-group-{way}", "--group-id", _GROUP,
                      "--ip-permissions", permissions])  # fmt: skip


def _permission(rule: Rule) -> dict[str, Any]:
    number, port = rule.traffic.protocol, rule.traffic.port
    permission: dict[str, Any] = {"IpProtocol": _GROUP_NAMES.get(number, str(number))}
    if number in (_TCP, _UDP):
        first, last = (0, 65_535) if port is None else (port, port)
        permission |= {"FromPort": first, "ToPort": last}
    if number in (_ICMP, _ICMP6):
        permission |= {"FromPort": -1, "ToPort": -1}
    if rule.network.version == 4:
        return permission | {"IpRanges": [{"CidrIp": str(rule.network)}]}
    return permission | {"Ipv6Ranges": [{"CidrIpv6": str(rule.network)}]}
