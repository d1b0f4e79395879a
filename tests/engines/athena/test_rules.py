"""Rules as EC2 has them, through the real client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from flowtui.domain.rules import Match, Packet, acl_outcomes, matching
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.rules import rules_of
from flowtui.errors import CredentialsError
from tests.athena_server import AthenaServer


@pytest.fixture
def ec2(athena: AthenaServer) -> Iterator[Any]:
    """A client that sets things up."""
    client: Any = athena.client("ec2")
    yield client
    client.close()


@pytest.fixture
def interface(ec2: Any) -> str:
    """An interface with one group: 443 from 10/8, 22 from a list, 5432 from another group."""
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.20.1.0/24")["Subnet"]["SubnetId"]
    own, other = (
        ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
        for name in ("own", "other")
    )
    listed = ec2.create_managed_prefix_list(
        PrefixListName="office", MaxEntries=2, AddressFamily="IPv4",
        Entries=[{"Cidr": "203.0.113.0/24"}],
    )["PrefixList"]["PrefixListId"]  # fmt: skip
    tcp = {"IpProtocol": "tcp"}
    ec2.authorize_security_group_ingress(
        GroupId=own,
        IpPermissions=[
            {**tcp, "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
            {**tcp, "FromPort": 22, "ToPort": 22, "PrefixListIds": [{"PrefixListId": listed}]},
            {**tcp, "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [{"GroupId": other}]},
        ],
    )
    ec2.create_network_interface(SubnetId=subnet, Groups=[other], PrivateIpAddress="10.20.1.7")
    made = ec2.create_network_interface(SubnetId=subnet, Groups=[own], PrivateIpAddress="10.20.1.9")
    acl = ec2.describe_network_acls(
        Filters=[{"Name": "association.subnet-id", "Values": [subnet]}]
    )["NetworkAcls"][0]["NetworkAclId"]
    ec2.create_network_acl_entry(
        NetworkAclId=acl, RuleNumber=50, Protocol="6", RuleAction="deny", Egress=True,
        CidrBlock="10.0.0.0/8", PortRange={"From": 1024, "To": 65535},
    )  # fmt: skip
    return str(made["NetworkInterface"]["NetworkInterfaceId"])


def test_moto_tells_groups_lists_members_and_the_acl(clients: AwsClients, interface: str) -> None:
    """Which rules match, by network, list and member; and what the ACL does with responses."""
    (found,) = rules_of(clients, [interface])
    assert found.addresses == ("10.20.1.9",)
    assert found.troubles == ()
    assert found.group_rules is not None
    for peer, port, expected in (
        ("10.9.9.9", 443, Match.YES),
        ("203.0.113.9", 443, Match.NO),
        ("203.0.113.9", 22, Match.YES),
        ("10.20.1.7", 5432, Match.YES),
        ("10.20.1.8", 5432, Match.NO),
    ):
        by_match = matching(found.group_rules, Packet(6, peer, (port, port)), is_egress=False)
        assert bool(by_match[Match.YES]) is (expected is Match.YES), (peer, port)
    assert found.acl_entries is not None
    outcomes = acl_outcomes(found.acl_entries, Packet(6, "10.9.9.9", (40000, 40009)), True)
    assert [(o.is_allowed, o.entry.number if o.entry else None) for o in outcomes] == [(False, 50)]
    inbound = acl_outcomes(found.acl_entries, Packet(6, "10.9.9.9", (443, 443)), False)
    assert [o.is_allowed for o in inbound] == [True]


def test_an_interface_that_is_gone_is_said(clients: AwsClients) -> None:
    """Its rules cannot be known any more."""
    (found,) = rules_of(clients, ["eni-00000000000000000"])
    assert "AWS knows no such interface" in found.troubles[0]
    assert rules_of(clients, []) == ()


@pytest.mark.parametrize(
    ("operation", "action", "words"),
    [
        ("DescribeSecurityGroupRules", "ec2:DescribeSecurityGroupRules", "security groups"),
        ("DescribeNetworkAcls", "ec2:DescribeNetworkAcls", "network ACL of its subnet"),
        ("GetManagedPrefixListEntries", "ec2:GetManagedPrefixListEntries", "stands for"),
    ],
)
def test_a_missing_permission_is_named_and_the_rest_is_told(
    clients: AwsClients, interface: str, operation: str, action: str, words: str
) -> None:
    """What may be asked is asked."""
    forbid(clients, operation)
    (found,) = rules_of(clients, [interface])
    assert found.addresses == ("10.20.1.9",)
    (trouble,) = found.troubles
    assert f"ask for the permission {action}" in trouble
    assert words in trouble
    assert (found.group_rules is None) == (operation == "DescribeSecurityGroupRules")
    assert (found.acl_entries is None) == (operation == "DescribeNetworkAcls")


def test_without_interfaces_nothing_is_known(clients: AwsClients, interface: str) -> None:
    """The first call is the one that all else needs."""
    forbid(clients, "DescribeNetworkInterfaces")
    with pytest.raises(CredentialsError, match="DescribeNetworkInterfaces"):
        rules_of(clients, [interface])


def forbid(clients: AwsClients, operation: str) -> None:
    """Have EC2 refuse one operation, as IAM does."""

    def refuse(**_: Any) -> None:
        details = {"Code": "UnauthorizedOperation", "Message": "You are not authorized."}
        response: Any = {"Error": details, "ResponseMetadata": {"HTTPStatusCode": 403}}
        raise ClientError(response, operation)

    clients.client("ec2").meta.events.register(f"before-call.ec2.{operation}", refuse)
