from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from flowtui.engines.athena.clients import AwsClients, AwsSettings
from flowtui.engines.athena.interfaces import InterfaceNames, describe, named_interfaces
from tests.athena_server import AthenaServer

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("ELB app/front/50dc6c495c0c9188", ("ALB front", "load balancer")),
        ("ELB net/edge/50dc6c495c0c9188", ("NLB edge", "load balancer")),
        ("ELB classic", ("ELB classic", "load balancer")),
        ("Interface for NAT Gateway nat-0abc", ("NAT nat-0abc", "NAT gateway")),
        (
            "AWS Lambda VPC ENI-pay-1f2e3d4c-1111-2222-3333-444455556666",
            ("Lambda pay", "Lambda"),
        ),
        ("VPC Endpoint Interface vpce-0abc", ("endpoint vpce-0abc", "endpoint")),
        ("RDSNetworkInterface", ("RDS", "RDS")),
        ("ElastiCache sessions", ("ElastiCache sessions", "ElastiCache")),
        ("something new", ("something new", "interface")),
        ("", ("eni-1", "interface")),
    ],
)
def test_descriptions_tell_what_it_is(description: str, expected: tuple[str, str]) -> None:
    """Known descriptions give name and kind; unknown ones stand as they are."""
    interface = {"NetworkInterfaceId": "eni-1", "Description": description}
    assert describe(interface, {}) == expected


def test_an_instance_goes_by_its_name_tag() -> None:
    """The instance's Name, else the interface's, else the instance's id."""
    interface: dict[str, Any] = {
        "NetworkInterfaceId": "eni-1",
        "Attachment": {"InstanceId": "i-1"},
    }
    assert describe(interface, {"i-1": "web-1"}) == ("web-1", "instance")
    assert describe(interface, {}) == ("i-1", "instance")


def test_nothing_is_known_before_the_first_answer(tmp_path: Path) -> None:
    """Without rights or without AWS there are no names, and no error."""
    assert InterfaceNames(tmp_path / "names.sqlite").load() == {}


class Clients:
    """Hands out a client whose pages the test holds."""

    settings = AwsSettings()

    def __init__(self, interfaces: list[dict[str, Any]]) -> None:
        self._interfaces = interfaces

    def client(self, service: str) -> Any:
        assert service == "ec2"
        return self

    def get_paginator(self, operation: str) -> Any:
        assert operation == "describe_network_interfaces"
        return self

    def paginate(self) -> list[dict[str, Any]]:
        return [{"NetworkInterfaces": self._interfaces}]


def test_an_address_that_moved_keeps_both_and_shows_the_latest(tmp_path: Path) -> None:
    """A re-used address goes by what held it last; times of sight are kept."""
    names = InterfaceNames(tmp_path / "names.sqlite")
    for index, when in enumerate((NOON, NOON + timedelta(days=1))):
        interface = {
            "NetworkInterfaceId": f"eni-{index}",
            "Description": f"ElastiCache c{index}",
            "PrivateIpAddresses": [
                {"PrivateIpAddress": "10.0.0.7", "Association": {"PublicIp": "192.0.2.7"}}
            ],
            "Ipv6Addresses": [{"Ipv6Address": "2001:db8::7"}],
        }
        clients: Any = Clients([interface])
        assert names.refresh(clients, when) == 1
    found = names.load()
    assert found["10.0.0.7"].name == found["192.0.2.7"].name == "ElastiCache c1"
    assert found["2001:db8::7"].interface_id == "eni-1"
    assert (found["eni-0"].name, found["eni-0"].last_seen) == ("ElastiCache c0", NOON)


def test_moto_names_what_it_runs(athena: AthenaServer, tmp_path: Path) -> None:
    """Instances by their Name tag, by private and public address; kept, and not asked for twice."""
    ec2: Any = athena.client("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "web-1"}]}]
    made = ec2.run_instances(
        ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SubnetId=subnet, TagSpecifications=tags
    )
    instance = made["Instances"][0]["InstanceId"]
    interface = ec2.create_network_interface(SubnetId=subnet, Description="RDSNetworkInterface")
    address = ec2.allocate_address(Domain="vpc")
    ec2.associate_address(InstanceId=instance, AllocationId=address["AllocationId"])
    private = ec2.describe_instances()["Reservations"][0]["Instances"][0]["PrivateIpAddress"]
    ec2.close()

    def place(account_and_region: str) -> Path:
        return tmp_path / account_and_region

    clients = AwsClients(AwsSettings())
    (first,) = named_interfaces(clients, place, NOON)
    assert (first[private].name, first[private].kind) == ("web-1", "instance")
    assert first[address["PublicIp"]].name == "web-1"
    assert first[interface["NetworkInterface"]["NetworkInterfaceId"]].name == "RDS"
    assert [path.name for path in tmp_path.iterdir()] == ["123456789012-us-east-1"]
    asked = len(athena.ops("EC2.DescribeNetworkInterfaces"))
    assert [*named_interfaces(clients, place, NOON + timedelta(minutes=5))] == [first]
    assert len(athena.ops("EC2.DescribeNetworkInterfaces")) == asked == 1
    kept, newer = named_interfaces(clients, place, NOON + timedelta(hours=1))
    assert kept == first
    assert newer[private].last_seen == NOON + timedelta(hours=1)


def test_one_address_in_two_networks_goes_by_both_names(tmp_path: Path) -> None:
    """Networks of one account may overlap: neither name is claimed alone."""
    names = InterfaceNames(tmp_path / "names.sqlite")
    shared = {"PrivateIpAddresses": [{"PrivateIpAddress": "10.0.1.20"}]}
    names.refresh(
        cast(AwsClients, Clients([
            {**shared, "NetworkInterfaceId": "eni-1", "Description": "web"},
            {**shared, "NetworkInterfaceId": "eni-2", "Description": "db"},
        ])),
        NOON,
    )  # fmt: skip
    assert names.load()["10.0.1.20"].name == "db or web"
    assert names.load()["eni-1"].name == "web"
