"""What an alarm says about traffic, and which question that suggests."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.addresses import network_text
from flowtui.domain.clues import MOST, Clues, read_clues
from flowtui.domain.filterline import parse_filter
from flowtui.domain.proposals import proposals
from flowtui.domain.times import TimeRange
from flowtui.library import load_library

NOW = datetime(2026, 11, 24, 10, 42, 30, tzinfo=UTC)


def at(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def read(text: str) -> Clues:
    """The clues of a text, at a time that stands still."""
    return read_clues(text, now=NOW)


def addresses(clues: Clues) -> tuple[str, ...]:
    """Ours and others, as text."""
    return tuple(map(network_text, clues.addresses))


@pytest.mark.parametrize(
    ("text", "found", "ports"),
    [
        ("10.0.3.7", ("10.0.3.7",), ()),
        ("203.0.113.9:443", ("203.0.113.9",), (443,)),
        ("10.0.0.0/8", ("10.0.0.0/8",), ()),
        ("2001:db8::1", ("2001:db8::1",), ()),
        ("[2001:db8::1]:8443", ("2001:db8::1",), (8443,)),
        ("from fe80::1, to 2001:db8::", ("fe80::1", "2001:db8::"), ()),
        ("203[.]0[.]113[.]9", ("203.0.113.9",), ()),
        ("GET hxxp://198.51.100.7:8080/x", ("198.51.100.7",), (8080,)),
        ("SSH brute force from 203.0.113.66.", ("203.0.113.66",), ()),
        ("src=203.0.113.9, dst=10.0.1.20 dstport=22", ("203.0.113.9", "10.0.1.20"), (22,)),
        ("ports 80 and 443 of (10.0.1.20)", ("10.0.1.20",), (80, 443)),
        ("TCP/3389 from 192.0.2.1", ("192.0.2.1",), (3389,)),
        ("version 1.2.3.4.5, 999.1.1.1, 1.2.3, a.1.2.3.4", (), ()),
        ("at 10:42:07 the MAC 0a:1b:2c:3d:4e:5f", (), ()),
        ("port 99999 and port 0", (), ()),
        ("10.0.1.20 10.0.1.20:22 10.0.1.20", ("10.0.1.20",), (22,)),
        ("10.0.0.0/99", (), ()),
    ],
)  # fmt: skip
def test_addresses_and_ports_in_prose(
    text: str, found: tuple[str, ...], ports: tuple[int, ...]
) -> None:
    """Addresses, networks and ports are found where they are written plainly, defanged too."""
    clues = read(text)
    assert (addresses(clues), clues.ports) == (found, ports)


def test_interfaces_and_instances() -> None:
    """Long and short ids are found; what only looks like one is not."""
    clues = read("eni-0123456789abcdef0 (eni-01234567) of i-0a1b2c3d4e5f60718, ami-01234567, i-xyz")
    assert clues.interfaces == ("eni-0123456789abcdef0", "eni-01234567")
    assert clues.instances == ("i-0a1b2c3d4e5f60718",)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("2026-11-23T14:05:00Z", ["2026-11-23 14:05"]),
        ("2026-11-23 14:05:00.123 UTC", ["2026-11-23 14:05"]),
        ("2026-11-23T16:05+02:00 and 2026-11-23 15:00Z", ["2026-11-23 14:05", "2026-11-23 15:00"]),
        ("1795442700", ["2026-11-23 14:05"]),
        ("1795442700000", ["2026-11-23 14:05"]),
        ("on 2026-11-23, between 14:05 and 15:00 UTC", ["2026-11-23 14:05", "2026-11-23 15:00"]),
        ("on 2026-11-23", ["2026-11-23 00:00", "2026-11-23 23:59:59"]),
        ("14:05 without a day", []),
        ("2026-13-45T99:99Z, 2031-01-01T00:00Z, 1999-01-01T00:00Z", []),
        ("account 179544270012, 10.0.1.20", []),
    ],
)
def test_times_in_prose(text: str, times: list[str]) -> None:
    """Instants with a day are found; what lies in the future or before flow logs is not."""
    assert [f"{t:%Y-%m-%d %H:%M:%S}".removesuffix(":00") for t in read(text).times] == times


def test_a_time_without_a_zone_is_read_in_the_one_shown() -> None:
    """What a person in Tokyo pastes is Tokyo's time, where the screen shows that."""
    clues = read_clues("2026-11-23 23:05", now=NOW, zone=ZoneInfo("Asia/Tokyo"))
    assert clues.times == (at("2026-11-23 14:05"),)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2026-11-23T14:05:20Z", "2026-11-23 13:05", "2026-11-23 14:35"),
        ("2026-11-23T14:05Z 2026-11-23T16:00Z", "2026-11-23 13:50", "2026-11-23 16:15"),
        ("2026-11-24T10:40Z", "2026-11-24 09:40", "2026-11-24 10:42"),
        ("2026-11-24T20:00Z", "2026-11-24 19:00", "2026-11-24 19:01"),
    ],
)
def test_the_window_holds_what_came_before(text: str, since: str, until: str) -> None:
    """An alarm comes after what it is about, and nothing is asked of the future."""
    assert read(text).window(NOW) == TimeRange(at(since), at(until))


