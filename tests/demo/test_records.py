"""The demo's records say what real flow logs would say."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections import Counter
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import NamedTuple

import pytest

from flowtui.demo import FILES, demo_truth
from flowtui.demo.records import FIELDS
from flowtui.domain.fields import FIELDS as KNOWN

NAME = re.compile(
    r"AWSLogs/(?P<account>\d{12})/vpcflowlogs/(?P<region>[a-z]+-[a-z]+-\d)/(?P<day>\d{4}/\d\d/\d\d)/"
    r"(?P=account)_vpcflowlogs_(?P=region)_fl-[0-9a-f]{17}_(?P<time>\d{8}T\d{4}Z)_[0-9a-f]{8}\.log\.gz"
)
NOBODYS = [
    ip_network(text)
    for text in (
        "10.20.0.0/16", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15",
        "2001:db8::/32",
    )
]  # fmt: skip


class Log(NamedTuple):
    """One file: its path below the root, its header, its records as texts."""

    path: str
    header: str
    records: list[list[str]]


@pytest.fixture(scope="module")
def logs(demo: Path) -> list[Log]:
    """Every file of the demo, in order of name."""
    read = []
    for path in sorted(demo.rglob("*.*")):
        header, *lines = gzip.decompress(path.read_bytes()).decode().splitlines()
        records = [line.split(" ") for line in lines]
        read.append(Log(path.relative_to(demo).as_posix(), header, records))
    return read


@pytest.fixture(scope="module")
def records(logs: list[Log]) -> list[dict[str, str]]:
    """Every record by field."""
    names = [name.replace("-", "_") for name in FIELDS.split()]
    return [dict(zip(names, r, strict=True)) for log in logs for r in log.records]


@pytest.fixture(scope="module")
def traffic(records: list[dict[str, str]]) -> list[dict[str, str]]:
    """The records of windows with traffic."""
    return [r for r in records if r["log_status"] == "OK"]


def test_files_lie_where_aws_delivers_them(logs: list[Log]) -> None:
    """Two files each five minutes of the day, in AWS's folders, under AWS's names."""
    assert len(logs) == FILES == 24 * 12 * 2
    times = Counter()  # type: Counter[str]
    for log in logs:
        match = NAME.fullmatch(log.path)
        assert match, log.path
        assert match["day"].replace("/", "") == match["time"][:8]
        times[match["time"]] += 1
    assert set(times.values()) == {2}
    assert min(times) == "20261123T0000Z"
    assert max(times) == "20261123T2355Z"


def test_every_file_has_the_29_fields_of_version_5(logs: list[Log]) -> None:
    """The header names all fields up to version 5, in the documentation's order."""
    names = [field.log_name for field in KNOWN if field.version <= 5]
    assert {log.header for log in logs} == {" ".join(names)}
    assert {len(record) for log in logs for record in log.records} == {29}


def test_a_file_holds_what_ended_in_its_five_minutes(logs: list[Log]) -> None:
    """The name's time is the start of the five minutes in which the records end."""
    for log in logs:
        named = datetime.strptime(log.path[-30:-17], "%Y%m%dT%H%M").replace(tzinfo=UTC)
        begin = int(named.timestamp())
        assert all(begin <= int(record[11]) < begin + 300 for record in log.records), log.path


def test_windows_are_a_minute_at_most(records: list[dict[str, str]]) -> None:
    """No record is longer than an aggregation window, and none ends before it starts."""
    assert all(0 <= int(r["end"]) - int(r["start"]) < 60 for r in records)


def test_the_records_are_as_many_as_the_truth_says(records: list[dict[str, str]]) -> None:
    """About 300,000, counted by hand."""
    assert len(records) == demo_truth().records
    assert 290_000 < len(records) < 330_000


def test_the_logs_are_the_same_everywhere(logs: list[Log]) -> None:
    """Every machine and every Python writes the same text."""
    digest = hashlib.sha256()
    for log in logs:
        digest.update("\n".join(" ".join(record) for record in log.records).encode())
    assert digest.hexdigest()[:16] == "c4567081a99be88f"


