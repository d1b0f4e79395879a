"""The rules of interfaces as they are now: security groups and network ACLs, from EC2.

Free of charge. Each call may be forbidden by itself: then what it would tell is missing, and the
permission is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flowtui.domain.rules import AclEntry, GroupRule
from flowtui.domain.rulings import InterfaceRules
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.faults import translating
from flowtui.errors import CredentialsError, EngineError


def rules_of(clients: AwsClients, interface_ids: Sequence[str]) -> tuple[InterfaceRules, ...]:
    """The rules of some interfaces. Blocks for some requests; worker threads only.

    Raises:
        CredentialsError: ec2:DescribeNetworkInterfaces is not allowed, without which nothing is.
        EngineError: EC2 cannot be reached.
    """
    asking = _Asking(clients)
    if not interface_ids:
        return ()
    by_id = {
        one["NetworkInterfaceId"]: one
        for one in asking.all(
            "describe_network_interfaces",
            "NetworkInterfaces",
            Filters=[{"Name": "network-interface-id", "Values": sorted(set(interface_ids))}],
        )
    }
    return tuple(asking.rules(id, by_id.get(id)) for id in interface_ids)


@dataclass(slots=True)
class _Asking:
    """Asks EC2, everything once."""

    clients: AwsClients
    _group_rules: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _acls: dict[str, dict[str, Any]] = field(default_factory=dict)
    _networks: dict[str, tuple[str, ...] | None] = field(default_factory=dict)
    _troubles: dict[str, str] = field(default_factory=dict)
    """IAM action to what was said when it was tried."""

    def all(self, operation: str, key: str, **arguments: Any) -> list[dict[str, Any]]:
        """Every item of a call with pages."""
        action = "ec2:" + "".join(part.capitalize() for part in operation.split("_"))
        with translating(f"asking for rules ({action})", self.clients.settings.profile):
            pages = self.clients.client("ec2").get_paginator(operation).paginate(**arguments)
            return [item for page in pages for item in page[key]]

    def rules(self, id: str, interface: dict[str, Any] | None) -> InterfaceRules:
        """Of one interface; one that is gone, or elsewhere, has none."""
        if interface is None:
            return InterfaceRules(
                id,
                troubles=("AWS knows no such interface in this account and region, or no more.",),
            )
        groups = tuple(group["GroupId"] for group in interface.get("Groups", []))
        known = InterfaceRules(
            id,
            tuple(_addresses(interface)),
            interface.get("SubnetId", ""),
            groups,
        )
        known = replace(known, group_rules=self._tried("ec2:DescribeSecurityGroupRules", groups))
        acl = self._acl_of(known.subnet_id)
        if acl is not None:
            entries = tuple(_entry(entry) for entry in acl["Entries"])
            known = replace(known, acl_id=acl["NetworkAclId"], acl_entries=entries)
        return replace(known, troubles=tuple(self._troubles.values()))

    def _tried(self, action: str, groups: tuple[str, ...]) -> tuple[GroupRule, ...] | None:
        try:
            return tuple(rule for group in groups for rule in self._rules_of_group(group))
        except EngineError as error:
            self._trouble(action, "the rules of its security groups", error)
            return None

    def _rules_of_group(self, group: str) -> Iterable[GroupRule]:
        if group not in self._group_rules:
            self._group_rules[group] = self.all(
                "describe_security_group_rules",
                "SecurityGroupRules",
                Filters=[{"Name": "group-id", "Values": [group]}],
            )
        return [self._rule(rule) for rule in self._group_rules[group]]

    def _rule(self, rule: dict[str, Any]) -> GroupRule:
        network = rule.get("CidrIpv4") or rule.get("CidrIpv6")
        listed = rule.get("PrefixListId")
        group = rule.get("ReferencedGroupInfo", {}).get("GroupId")
        networks: tuple[str, ...] | None = (network,) if network else None
        if listed:
            networks = self._networks_of(listed, self._listed)
        elif group:
            networks = self._networks_of(group, self._members)
        return GroupRule(
            rule["GroupId"],
            rule["SecurityGroupRuleId"],
            rule["IsEgress"],
            rule["IpProtocol"],
            rule.get("FromPort"),
            rule.get("ToPort"),
            network or listed or group or "an unknown peer",
            networks,
        )

    def _networks_of(self, id: str, ask: Any) -> tuple[str, ...] | None:
        if id not in self._networks:
            try:
                self._networks[id] = tuple(ask(id))
            except EngineError as error:
                action = "ec2:GetManagedPrefixListEntries"
                action = action if id.startswith("pl-") else "ec2:DescribeNetworkInterfaces"
                self._trouble(action, f"what {id} stands for", error)
                self._networks[id] = None
        return self._networks[id]

    def _listed(self, id: str) -> list[str]:
        entries = self.all("get_managed_prefix_list_entries", "Entries", PrefixListId=id)
        return [entry["Cidr"] for entry in entries]

    def _members(self, id: str) -> list[str]:
        filters = [{"Name": "group-id", "Values": [id]}]
        found = self.all("describe_network_interfaces", "NetworkInterfaces", Filters=filters)
        return [address for interface in found for address in _addresses(interface)]

    def _acl_of(self, subnet: str) -> dict[str, Any] | None:
        if not subnet:
            return None
        if subnet not in self._acls:
            filters = [{"Name": "association.subnet-id", "Values": [subnet]}]
            try:
                found = self.all("describe_network_acls", "NetworkAcls", Filters=filters)
            except EngineError as error:
                self._trouble("ec2:DescribeNetworkAcls", "the network ACL of its subnet", error)
                return None
            if not found:
                return None
            self._acls[subnet] = found[0]
        return self._acls[subnet]

    def _trouble(self, action: str, what: str, error: EngineError) -> None:
        is_denied = isinstance(error, CredentialsError)
        missing = f"ask for the permission {action}" if is_denied else error.message
        self._troubles[action] = f"{what} could not be asked: {missing}."


def _addresses(interface: dict[str, Any]) -> list[str]:
    private = [one["PrivateIpAddress"] for one in interface.get("PrivateIpAddresses", [])]
    own = interface.get("PrivateIpAddress")
    v6 = [one["Ipv6Address"] for one in interface.get("Ipv6Addresses", [])]
    return list(dict.fromkeys([*([own] if own else []), *private, *v6]))


def _entry(entry: dict[str, Any]) -> AclEntry:
    ports = entry.get("PortRange", {})
    types = entry.get("IcmpTypeCode", {})
    return AclEntry(
        entry["RuleNumber"],
        entry["Egress"],
        entry["RuleAction"] == "allow",
        entry["Protocol"],
        entry.get("CidrBlock") or entry.get("Ipv6CidrBlock") or "",
        ports.get("From", types.get("Type")),
        ports.get("To", types.get("Code")),
    )