GUARDDUTY: dict[str, Any] = {
    "SchemaVersion": "2.0", "AccountId": "123456789012", "Region": "eu-west-1",
    "Type": "UnauthorizedAccess:EC2/SSHBruteForce", "CreatedAt": "2026-11-23T02:30:11.102Z",
    "Title": "203.0.113.66 is performing SSH brute force attacks against i-0a1b2c3d4e5f60718.",
    "Resource": {"ResourceType": "Instance", "InstanceDetails": {
        "InstanceId": "i-0a1b2c3d4e5f60718",
        "NetworkInterfaces": [{
            "NetworkInterfaceId": "eni-0123456789abcdef0", "PrivateIpAddress": "10.20.0.22",
            "PrivateIpAddresses": [{"PrivateIpAddress": "10.20.0.22"}],
            "PublicIp": "198.51.100.200",
            "Ipv6Addresses": []}]}},
    "Service": {"ServiceName": "guardduty", "EventFirstSeen": "2026-11-23T01:40:05Z",
        "EventLastSeen": "2026-11-23T02:12:30Z",
        "Action": {"ActionType": "NETWORK_CONNECTION", "NetworkConnectionAction": {
            "ConnectionDirection": "INBOUND", "Blocked": False, "Protocol": "TCP",
            "LocalPortDetails": {"Port": 22, "PortName": "SSH"},
            "RemotePortDetails": {"Port": 51872, "PortName": "Unknown"},
            "LocalIpDetails": {"IpAddressV4": "10.20.0.22"},
            "RemoteIpDetails": {"IpAddressV4": "203.0.113.66", "GeoLocation": {"Lat": 1.5}}}}},
}  # fmt: skip
"""As GetFindings gives it."""
ASFF: dict[str, Any] = {
    "SchemaVersion": "2018-10-08", "Id": "x", "Title": "Traffic to a bad address",
    "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/guardduty",
    "FirstObservedAt": "2026-11-23T03:05:00Z", "LastObservedAt": "2026-11-23T05:35:00Z",
    "Network": {"Direction": "OUT", "Protocol": "TCP", "SourceIpV4": "10.20.11.51",
                "SourcePort": 51000, "DestinationIpV4": "192.0.2.200", "DestinationPort": 443},
    "Resources": [{"Type": "AwsEc2Instance",
                   "Id": "arn:aws:ec2:eu-west-1:123456789012:instance/i-0a1b2c3d4e5f60718",
                   "Details": {"AwsEc2Instance": {"IpV4Addresses": ["10.20.11.51"]}}}],
}  # fmt: skip


def lowered(node: Any) -> Any:
    """With keys as EventBridge writes them."""
    if isinstance(node, dict):
        return {key[:1].lower() + key[1:]: lowered(value) for key, value in node.items()}
    return [lowered(one) for one in node] if isinstance(node, list) else node


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(GUARDDUTY),
        json.dumps({"Findings": [GUARDDUTY]}, indent=2),
        json.dumps({"detail-type": "GuardDuty Finding", "detail": lowered(GUARDDUTY)}),
        json.dumps([GUARDDUTY]),
        "\n" + json.dumps(lowered(GUARDDUTY)) + "\nnot json\n",
    ],
    ids=["finding", "get-findings", "event", "list", "line"],
)
def test_a_guardduty_finding_tells_the_sides(text: str) -> None:
    """Own and remote address, the port that is served, the interface, and when it was seen."""
    clues = read(text)
    assert clues.kind == "GuardDuty finding"
    assert "SSH brute force" in clues.title
    assert tuple(map(network_text, clues.ours)) == ("10.20.0.22", "198.51.100.200")
    assert tuple(map(network_text, clues.others)) == ("203.0.113.66",)
    assert clues.ports == (22,)
    assert clues.interfaces == ("eni-0123456789abcdef0",)
    assert clues.instances == ("i-0a1b2c3d4e5f60718",)
    assert clues.window(NOW) == TimeRange(at("2026-11-23 01:25"), at("2026-11-23 02:27"))


