"""What an interface or address is called: instance, load balancer, NAT gateway, endpoint.

DescribeNetworkInterfaces tells for most interfaces by type and description; the texts of
descriptions are not documented, so what is not recognised is shown as it stands. Answers are kept
on disk with first and last sight, since an interface that is gone can never be asked for again, and
its address may since belong to another.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from flowtui.domain.interfaces import InterfaceName
from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.faults import translating

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS names (
    key TEXT, interface_id TEXT, name TEXT NOT NULL, kind TEXT NOT NULL,
    first_seen REAL NOT NULL, last_seen REAL NOT NULL,
    PRIMARY KEY (key, interface_id)
);
"""


_FRESH: Final = timedelta(minutes=15)
"""Names younger than this are not asked for again."""
_OR: Final = " or "


def named_interfaces(
    clients: AwsClients, place: Callable[[str], Path], now: datetime
) -> Iterator[dict[str, InterfaceName]]:
    """What is kept of the account and region, then what AWS says now, where that is older.

    Args:
        clients: Who we are, and where.
        place: The file of an account and region.
        now: Aware.

    Raises:
        CredentialsError: sts:GetCallerIdentity or ec2:DescribeNetworkInterfaces is not allowed.
    """
    with translating("asking who we are", clients.settings.profile):
        account = clients.client("sts").get_caller_identity()["Account"]
    names = InterfaceNames(place(f"{account}-{clients.region}"))
    kept = names.load()
    if kept:
        yield kept
    if not kept or now - max(name.last_seen for name in kept.values()) > _FRESH:
        names.refresh(clients, now)
        yield names.load()


class InterfaceNames:
    """Names on disk, by interface id and by every address of the interface.

    Args:
        path: The SQLite file, in the cache; one for an account and region.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def refresh(self, clients: AwsClients, now: datetime) -> int:
        """Ask AWS for all interfaces and keep what it says; how many there are.

        Blocks for some requests.

        Raises:
            CredentialsError: ec2:DescribeNetworkInterfaces is not allowed.
        """
        interfaces = _all_interfaces(clients)
        tags = _instance_names(clients, interfaces)
        rows = [
            (key, interface["NetworkInterfaceId"], *describe(interface, tags))
            for interface in interfaces
            for key in _keys(interface)
        ]
        moment = now.timestamp()
        with self._open() as db:
            db.executemany(
                "INSERT INTO names VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE "
                "SET name = excluded.name, kind = excluded.kind, last_seen = excluded.last_seen",
                [(*row, moment, moment) for row in rows],
            )
        return len(interfaces)

    def load(self) -> dict[str, InterfaceName]:
        """Key to what was seen there last. Empty before the first refresh.

        Two networks may use one address at a time: it then goes by both names.
        """
        if not self._path.exists():
            return {}
        with self._open() as db:
            rows = db.execute(
                "SELECT key, interface_id, name, kind, first_seen, last_seen FROM names "
                "ORDER BY last_seen, name"
            ).fetchall()
        found: dict[str, InterfaceName] = {}
        for key, interface, name, kind, first, last in rows:
            seen = datetime.fromtimestamp(last, UTC)
            before = found.get(key)
            if before and before.last_seen == seen and name not in before.name.split(_OR):
                name, kind = f"{before.name}{_OR}{name}", "one of several"
            found[key] = InterfaceName(
                key, interface, name, kind, datetime.fromtimestamp(first, UTC), seen
            )
        return found

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._path, timeout=5)) as db, db:
            db.execute(_SCHEMA)
            yield db


def _all_interfaces(clients: AwsClients) -> list[dict[str, Any]]:
    with translating("asking for network interfaces", clients.settings.profile):
        pages = clients.client("ec2").get_paginator("describe_network_interfaces").paginate()
        return [item for page in pages for item in page["NetworkInterfaces"]]


def _instance_names(clients: AwsClients, interfaces: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Instance id to its Name tag; empty where that is not allowed, for ids serve as well."""
    from flowtui.errors import CredentialsError

    if not any(i.get("Attachment", {}).get("InstanceId") for i in interfaces):
        return {}
    try:
        with translating("asking for instances", clients.settings.profile):
            pages = clients.client("ec2").get_paginator("describe_instances").paginate()
            found = [i for p in pages for r in p["Reservations"] for i in r["Instances"]]
    except CredentialsError:
        return {}
    return {i["InstanceId"]: name for i in found if (name := _tag(i.get("Tags", [])))}


def _keys(interface: dict[str, Any]) -> set[str]:
    private = interface.get("PrivateIpAddresses", [])
    public = [one.get("Association", {}).get("PublicIp") for one in (interface, *private)]
    return {
        interface["NetworkInterfaceId"],
        *(address["PrivateIpAddress"] for address in private),
        *filter(None, public),
        *(address["Ipv6Address"] for address in interface.get("Ipv6Addresses", [])),
    }


def _tag(tags: Iterable[dict[str, str]]) -> str:
    return next((t["Value"] for t in tags if t["Key"] == "Name"), "")


_BY_DESCRIPTION: Final = (
    (re.compile(r"ELB app/([^/]+)/"), "load balancer", "ALB {0}"),
    (re.compile(r"ELB net/([^/]+)/"), "load balancer", "NLB {0}"),
    (re.compile(r"ELB gwy/([^/]+)/"), "load balancer", "GWLB {0}"),
    (re.compile(r"ELB (.+)"), "load balancer", "ELB {0}"),
    (re.compile(r"Interface for NAT Gateway (nat-\w+)"), "NAT gateway", "NAT {0}"),
    (re.compile(r"AWS Lambda VPC ENI-?(.*?)(?:-[0-9a-f]{8}-[0-9a-f-]{27})?"), "Lambda",
     "Lambda {0}"),
    (re.compile(r"VPC Endpoint Interface (vpce-\w+)"), "endpoint", "endpoint {0}"),
    (re.compile(r"RDSNetworkInterface"), "RDS", "RDS"),
    (re.compile(r"ElastiCache (.+)"), "ElastiCache", "ElastiCache {0}"),
    (re.compile(r"EFS mount target for (fs-\w+).*"), "EFS", "EFS {0}"),
    (re.compile(r"Network Interface for Transit Gateway Attachment (tgw-attach-\w+)"),
     "transit gateway", "TGW {0}"),
    (re.compile(r"RedshiftNetworkInterface"), "Redshift", "Redshift"),
    (re.compile(r"arn:aws[\w-]*:ecs:\S*attachment/\S+"), "ECS task", "ECS task"),
)  # fmt: skip


def describe(interface: dict[str, Any], instance_names: dict[str, str]) -> tuple[str, str]:
    """Name and kind of an interface, as DescribeNetworkInterfaces gives it."""
    tag = _tag(interface.get("TagSet", []))
    if instance := interface.get("Attachment", {}).get("InstanceId"):
        return instance_names.get(instance) or tag or instance, "instance"
    description = interface.get("Description", "")
    for pattern, kind, form in _BY_DESCRIPTION:
        if found := pattern.fullmatch(description) or pattern.match(description + "/"):
            name = form.format(*(found.groups() or ("",))).strip()
            return tag or name.rstrip("/"), kind
    kind = interface.get("InterfaceType", "interface").replace("_", " ")
    return tag or description or interface["NetworkInterfaceId"], kind