def test_addresses_belong_to_nobody(traffic: list[dict[str, str]]) -> None:
    """All addresses are private or reserved for documentation and benchmarks."""
    sides = ("srcaddr", "dstaddr", "pkt_srcaddr", "pkt_dstaddr")
    for text in {record[side] for record in traffic for side in sides}:
        address = ip_address(text)
        assert any(address in net for net in NOBODYS if net.version == address.version), text
        assert str(address) == text


def test_acknowledgements_alone_are_never_reported(traffic: list[dict[str, str]]) -> None:
    """TCP flags are an OR of FIN, SYN, RST and SYN-ACK; other protocols have none."""
    flags = {(r["protocol"], r["tcp_flags"]) for r in traffic}
    assert flags >= {("6", "0"), ("6", "2"), ("6", "3"), ("6", "18"), ("6", "19")}
    assert {f for p, f in flags if p != "6"} == {"0"}
    assert {f for p, f in flags if p == "6"} <= {"0", "1", "2", "3", "18", "19"}


def test_a_path_is_told_on_the_way_out_only(traffic: list[dict[str, str]]) -> None:
    """Ingress has no traffic path; egress has one, the VPC or the internet."""
    assert {r["traffic_path"] for r in traffic if r["flow_direction"] == "ingress"} == {"-"}
    assert {r["traffic_path"] for r in traffic if r["flow_direction"] == "egress"} == {"1", "8"}


def test_windows_without_traffic_hold_dashes(records: list[dict[str, str]]) -> None:
    """NODATA and SKIPDATA keep times and place of the interface, and nothing of traffic."""
    truth = demo_truth()
    kinds = Counter((r["log_status"], r["interface_id"]) for r in records)
    assert kinds["SKIPDATA", truth.skip_interface] == truth.skip_records
    assert sum(n for (status, _), n in kinds.items() if status == "NODATA") == truth.idle_records
    for record in records:
        if record["log_status"] != "OK":
            empty = {key for key, value in record.items() if value == "-"}
            assert empty >= {"srcaddr", "dstaddr", "bytes", "action", "flow_direction", "tcp_flags"}


def test_both_ends_log_what_passes_inside(traffic: list[dict[str, str]]) -> None:
    """A pooled connection of app and database makes four records a window."""
    pooled = [r for r in traffic if {r["srcport"], r["dstport"]} == {"41000", "5432"}]
    minutes = Counter(int(r["start"]) // 60 for r in pooled)
    assert len(minutes) == 24 * 60
    assert set(minutes.values()) == {4}


def test_nat_hides_one_side_on_each_leg(traffic: list[dict[str, str]]) -> None:
    """On the gateway's inner leg the outside host stands in the packet address only."""
    truth = demo_truth()
    inner = [
        r
        for r in traffic
        if r["srcaddr"] == truth.exfil_source
        and r["dstaddr"] == truth.exfil_gateway
        and r["pkt_dstaddr"] == truth.exfil_destination
    ]
    assert sum(int(r["bytes"]) for r in inner) == truth.exfil_bytes
    outer = [
        r
        for r in traffic
        if r["srcaddr"] == truth.exfil_gateway and r["dstaddr"] == truth.exfil_destination
    ]
    assert sum(int(r["bytes"]) for r in outer) == truth.exfil_bytes
    assert {r["pkt_srcaddr"] for r in outer} == {truth.exfil_gateway}


def test_pods_stand_behind_their_node(traffic: list[dict[str, str]]) -> None:
    """The node's interface writes its own address; the pod's is the packet's."""
    truth = demo_truth()
    hidden = {(r["srcaddr"], r["pkt_srcaddr"]) for r in traffic if r["pkt_srcaddr"] in truth.pods}
    assert {node for node, pod in hidden if node != pod} == set(truth.nodes)
    assert {pod for _, pod in hidden} == set(truth.pods)


def test_every_kind_of_traffic_occurs(traffic: list[dict[str, str]]) -> None:
    """IPv4 and IPv6; TCP, UDP, ICMP and ICMPv6, the latter two without ports."""
    assert {(r["type"], r["protocol"]) for r in traffic} >= {
        ("IPv4", "6"), ("IPv4", "17"), ("IPv4", "1"), ("IPv6", "6"), ("IPv6", "58"),
    }  # fmt: skip
    ports = {(r["srcport"], r["dstport"]) for r in traffic if r["protocol"] in ("1", "58")}
    assert ports == {("0", "0")}