def test_a_security_hub_finding_tells_the_sides() -> None:
    """The direction says which end is ours."""
    clues = read(json.dumps(ASFF))
    assert clues.kind == "Security Hub finding"
    assert tuple(map(network_text, clues.ours)) == ("10.20.11.51",)
    assert tuple(map(network_text, clues.others)) == ("192.0.2.200",)
    assert clues.ports == (443,)
    assert clues.window(NOW) == TimeRange(at("2026-11-23 02:50"), at("2026-11-23 05:50"))


def test_json_that_is_no_finding_is_prose() -> None:
    """Other JSON is looked through as text."""
    assert addresses(read('{"client": "203.0.113.9", "at": 1795442700}')) == ("203.0.113.9",)


@pytest.mark.parametrize(
    ("text", "slug", "arguments", "line"),
    [
        ("10.0.3.7", "peers-of-ip", {"ip": "10.0.3.7"}, ""),
        ("203.0.113.9:443", "peers-of-ip", {"ip": "203.0.113.9"}, "port:443"),
        ("203.0.113.9 10.0.1.20", "peers-of-ip", {"ip": "203.0.113.9"}, "ip:10.0.1.20"),
        ("10.0.1.20 10.0.1.21", "peers-of-ip", {"ip": "10.0.1.21"}, "ip:10.0.1.20"),
        ("203.0.113.9 198.51.100.7", "indicator-sweep",
         {"indicators": "203.0.113.9,198.51.100.7"}, ""),
        ("203.0.113.9 203.0.113.10 10.0.1.20", "peers-of-ip", {"ip": "10.0.1.20"},
         "ip:203.0.113.9,203.0.113.10"),
        ("eni-0123456789abcdef0", "top-accepted-pairs", {}, "interface_id:eni-0123456789abcdef0"),
        ("i-0a1b2c3d4e5f60718", "top-accepted-pairs", {}, "instance_id:i-0a1b2c3d4e5f60718"),
        (json.dumps(GUARDDUTY), "peers-of-ip", {"ip": "203.0.113.66"},
         "ip:10.20.0.22 from:2026-11-23T01:25:00Z to:2026-11-23T02:27:00Z"),
    ],
)  # fmt: skip
def test_the_first_proposal(text: str, slug: str, arguments: dict[str, str], line: str) -> None:
    """What is asked first: one aggregate, narrowed by all that is known."""
    first = proposals(read(text), NOW, lambda _field: True)[0]
    assert (first.slug, dict(first.arguments)) == (slug, arguments)
    assert parse_filter(first.line, now=NOW) == parse_filter(line, now=NOW)


def test_records_without_instances_are_not_asked_for_them() -> None:
    """Old formats have no instance_id: nothing is proposed that must fail."""
    assert proposals(read("i-0a1b2c3d4e5f60718"), NOW, lambda _field: False) == ()


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """Whatever is pasted, reading it ends well, and each proposal can be asked."""
    for proposal in proposals(read(text), NOW, lambda _field: True):
        parse_filter(proposal.line, now=NOW)


_NOISE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["service", "resource", "port", "remoteIpDetails", "x"]), inner
        )
    ),
    max_leaves=20,
)


@given(_NOISE)
def test_any_json_is_read(noise: Any) -> None:
    """A finding of any shape ends well."""
    text = json.dumps({"service": noise, "resource": noise, "findings": noise})
    for proposal in proposals(read(text), NOW, lambda _field: True):
        parse_filter(proposal.line, now=NOW)


def test_deep_and_long_texts_end_well() -> None:
    """Nesting without end, and more addresses than anybody asks about."""
    assert read("[" * 200_000) == Clues()
    many = read(" ".join(f"10.{n >> 8}.{n & 255}.1" for n in range(5_000)))
    assert many.is_cut
    assert len(many.others) == MOST
    assert read("x" * 2_000_000).is_cut


def test_every_proposal_names_a_query_that_ships() -> None:
    """What is proposed can be asked: slug and parameters are those of the library."""
    library = load_library()
    texts = (
        "10.0.3.7:22",
        "203.0.113.9 10.0.1.20",
        "203.0.113.9 192.0.2.1",
        "eni-01234567 port 22",
    )
    for text in texts:
        for one in proposals(read(text), NOW + timedelta(hours=1), lambda _field: True):
            query = library.get(one.slug)
            needed = {p.name for p in query.parameters if not p.default}
            assert needed <= dict(one.arguments).keys() <= {p.name for p in query.parameters}
